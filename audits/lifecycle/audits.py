"""The transitions of audits, as data, with what stands against them and what follows."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from audits.choices import AUDIT_TONES, AuditRole, AuditState
from audits.models import Audit
from audits.permissions import independence_refusal
from audits.services.steps import audit_step_follow
from foundation.accounts.models import User
from foundation.actions.selectors import open_actions_of
from foundation.lifecycle.tables import Lifecycle, Moment, Transition
from foundation.records.models import Record


def auditee_refusal(record: Record, actor: User) -> str | None:
    """Return why an auditee may not take the audit on: those who are audited don't run their own audit."""
    if any(part.role == AuditRole.AUDITEE and part.user_id == actor.pk for part in record.participants.all()):
        return _("You are audited here, so somebody else must take this step.")
    return None


def fieldwork_refusal(record: Record, actor: User) -> str | None:
    """Return why fieldwork can't start: an auditee asks, or an auditor has come to belong to the audited unit."""
    assert isinstance(record, Audit)
    if refusal := auditee_refusal(record, actor):
        return refusal
    for part in record.participants.all():
        if part.role not in (AuditRole.LEAD, AuditRole.TEAM):
            continue
        if refusal := independence_refusal(type=record.type, unit=record.unit, auditor=part.user):
            return refusal
    return None


def closing_refusal(record: Record, actor: User) -> str | None:
    """Return why the audit can't be closed: an auditee asks, or actions that follow from it are still open."""
    if refusal := auditee_refusal(record, actor):
        return refusal
    if count := open_actions_of(record):
        return ngettext(
            "%(count)d action that follows from the audit is still open.",
            "%(count)d actions that follow from the audit are still open.",
            count,
        ) % {"count": count}
    return None


def audit_consequence(moment: Moment) -> None:
    """Write what follows from a step of an audit."""
    audit_step_follow(audit=moment.record, actor=moment.actor, now=moment.now)


def _audit_step(name: str, **fields: object) -> Transition:
    return Transition(name=name, consequence=audit_consequence, **fields)  # type: ignore[arg-type]


def _back(name: str, label: object, source: str, target: str) -> Transition:
    return _audit_step(
        name,
        label=label,
        sources=(source,),
        target=target,
        right="audits.run",
        needs_comment=True,
        comment_label=lazy("Why does it go back?"),
        tone="secondary",
        icon="arrow-back-up",
        refusal=auditee_refusal,
    )


AUDIT_LIFECYCLE = Lifecycle(
    key="audit",
    states=AuditState,
    initial=AuditState.PLANNED,
    path=(
        AuditState.PLANNED,
        AuditState.PREPARING,
        AuditState.FIELDWORK,
        AuditState.REPORTING,
        AuditState.FOLLOW_UP,
        AuditState.CLOSED,
    ),
    tones=AUDIT_TONES,
    transitions=(
        _audit_step(
            "prepare",
            label=lazy("Start preparing"),
            sources=(AuditState.PLANNED,),
            target=AuditState.PREPARING,
            right="audits.run",
        ),
        _audit_step(
            "start_fieldwork",
            label=lazy("Start fieldwork"),
            sources=(AuditState.PREPARING,),
            target=AuditState.FIELDWORK,
            right="audits.run",
            refusal=fieldwork_refusal,
        ),
        _audit_step(
            "start_reporting",
            label=lazy("Start reporting"),
            sources=(AuditState.FIELDWORK,),
            target=AuditState.REPORTING,
            right="audits.run",
            refusal=auditee_refusal,
        ),
        _audit_step(
            "start_follow_up",
            label=lazy("Start follow-up"),
            sources=(AuditState.REPORTING,),
            target=AuditState.FOLLOW_UP,
            right="audits.run",
            refusal=auditee_refusal,
        ),
        _audit_step(
            "close",
            label=lazy("Close audit"),
            sources=(AuditState.FOLLOW_UP,),
            target=AuditState.CLOSED,
            right="audits.close",
            icon="circle-check",
            refusal=closing_refusal,
        ),
        _audit_step(
            "close_without_follow_up",
            label=lazy("Close without follow-up"),
            sources=(AuditState.REPORTING,),
            target=AuditState.CLOSED,
            right="audits.close",
            needs_comment=True,
            comment_label=lazy("Why does nothing need following up?"),
            tone="secondary",
            icon="circle-check",
            refusal=closing_refusal,
        ),
        _back(
            "back_to_planned",
            lazy("Back to planned"),
            AuditState.PREPARING,
            AuditState.PLANNED,
        ),
        _back(
            "back_to_preparing",
            lazy("Back to preparing"),
            AuditState.FIELDWORK,
            AuditState.PREPARING,
        ),
        _back(
            "back_to_fieldwork",
            lazy("Back to fieldwork"),
            AuditState.REPORTING,
            AuditState.FIELDWORK,
        ),
        _back(
            "back_to_reporting",
            lazy("Back to reporting"),
            AuditState.FOLLOW_UP,
            AuditState.REPORTING,
        ),
        _audit_step(
            "cancel",
            label=lazy("Cancel audit"),
            sources=(AuditState.PLANNED, AuditState.PREPARING, AuditState.FIELDWORK),
            target=AuditState.CANCELLED,
            right="audits.close",
            needs_comment=True,
            comment_label=lazy("Why is it cancelled?"),
            tone="danger",
            icon="ban",
            refusal=auditee_refusal,
        ),
        _audit_step(
            "reinstate",
            label=lazy("Plan again"),
            sources=(AuditState.CANCELLED,),
            target=AuditState.PLANNED,
            right="audits.plan",
            needs_comment=True,
            comment_label=lazy("Why is it planned again?"),
            tone="secondary",
            icon="arrow-back-up",
        ),
        _audit_step(
            "reopen",
            label=lazy("Reopen"),
            sources=(AuditState.CLOSED,),
            target=AuditState.FOLLOW_UP,
            right="audits.close",
            needs_comment=True,
            comment_label=lazy("Why is it reopened?"),
            tone="secondary",
            icon="arrow-back-up",
            refusal=auditee_refusal,
        ),
    ),
)
