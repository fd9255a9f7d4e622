"""The forms of findings: raising one, changing what the auditors say, and answering it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.forms.findings import FindingAnswerForm, FindingChangeForm, FindingRaiseForm
from audits.models import Audit, Check, Finding
from audits.permissions import (
    auditor_refusal,
    finding_answer_refusal,
    finding_change_refusal,
    is_auditor_of,
    raising_refusal,
)
from audits.selectors import audits_with_people, findings_with_people, found_before
from audits.services import finding_answer_write, finding_change, finding_create
from compliance.models import Requirement
from foundation.accounts.permissions import right_missing
from foundation.conversation.markdown import markdown_html
from foundation.lifecycle.services import TransitionRefused, apply_transition
from foundation.records.pages import RecordFormPage
from foundation.records.services import submit_once
from foundation.ui.pages import fills
from foundation.ui.structure import Crumb

REPEATS = "repeats"
HAND_IN = "hand-in"


class FindingFormPage(RecordFormPage):
    """What raising, changing and answering have in common."""

    def page_of(self, finding: Finding) -> str:
        """Return the finding's page, or the list for who may not know of it any more."""
        visible = Finding.objects.visible_to(self.actor).filter(pk=finding.pk).exists()
        return finding.get_absolute_url() if visible else reverse("audits:finding-list")


class FindingCreate(FindingFormPage):
    """Raises a finding of an audit; `?check=17` takes what it falls short of from one of its checks."""

    template_name = "audits/finding_form.html"
    form_class = FindingRaiseForm
    title = lazy("Raise a finding")
    submit_label = lazy("Raise the finding")
    audit: Audit
    check: Check | None

    def prepare(self) -> None:
        """Find the audit and the check, and refuse who does not audit there."""
        self.audit = get_object_or_404(audits_with_people(self.actor), reference=self.kwargs["reference"])
        if not is_auditor_of(self.actor, self.audit):
            raise right_missing("audits.run", self.audit.unit_id)
        self.open_unless(raising_refusal(audit=self.audit, user=self.actor))
        self.check = self._check()

    def _check(self) -> Check | None:
        asked = self.request.GET.get("check", "")
        if not asked:
            return None
        key = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else 0
        checks = Check.objects.filter(audit=self.audit).select_related("requirement", "text")
        return get_object_or_404(checks, pk=key)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form, or what was found before of the requirement that was chosen in it."""
        if not fills(request, REPEATS):
            return super().get(request, *args, **kwargs)
        self.prepare()
        return render(request, "audits/_found_before.html", {"repeats": self._repeats(), "now": self.now})

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the audit and the check."""
        return {"user": self.actor, "audit": self.audit, "check": self.check, "now": self.now}

    @cached_property
    def requirement(self) -> Requirement | None:
        """Return what the finding falls short of, as far as it is known: by the check, or as chosen."""
        if self.check is not None:
            return self.check.requirement
        asked = (self.request.POST or self.request.GET).get("requirement", "")
        if not (asked.isascii() and asked.isdigit() and len(asked) < 18):
            return None
        return Requirement.objects.filter(pk=int(asked)).first()

    def _repeats(self) -> Any:
        return found_before(requirement=self.requirement, audit=self.audit, user=self.actor)

    def get_extra_context(self) -> dict[str, Any]:
        """Return the check, and what was found before."""
        statement = markdown_html(self.check.text.statement) if self.check else ""
        return {"check": self.check, "statement": statement, "repeats": self._repeats()}

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
        """Return to the findings of the audit."""
        return reverse("audits:audit-tab", args=[self.audit.reference, "findings"])

    def save(self, form: FindingRaiseForm) -> str:
        """Raise the finding, once however often the form is sent."""
        finding = submit_once(
            key=form.cleaned_data["submission"],
            actor=self.actor,
            purpose=f"audits.finding:{self.audit.pk}",
            content=form.submitted_content(),
            create=lambda: finding_create(
                audit=self.audit, check=self.check, actor=self.actor, now=self.now, **form.values()
            ),
        )
        messages.success(self.request, _("%(reference)s is raised") % {"reference": finding.reference})
        return self.page_of(finding)


class FindingOwnForm(FindingFormPage):
    """A form about a finding that there is."""

    finding: Finding

    def prepare(self) -> None:
        """Find the finding, of those that the reader may see."""
        self.finding = get_object_or_404(findings_with_people(self.actor), reference=self.kwargs["reference"])

    def get_subtitle(self) -> str:
        """Return the finding's title."""
        return self.finding.title

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (
            Crumb(_("Findings"), reverse("audits:finding-list")),
            Crumb(self.finding.reference, self.finding.get_absolute_url()),
            Crumb(self.get_title()),
        )

    def get_cancel_url(self) -> str:
        """Return to the finding."""
        return self.finding.get_absolute_url()


class FindingEdit(FindingOwnForm):
    """Changes what the auditors say of a finding."""

    form_class = FindingChangeForm

    def prepare(self) -> None:
        """Find the finding, and refuse who does not audit there, or answers for it."""
        super().prepare()
        if not is_auditor_of(self.actor, self.finding):
            raise right_missing("audits.run", self.finding.unit_id)
        if refusal := auditor_refusal(finding=self.finding, user=self.actor):
            raise PermissionDenied(refusal)
        self.open_unless(finding_change_refusal(self.finding))

    def get_title(self) -> str:
        """Name the finding."""
        return _("Edit %(reference)s") % {"reference": self.finding.reference}

    def get_form_arguments(self) -> dict[str, Any]:
        """Fill the form from the finding."""
        return {"user": self.actor, "finding": self.finding}

    def save(self, form: FindingChangeForm) -> str:
        """Change the finding."""
        finding = finding_change(
            finding=self.finding,
            changes=form.values(),
            actor=self.actor,
            now=self.now,
            version=form.cleaned_data["version"],
            comment=form.cleaned_data["comment"],
        )
        messages.success(self.request, _("%(reference)s is saved") % {"reference": finding.reference})
        return self.page_of(finding)


class FindingAnswer(FindingOwnForm):
    """Writes the answer to a finding, and hands it in where that is wanted."""

    template_name = "audits/finding_answer_form.html"
    form_class = FindingAnswerForm

    def prepare(self) -> None:
        """Find the finding, and refuse everybody but who answers for it."""
        super().prepare()
        if self.finding.owner_id != self.actor.pk:
            raise PermissionDenied(_("Only who answers for the finding writes the answer."))
        self.open_unless(finding_answer_refusal(self.finding))

    def get_title(self) -> str:
        """Name the finding."""
        return _("Answer %(reference)s") % {"reference": self.finding.reference}

    def get_form_arguments(self) -> dict[str, Any]:
        """Fill the form from the finding."""
        return {"finding": self.finding}

    def get_extra_context(self) -> dict[str, Any]:
        """Return the finding, to be read beside the form, with what is proposed to do about it."""
        return {"finding": self.finding, "hand_in": HAND_IN, "now": self.now}

    def save(self, form: FindingAnswerForm) -> str:
        """Write the answer; hand it in, or write nothing where that is refused."""
        hands_in = HAND_IN in self.request.POST
        try:
            with transaction.atomic():
                finding = finding_answer_write(
                    finding=self.finding,
                    changes=form.values(),
                    actor=self.actor,
                    version=form.cleaned_data["version"],
                )
                if hands_in:
                    apply_transition(record=finding, name="answer", actor=self.actor, now=self.now)
        except TransitionRefused as refused:
            raise ValidationError(str(refused)) from refused
        words = _("The answer to %(reference)s is handed in") if hands_in else _("%(reference)s is saved")
        messages.success(self.request, words % {"reference": finding.reference})
        return finding.get_absolute_url()
