"""Documents of an audit's report: asked for in the page, made by a worker, kept among the audit's files for who may read them.

Drafts, and the table of every report, are kept from those who are audited. A report that was approved is theirs to read, and
they are told of it: it is distributed to them (ISO 19011:2018, 6.5.2). PostgreSQL knows what is to be made; the broker's message only wakes a worker up. Of two that are woken, one makes it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from audits.choices import REPORTED_STATES, AuditRole, AuditState
from audits.models import Audit, AuditReport
from audits.permissions import check_work_refusal
from audits.reporting import Issue, report_document, report_sheets
from audits.selectors import report_answers, report_content
from audits.services.report_notices import report_failure_tell, report_tell
from foundation.accounts.models import User
from foundation.accounts.organisation import current_organisation, organisation_zone
from foundation.approvals.choices import RequestState, Verdict
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.selectors import latest_request
from foundation.approvals.services import content_digest
from foundation.documents.typesetting import NotTypeset, document_pdf
from foundation.files.inspection import FileRefused
from foundation.files.models import FileVersion
from foundation.files.services import Upload, file_add
from foundation.records.models import Record
from foundation.records.plain import plain
from foundation.records.services import record_hold
from foundation.trail.services import entry_write
from foundation.ui.exports import Sheet, book_write

logger = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
GIVEN_UP_AFTER = timedelta(minutes=30)
# Before the fieldwork nothing was tested that a report could tell of.
WITH_REPORT = (
    AuditState.FIELDWORK,
    AuditState.REPORTING,
    AuditState.REPORT_REVIEW,
    AuditState.FOLLOW_UP,
    AuditState.CLOSED,
)


class ReportOvertaken(Exception):
    """While a report was typeset, its approval came or went: what was made says something else than it would now."""


class ReportNotMade(Exception):
    """A report can't be made now; the message says why, for the person who asked."""


def report_state_refusal(audit: Audit) -> str | None:
    """Return why no report can be made in the audit's state, or None."""
    if audit.state in WITH_REPORT:
        return None
    return _("A report is made once the fieldwork has begun. The audit is now “%(state)s”.") % {
        "state": AuditState(audit.state).label
    }


def approved_request(audit: Audit) -> ApprovalRequest | None:
    """Return the approval that the audit's report has now, or None."""
    if audit.state not in REPORTED_STATES:
        return None
    request = latest_request(audit)
    return request if request and request.state == RequestState.APPROVED else None


@transaction.atomic
def report_ask(*, audit: Audit, actor: User, now: datetime) -> AuditReport:
    """Ask for the report of an audit as documents; the one that is being made already is as good.

    Raises ReportNotMade. Who may ask is looked at here as well, since it is asked again when the report is made.
    """
    Record.objects.select_for_update(no_key=True).get(
        pk=audit.pk
    )  # of two who ask, the second sees the first
    audit.refresh_from_db(fields=["state"])
    if refusal := check_work_refusal(actor, audit) or report_state_refusal(audit):
        raise ReportNotMade(refusal)
    waiting = AuditReport.objects.filter(audit=audit, made_at=None, failure="").first()
    if waiting:
        return waiting
    number = (AuditReport.objects.filter(audit=audit).aggregate(last=Max("number"))["last"] or 0) + 1
    report: AuditReport = AuditReport.objects.create(
        audit=audit, number=number, is_final=False, requested_by=actor, requested_at=now
    )
    return report


def report_issue(*, audit: Audit, now: datetime) -> AuditReport | None:
    """Ask for the report that was just approved, so that it goes to its recipients (ISO 19011:2018, 6.5.2) without anybody asking.

    Prepared by who leads the audit, else its owner or one of the team, whoever may; None where nobody may: then it waits until
    somebody asks. A draft that waits to be made becomes it. Must be called inside the step's transaction.
    """
    team = (part.user for part in audit.participants.all() if part.role == AuditRole.TEAM)
    for person in (audit.lead_auditor, audit.owner, *team):
        if person.is_active and check_work_refusal(person, audit) is None:
            report = report_ask(audit=audit, actor=person, now=now)
            # One that a worker holds is a draft that was overtaken: it is made anew as it was asked for, and nobody waits here.
            if AuditReport.objects.select_for_update(skip_locked=True).filter(pk=report.pk).exists():
                AuditReport.objects.filter(pk=report.pk).update(
                    requested_by=person, requested_at=now, is_by_itself=True, begun_at=None
                )
            return report
    return None


@transaction.atomic
def report_make(*, key: int, clock: Clock) -> None:
    """Make the documents that were asked for, unless they are made, being made or given up.

    A report that can't be made says why. One whose approval came or went meanwhile, or that any other error ended, is left
    waiting: it is tried again for half an hour.
    """
    waiting = AuditReport.objects.select_for_update(skip_locked=True, of=("self",))
    report = waiting.select_related("requested_by").filter(pk=key, made_at=None, failure="").first()
    if report is None:
        return
    now = clock()
    try:
        with transaction.atomic():
            _make(report, now)
    except ReportOvertaken:
        logger.info("audits.report_overtaken", report=report.pk)
    except (NotTypeset, FileRefused, ReportNotMade) as error:
        logger.warning("audits.report_not_made", report=report.pk, reason=str(error))
        _give_up(report, _failure_words(error), now)


def reports_waiting(*, now: datetime) -> list[int]:
    """Return which reports are still to be made; gives up what was tried for half an hour. What no worker began waits on."""
    waiting = AuditReport.objects.filter(made_at=None, failure="")
    words = _("It could not be made within half an hour. An administrator finds the reason in the log.")
    tried = waiting.select_for_update(skip_locked=True, of=("self",)).filter(
        begun_at__lt=now - GIVEN_UP_AFTER
    )
    with transaction.atomic():
        for report in tried.select_related("audit__owner", "requested_by"):
            _give_up(report, words, now)
    waiting.filter(begun_at=None).update(begun_at=now)
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def _give_up(report: AuditReport, words: str, now: datetime) -> None:
    """Write why a report is not made; who waits for it without having asked is told."""
    AuditReport.objects.filter(pk=report.pk).update(failure=words[:500])
    if report.is_by_itself:
        report_failure_tell(report=report, people={report.requested_by, report.audit.owner}, now=now)


def _failure_words(error: Exception) -> str:
    if isinstance(error, NotTypeset):
        return _("It could not be typeset. An administrator finds the reason in the log.")
    return str(error)


def _make(report: AuditReport, now: datetime) -> None:
    audit, approved = _read(report)
    # In the organisation's language and time, whoever asked: the report is everyone's.
    with translation.override(settings.LANGUAGE_CODE), timezone.override(organisation_zone()):
        issue = _issue(report, audit, approved, timezone.localtime(now))
        pdf = document_pdf(report_document(issue), at=now)
        book = _book(report_sheets(issue))
        words = _("Report %(number)d, approved") if issue.is_final else _("Report %(number)d, a draft")
        described = words % {"number": report.number}
    # Typesetting takes a while, in which nobody was kept waiting. From here on nobody moves the audit on.
    record_hold(audit.pk, alone=True)
    audit, standing = _read(report)
    if standing != approved:
        raise ReportOvertaken
    name = f"{audit.reference}-report-{report.number}{'' if issue.is_final else '-draft'}"

    def keep(content: bytes, extension: str, *, is_open: bool = False) -> FileVersion:
        file = file_add(
            record=audit,
            upload=Upload(f"{name}.{extension}", io.BytesIO(content)),
            actor=report.requested_by,
            now=now,
            description=described,
            kept_from="" if is_open else AuditRole.AUDITEE,
            is_fixed=True,
        )
        version: FileVersion = file.versions.get()
        return version

    report.audit = audit
    report.file, report.table = keep(pdf, "pdf", is_open=issue.is_final), keep(book, "xlsx")
    report.facts_digest, report.is_final, report.made_at = issue.digest, issue.is_final, now
    report.save(update_fields=["file", "table", "facts_digest", "is_final", "made_at"])
    _issue_note(report, now)


def _read(report: AuditReport) -> tuple[Audit, ApprovalRequest | None]:
    """Return the audit as it is now, with the approval that its report has; raise ReportNotMade where none can be made."""
    audit = Audit.objects.select_related("unit", "owner", "lead_auditor").get(pk=report.audit_id)
    if refusal := check_work_refusal(report.requested_by, audit) or report_state_refusal(audit):
        raise ReportNotMade(refusal)
    return audit, approved_request(audit)


def _issue_note(report: AuditReport, now: datetime) -> None:
    """Write into the trail what was made, and tell those who are audited of what is open to them."""
    assert report.file is not None
    assert report.table is not None
    audit, actor = report.audit, None if report.is_by_itself else report.requested_by
    after: dict[str, Any] = {
        "report": report.number,
        "report_state": "final" if report.is_final else "draft",
        "facts_digest": report.facts_digest,
        "sha256": report.file.sha256,
        "table_sha256": report.table.sha256,
    }
    if not report.is_final:
        entry_write(action="audits.report.issued", actor=actor, record=audit, after=after)
        return
    auditees = [
        part.user
        for part in audit.participants.filter(role=AuditRole.AUDITEE, user__is_active=True)
        .select_related("user")
        .order_by("user__full_name", "user")
    ]
    entry_write(
        action="audits.report.distributed",
        actor=actor,
        record=audit,
        after={**after, "distributed_to": plain(auditees)},
    )
    report_tell(report=report, people=auditees, actor=actor, now=now)


def _issue(report: AuditReport, audit: Audit, request: ApprovalRequest | None, made_at: datetime) -> Issue:
    content = request.content if request else report_content(audit)
    organisation = current_organisation()
    return Issue(
        number=report.number,
        content=content,
        digest=request.digest if request else content_digest(content),
        answers=report_answers(audit),
        organisation=organisation.name if organisation else "",
        language=settings.LANGUAGE_CODE.partition("-")[0],
        prepared_by=report.requested_by.full_name,
        made_at=made_at,
        approvals=tuple(_approvals(request)) if request else (),
    )


def _approvals(request: ApprovalRequest) -> Iterable[tuple[str, str, datetime]]:
    decisions = request.decisions.filter(verdict=Verdict.APPROVE).select_related(
        "step", "decided_by", "on_behalf_of"
    )
    for decision in decisions:
        name = decision.decided_by.full_name
        if decision.on_behalf_of:
            name = _("%(person)s for %(other)s") % {
                "person": name,
                "other": decision.on_behalf_of.full_name,
            }
        yield decision.step.label, name, timezone.localtime(decision.decided_at)


def _book(sheets: list[Sheet]) -> bytes:
    out = io.BytesIO()
    book_write(sheets, out)
    return out.getvalue()
