"""The database lets an action be found not effective only once it was verified, counted, and with the reason."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audits.tests.factories import NOW
from foundation.actions.choices import ActionNature, ActionState
from foundation.actions.models import Action
from foundation.actions.services.steps import NOT_DONE
from foundation.actions.tests.factories import corrective_make, step, task_make
from foundation.records.models import Record
from foundation.records.services import record_create
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
RULE = "only once it was verified"


def refused(action: Action, match: str = RULE, **values: Any) -> None:
    with pytest.raises(IntegrityError, match=match), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(**values)


def test_the_step_counts_it(cast: Cast) -> None:
    action = step(corrective_make(cast, state=ActionState.VERIFIED), "not_effective", cast.auditor)
    assert (action.state, action.times_reopened) == (ActionState.OPEN, 1)


@pytest.mark.parametrize("state", [ActionState.OPEN, ActionState.TO_VERIFY, ActionState.EFFECTIVE])
def test_it_is_not_counted_of_what_was_not_verified_or_has_worked(cast: Cast, state: ActionState) -> None:
    action = corrective_make(cast, state=state)
    Record.objects.filter(pk=action.pk).update(state=ActionState.OPEN)
    refused(action, times_reopened=1, open_because="It did not work.", **NOT_DONE)


def test_it_is_open_again_and_says_why(cast: Cast) -> None:
    action = corrective_make(cast, state=ActionState.VERIFIED)
    refused(action, times_reopened=1, open_because="It did not work.", **NOT_DONE)
    Record.objects.filter(pk=action.pk).update(state=ActionState.OPEN)
    refused(action, times_reopened=1, open_because="", **NOT_DONE)
    refused(action, times_reopened=1, open_because="It did not work.")
    refused(action, times_reopened=2, open_because="It did not work.", **NOT_DONE)


def test_what_was_counted_stays(cast: Cast) -> None:
    action = step(corrective_make(cast, state=ActionState.VERIFIED), "not_effective", cast.auditor)
    refused(action, times_reopened=0)
    refused(action, match="action_not_effective_if_corrective", nature=ActionNature.TASK)


def test_the_effect_is_checked_of_what_was_verified_alone_by_somebody_at_some_time(cast: Cast) -> None:
    rule = "action_effect_checked_once_verified"
    refused(task_make(cast), match=rule, effect_checked_by=cast.auditor, effect_checked_at=NOW)
    verified = corrective_make(cast, state=ActionState.VERIFIED)
    refused(verified, match=rule, effect_checked_at=NOW)
    refused(verified, match=rule, effect_checked_by=cast.auditor)


def test_it_does_not_start_as_counted(cast: Cast) -> None:
    of = corrective_make(cast)
    action = Action(
        title="Tell operations",
        unit=of.unit,
        owner=of.owner,
        source=of.source,
        nature=of.nature,
        due_on=of.due_on,
        times_reopened=1,
    )
    with pytest.raises(IntegrityError, match=RULE), transaction.atomic():
        record_create(record=action, kind="action", actor=cast.analyst, state=ActionState.OPEN)
