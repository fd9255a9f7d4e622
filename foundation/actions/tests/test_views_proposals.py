"""Proposals on pages: who answers proposes and revises, the auditors decide, and lists tell them apart."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from audits.tests.factories import finding_make
from foundation.accounts.models import User
from foundation.actions.choices import ActionState
from foundation.actions.models import Action
from foundation.actions.tests.factories import DUE as DUE_ON
from foundation.actions.tests.factories import step
from foundation.actions.tests.proposals import JUDGES, WEEK, proposal_in, propose, waits_for
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def test_who_answers_proposes_on_the_page_of_the_finding(cast: Cast, sign_in: SignIn) -> None:
    finding = finding_make(cast)
    client = sign_in(cast.unit_lead)
    url = reverse("actions:action-propose", args=[finding.reference])
    page = client.get(finding.get_absolute_url()).content.decode()
    assert url in page
    assert reverse("actions:action-create", args=[finding.reference]) not in page
    form = client.get(url)
    sent = {
        "title": "Tell operations",
        "owner": cast.personnel.pk,
        "due_on": DUE_ON,
        "description": "By a ticket.",
        "submission": form.context["form"]["submission"].value(),
    }
    for _again in range(2):
        assert client.post(url, sent)["Location"] == finding.get_absolute_url()
    action = Action.objects.get()
    assert (action.state, action.proposed_by) == (ActionState.PROPOSED, cast.unit_lead)
    page = client.get(finding.get_absolute_url()).content.decode()
    assert "Proposed" in page
    assert "to be decided" in page
    assert "to be done by" in page
    assert "Tell operations" in page


def test_what_is_wrong_is_told_with_what_was_typed(cast: Cast, sign_in: SignIn) -> None:
    url = reverse("actions:action-propose", args=[finding_make(cast).reference])
    answer = sign_in(cast.unit_lead).post(url, {"title": "Tell operations", "due_on": "31.12.2026"})
    assert answer.status_code == 422
    assert "Tell operations" in answer.content.decode()


def test_the_auditors_are_offered_the_decision(cast: Cast, sign_in: SignIn) -> None:
    action = propose(cast)
    page = sign_in(cast.auditor).get(action.get_absolute_url()).content.decode()
    for name in JUDGES:
        assert reverse("actions:action-step", args=[action.reference, name]) in page
    assert "Odile Brandt agrees on it, or returns it with the reason." in page
    assert reverse("actions:action-edit", args=[action.reference]) not in page


def test_who_proposed_it_revises_what_was_returned(cast: Cast, sign_in: SignIn) -> None:
    action = step(propose(cast), "return", cast.auditor, comment="Too late.")
    client = sign_in(cast.unit_lead)
    url = reverse("actions:action-revise", args=[action.reference])
    page = client.get(action.get_absolute_url()).content.decode()
    assert url in page
    assert "Too late." in page
    sent = {
        "title": "Tell operations at once",
        "owner": cast.personnel.pk,
        "due_on": DUE_ON - WEEK,
        "description": "",
        "version": action.version,
    }
    assert client.post(url, sent)["Location"] == action.get_absolute_url()
    assert Action.objects.get().title == "Tell operations at once"
    assert client.post(url, sent).status_code == 409, "a stale edit is told"


@pytest.mark.parametrize("state", [ActionState.PROPOSED, ActionState.WITHDRAWN])
def test_nothing_is_revised_that_was_not_returned(cast: Cast, sign_in: SignIn, state: str) -> None:
    action = proposal_in(cast, state)
    assert (
        sign_in(cast.unit_lead).get(reverse("actions:action-revise", args=[action.reference])).status_code
        == 403
    )


def test_the_tracker_tells_proposals_apart(cast: Cast, sign_in: SignIn) -> None:
    propose(cast)
    client = sign_in(cast.ciso)
    page = client.get(reverse("actions:action-list"), {"state": "proposals"}).content.decode()
    assert "Tell operations on the day" in page
    assert "state=proposed" in page
    assert (
        "Tell operations"
        not in client.get(reverse("actions:action-list"), {"state": "open"}).content.decode()
    )
    assert (
        "Tell operations" not in client.get(reverse("actions:action-list"), {"nobody": "on"}).content.decode()
    )


@pytest.mark.parametrize("name", ["auditor", "unit_lead"])
def test_the_page_of_a_proposal_asks_so_many_queries(cast: Cast, sign_in: SignIn, name: str) -> None:
    action = propose(cast)
    client = sign_in(getattr(cast, name))
    client.get(action.get_absolute_url())
    with assert_queries(f"action-detail-proposed-{name}"):
        client.get(action.get_absolute_url())


@pytest.mark.parametrize("state", [ActionState.PROPOSED, ActionState.RETURNED])
def test_many_at_once_leave_proposals_as_they_are(cast: Cast, sign_in: SignIn, state: ActionState) -> None:
    action = proposal_in(cast, state)
    client = sign_in(cast.auditor)
    before = waits_for(action)
    row = f"{action.pk}:{action.version}"
    for name, sent in (("move", {"days": "7"}), ("assign", {"owner": cast.analyst.pk})):
        url = reverse(f"actions:actions-{name}")
        assert "It is only proposed" in client.get(url, {"row": row}).content.decode(), name
        assert client.post(url, {"row": row, **sent}).status_code in (200, 302, 422), name
    again = Action.objects.get(pk=action.pk)
    assert (again.owner, again.due_on, again.version) == (action.owner, DUE_ON, action.version)
    assert waits_for(again) == before
