"""What others agreed on is not rewritten by who has a side there: not on a page, in a list, in the calendar, nor by a service."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audits.tests.factories import NOW, finding_make
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.actions.choices import ActionNature
from foundation.actions.models import Action
from foundation.actions.services import action_change, action_create, action_move, action_move_refusal
from foundation.actions.tests.factories import DUE, corrective_make, task_make
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LATER = DUE + timedelta(days=30)
REFUSED = "What is to be done, by whom and until when was agreed on. You answer for this finding"


@pytest.fixture
def audited(cast: Cast) -> User:
    """Return somebody of security who answers for a finding, and so may change actions but for those there."""
    person: User = UserFactory.create(full_name="Signe Dahl", unit=cast.units.root)
    RoleGrantFactory.create(user=person, role=Role.SECURITY)
    return person


def agreed(cast: Cast, audited: User, **values: Any) -> Action:
    """Let the auditor agree on what somebody else does about a finding of hers."""
    source = values.pop("source", None) or finding_make(cast, owner=audited)
    return corrective_make(cast, source=source, actor=cast.auditor, **values)


def changes_of_agreed(cast: Cast) -> dict[str, Any]:
    return {
        "title": "Something else",
        "description": "Less.",
        "due_on": LATER,
        "owner": cast.analyst,
        "nature": ActionNature.TASK,
        "effectiveness_days": 700,
    }


@pytest.mark.parametrize("name", ["title", "description", "due_on", "owner", "nature", "effectiveness_days"])
def test_who_has_a_side_rewrites_nothing_that_was_agreed_on(cast: Cast, audited: User, name: str) -> None:
    action = agreed(cast, audited)
    changes = {name: changes_of_agreed(cast)[name]}
    with pytest.raises(ValidationError, match="You answer for this finding|You have a side"):
        action_change(action=action, changes=changes, actor=audited, now=NOW, version=action.version)
    again = Action.objects.get(pk=action.pk)
    assert getattr(again, name) == getattr(action, name)
    changed = action_change(
        action=action, changes=changes, actor=cast.auditor, now=NOW, version=action.version
    )
    assert getattr(changed, name) == changes[name]


def test_a_task_of_hers_becomes_no_corrective_action_either(cast: Cast, audited: User) -> None:
    action = task_make(
        cast, source=finding_make(cast, owner=audited), actor=cast.auditor, nature=ActionNature.TASK
    )
    with pytest.raises(ValidationError, match=REFUSED):
        action_change(
            action=action,
            changes={"nature": ActionNature.CORRECTIVE},
            actor=audited,
            now=NOW,
            version=action.version,
        )


def test_what_follows_from_it_goes_by_where_the_chain_starts(cast: Cast, audited: User) -> None:
    below = action_create(
        source=agreed(cast, audited),
        title="More",
        owner=cast.personnel,
        due_on=DUE,
        actor=cast.auditor,
        now=NOW,
    )
    with pytest.raises(ValidationError, match=REFUSED):
        action_change(action=below, changes={"due_on": LATER}, actor=audited, now=NOW, version=below.version)


def test_who_judges_it_is_named_by_her_still(cast: Cast, audited: User) -> None:
    action = agreed(cast, audited)
    changed = action_change(
        action=action, changes={"verifier": cast.analyst}, actor=audited, now=NOW, version=action.version
    )
    assert changed.verifier == cast.analyst


def test_the_page_says_why_and_takes_nothing_else(cast: Cast, audited: User, sign_in: SignIn) -> None:
    action = agreed(cast, audited)
    client = sign_in(audited)
    url = reverse("actions:action-edit", args=[action.reference])
    page = client.get(url)
    assert REFUSED in page.content.decode()
    fields = page.context["form"].fields
    assert {name for name, field in fields.items() if field.disabled} == {*changes_of_agreed(cast)}
    sent = {
        "verifier": cast.analyst.pk,
        "version": action.version,
    }
    forged = client.post(url, {**sent, "title": "Something else"})
    assert forged.status_code == 422
    assert REFUSED in forged.content.decode()
    assert client.post(url, sent)["Location"] == action.get_absolute_url()
    again = Action.objects.get(pk=action.pk)
    assert (again.title, again.owner, again.due_on) == (action.title, action.owner, action.due_on)
    assert again.verifier == cast.analyst


def test_the_auditor_meets_the_whole_form(cast: Cast, audited: User, sign_in: SignIn) -> None:
    action = agreed(cast, audited)
    page = sign_in(cast.auditor).get(reverse("actions:action-edit", args=[action.reference]))
    assert "was agreed on." not in page.content.decode()
    assert not any(field.disabled for field in page.context["form"].fields.values())


def test_the_calendar_does_not_move_it_for_her(cast: Cast, audited: User) -> None:
    action = agreed(cast, audited)
    assert REFUSED in (action_move_refusal(record=action, user=audited) or "")
    assert action_move_refusal(record=action, user=cast.auditor) is None
    with pytest.raises(ValidationError, match=REFUSED):
        action_move(record=action, to=LATER, version=action.version, actor=audited, now=NOW)


def test_many_at_once_leave_it_as_it_is(cast: Cast, audited: User, sign_in: SignIn) -> None:
    action = agreed(cast, audited)
    client = sign_in(audited)
    row = f"{action.pk}:{action.version}"
    for name, sent in (("move", {"days": "7"}), ("assign", {"owner": cast.analyst.pk})):
        url = reverse(f"actions:actions-{name}")
        assert REFUSED in client.get(url, {"row": row}).content.decode(), name
        assert client.post(url, {"row": row, **sent}).status_code in (200, 302, 422), name
    again = Action.objects.get(pk=action.pk)
    assert (again.owner, again.due_on, again.version) == (action.owner, DUE, action.version)


@pytest.mark.parametrize("name", ["assign", "move"])
def test_many_of_one_finding_ask_once_who_has_a_side(
    cast: Cast, audited: User, sign_in: SignIn, name: str
) -> None:
    finding = finding_make(cast, owner=audited)
    actions = [agreed(cast, audited, source=finding) for _each in range(6)]
    client = sign_in(cast.auditor)
    url = reverse(f"actions:actions-{name}")

    def asked(chosen: list[Action]) -> int:
        rows = [f"{action.pk}:{action.version}" for action in chosen]
        client.get(url, {"row": rows})
        with CaptureQueriesContext(connection) as counted:
            assert client.get(url, {"row": rows}).status_code == 200
        return len(counted)

    assert asked(actions) == asked(actions[:1])
