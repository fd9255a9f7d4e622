"""Pages of an audit's report before it is a document: its conclusion, and how far its approval is."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.choices import REPORTED_STATES, AuditState
from audits.forms import ConclusionForm
from audits.models import Audit
from audits.permissions import can_see_checks, can_work_on_checks, check_grading_refusal
from audits.selectors import Obstacle, audits_with_people, closing_obstacles, report_obstacles
from audits.services import conclusion_refusal, conclusion_write
from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.accounts.permissions import right_missing
from foundation.approvals.choices import REQUEST_TONES, RequestState
from foundation.approvals.selectors import latest_request
from foundation.records.pages import RecordFormPage
from foundation.ui.structure import Crumb

# Where the request to approve the report is shown: before, there is none; later, the facts say who approved it.
WITH_REQUEST = (AuditState.REPORTING, AuditState.REPORT_REVIEW, AuditState.FOLLOW_UP)


def auditor_check(user: User, audit: Audit) -> None:
    """Raise PermissionDenied, with the reason, for who may not judge in an audit that they see."""
    refusal = check_grading_refusal(user, audit)
    if refusal is None:
        return
    if not access_of(user).has("audits.run", audit.unit_id):
        raise right_missing("audits.run", audit.unit_id, refusal)
    raise PermissionDenied(refusal)


class ConclusionEdit(RecordFormPage):
    """Writes the conclusion of an audit."""

    form_class = ConclusionForm
    title = lazy("Write the conclusion")
    audit: Audit

    def prepare(self) -> None:
        """Find the audit, of those that the reader may see, and check that its auditor asks, and in time."""
        self.audit = get_object_or_404(audits_with_people(self.actor), reference=self.kwargs["reference"])
        auditor_check(self.actor, self.audit)
        self.open_unless(conclusion_refusal(self.audit))

    def get_form_arguments(self) -> dict[str, Any]:
        """Fill the form from the audit."""
        return {"record": self.audit, "initial": {"conclusion": self.audit.conclusion}}

    def get_subtitle(self) -> str:
        """Return the audit."""
        return str(self.audit)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (
            Crumb(_("Audits"), reverse("audits:audit-list")),
            Crumb(self.audit.reference, self.audit.get_absolute_url()),
            Crumb(self.get_title()),
        )

    def get_cancel_url(self) -> str:
        """Return to the audit."""
        return self.audit.get_absolute_url()

    def save(self, form: ConclusionForm) -> str:
        """Write it."""
        audit = conclusion_write(
            audit=self.audit,
            conclusion=form.cleaned_data["conclusion"],
            actor=self.actor,
            version=form.cleaned_data["version"],
        )
        messages.success(self.request, _("The conclusion of %(reference)s is saved") % {"reference": audit})
        return audit.get_absolute_url()


def report_context(audit: Audit, user: User) -> dict[str, Any]:
    """Return what an audit's page shows of its report: the conclusion, the request to approve it, and what is to be done."""
    context: dict[str, Any] = {}
    if check_grading_refusal(user, audit) is None and conclusion_refusal(audit) is None:
        context["conclusion_url"] = reverse("audits:audit-conclusion", args=[audit.reference])
    sees_checks = can_see_checks(user, audit)
    if sees_checks or audit.state in REPORTED_STATES:
        context["conclusion"] = audit.conclusion
    if not sees_checks:
        return context
    if audit.state in WITH_REQUEST and (asked := latest_request(audit)):
        context["request_for_approval"] = asked
        context["approval_tone"] = REQUEST_TONES[RequestState(asked.state)]
    return {**context, **_obstacles(audit, user)}


def _obstacles(audit: Audit, user: User) -> dict[str, Any]:
    """Return what is to be done before the next step, for those who see to it."""
    found: list[Obstacle] = []
    if audit.state == AuditState.REPORTING and can_work_on_checks(user, audit):
        found, title = report_obstacles(audit), _("Before the report can be submitted")
    elif audit.state == AuditState.FOLLOW_UP and can_work_on_checks(user, audit):
        found, title = closing_obstacles(audit), _("Before the audit can be closed")
    return {"obstacles": found, "obstacles_title": title} if found else {}
