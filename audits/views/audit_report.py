"""The report on the page of its audit: which documents were made of it, who reads them, and making another."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from audits.choices import AuditRole
from audits.models import Audit, AuditReport
from audits.permissions import can_see_checks, can_work_on_checks, check_work_refusal
from audits.selectors import audits_with_people, people_of, reports_open_to_audited
from audits.services import ReportNotMade, approved_request, report_ask, report_state_refusal
from audits.tasks import report_wake
from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.accounts.permissions import person_of, right_missing
from foundation.files.models import FileVersion
from foundation.files.selectors import newer_than, version_url
from foundation.ui.components import Badge, Person, Tone, When
from foundation.ui.pages import Page

SHOWN = 20
LONG = 15  # seconds after which a report that nobody has begun is a sign that no worker runs


def documents_context(audit: Audit, *, user: User, now: datetime) -> dict[str, Any]:
    """Return the reports that were made, the newest first, and what the reader may do. Three queries.

    Who is audited finds those alone that were approved, without their tables.
    """
    is_audited = not can_see_checks(user, audit)
    found = reports_open_to_audited(audit) if is_audited else audit.reports.all()
    made = found.select_related("requested_by", "file__file", "table__file").order_by("-number")
    reports = list(made[: SHOWN + 1])
    approved = approved_request(audit)
    digest = approved.digest if approved else ""
    lines = [_line(report, digest, now, is_audited=is_audited) for report in reports[:SHOWN]]
    context = {
        "reports": lines,
        "has_more_reports": len(reports) > SHOWN,
        "approved": approved,
        "is_issued": any(report.is_final and report.facts_digest == digest for report in reports),
        "approved_text": _approved_text(audit, is_approved=approved is not None),
        "readers_text": _readers_text(audit, is_audited=is_audited, is_approved=approved is not None),
    }
    if is_audited:
        return context
    waiting = next((report for report in reports if report.is_waiting), None)
    return {
        **context,
        "approval_url": reverse("approvals:request-detail", args=[approved.pk]) if approved else "",
        "report_waits": waiting is not None,
        "report_waits_long": waiting is not None and (now - waiting.requested_at).total_seconds() > LONG,
        "make_url": _make_url(audit, user) if waiting is None else "",
        "too_early": report_state_refusal(audit),
    }


def _approved_text(audit: Audit, *, is_approved: bool) -> str:
    if not is_approved or audit.report_approved_at is None:
        return _("Not approved yet: what is made now is a draft.")
    return _("Approved by %(person)s on %(day)s.") % {
        "person": audit.report_approved_by,
        "day": date_format(localtime(audit.report_approved_at)),
    }


def _readers_text(audit: Audit, *, is_audited: bool, is_approved: bool) -> str:
    """Say who reads what of the report."""
    if is_audited:
        return _(
            "The report is open to you, since you are audited here. Its table and the checklist are not."
        )
    auditees = ", ".join(person.full_name for person in people_of(audit).get(AuditRole.AUDITEE, []))
    if not auditees:
        return _("Nobody is named as audited here: it is read by those who see the checklist.")
    if is_approved:
        words = _(
            "What is made now is open to those who are audited, who are told of it: %(people)s. It holds the annex of all "
            "checks; its table, drafts, and the notes and evidence of checks are kept from them."
        )
    else:
        words = _(
            "Drafts are kept from those who are audited: %(people)s. Once it is approved, the report is open to them, with "
            "its annex of all checks."
        )
    return words % {"people": auditees}


def _make_url(audit: Audit, user: User) -> str:
    if report_state_refusal(audit) or not can_work_on_checks(user, audit):
        return ""
    return reverse("audits:report-make", args=[audit.reference])


def _line(report: AuditReport, digest: str, now: datetime, *, is_audited: bool) -> dict[str, Any]:
    documents = [report.file] if is_audited else [report.file, report.table]
    return {
        "number": report.number,
        "badge": _badge(report, digest),
        "failure": report.failure,
        "person": Person(report.requested_by.full_name),
        "at": When(report.made_at or report.requested_at, now),
        "facts_digest": report.facts_digest,
        "documents": [
            _document(version, is_audited=is_audited) for version in documents if version is not None
        ],
    }


def _document(version: FileVersion, *, is_audited: bool) -> dict[str, Any]:
    """Return a document as it was made. It can have no newer version, unless it got one before that was so."""
    file = version.file
    readers = _("Kept from those who are audited") if file.kept_from else _("Open to those who are audited")
    return {
        "kind": "PDF" if version.content_type == "application/pdf" else "XLSX",
        "version": version,
        "newer": newer_than(version),
        "size": filesizeformat(version.size),
        "page": version_url(version),
        "url": "" if file.is_withdrawn or version.is_harmful else version.get_absolute_url(),
        "note": _("withdrawn") if file.is_withdrawn else "",
        "readers": "" if is_audited else readers,
    }


def _badge(report: AuditReport, digest: str) -> Badge:
    """Return how a report stands, given the digest of what is approved now: an approval can be taken back."""
    if report.is_waiting:
        return Badge(_("Being made"), Tone.INFO, dot=True)
    if report.failure:
        return Badge(_("Not made"), Tone.BAD, dot=True)
    if report.is_final and report.facts_digest != digest:
        return Badge(_("Approved once, no longer"), Tone.ATTENTION, dot=True)
    if report.is_final:
        return Badge(_("Approved"), Tone.GOOD, dot=True)
    return Badge(_("Draft"), Tone.ATTENTION, dot=True)


class ReportMake(Page):
    """Asks for the report of an audit as documents; a worker makes them."""

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Ask, and go to where it is shown how far they are."""
        person = person_of(request)
        audit = get_object_or_404(audits_with_people(person), reference=reference)
        if refusal := check_work_refusal(person, audit):
            if not access_of(person).has("audits.run", audit.unit_id):
                raise right_missing("audits.run", audit.unit_id, refusal)
            raise PermissionDenied(refusal)
        try:
            report = report_ask(audit=audit, actor=person, now=self.now)
        except ReportNotMade as refused:
            messages.error(request, str(refused))
        else:
            transaction.on_commit(lambda: report_wake(report.pk))
        return redirect("audits:audit-tab", audit.reference, "report")
