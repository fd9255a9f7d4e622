"""Stand-ins: who may name whom, for when, and who is told."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from foundation import clock
from foundation.accounts.models import Delegation, User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.selectors import stand_in_of, stand_ins_of, stood_in_for
from foundation.accounts.services import (
    AccountsRefused,
    delegation_end,
    delegation_make,
    user_deactivate,
)
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.notifications.models import Notice
from foundation.testing.cast import Cast
from foundation.testing.races import together
from foundation.trail.models import Entry

SignIn = Callable[[User], Client]
NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
TODAY = date(2026, 5, 4)


def make(person: User, stand_in: User, actor: User | None = None, start: int = 0, end: int = 6) -> Delegation:
    return delegation_make(
        person=person,
        stand_in=stand_in,
        starts_on=TODAY + timedelta(days=start),
        ends_on=TODAY + timedelta(days=end),
        actor=actor or person,
        now=NOW,
    )


def test_it_holds_from_the_first_day_to_the_last(cast: Cast) -> None:
    make(cast.ciso, cast.analyst, start=1, end=3)
    days = [stand_in_of(cast.ciso, TODAY + timedelta(days=number)) for number in range(5)]
    assert days == [None, cast.analyst, cast.analyst, cast.analyst, None]
    assert stood_in_for(cast.analyst, on=TODAY + timedelta(days=1)) == [cast.ciso]
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.subject, entry.after["stand_in"]) == (
        "accounts.delegation.made",
        "Celia Moreau",
        "Anders Falk",
    )
    (notice,) = Notice.objects.all()
    assert notice.recipient == cast.analyst
    assert "from 5 May 2026 until 7 May 2026" in notice.payload["sentence"]


def test_it_is_not_passed_on_and_the_closed_do_not_count(cast: Cast) -> None:
    make(cast.ciso, cast.analyst)
    make(cast.analyst, cast.auditor)
    assert stand_ins_of([cast.ciso.pk, cast.analyst.pk], on=TODAY) == {
        cast.ciso.pk: cast.analyst,
        cast.analyst.pk: cast.auditor,
    }
    User.objects.filter(pk=cast.analyst.pk).update(is_active=False)
    assert stand_ins_of([cast.ciso.pk, cast.analyst.pk], on=TODAY) == {}


def test_an_administrator_names_one_and_both_are_told(cast: Cast) -> None:
    make(cast.ciso, cast.analyst, actor=cast.administrator)
    assert set(Notice.objects.values_list("recipient", flat=True)) == {cast.ciso.pk, cast.analyst.pk}
    with pytest.raises(AccountsRefused, match="Nobody names themselves"):
        make(cast.executive, cast.administrator, actor=cast.administrator)


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        (3, 2, "before it starts"),
        (-5, -1, "over already"),
        (0, 367, "a year at most"),
        (6, 8, "stands in from"),
    ],
)
def test_wrong_days_are_refused(cast: Cast, start: int, end: int, reason: str) -> None:
    make(cast.ciso, cast.analyst)
    with pytest.raises(AccountsRefused, match=reason):
        make(cast.ciso, cast.auditor, start=start, end=end)


def test_neither_oneself_nor_the_closed_stand_in(cast: Cast) -> None:
    with pytest.raises(AccountsRefused, match="for themselves"):
        make(cast.ciso, cast.ciso, actor=cast.administrator)
    with pytest.raises(AccountsRefused, match="closed"):
        make(cast.ciso, UserFactory.create(is_active=False))


def test_it_ends_at_once_and_stays_known(cast: Cast) -> None:
    begun, coming = make(cast.ciso, cast.analyst, start=-2), make(cast.ciso, cast.auditor, start=10, end=12)
    for delegation in (begun, coming):
        delegation_end(delegation=delegation, actor=cast.analyst, now=NOW)
        delegation_end(delegation=delegation, actor=cast.analyst, now=NOW)
    assert stand_in_of(cast.ciso, TODAY) is None
    assert [one.ends_on for one in Delegation.objects.all()] == [TODAY - timedelta(days=1)]
    assert Entry.objects.filter(action="accounts.delegation.ended").count() == 2


def test_it_ends_with_the_account(cast: Cast) -> None:
    make(cast.ciso, cast.analyst)
    make(cast.analyst, cast.auditor)
    user_deactivate(user=cast.analyst, actor=cast.administrator, now=NOW, successor=cast.auditor)
    assert not Delegation.objects.filter(ends_on__gte=TODAY).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_for_the_same_days_one_is_kept(committed_cast: Cast) -> None:
    cast = committed_cast
    outcomes = together(lambda: make(cast.ciso, cast.analyst), lambda: make(cast.ciso, cast.auditor, end=2))
    assert sum(isinstance(outcome, AccountsRefused) for outcome in outcomes) == 1


def test_one_names_the_own_stand_in_on_the_profile_and_others_see_it(cast: Cast, sign_in: SignIn) -> None:
    browser, today = sign_in(cast.personnel), organisation_day(clock.now())
    assert f"/people/{cast.personnel.pk}/stand-in/" in browser.get("/profile/").content.decode()
    data = {"stand_in": cast.unit_lead.pk, "starts_on": today.isoformat(), "ends_on": today.isoformat()}
    response = browser.post(f"/people/{cast.personnel.pk}/stand-in/", data, follow=True)
    assert response.redirect_chain == [("/profile/", 302)]
    assert "stands in from" in response.content.decode()
    seen = sign_in(cast.auditor).get(f"/people/{cast.personnel.pk}/").content.decode()
    assert "Ulrike Sommer" in seen
    assert "/end/" not in seen
    ended = sign_in(cast.unit_lead).post(f"/stand-ins/{Delegation.objects.get().pk}/end/")
    assert ended.status_code == 302
    assert not Delegation.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"stand_in": "x"},
        {"starts_on": "tomorrow"},
        {"ends_on": "0001-01-01"},
        {"ends_on": "9999-01-01"},
    ],
)
def test_bad_input_is_told(cast: Cast, sign_in: SignIn, data: dict[str, str]) -> None:
    given = {"stand_in": cast.analyst.pk, "starts_on": "2099-01-01", "ends_on": "2099-01-02", **data}
    response = sign_in(cast.ciso).post(f"/people/{cast.ciso.pk}/stand-in/", given if data else {})
    assert response.status_code == 422
    assert not Delegation.objects.exists()


def test_others_are_not_named_one_by_just_anybody(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.unit_lead).get(f"/people/{cast.personnel.pk}/stand-in/").status_code == 403
    assert sign_in(cast.personnel).get(f"/people/{cast.ciso.pk}/stand-in/").status_code == 404
    local = UserFactory.create(unit=cast.units.payments)
    RoleGrantFactory.create(user=local, role="administrator", unit=cast.units.payments)
    assert sign_in(local).get(f"/people/{cast.personnel.pk}/stand-in/").status_code == 200
    assert sign_in(local).get(f"/people/{cast.ciso.pk}/stand-in/").status_code == 404
