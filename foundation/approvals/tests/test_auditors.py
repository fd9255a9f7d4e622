"""Auditors read all and approve nothing, by whatever way a decision would come to them."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from audits.tests.factories import NOW
from foundation.accounts.choices import Role
from foundation.accounts.models import Delegation, RoleGrant, User
from foundation.accounts.tests.factories import RoleGrantFactory
from foundation.approvals.models import Route
from foundation.approvals.permissions import voice_of
from foundation.approvals.selectors import requests_waiting_for
from foundation.approvals.services import ApprovalRefused, approval_hand_on
from foundation.approvals.tests.factories import ask, decide, reviewer, route_make, stage
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foundation.clock.now", lambda: NOW)


def fresh(person: User) -> User:
    """Return somebody whose access was not read yet."""
    return User.objects.get(pk=person.pk)


def auditor_at_last(cast: Cast) -> User:
    """Return the reviewer, as one who is no more than an auditor by now."""
    person = reviewer(cast)
    RoleGrant.objects.filter(user=person).delete()
    RoleGrantFactory.create(user=person, role=Role.AUDITOR)
    return person


def test_a_decision_is_not_handed_on_to_an_auditor(cast: Cast) -> None:
    with pytest.raises(ApprovalRefused, match="Odile Brandt is an auditor, who approves nothing"):
        approval_hand_on(request=ask(cast), actor=cast.ciso, to=cast.auditor, reason="So", now=NOW)


def test_an_auditor_stands_in_for_nobody_to_decide(cast: Cast) -> None:
    Delegation.objects.create(
        person=cast.ciso,
        stand_in=cast.auditor,
        starts_on=NOW.date(),
        ends_on=NOW.date(),
        created_by=cast.ciso,
        created_at=NOW,
    )
    request = ask(cast)
    assert requests_waiting_for(fresh(cast.auditor)) == []
    with pytest.raises(ApprovalRefused):
        decide(request, cast.auditor)
    assert not request.steps.get().calls.filter(person=cast.auditor).exists()


@pytest.mark.parametrize("how", ["people", "roles"])
def test_no_route_names_auditors(cast: Cast, how: str) -> None:
    named = {"people": [cast.auditor]} if how == "people" else {"roles": ["auditor"]}
    with pytest.raises(ValidationError, match="approves? nothing"):
        route_make(cast, stage("Audit", **named))
    assert not Route.objects.exists()


def test_who_came_to_be_an_auditor_decides_no_more_and_the_page_says_who_mends_it(
    client: Client, cast: Cast
) -> None:
    route_make(cast, stage("Review", people=[reviewer(cast)]))
    request = ask(cast)
    person = auditor_at_last(cast)
    assert requests_waiting_for(fresh(person)) == []
    with pytest.raises(ApprovalRefused, match="You are an auditor here"):
        decide(request, person)
    client.force_login(cast.analyst)
    page = client.get(request.get_absolute_url()).content.decode()
    assert "Nobody may decide this step by now." in page
    assert "Rosa Lindgren (is an auditor, who approves nothing)" in page
    assert "Anders Falk can withdraw the request" in page


def test_an_auditor_who_leads_a_unit_too_decides_as_its_lead(cast: Cast) -> None:
    RoleGrantFactory.create(user=cast.auditor, role=Role.UNIT_LEAD, unit=cast.units.payments)
    route_make(cast, stage("Review", people=[cast.auditor]))
    request = ask(cast)
    assert requests_waiting_for(fresh(cast.auditor)) == [request]
    assert voice_of(request, fresh(cast.auditor)).refusal is None
    decide(request, cast.auditor)


def test_another_role_elsewhere_is_no_right_to_decide_here(cast: Cast) -> None:
    """Security of one unit, of which the record is not, and an auditor everywhere."""
    RoleGrantFactory.create(user=cast.auditor, role=Role.SECURITY, unit=cast.units.cards)
    route_make(cast, stage("Review", people=[cast.auditor, reviewer(cast)]))
    request = ask(cast)
    assert requests_waiting_for(fresh(cast.auditor)) == []
    with pytest.raises(ApprovalRefused, match="You are an auditor here"):
        decide(request, cast.auditor)
