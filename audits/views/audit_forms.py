"""The pages that plan an audit and change one."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.forms import AuditChangeForm, AuditPlanForm
from audits.models import Audit, Programme
from audits.permissions import audit_change_refusal, audit_kept
from audits.selectors import audits_with_people
from audits.services import (
    audit_change,
    audit_plan,
)
from foundation.accounts.permissions import right_check, right_check_anywhere
from foundation.records.pages import RecordFormPage
from foundation.records.services import submit_once
from foundation.ui.structure import Crumb

PURPOSE = "audits.plan"


class AuditFormPage(RecordFormPage):
    """What planning and changing have in common."""

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (Crumb(_("Audits"), reverse("audits:audit-list")), Crumb(self.get_title()))

    def get_form_arguments(self) -> dict[str, Any]:
        """Return who fills the form in, and when."""
        return {"user": self.actor, "now": self.now}

    def page_of(self, audit: Audit) -> str:
        """Return the audit's page, or the list for who may not know of it any more, having made it restricted."""
        if Audit.objects.visible_to(self.actor).filter(pk=audit.pk).exists():
            return audit.get_absolute_url()
        messages.info(self.request, _("It is restricted, and you are not named in it: you see it no more."))
        return reverse("audits:audit-list")


class AuditCreate(AuditFormPage):
    """Plans an audit; `?programme=PRG-0001` plans it into a programme."""

    form_class = AuditPlanForm
    title = lazy("Plan an audit")
    submit_label = lazy("Plan the audit")

    def prepare(self) -> None:
        """Check that the reader may plan somewhere; for which unit, the form's choices say."""
        right_check_anywhere(user=self.actor, right="audits.plan")

    def get_subtitle(self) -> str:
        """Say what comes of it."""
        return _("Everyone concerned is reminded of its dates from then on.")

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the programme that the address names, too."""
        reference = self.request.GET.get("programme", "")[:40]
        visible = Programme.objects.visible_to(self.actor).open()
        programme = visible.filter(reference=reference).first() if reference.isprintable() else None
        return {**super().get_form_arguments(), "programme": programme}

    def get_cancel_url(self) -> str:
        """Return to the list."""
        return reverse("audits:audit-list")

    def save(self, form: AuditPlanForm) -> str:
        """Plan the audit, once however often the form is sent."""
        audit = submit_once(
            key=form.cleaned_data["submission"],
            actor=self.actor,
            purpose=PURPOSE,
            content=form.submitted_content(),
            create=lambda: self._plan(form),
        )
        messages.success(self.request, _("%(reference)s is planned") % {"reference": audit.reference})
        return self.page_of(audit)

    def _plan(self, form: AuditPlanForm) -> Audit:
        recurrence = form.cleaned_data["recurrence"]
        return audit_plan(
            actor=self.actor,
            now=self.now,
            offsets=form.cleaned_data["offsets"],
            team=form.cleaned_data["team"],
            auditees=form.cleaned_data["auditees"],
            frameworks=form.frameworks(),
            rrule=recurrence.rrule if recurrence else "",
            **form.values(),
        )


class AuditEdit(AuditFormPage):
    """Changes an audit that is neither closed nor cancelled; what of it stays as it is, its form says with the reason."""

    form_class = AuditChangeForm
    audit: Audit

    def prepare(self) -> None:
        """Find the audit, of those that the reader may see, and check that it may be changed."""
        self.audit = get_object_or_404(audits_with_people(self.actor), reference=self.kwargs["reference"])
        right_check(user=self.actor, right="audits.plan", unit_id=self.audit.unit_id)
        self.open_unless(audit_change_refusal(audit=self.audit, user=self.actor))

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the audit, too, and what of it stays as it is."""
        kept = audit_kept(audit=self.audit, user=self.actor)
        return {**super().get_form_arguments(), "audit": self.audit, "kept": kept}

    def get_title(self) -> str:
        """Name the audit."""
        return _("Edit %(reference)s") % {"reference": self.audit.reference}

    def get_subtitle(self) -> str:
        """Return the audit's title."""
        return self.audit.title

    def get_cancel_url(self) -> str:
        """Return to the audit."""
        return self.audit.get_absolute_url()

    def save(self, form: AuditChangeForm) -> str:
        """Change the audit and, where it is wanted, what the next of its series start from."""
        right_check(user=self.actor, right="audits.plan", unit_id=form.cleaned_data["unit"].pk)
        audit = audit_change(
            audit=self.audit,
            changes={**form.values(), **form.cleaned_data["offsets"].values()},
            actor=self.actor,
            now=self.now,
            version=form.cleaned_data["version"],
            team=form.cleaned_data["team"],
            auditees=form.cleaned_data["auditees"],
            frameworks=form.frameworks(),
            for_series=form.cleaned_data.get("for_series", False),
        )
        messages.success(self.request, _("%(reference)s is saved") % {"reference": audit.reference})
        return self.page_of(audit)
