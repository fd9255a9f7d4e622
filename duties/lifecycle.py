"""The transitions of activities, as data, with what stands against them and what follows."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from duties.choices import STATE_TONES, TO_DO, ActivityState
from duties.models import Activity
from duties.permissions import MANAGE, SIGN_OFF
from duties.selectors import what_is_missing
from duties.services import activity_done, activity_open_again, activity_skipped
from foundation.accounts.models import User
from foundation.approvals.services import approval_request
from foundation.lifecycle.tables import Lifecycle, Moment, Transition
from foundation.records.models import Record

PATH = (ActivityState.PLANNED, ActivityState.IN_PROGRESS, ActivityState.DONE)
SIGNED_PATH = (
    ActivityState.PLANNED,
    ActivityState.IN_PROGRESS,
    ActivityState.SIGN_OFF,
    ActivityState.DONE,
)


def needs_sign_off(record: Any) -> bool:
    """Tell whether somebody else signs off what was done."""
    assert isinstance(record, Activity)
    return record.needs_sign_off


def needs_none(record: Any) -> bool:
    """Tell whether it is done without anybody else."""
    return not needs_sign_off(record)


def path_of(record: Record) -> tuple[str, ...]:
    """Return the way of an activity: with a sign-off, or without."""
    return SIGNED_PATH if needs_sign_off(record) else PATH


def missing_refusal(record: Record, actor: User) -> str | None:
    """Return what is missing before an activity is done, or None."""
    assert isinstance(record, Activity)
    missing = what_is_missing(record)
    return _("Still missing: %(what)s") % {"what": " ".join(missing)} if missing else None


def done(moment: Moment) -> None:
    """Note who did it and when, and plan the next of a series."""
    activity_done(activity=moment.record, actor=moment.actor, now=moment.now)


def submitted(moment: Moment) -> None:
    """Ask for the sign-off of exactly what is there, and plan the next of a series."""
    activity_done(activity=moment.record, actor=moment.actor, now=moment.now)
    approval_request(record=moment.record, actor=moment.actor, now=moment.now)


def skipped(moment: Moment) -> None:
    """Note why, and plan the next of a series."""
    activity_skipped(activity=moment.record, reason=moment.comment, now=moment.now)


def open_again(moment: Moment) -> None:
    """Let it be to be done again, with its reminders."""
    activity_open_again(activity=moment.record, now=moment.now)


ACTIVITY_LIFECYCLE = Lifecycle(
    key="activity",
    states=ActivityState,
    initial=ActivityState.PLANNED,
    path=PATH,
    path_of=path_of,
    tones=STATE_TONES,
    transitions=(
        Transition(
            name="start",
            label=lazy("Start"),
            sources=(ActivityState.PLANNED,),
            target=ActivityState.IN_PROGRESS,
            right=MANAGE,
            owner_may=True,
            icon="player-play",
        ),
        Transition(
            name="complete",
            label=lazy("Done"),
            sources=TO_DO,
            target=ActivityState.DONE,
            right=MANAGE,
            owner_may=True,
            icon="circle-check",
            confirm=lazy(
                "Outcome, checklist and files stay as they are then. The next one, if it recurs, is planned."
            ),
            applies=needs_none,
            refusal=missing_refusal,
            consequence=done,
        ),
        Transition(
            name="submit",
            label=lazy("Ask for sign-off"),
            sources=TO_DO,
            target=ActivityState.SIGN_OFF,
            right=MANAGE,
            owner_may=True,
            icon="send",
            confirm=lazy(
                "Somebody else signs off the outcome, the checklist and the evidence, exactly as they are now."
            ),
            applies=needs_sign_off,
            refusal=missing_refusal,
            consequence=submitted,
        ),
        Transition(
            name="sign_off",
            label=lazy("Sign off"),
            sources=(ActivityState.SIGN_OFF,),
            target=ActivityState.DONE,
            right=SIGN_OFF,
            icon="circle-check",
            by_approval=True,
        ),
        Transition(
            name="return",
            label=lazy("Back to work"),
            sources=(ActivityState.SIGN_OFF,),
            target=ActivityState.IN_PROGRESS,
            right=SIGN_OFF,
            icon="arrow-back-up",
            by_approval=True,
            consequence=open_again,
        ),
        Transition(
            name="skip",
            label=lazy("Skip"),
            sources=TO_DO,
            target=ActivityState.SKIPPED,
            right=MANAGE,
            needs_comment=True,
            comment_label=lazy("Why is it not done this time?"),
            tone="danger",
            icon="player-skip-forward",
            consequence=skipped,
        ),
        Transition(
            name="reopen",
            label=lazy("Reopen"),
            sources=(ActivityState.DONE,),
            target=ActivityState.IN_PROGRESS,
            right=MANAGE,
            needs_comment=True,
            comment_label=lazy("Why is it not done after all?"),
            tone="secondary",
            icon="arrow-back-up",
            consequence=open_again,
        ),
        Transition(
            name="reinstate",
            label=lazy("Plan it again"),
            sources=(ActivityState.SKIPPED,),
            target=ActivityState.PLANNED,
            right=MANAGE,
            needs_comment=True,
            comment_label=lazy("Why is it done after all?"),
            tone="secondary",
            icon="arrow-back-up",
            consequence=open_again,
        ),
    ),
)
