"""The transitions of controls, as data, with what stands against them and what follows."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from controls.choices import CONTROL_TONES, IN_FORCE, ControlState
from controls.models import Control
from controls.models.versions import WRITTEN
from controls.permissions import APPROVE, WRITE
from controls.selectors import coming_of
from controls.services import (
    revision_begin,
    revision_discard,
    version_approve,
    version_return,
    version_submit,
    versions_retire,
)
from foundation.accounts.models import User
from foundation.approvals.services import approval_request
from foundation.lifecycle.tables import Lifecycle, Moment, Transition, both
from foundation.records.models import Record


def unwritten_refusal(record: Record, actor: User) -> str | None:
    """Return why the draft can't be submitted: it says nothing, or not what changed."""
    assert isinstance(record, Control)
    draft = coming_of(record)
    if draft is None or not draft.statement.strip():
        return _("It has no statement yet.")
    if draft.evidence_months is not None and not draft.evidence_how.strip():
        return _("Say how evidence of it is taken, or ask for none.")
    current = record.current
    if current is None:
        return None
    if not draft.summary.strip():
        return _("Say in the draft what changed.")
    if all(getattr(draft, name) == getattr(current, name) for name in WRITTEN if name != "summary"):
        return _("It says what the version in force says. Discard it, or write what is to change.")
    return None


def submitted(moment: Moment) -> None:
    """Ask for the approval of the draft as it stands."""
    version_submit(control=moment.record)
    approval_request(record=moment.record, actor=moment.actor, now=moment.now)


def approved(moment: Moment) -> None:
    """Put what was approved in force."""
    version_approve(control=moment.record, now=moment.now)


def returned(moment: Moment) -> None:
    """Let the draft be written again."""
    version_return(control=moment.record)


def revised(moment: Moment) -> None:
    """Begin the next version."""
    revision_begin(control=moment.record, actor=moment.actor, now=moment.now)


def discarded(moment: Moment) -> None:
    """Give the next version up."""
    revision_discard(control=moment.record, now=moment.now)


def retired(moment: Moment) -> None:
    """Let no version hold any more."""
    versions_retire(control=moment.record, now=moment.now)


FIRST_PATH = (ControlState.DRAFT, ControlState.IN_REVIEW, ControlState.IN_FORCE)


def path_of(record: Record) -> tuple[str, ...]:
    """Return the way of a control: until it is in force, or from one version to the next."""
    return IN_FORCE if record.state in IN_FORCE else FIRST_PATH


CONTROL_LIFECYCLE = Lifecycle(
    key="control",
    states=ControlState,
    initial=ControlState.DRAFT,
    path=FIRST_PATH,
    path_of=path_of,
    tones=CONTROL_TONES,
    transitions=(
        *both(
            "submit",
            (
                (ControlState.DRAFT, ControlState.IN_REVIEW),
                (ControlState.REVISING, ControlState.REVISION_REVIEW),
            ),
            label=lazy("Submit for approval"),
            right=WRITE,
            owner_may=True,
            icon="send",
            refusal=unwritten_refusal,
            consequence=submitted,
        ),
        *both(
            "approve",
            (
                (ControlState.IN_REVIEW, ControlState.IN_FORCE),
                (ControlState.REVISION_REVIEW, ControlState.IN_FORCE),
            ),
            label=lazy("Approve"),
            right=APPROVE,
            icon="circle-check",
            by_approval=True,
            consequence=approved,
        ),
        *both(
            "return",
            (
                (ControlState.IN_REVIEW, ControlState.DRAFT),
                (ControlState.REVISION_REVIEW, ControlState.REVISING),
            ),
            label=lazy("Back to draft"),
            right=APPROVE,
            icon="arrow-back-up",
            by_approval=True,
            consequence=returned,
        ),
        Transition(
            name="revise",
            label=lazy("Begin a revision"),
            sources=(ControlState.IN_FORCE,),
            target=ControlState.REVISING,
            right=WRITE,
            owner_may=True,
            icon="pencil",
            consequence=revised,
        ),
        Transition(
            name="discard",
            label=lazy("Discard the revision"),
            sources=(ControlState.REVISING,),
            target=ControlState.IN_FORCE,
            right=WRITE,
            owner_may=True,
            needs_comment=True,
            comment_label=lazy("Why is it given up?"),
            tone="secondary",
            icon="trash",
            consequence=discarded,
        ),
        Transition(
            name="retire",
            label=lazy("Retire"),
            sources=(ControlState.IN_FORCE,),
            target=ControlState.RETIRED,
            right=APPROVE,
            needs_comment=True,
            comment_label=lazy("Why is it not carried out any more, and what takes its place?"),
            tone="secondary",
            icon="archive",
            reauthenticate=True,
            consequence=retired,
        ),
    ),
)
