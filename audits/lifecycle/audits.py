"""The transitions of audits, as data, with what stands against them and what follows."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from audits.choices import AUDIT_TONES, AuditRole, AuditState
from audits.models import Audit
from audits.permissions import audited_refusal, independence_refusal, verdict_refusal
from audits.selectors import cancelling_obstacles, closing_obstacles, report_obstacles
from audits.services.report_documents import report_issue
from audits.services.steps import audit_step_follow, report_approved
from foundation.accounts.access import accesses_read
from foundation.accounts.models import User
from foundation.approvals.services import approval_request
from foundation.batches import task_wake
from foundation.lifecycle.tables import Lifecycle, Moment, Transition
from foundation.records.models import Record


def running_refusal(record: Record, actor: User) -> str | None:
    """Return why somebody who is audited may not take the audit on, or None: they don't run their own audit.

    Nor do they end it, take it back or plan it again: then it would not come to its results, or to others.
    """
    assert isinstance(record, Audit)
    return audited_refusal(audit=record, user=actor)


def ending_refusal(record: Record, actor: User) -> str | None:
    """Return why somebody who is audited may not close the audit or reopen it, or None: that says what became of its findings."""
    assert isinstance(record, Audit)
    return verdict_refusal(audit=record, user=actor)


def fieldwork_refusal(record: Record, actor: User) -> str | None:
    """Return why fieldwork can't start: an auditee asks, or an auditor has come to belong to the audited unit."""
    assert isinstance(record, Audit)
    if refusal := running_refusal(record, actor):
        return refusal
    parts = record.participants.all()
    auditors = [part.user for part in parts if part.role in (AuditRole.LEAD, AuditRole.TEAM)]
    accesses_read(auditors)
    refusals = (independence_refusal(type=record.type, unit=record.unit, auditor=one) for one in auditors)
    return next((refusal for refusal in refusals if refusal), None)


def submitting_refusal(record: Record, actor: User) -> str | None:
    """Return why the report can't be submitted: an auditee asks, or something of it is still to be done."""
    assert isinstance(record, Audit)
    if refusal := running_refusal(record, actor):
        return refusal
    return " ".join(obstacle.sentence for obstacle in report_obstacles(record)) or None


def closing_refusal(record: Record, actor: User) -> str | None:
    """Return why the audit can't be closed: an auditee asks, the report is not approved, or findings and actions are open."""
    assert isinstance(record, Audit)
    if refusal := ending_refusal(record, actor):
        return refusal
    return " ".join(obstacle.sentence for obstacle in closing_obstacles(record)) or None


def cancelling_refusal(record: Record, actor: User) -> str | None:
    """Return why the audit can't be cancelled: somebody audited asks, or what it found is not raised, or still open."""
    assert isinstance(record, Audit)
    if refusal := running_refusal(record, actor):
        return refusal
    if count := record.open_finding_count:
        return ngettext(
            "%(count)d finding is still open: withdraw it, or see it through.",
            "%(count)d findings are still open: withdraw them, or see them through.",
            count,
        ) % {"count": count}
    if record.state in (AuditState.FIELDWORK, AuditState.REPORTING):
        return " ".join(obstacle.sentence for obstacle in cancelling_obstacles(record)) or None
    return None


def audit_consequence(moment: Moment) -> None:
    """Write what follows from a step of an audit."""
    audit_step_follow(audit=moment.record, actor=moment.by, now=moment.now)


def report_submitted(moment: Moment) -> None:
    """Ask for the approval of the report as it stands."""
    audit_consequence(moment)
    approval_request(record=moment.record, actor=moment.actor, now=moment.now)


def report_approval(moment: Moment) -> None:
    """Write who approved the report, and what follows; a worker makes its documents."""
    report_approved(audit=moment.record, actor=moment.actor, now=moment.now)
    audit_consequence(moment)
    if report := report_issue(audit=moment.record, now=moment.now):
        transaction.on_commit(lambda: task_wake("audits.make_report", report.pk))


def _audit_step(name: str, **fields: Any) -> Transition:
    values: dict[str, Any] = {"consequence": audit_consequence, **fields}
    return Transition(name=name, **values)


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
        refusal=running_refusal,
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
        AuditState.REPORT_REVIEW,
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
            refusal=running_refusal,
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
            refusal=running_refusal,
        ),
        _audit_step(
            "submit_report",
            label=lazy("Submit the report"),
            sources=(AuditState.REPORTING,),
            target=AuditState.REPORT_REVIEW,
            right="audits.run",
            icon="send",
            confirm=lazy(
                "The CISO is asked to approve exactly what it says now. A change of it afterwards makes the request void. Once "
                "it is approved, those who are audited may read it, with its annex of all checks."
            ),
            refusal=submitting_refusal,
            consequence=report_submitted,
        ),
        _audit_step(
            "approve_report",
            label=lazy("Approve the report"),
            sources=(AuditState.REPORT_REVIEW,),
            target=AuditState.FOLLOW_UP,
            right="audits.approve_report",
            icon="circle-check",
            by_approval=True,
            consequence=report_approval,
        ),
        _audit_step(
            "return_report",
            label=lazy("Back to reporting"),
            sources=(AuditState.REPORT_REVIEW,),
            target=AuditState.REPORTING,
            right="audits.approve_report",
            icon="arrow-back-up",
            by_approval=True,
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
            refusal=cancelling_refusal,
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
            refusal=running_refusal,
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
            refusal=ending_refusal,
        ),
    ),
)
