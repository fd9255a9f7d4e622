"""The pages that begin a control, write it, and change what is said of it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from controls.forms import (
    ControlBeginForm,
    ControlSettleForm,
    DraftForm,
    EvidenceForm,
    ImplementationForm,
    RatingForm,
)
from controls.models import Control
from controls.permissions import (
    RATE,
    WRITE,
    can_give_evidence,
    can_rate,
    operating_refusal,
    rating_refusal,
    settling_refusal,
    writing_refusal,
)
from controls.selectors import coming_of
from controls.services import (
    control_change,
    control_create,
    control_implementation_set,
    control_rate,
    draft_write,
)
from controls.services.evidence import evidence_upload_give
from controls.views.access import OfControl, control_crumbs
from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import right_check, right_check_anywhere
from foundation.accounts.rights import right_missing
from foundation.conversation.markdown import markdown_html
from foundation.files.models import FileVersion
from foundation.files.selectors import files_of
from foundation.files.services import Upload
from foundation.records.pages import RecordFormPage
from foundation.records.services import submit_once
from foundation.ui.dates import day_words
from foundation.ui.structure import Crumb

PURPOSE = "controls.control"


class ControlCreate(RecordFormPage):
    """Begins a control."""

    form_class = ControlBeginForm
    title = lazy("Write a control")
    submit_label = lazy("Begin")

    def prepare(self) -> None:
        """Check that the reader may write somewhere; for which unit, the form's choices say."""
        right_check_anywhere(user=self.actor, right=WRITE)

    def get_form_arguments(self) -> dict[str, Any]:
        """Return who fills the form in, and when."""
        return {"user": self.actor, "now": self.now}

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return control_crumbs(None, Crumb(self.get_title()))

    def get_cancel_url(self) -> str:
        """Return to the list."""
        return reverse("controls:control-list")

    def save(self, form: ControlBeginForm) -> str:
        """Begin the control, once however often the form is sent."""
        control = submit_once(
            key=form.cleaned_data["submission"],
            actor=self.actor,
            purpose=PURPOSE,
            content=form.submitted_content(),
            create=lambda: control_create(actor=self.actor, now=self.now, **form.values()),
        )
        if not Control.objects.visible_to(self.actor).filter(pk=control.pk).exists():
            messages.info(self.request, _("It is restricted, and you do not own it: you see it no more."))
            return reverse("controls:control-list")
        messages.success(self.request, _("%(reference)s is begun") % {"reference": control.reference})
        return control.get_absolute_url()


class DraftWrite(OfControl, RecordFormPage):
    """Writes what a control says."""

    form_class = DraftForm

    def prepare(self) -> None:
        """Find the control, and check that it may be written."""
        self.find_to_write()
        self.open_unless(writing_refusal(self.control))

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the control and its draft; once it was submitted, what is looked at."""
        draft = coming_of(self.control) or self.control.current
        return {"control": self.control, "draft": draft}

    def get_title(self) -> str:
        """Name the control."""
        return _("Write %(reference)s") % {"reference": self.control.reference}

    def save(self, form: DraftForm) -> str:
        """Write the draft."""
        draft_write(
            control=self.control,
            changes=form.values(),
            actor=self.actor,
            now=self.now,
            version=form.cleaned_data["version"],
        )
        messages.success(self.request, _("%(reference)s is saved") % {"reference": self.control.reference})
        return self.control.get_absolute_url()


class ControlEdit(OfControl, RecordFormPage):
    """Changes whose a control is."""

    form_class = ControlSettleForm

    def prepare(self) -> None:
        """Find the control, and check that it may be changed."""
        self.find_to_write()
        self.open_unless(settling_refusal(self.control))

    def get_form_arguments(self) -> dict[str, Any]:
        """Return who fills the form in, when, and the control."""
        return {"user": self.actor, "now": self.now, "control": self.control}

    def get_title(self) -> str:
        """Name the control."""
        return _("Edit %(reference)s") % {"reference": self.control.reference}

    def save(self, form: ControlSettleForm) -> str:
        """Change the control."""
        if form.cleaned_data["unit"] != self.control.unit:
            right_check(user=self.actor, right=WRITE, unit_id=form.cleaned_data["unit"].pk)
        changed = control_change(
            control=self.control,
            changes=form.values(),
            actor=self.actor,
            now=self.now,
            version=form.cleaned_data["version"],
        )
        messages.success(self.request, _("%(reference)s is saved") % {"reference": changed.reference})
        return self.page_of(changed)


class ControlImplement(OfControl, RecordFormPage):
    """Says how far a control is carried out."""

    form_class = ImplementationForm

    def prepare(self) -> None:
        """Find the control, and check that it may be changed."""
        self.find_to_write()
        self.open_unless(settling_refusal(self.control))

    def get_title(self) -> str:
        """Name the control."""
        return _("How far %(reference)s is carried out") % {"reference": self.control.reference}

    def save(self, form: ImplementationForm) -> str:
        """Say so."""
        changed = control_implementation_set(
            control=self.control,
            implementation=form.cleaned_data["implementation"],
            note=form.cleaned_data["note"],
            actor=self.actor,
            now=self.now,
            version=form.cleaned_data["version"],
        )
        messages.success(self.request, _("%(reference)s is saved") % {"reference": changed.reference})
        return changed.get_absolute_url()


class ControlRate(OfControl, RecordFormPage):
    """Rates how well a control works."""

    form_class = RatingForm
    submit_label = lazy("Keep the rating")

    def prepare(self) -> None:
        """Find the control, and refuse its owner, and who may not rate."""
        self.find()
        if not can_rate(self.actor, self.control):
            raise right_missing(RATE, self.control.unit_id)
        self.open_unless(rating_refusal(self.control, self.actor))

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the control, and the day."""
        return {"control": self.control, "today": organisation_day(self.now)}

    def get_title(self) -> str:
        """Name the control."""
        return _("Rate %(reference)s") % {"reference": self.control.reference}

    def save(self, form: RatingForm) -> str:
        """Keep the rating."""
        control_rate(
            control=self.control,
            actor=self.actor,
            now=self.now,
            version=form.cleaned_data["version"],
            **form.values(),
        )
        messages.success(self.request, _("The rating is kept"))
        return self.control.get_tab_url("ratings")


class EvidenceGive(OfControl, RecordFormPage):
    """Gives evidence that a control is carried out."""

    form_class = EvidenceForm
    template_name = "controls/evidence_form.html"
    submit_label = lazy("Give the evidence")

    def prepare(self) -> None:
        """Find the control, and refuse who is not asked."""
        self.find()
        if not can_give_evidence(self.actor, self.control, organisation_day(self.now)):
            raise right_missing(WRITE, self.control.unit_id)
        self.open_unless(operating_refusal(self.control))

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the control, and the files that it has."""
        return {"control": self.control, "files": self._files()}

    def _files(self) -> list[FileVersion]:
        lines = files_of(self.control, self.actor)
        return [line.version for line in lines if not line.file.is_withdrawn and not line.version.is_harmful]

    def get_title(self) -> str:
        """Name the control."""
        return _("Evidence of %(reference)s") % {"reference": self.control.reference}

    def get_extra_context(self) -> dict[str, Any]:
        """Return what is asked for."""
        current = self.control.current
        how = markdown_html(current.evidence_how) if current else ""
        return {**super().get_extra_context(), "control": self.control, "evidence_how": how}

    def save(self, form: EvidenceForm) -> str:
        """Give it."""
        control = evidence_upload_give(
            control=self.control,
            note=form.cleaned_data["note"],
            files=form.chosen(),
            uploads=[Upload(one.name, one) for one in form.cleaned_data["uploads"]],
            actor=self.actor,
            now=self.now,
            version=form.cleaned_data["version"],
        )
        words = _("Thank you, the evidence is kept.")
        if control.is_evidence_asked and control.evidence_on:
            words += " " + _("The next is due on %(day)s.") % {"day": day_words(control.evidence_on)}
        messages.success(self.request, words)
        return control.get_tab_url("evidence")
