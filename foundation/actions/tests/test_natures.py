"""Who turns a corrective action into a task, or cancels it: nobody rids it of who verifies it whose work it is."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from audits.tests.factories import NOW, audit_make, finding_make
from foundation.accounts.models import User
from foundation.actions.choices import ActionNature, ActionState
from foundation.actions.models import Action
from foundation.actions.services import action_change
from foundation.actions.tests.factories import corrective_make, step, task_make
from foundation.lifecycle.services import TransitionRefused
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db


def turn(action: Action, actor: User, nature: str, **more: Any) -> Action:
    return action_change(
        action=action,
        changes={"nature": nature, **more},
        actor=actor,
        now=NOW,
        version=Action.objects.get(pk=action.pk).version,
    )


def edit_page(client: Client, action: Action, person: User) -> Any:
    client.force_login(person)
    return client.get(reverse("actions:action-edit", args=[action.reference]))


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ((), "Its owner can't turn it into a task"),
        (("report_done", "send_back"), "It was reported done before"),
        (("report_done", "verify", "not_effective"), "It was found not effective before"),
    ],
)
def test_a_corrective_action_becomes_no_task_by_its_owner_nor_once_it_was_judged(
    cast: Cast, client: Client, steps: tuple[str, ...], reason: str
) -> None:
    action = corrective_make(cast, owner=cast.analyst, actor=cast.ciso)
    for name in steps:
        step(action, name, cast.analyst if name == "report_done" else cast.auditor)
    for person in (cast.analyst, cast.ciso) if steps else (cast.analyst,):
        with pytest.raises(ValidationError, match=reason):
            turn(action, person, ActionNature.TASK)
        page = edit_page(client, action, person)
        assert page.context["form"].fields["nature"].disabled
        assert reason in str(page.context["form"].fields["nature"].help_text)
    if not steps:
        page = edit_page(client, action, cast.ciso)
        assert not page.context["form"].fields["nature"].disabled
        with pytest.raises(ValidationError, match="Its owner can't"):
            turn(action, cast.ciso, ActionNature.TASK, owner=cast.ciso, verifier=None)
        assert turn(action, cast.ciso, ActionNature.TASK).nature == ActionNature.TASK


def test_a_task_becomes_corrective_by_its_owner(cast: Cast) -> None:
    action = turn(task_make(cast, owner=cast.analyst, actor=cast.ciso), cast.analyst, ActionNature.CORRECTIVE)
    assert action.verifier == cast.ciso, "nobody nearer: the analyst owns it, and the audit"


def test_the_owner_does_not_cancel_a_corrective_action(cast: Cast, client: Client) -> None:
    action = corrective_make(cast, owner=cast.analyst, actor=cast.ciso)
    with pytest.raises(TransitionRefused, match="You own this corrective action"):
        step(action, "cancel", cast.analyst)
    assert step(task_make(cast, owner=cast.analyst), "cancel", cast.analyst).state == ActionState.CANCELLED
    assert step(action, "cancel", cast.ciso, comment="The system is gone.").state == ActionState.CANCELLED
    client.force_login(cast.ciso)
    page = client.get(action.get_absolute_url()).text
    for words in ("Why it was cancelled", "The system is gone.", "Nothing is left to do."):
        assert words in page


@pytest.mark.parametrize("is_further", [False, True], ids=["of the finding", "of its action"])
def test_who_is_audited_neither_turns_an_action_of_a_finding_into_a_task_nor_cancels_it(
    cast: Cast, client: Client, is_further: bool
) -> None:
    audit = audit_make(cast, auditees=[cast.analyst], owner=cast.ciso)
    action = corrective_make(cast, source=finding_make(cast, audit), actor=cast.ciso)
    if is_further:
        action = corrective_make(cast, source=action, actor=cast.ciso)
    with pytest.raises(ValidationError, match="You have a side in what it follows from"):
        turn(action, cast.analyst, ActionNature.TASK, verifier=None)
    page = edit_page(client, action, cast.analyst)
    assert page.context["form"].fields["nature"].disabled
    with pytest.raises(TransitionRefused, match="You have a side in what this action follows from"):
        step(action, "cancel", cast.analyst)
    page = client.get(reverse("actions:action-step", args=[action.reference, "cancel"]))
    assert "so somebody else must cancel it" in page.text
    kept = Action.objects.get(pk=action.pk)
    assert (kept.nature, kept.state, kept.verifier) == (
        ActionNature.CORRECTIVE,
        ActionState.OPEN,
        cast.auditor,
    )
    task = task_make(cast, source=audit, actor=cast.ciso)
    assert step(task, "cancel", cast.analyst).state == ActionState.CANCELLED, "nobody verifies it anyway"
    assert turn(action, cast.ciso, ActionNature.TASK).nature == ActionNature.TASK
