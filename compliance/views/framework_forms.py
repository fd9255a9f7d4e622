"""The pages that begin a framework by hand, and change what is said of one."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from compliance.forms import FrameworkChangeForm, FrameworkCreateForm
from compliance.models import Framework
from compliance.permissions import MANAGE
from compliance.services import (
    draft_begin,
    framework_change,
    framework_create,
    retired_refusal,
)
from foundation.accounts.permissions import right_check
from foundation.records.pages import RecordFormPage
from foundation.records.services import submit_once
from foundation.ui.structure import Crumb

PURPOSE = "compliance.framework"


class FrameworkFormPage(RecordFormPage):
    """What beginning and changing have in common."""

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (Crumb(_("Frameworks"), reverse("compliance:framework-list")), Crumb(self.get_title()))


class FrameworkCreate(FrameworkFormPage):
    """Begins a framework whose requirements are written by hand."""

    form_class = FrameworkCreateForm
    title = lazy("Write a framework by hand")
    submit_label = lazy("Begin")

    def prepare(self) -> None:
        """Check the right: a framework holds for the whole organisation."""
        right_check(user=self.actor, right=MANAGE)

    def get_subtitle(self) -> str:
        """Say what comes next."""
        return _(
            "Its groups and requirements come next. Where the standard is there as OSCAL or as a table, import it instead."
        )

    def get_cancel_url(self) -> str:
        """Return to the list."""
        return reverse("compliance:framework-list")

    def save(self, form: FrameworkCreateForm) -> str:
        """Make the framework and its first draft, once however often the form is sent."""

        def create() -> Framework:
            framework = framework_create(actor=self.actor, now=self.now, **form.values())
            draft_begin(framework=framework, label=form.cleaned_data["label"], actor=self.actor, now=self.now)
            return framework

        framework = submit_once(
            key=form.cleaned_data["submission"],
            actor=self.actor,
            purpose=PURPOSE,
            content=form.submitted_content(),
            create=create,
        )
        return reverse("compliance:draft", args=[framework.reference])


class FrameworkEdit(FrameworkFormPage):
    """Changes what is said of a framework."""

    form_class = FrameworkChangeForm
    framework: Framework

    def prepare(self) -> None:
        """Find the framework, of those that the reader may read, and check that it may be changed."""
        frameworks = Framework.objects.visible_to(self.actor).select_related("unit", "owner")
        self.framework = get_object_or_404(frameworks, reference=self.kwargs["reference"])
        right_check(user=self.actor, right=MANAGE, unit_id=self.framework.unit_id)
        self.open_unless(retired_refusal(self.framework) or None)

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the framework."""
        return {"framework": self.framework}

    def get_title(self) -> str:
        """Name the framework."""
        return _("Edit %(reference)s") % {"reference": self.framework.reference}

    def get_subtitle(self) -> str:
        """Return the framework's name."""
        return self.framework.title

    def get_cancel_url(self) -> str:
        """Return to the framework."""
        return self.framework.get_absolute_url()

    def save(self, form: FrameworkChangeForm) -> str:
        """Change the framework."""
        framework = framework_change(
            framework=self.framework,
            changes=form.values(),
            actor=self.actor,
            now=self.now,
            version=form.cleaned_data["version"],
        )
        messages.success(self.request, _("%(reference)s is saved") % {"reference": framework.reference})
        return self._page_of(framework)

    def _page_of(self, framework: Framework) -> str:
        """Return the framework's page, or the list for who may not know of it any more, having made it restricted."""
        if Framework.objects.visible_to(self.actor).filter(pk=framework.pk).exists():
            return framework.get_absolute_url()
        messages.info(self.request, _("It is restricted, and you do not own it: you see it no more."))
        return reverse("compliance:framework-list")
