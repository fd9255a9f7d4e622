"""The transitions of programmes, as data, with what stands against them and what follows."""

from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from audits.choices import PROGRAMME_TONES, ProgrammeState
from audits.models import Programme
from audits.services.programmes import programme_step_follow
from foundation.accounts.models import User
from foundation.approvals.services import approval_request
from foundation.lifecycle.tables import Lifecycle, Moment, Transition
from foundation.records.models import Record


def open_audits_refusal(record: Record, actor: User) -> str | None:
    """Return why the programme can't be closed: some of its audits are still under way."""
    assert isinstance(record, Programme)
    if count := record.audits.open().count():
        return ngettext(
            "%(count)d audit of the programme is still open.",
            "%(count)d audits of the programme are still open.",
            count,
        ) % {"count": count}
    return None


def programme_consequence(moment: Moment) -> None:
    """Write what follows from a step of a programme."""
    programme_step_follow(programme=moment.record, actor=moment.by, now=moment.now)


def programme_submitted(moment: Moment) -> None:
    """Ask for the approval of the programme as it stands."""
    approval_request(record=moment.record, actor=moment.actor, now=moment.now)


PROGRAMME_LIFECYCLE = Lifecycle(
    key="programme",
    states=ProgrammeState,
    initial=ProgrammeState.DRAFT,
    path=(ProgrammeState.DRAFT, ProgrammeState.IN_REVIEW, ProgrammeState.APPROVED, ProgrammeState.CLOSED),
    tones=PROGRAMME_TONES,
    transitions=(
        Transition(
            name="submit",
            label=lazy("Submit for approval"),
            sources=(ProgrammeState.DRAFT,),
            target=ProgrammeState.IN_REVIEW,
            right="audits.plan",
            icon="send",
            consequence=programme_submitted,
        ),
        Transition(
            name="approve",
            label=lazy("Approve"),
            sources=(ProgrammeState.IN_REVIEW,),
            target=ProgrammeState.APPROVED,
            right="programmes.approve",
            icon="circle-check",
            by_approval=True,
            consequence=programme_consequence,
        ),
        Transition(
            name="return",
            label=lazy("Back to draft"),
            sources=(ProgrammeState.IN_REVIEW,),
            target=ProgrammeState.DRAFT,
            right="programmes.approve",
            icon="arrow-back-up",
            by_approval=True,
            consequence=programme_consequence,
        ),
        Transition(
            name="revise",
            label=lazy("Revise"),
            sources=(ProgrammeState.APPROVED,),
            target=ProgrammeState.DRAFT,
            right="audits.plan",
            needs_comment=True,
            comment_label=lazy("What has to change?"),
            tone="secondary",
            icon="arrow-back-up",
            consequence=programme_consequence,
        ),
        Transition(
            name="close",
            label=lazy("Close programme"),
            sources=(ProgrammeState.APPROVED,),
            target=ProgrammeState.CLOSED,
            right="audits.close",
            icon="circle-check",
            refusal=open_audits_refusal,
            consequence=programme_consequence,
        ),
        Transition(
            name="reopen",
            label=lazy("Reopen"),
            sources=(ProgrammeState.CLOSED,),
            target=ProgrammeState.APPROVED,
            right="audits.close",
            needs_comment=True,
            comment_label=lazy("Why is it reopened?"),
            tone="secondary",
            icon="arrow-back-up",
            consequence=programme_consequence,
        ),
    ),
)
