"""The forms of requests for evidence: asking for it, changing what is asked, and answering."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from audits.forms import EvidenceAnswerForm, EvidenceAskForm, EvidenceChangeForm
from audits.models import Audit, Check, EvidenceRequest
from audits.permissions import (
    answering_refusal,
    asking_refusal,
    evidence_change_refusal,
    evidence_judging_refusal,
    is_auditor_of,
)
from audits.selectors import (
    answer_lines,
    asker_of,
    audits_with_people,
    evidence_template,
    evidence_with_people,
    templates_for,
)
from audits.services import (
    evidence_answer,
    evidence_ask,
    evidence_change,
)
from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import right_missing
from foundation.files.forms import FilesForm
from foundation.records.pages import RecordFormPage, record_opened
from foundation.records.services import submit_once
from foundation.ui.structure import Crumb

MOST_TEMPLATES = 20
MOST_CHECKS = 50


class EvidenceAskPage(RecordFormPage):
    """Asks for evidence in an audit.

    `?check=17` (once or more) asks for checks of the audit, `?from=AUD-0003` for what was asked for in another audit.
    """

    template_name = "audits/evidence_ask.html"
    form_class = EvidenceAskForm
    title = lazy("Ask for evidence")
    submit_label = lazy("Ask for it")
    audit: Audit
    checks: list[Check]
    source: Audit | None = None

    def prepare(self) -> None:
        """Find the audit, the checks and the template, and refuse who does not audit there."""
        self.audit = get_object_or_404(audits_with_people(self.actor), reference=self.kwargs["reference"])
        if not is_auditor_of(self.actor, self.audit):
            raise right_missing("audits.run", self.audit.unit_id)
        refusal = asking_refusal(audit=self.audit, user=self.actor)
        self.open_unless(refusal)
        self.checks = self._checks()
        reference = self.request.GET.get("from", "")[:40]
        self.templates = list(templates_for(self.audit, self.actor)[:MOST_TEMPLATES])
        self.source = next((one for one in self.templates if one.reference == reference), None)

    def _checks(self) -> list[Check]:
        asked = [
            key for key in self.request.GET.getlist("check")[:MOST_CHECKS] if key.isascii() and key.isdigit()
        ]
        keys = [int(key) for key in asked if len(key) < 18]
        if not keys:
            return []
        return list(Check.objects.filter(audit=self.audit, pk__in=keys).select_related("text"))

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the audit, and what the page was opened with."""
        return {
            "audit": self.audit,
            "user": self.actor,
            "now": self.now,
            "checks": self.checks,
            "template": evidence_template(self.source, self.actor) if self.source else (),
        }

    def get_extra_context(self) -> dict[str, Any]:
        """Return the audits whose requests may be taken as a template."""
        path = reverse("audits:evidence-ask", args=[self.audit.reference])
        return {
            "templates": [(f"{path}?from={one.reference}", str(one)) for one in self.templates],
            "source": self.source,
        }

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
        """Return to the requests of the audit."""
        return reverse("audits:audit-tab", args=[self.audit.reference, "evidence"])

    def save(self, form: EvidenceAskForm) -> str:
        """Ask for it, once however often the form is sent."""
        made: list[EvidenceRequest] = []

        def ask() -> EvidenceRequest:
            made.extend(
                evidence_ask(
                    audit=self.audit,
                    asks=form.asks(),
                    owners=list(form.cleaned_data["owners"]),
                    due_on=form.cleaned_data["due_on"],
                    actor=self.actor,
                    now=self.now,
                )
            )
            return made[0]

        submit_once(
            key=form.cleaned_data["submission"],
            actor=self.actor,
            purpose=f"audits.evidence:{self.audit.pk}",
            content=form.submitted_content(),
            create=ask,
        )
        if made:
            words = ngettext(
                "%(count)d request is on its way", "%(count)d requests are on their way", len(made)
            )
            messages.success(self.request, words % {"count": len(made)})
        return self.get_cancel_url()


class EvidenceOwnForm(RecordFormPage):
    """A form about a request that there is."""

    asked: EvidenceRequest

    def prepare(self) -> None:
        """Find the request, of those that the reader may see."""
        self.asked = get_object_or_404(evidence_with_people(self.actor), reference=self.kwargs["reference"])

    def get_form_arguments(self) -> dict[str, Any]:
        """Fill the form from the request."""
        return {"request": self.asked}

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (
            Crumb(_("Evidence requests"), reverse("audits:evidence-list")),
            Crumb(self.asked.reference, self.asked.get_absolute_url()),
            Crumb(self.get_title()),
        )

    def get_cancel_url(self) -> str:
        """Return to the request."""
        return self.asked.get_absolute_url()


class EvidenceEdit(EvidenceOwnForm):
    """Changes what is asked."""

    form_class = EvidenceChangeForm

    def prepare(self) -> None:
        """Find the request, and refuse who does not audit there, or is asked."""
        super().prepare()
        if not is_auditor_of(self.actor, self.asked):
            raise right_missing("audits.run", self.asked.unit_id)
        if refusal := evidence_judging_refusal(request=self.asked, user=self.actor):
            raise PermissionDenied(refusal)
        self.open_unless(evidence_change_refusal(self.asked))

    def get_title(self) -> str:
        """Name the request."""
        return _("Edit %(reference)s") % {"reference": self.asked.reference}

    def get_subtitle(self) -> str:
        """Return what is needed."""
        return self.asked.title

    def save(self, form: EvidenceChangeForm) -> str:
        """Change the request."""
        changed = evidence_change(
            request=self.asked,
            changes=form.values(),
            actor=self.actor,
            now=self.now,
            version=form.cleaned_data["version"],
        )
        messages.success(self.request, _("%(reference)s is saved") % {"reference": changed.reference})
        return changed.get_absolute_url()


class EvidenceAnswer(EvidenceOwnForm):
    """Answers a request: all that who is asked needs, on one page, made for somebody who never saw the portal before."""

    template_name = "audits/evidence_answer.html"
    form_class = EvidenceAnswerForm
    submit_label = lazy("Send the answer")

    def prepare(self) -> None:
        """Find the request, and refuse everybody but who is asked and who stands in for them."""
        super().prepare()
        refusal = answering_refusal(request=self.asked, user=self.actor, on=organisation_day(self.now))
        is_too_late = refusal and self.asked.owner_id == self.actor.pk
        if refusal and not (is_too_late and self.request.method == "POST"):
            raise PermissionDenied(refusal)
        record_opened(record=self.asked, user=self.actor, now=self.now)

    def get_title(self) -> str:
        """Return what is needed."""
        return self.asked.title

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (
            Crumb(_("Evidence requests"), reverse("audits:evidence-list")),
            Crumb(self.asked.reference),
        )

    def get_extra_context(self) -> dict[str, Any]:
        """Return the request with its files, and the form that takes more of them."""
        files_form = FilesForm(auto_id="files_%s")
        files_form.fields["uploads"].label = _("Choose files, or take a picture")
        files_form.fields["uploads"].required = False  # words alone may be an answer, too
        del files_form.fields["description"]
        return {
            "asked": self.asked,
            "asker": asker_of(self.asked),
            "file_lines": answer_lines(self.asked, self.actor),
            "files_form": files_form,
            "most_bytes": settings.FILES_MAX_BYTES,
            "for_owner": self.asked.owner if self.asked.owner_id != self.actor.pk else None,
        }

    def save(self, form: EvidenceAnswerForm) -> str:
        """Send the answer."""
        evidence_answer(
            request=self.asked,
            answer=form.cleaned_data["answer"],
            actor=self.actor,
            now=self.now,
            version=form.cleaned_data["version"],
        )
        messages.success(
            self.request, _("Thank you. Your answer is sent, and you hear whether something is missing.")
        )
        return self.asked.get_absolute_url()
