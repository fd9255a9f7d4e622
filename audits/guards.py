"""What stands against adding and changing files: what was judged, or said in a report, stays as it was.

Each refusal is asked twice: for a page, of the record that it has read, and under the locks, where everything is read anew.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.choices import (
    OPEN_AUDIT_STATES,
    SUBMITTED_STATES,
    WAITING_EVIDENCE_STATES,
    CheckResult,
    EvidenceState,
    FindingState,
)
from audits.models import Audit, AuditReport, CheckEvidence, EvidenceRequest, Finding
from audits.permissions import (
    FINDING_STATES,
    answering_refusal,
    auditor_refusal,
    can_see_checks,
    check_work_refusal,
    evidence_judging_refusal,
    is_auditor_of,
)
from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.approvals.selectors import latest_request
from foundation.files.models import File, FileVersion
from foundation.records.models import Record

# An audit's files: those of its reports, and those that checks rest on.


def audit_file_refusal(*, file: File, user: User, now: datetime) -> str | None:
    """Return why a file of an audit stays as it is, or None."""
    reports = AuditReport.objects
    in_report = Exists(reports.filter(file=OuterRef("pk"))) | Exists(reports.filter(table=OuterRef("pk")))
    if file.is_fixed and FileVersion.objects.filter(in_report, file=file).exists():
        return _("It is a report as it was made, and stays so for ever. If it is wrong, make another report.")
    return resting_refusal(file=file, user=user, now=now)


def resting_refusal(*, file: File, user: User, now: datetime) -> str | None:
    """Return why a file that checks have as their evidence stays as it is, or None; one query where none has.

    Who works on the checks changes it, as long as neither the audit is over nor a report says what the checks came to.
    """
    links = CheckEvidence.objects.filter(file=file).values_list("of_check__audit_id", "of_check__result")
    rests = list(links)
    if not rests:
        return None
    access_of(user, now)
    audit = Audit.objects.select_related("unit").prefetch_related("participants").get(pk=rests[0][0])
    if audit.state not in OPEN_AUDIT_STATES:
        return _("It is evidence of an audit that is closed or cancelled, so it stays as it is.")
    if not can_see_checks(user, audit):
        return _("The auditors rest on it, so it stays as it is. You can add another file beside it.")
    if refusal := check_work_refusal(user, audit):
        return _("It is evidence of a check. %(reason)s") % {"reason": refusal}
    is_graded = any(result != CheckResult.NOT_TESTED for _audit, result in rests)
    if is_graded and audit.state in SUBMITTED_STATES:
        return _(
            "A check rests on it, and the report says what that came to. Take the audit back to reporting first."
        )
    return None


# The files of an answer.

SENT = {
    EvidenceState.ANSWERED: lazy(
        "It is answered, and what was sent stays as it is. If something is missing, the auditors return it."
    ),
    EvidenceState.ACCEPTED: lazy(
        "The answer was accepted with the files that it has, so they stay as they are. The auditors can ask again."
    ),
    EvidenceState.WITHDRAWN: lazy("It is no longer needed, so its files stay as they are."),
}


def evidence_adding_refusal(*, record: Record, user: User, now: datetime) -> str | None:
    """Return why a person adds no files to a request for evidence now, or None: who may answer it does, and its auditors."""
    request = _request_of(record)
    if request.state not in WAITING_EVIDENCE_STATES:
        return str(SENT[EvidenceState(request.state)])
    access_of(user, now)
    refusal = answering_refusal(request=request, user=user, on=organisation_day(now))
    if refusal is None:
        return None
    is_auditor = is_auditor_of(user, request)
    return None if is_auditor and not evidence_judging_refusal(request=request, user=user) else refusal


def evidence_file_refusal(*, file: File, user: User, now: datetime) -> str | None:
    """Return why a file of a request for evidence stays as it is, or None."""
    refusal = evidence_adding_refusal(record=file.record, user=user, now=now)
    return refusal or resting_refusal(file=file, user=user, now=now)


def _request_of(record: Record) -> EvidenceRequest:
    if isinstance(record, EvidenceRequest):
        return record
    found: EvidenceRequest = (
        EvidenceRequest.objects.select_related("unit", "owner", "audit__unit")
        .prefetch_related("participants", "audit__participants")
        .get(pk=record.pk)
    )
    return found


# The files of a finding: what shows it, and what shows that it is mended.


def finding_adding_refusal(*, record: Record, user: User, now: datetime) -> str | None:
    """Return why nobody adds files to a finding as it stands, or None."""
    if record.state not in (FindingState.CLOSED, FindingState.WITHDRAWN):
        return None
    return _("The finding is “%(state)s”, so its files stay as they are.") % {
        "state": FindingState(record.state).label
    }


def finding_file_refusal(*, file: File, user: User, now: datetime) -> str | None:
    """Return why a file of a finding stays as it is, or None.

    Neither side changes what the other added; and what was there when the report was submitted stays as it was.
    """
    if refusal := finding_adding_refusal(record=file.record, user=user, now=now):
        return refusal
    access_of(user, now)
    found = Finding.objects.select_related("unit", "audit__unit").prefetch_related("participants")
    finding = found.get(pk=file.record_id)
    audit = finding.audit
    if audit.state not in OPEN_AUDIT_STATES:
        return _("The audit is over, so what it found stays as it is.")
    if audit.state not in FINDING_STATES and _was_reported(file, audit):
        return _(
            "It was there when the report was submitted, so it stays as it is. You can add another file beside it."
        )
    if user.pk == file.added_by_id or (_judges(finding, user) and _judges(finding, file.added_by)):
        return None
    return _(
        "Who added it changes it: those who audit and those who are audited leave each other's files as they are."
    )


def _was_reported(file: File, audit: Audit) -> bool:
    submitted = latest_request(audit)
    return submitted is None or file.added_at <= submitted.requested_at


def _judges(finding: Finding, user: User) -> bool:
    return is_auditor_of(user, finding) and auditor_refusal(finding=finding, user=user) is None
