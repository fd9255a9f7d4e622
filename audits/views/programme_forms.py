"""The pages that draft a programme and change one."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.forms import ProgrammeChangeForm, ProgrammeDraftForm
from audits.models import Programme
from audits.services import programme_change, programme_create, programme_refusal
from foundation.accounts.permissions import right_check, right_check_anywhere
from foundation.records.pages import RecordFormPage
from foundation.records.services import submit_once
from foundation.ui.structure import Crumb

PURPOSE = "audits.programme"


class ProgrammeFormPage(RecordFormPage):
    """What drafting and changing have in common."""

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (
            Crumb(_("Audits"), reverse("audits:audit-list")),
            Crumb(_("Programmes"), reverse("audits:programme-list")),
            Crumb(self.get_title()),
        )

    def get_form_arguments(self) -> dict[str, Any]:
        """Return who fills the form in, and when."""
        return {"user": self.actor, "now": self.now}

    def page_of(self, programme: Programme) -> str:
        """Return the programme's page, or the list for who may not know of it any more, having made it restricted."""
        if Programme.objects.visible_to(self.actor).filter(pk=programme.pk).exists():
            return programme.get_absolute_url()
        messages.info(self.request, _("It is restricted, and you do not own it: you see it no more."))
        return reverse("audits:programme-list")


class ProgrammeCreate(ProgrammeFormPage):
    """Drafts a programme."""

    form_class = ProgrammeDraftForm
    title = lazy("Draft a programme")
    submit_label = lazy("Draft the programme")

    def prepare(self) -> None:
        """Check that the reader may plan somewhere; for which unit, the form's choices say."""
        right_check_anywhere(user=self.actor, right="audits.plan")

    def get_cancel_url(self) -> str:
        """Return to the list."""
        return reverse("audits:programme-list")

    def save(self, form: ProgrammeDraftForm) -> str:
        """Draft the programme, once however often the form is sent."""
        programme = submit_once(
            key=form.cleaned_data["submission"],
            actor=self.actor,
            purpose=PURPOSE,
            content=form.submitted_content(),
            create=lambda: programme_create(actor=self.actor, now=self.now, **form.values()),
        )
        messages.success(self.request, _("%(reference)s is drafted") % {"reference": programme.reference})
        return self.page_of(programme)


class ProgrammeEdit(ProgrammeFormPage):
    """Changes a draft."""

    form_class = ProgrammeChangeForm
    programme: Programme

    def prepare(self) -> None:
        """Find the programme, of those that the reader may see, and check that it may be changed."""
        programmes = Programme.objects.visible_to(self.actor).select_related("unit", "owner")
        self.programme = get_object_or_404(programmes, reference=self.kwargs["reference"])
        right_check(user=self.actor, right="audits.plan", unit_id=self.programme.unit_id)
        self.open_unless(programme_refusal(self.programme))

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the programme, too."""
        return {**super().get_form_arguments(), "programme": self.programme}

    def get_title(self) -> str:
        """Name the programme."""
        return _("Edit %(reference)s") % {"reference": self.programme.reference}

    def get_subtitle(self) -> str:
        """Return the programme's title."""
        return self.programme.title

    def get_cancel_url(self) -> str:
        """Return to the programme."""
        return self.programme.get_absolute_url()

    def save(self, form: ProgrammeChangeForm) -> str:
        """Change the programme."""
        right_check(user=self.actor, right="audits.plan", unit_id=form.cleaned_data["unit"].pk)
        programme = programme_change(
            programme=self.programme,
            changes=form.values(),
            actor=self.actor,
            now=self.now,
            version=form.cleaned_data["version"],
        )
        messages.success(self.request, _("%(reference)s is saved") % {"reference": programme.reference})
        return self.page_of(programme)
