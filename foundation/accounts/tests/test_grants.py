"""Giving and ending roles."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from foundation.accounts.access import access_of
from foundation.accounts.choices import Role
from foundation.accounts.models import RoleGrant, User
from foundation.accounts.services import AccountsRefused, grant_end, grant_give, user_deactivate
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.testing.cast import Cast
from foundation.testing.races import together
from foundation.trail.models import Entry

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)


def roles_of(user: User) -> set[Role]:
    return set(access_of(User.objects.get(pk=user.pk), NOW).roles)


def test_a_role_is_given_for_a_unit(cast: Cast) -> None:
    grant_give(
        user=cast.outsider,
        role=Role.UNIT_LEAD,
        unit=cast.units.retail,
        ends_on=date(2026, 12, 31),
        actor=cast.administrator,
        now=NOW,
    )
    assert roles_of(cast.outsider) == {Role.UNIT_LEAD}
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.subject) == ("accounts.grant.given", "Oskar Lindqvist")
    assert entry.after == {
        "role": "unit_lead",
        "unit": "Retail Banking",
        "from": None,
        "until": "2026-12-31",
    }


def test_a_role_ends_with_the_organisations_day_whatever_clock_the_person_chose(cast: Cast) -> None:
    RoleGrantFactory(user=cast.outsider, role=Role.CISO, ends_on=date(2026, 5, 3))
    noon_in_the_organisation = datetime(2026, 5, 4, 10, tzinfo=UTC)
    with timezone.override("Etc/GMT+12"):  # where it is still the third of May
        person = User.objects.get(pk=cast.outsider.pk)
        assert not access_of(person, noon_in_the_organisation).roles


def test_giving_it_again_changes_its_dates(cast: Cast) -> None:
    for ends_on in (date(2026, 6, 30), None, None):
        grant_give(
            user=cast.outsider,
            role=Role.AUDITOR,
            unit=None,
            ends_on=ends_on,
            actor=cast.administrator,
            now=NOW,
        )
    assert RoleGrant.objects.filter(user=cast.outsider).count() == 1
    actions = Entry.objects.filter(subject="Oskar Lindqvist").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["accounts.grant.given", "accounts.grant.changed"]


def test_dates_in_the_wrong_order_are_refused(cast: Cast) -> None:
    with pytest.raises(AccountsRefused) as refused:
        grant_give(
            user=cast.outsider,
            role=Role.AUDITOR,
            unit=None,
            starts_on=date(2026, 6, 2),
            ends_on=date(2026, 6, 1),
            actor=cast.administrator,
            now=NOW,
        )
    assert refused.value.field == "ends_on"


def test_the_deactivated_get_no_role(cast: Cast) -> None:
    user_deactivate(user=cast.outsider, actor=cast.administrator, now=NOW)
    with pytest.raises(AccountsRefused, match="deactivated"):
        grant_give(user=cast.outsider, role=Role.AUDITOR, unit=None, actor=cast.administrator, now=NOW)


def test_an_ended_role_holds_no_more_and_stays_in_the_trail(cast: Cast) -> None:
    grant = RoleGrant.objects.get(user=cast.auditor)
    grant_end(grant=grant, actor=cast.administrator, now=NOW, comment="Left the audit team.")
    assert roles_of(cast.auditor) == set()
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.before["role"], entry.comment) == (
        "accounts.grant.ended",
        "auditor",
        "Left the audit team.",
    )
    grant_end(grant=grant, actor=cast.administrator, now=NOW)
    assert Entry.objects.latest("id") == entry


@pytest.mark.parametrize("part", ["ciso", "administrator"])
def test_the_last_one_stays(cast: Cast, part: str) -> None:
    person: User = getattr(cast, part)
    grant = RoleGrant.objects.get(user=person)
    RoleGrantFactory.create(
        role=grant.role, unit=cast.units.retail
    )  # a part of the organisation is not enough
    RoleGrantFactory.create(role=grant.role, ends_on=date(2026, 5, 5))  # nor is someone until tomorrow
    RoleGrantFactory.create(role=grant.role, starts_on=date(2026, 5, 5))  # nor from tomorrow on
    RoleGrantFactory.create(role=grant.role, user__is_active=False)  # nor someone who left
    with pytest.raises(AccountsRefused, match=person.full_name):
        grant_end(grant=grant, actor=cast.analyst, now=NOW)
    with pytest.raises(AccountsRefused):
        user_deactivate(user=person, actor=cast.analyst, now=NOW)
    with pytest.raises(AccountsRefused):
        grant_give(
            user=person,
            role=Role(grant.role),
            unit=None,
            ends_on=date(2026, 6, 1),
            actor=cast.analyst,
            now=NOW,
        )
    RoleGrantFactory.create(role=grant.role)
    grant_end(grant=grant, actor=cast.analyst, now=NOW)
    assert roles_of(person) == set()


@pytest.mark.django_db(transaction=True)
def test_the_last_two_do_not_end_at_once() -> None:
    actor = UserFactory.create()
    one, two = RoleGrantFactory.create_batch(2, role=Role.CISO)
    outcomes = together(
        lambda: grant_end(grant=one, actor=actor, now=NOW),
        lambda: user_deactivate(user=two.user, actor=actor, now=NOW),
    )
    assert sum(isinstance(outcome, AccountsRefused) for outcome in outcomes) == 1
    assert len([user for user in (one.user, two.user) if roles_of(user) == {Role.CISO}]) == 1
