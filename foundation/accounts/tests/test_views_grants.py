"""Giving, changing and ending roles on their pages: who may, who is told, and what is refused."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from foundation.accounts.choices import Role
from foundation.accounts.models import RoleGrant, User
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.notifications.models import Notice
from foundation.testing.cast import Cast
from foundation.testing.forms import send
from foundation.trail.models import Entry

SignIn = Callable[[User], Client]


def give(browser: Client, person: User, **data: object) -> int:
    return browser.post(
        f"/people/{person.pk}/roles/new/", {"starts_on": "", "ends_on": "", **data}
    ).status_code


def test_a_role_is_given_and_the_person_is_told(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.administrator)
    data = {
        "role": "unit_lead",
        "unit": cast.units.retail.pk,
        "starts_on": "2026-01-01",
        "ends_on": "2199-12-31",
    }
    assert give(browser, cast.outsider, **data) == 302
    grant = RoleGrant.objects.get(user=cast.outsider)
    assert (grant.role, grant.unit, grant.starts_on, grant.ends_on, grant.granted_by) == (
        Role.UNIT_LEAD,
        cast.units.retail,
        date(2026, 1, 1),
        date(2199, 12, 31),
        cast.administrator,
    )
    assert Entry.objects.latest("id").action == "accounts.grant.given"
    notice = Notice.objects.get()
    assert notice.recipient == cast.outsider
    assert notice.payload["sentence"] == (
        "Ada Nyberg gave the role “Unit lead” for Retail Banking and all below it"
        " from 1 January 2026 until 31 December 2199 to Oskar Lindqvist."
    )


def test_a_new_ciso_is_told_to_those_who_are_it_and_to_administrators(cast: Cast, sign_in: SignIn) -> None:
    other = RoleGrantFactory.create(role=Role.ADMINISTRATOR).user
    give(sign_in(cast.administrator), cast.analyst, role="ciso", unit="")
    told = dict(Notice.objects.values_list("recipient__full_name", "payload__title"))
    assert told == {
        "Anders Falk": "Your roles changed",
        "Celia Moreau": "Roles of Anders Falk changed",
        other.full_name: "Roles of Anders Falk changed",
    }


def test_nobody_gives_roles_to_themselves(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.administrator)
    assert give(browser, cast.administrator, role="ciso", unit="") == 403
    own = RoleGrantFactory.create(user=cast.administrator, role=Role.AUDITOR, ends_on=date(2100, 1, 1))
    assert browser.post(f"/roles/{own.pk}/edit/", {}).status_code == 403
    assert not RoleGrant.objects.filter(user=cast.administrator, role=Role.CISO).exists()
    assert browser.post(f"/roles/{own.pk}/end/", {}).status_code == 302  # laying one down is fine
    assert not RoleGrant.objects.filter(pk=own.pk).exists()


def test_dates_change_and_the_role_ends(cast: Cast, sign_in: SignIn) -> None:
    browser, grant = sign_in(cast.administrator), cast.auditor.grants.get()
    send(browser, f"/roles/{grant.pk}/edit/", ends_on="2199-01-31")
    grant.refresh_from_db()
    assert grant.ends_on == date(2199, 1, 31)
    browser.post(f"/roles/{grant.pk}/end/", {"comment": "Moved on"})
    assert not cast.auditor.grants.exists()
    actions = ["accounts.grant.changed", "accounts.grant.ended"]
    assert list(Entry.objects.order_by("id").values_list("action", flat=True))[-2:] == actions
    assert Notice.objects.filter(recipient=cast.auditor, kind="accounts.roles").count() == 2


@pytest.mark.parametrize(
    "data",
    [
        {"role": "king"},
        {"role": ""},
        {"role": "ciso", "unit": "x"},
        {"role": "ciso", "starts_on": "2026-02-30"},
        {"role": "ciso", "starts_on": "2026-02-02", "ends_on": "2026-02-01"},
        {"role": "ciso", "ends_on": "9999-12-31"},
        {"role": "ciso", "ends_on": "0001-01-01"},
    ],
)
def test_bad_input_is_told(cast: Cast, sign_in: SignIn, data: dict[str, str]) -> None:
    assert give(sign_in(cast.administrator), cast.outsider, **data) == 422
    assert not cast.outsider.grants.exists()


@pytest.mark.parametrize("part", ["ciso", "administrator"])
def test_the_last_one_keeps_the_role(cast: Cast, sign_in: SignIn, part: str) -> None:
    browser = sign_in(RoleGrantFactory.create(role=Role.ADMINISTRATOR, ends_on="2100-01-01").user)
    grant = getattr(cast, part).grants.get()
    for path, data in (("end", {}), ("edit", {"ends_on": "2100-01-01"})):
        response = send(browser, f"/roles/{grant.pk}/{path}/", **data)
        assert response.status_code == 422
        assert "the only one" in response.content.decode()


def test_who_administers_a_unit_gives_roles_for_it_alone(cast: Cast, sign_in: SignIn) -> None:
    person = UserFactory.create(unit=cast.units.payments)
    RoleGrantFactory.create(user=person, role=Role.ADMINISTRATOR, unit=cast.units.payments)
    browser = sign_in(person)
    assert give(browser, cast.personnel, role="unit_lead", unit=cast.units.cards.pk) == 302
    for unit in ("", cast.units.retail.pk, cast.units.root.pk):
        assert give(browser, cast.personnel, role="unit_lead", unit=unit) == 422
    other = RoleGrantFactory.create(user=cast.ciso, role=Role.PERSONNEL, unit=cast.units.cards)
    assert browser.post(f"/roles/{other.pk}/end/", {}).status_code == 404  # a stranger's


def test_who_administers_a_unit_leaves_alone_what_somebody_held_elsewhere(
    cast: Cast, sign_in: SignIn
) -> None:
    RoleGrantFactory.create(user=cast.outsider, role=Role.ADMINISTRATOR, unit=cast.units.payments)
    past = {"starts_on": date(2020, 1, 1), "ends_on": date(2020, 12, 31)}
    elsewhere = RoleGrantFactory.create(user=cast.personnel, unit=cast.units.retail, **past)
    here = RoleGrantFactory.create(user=cast.personnel, unit=cast.units.payments, **past)
    browser = sign_in(cast.outsider)
    assert browser.get(f"/roles/{elsewhere.pk}/edit/").status_code == 403
    assert browser.get(f"/roles/{here.pk}/edit/").status_code == 200


def test_a_role_for_an_archived_unit_is_not_given(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.administrator)
    unit = cast.units.retail
    browser.post(f"/units/{unit.pk}/archive/", {})
    assert give(browser, cast.outsider, role="personnel", unit=unit.pk) == 422


def test_who_gives_a_role_sees_what_is_held_already(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.administrator)
    given = RoleGrantFactory.create(
        user=cast.personnel, role=Role.EXECUTIVE, ends_on=date(2000, 1, 1), starts_on=None
    )
    page = browser.get(f"/people/{cast.personnel.pk}/roles/new/").content.decode()
    held = page.partition("Roles held now")[2]
    assert "<strong>Personnel</strong>" in held
    assert f"<strong>{given.get_role_display()}</strong>" not in held, "that one is over"
    assert "None." in browser.get(f"/people/{cast.outsider.pk}/roles/new/").content.decode()
