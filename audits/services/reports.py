"""The report of an audit on its way to its approval: its conclusion, and what becomes of the request when it changes."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audits.choices import AuditState
from audits.models import Audit
from audits.permissions import check_grading_refusal
from foundation.accounts.models import User
from foundation.approvals.services import approval_void_if_changed
from foundation.records.services import FieldsRefused, record_update


class ReportRefused(FieldsRefused):
    """What the report says can't be changed now; the message says why, for the person who tried."""


def report_follow(*, audit: Audit, actor: User, now: datetime) -> bool:
    """Void the request to approve the audit's report when the report says something else by now; tell whether it was.

    Call it inside the transaction of every change of the audit or its people; findings and checks do not change while the
    report waits, and answers and actions are no part of what is approved. The audit then is back in reporting.
    """
    if audit.state != AuditState.REPORT_REVIEW:
        return False
    return approval_void_if_changed(record=audit, actor=actor, now=now)


def report_change_refusal(audit: Audit) -> str | None:
    """Return why auditors can't change what the report is made of (its conclusion, the checks) in the audit's state, or None."""
    if audit.state == AuditState.REPORT_REVIEW:
        return _("The report waits for its approval, so it stays as it is. Withdraw the request first.")
    if audit.state == AuditState.FOLLOW_UP:
        return _("The report stays as it is in the follow-up. Take the audit back to reporting first.")
    if not audit.is_open:
        return _("A closed or cancelled audit stays as it is. Reopen it first.")
    return None


def conclusion_refusal(audit: Audit) -> str | None:
    """Return why the conclusion can't be written in the audit's state, or None."""
    if audit.state in (AuditState.PLANNED, AuditState.PREPARING):
        return _("The conclusion is written once the fieldwork has begun.")
    return report_change_refusal(audit)


@transaction.atomic
def conclusion_write(*, audit: Audit, conclusion: str, actor: User, version: int) -> Audit:
    """Write the overall judgement of an audit that was read at `version`.

    Raises StaleRecord when somebody else was faster, ReportRefused for who may not judge there, and where the audit's state
    does not allow it.
    """
    changed = record_update(record=audit, changes={"conclusion": conclusion}, actor=actor, version=version)
    if refusal := check_grading_refusal(actor, changed) or conclusion_refusal(changed):
        raise ReportRefused(refusal)
    return changed
