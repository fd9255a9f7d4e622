"""Mapping a control to requirements, chosen in the tree of a framework, and to documents."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from compliance.models import Framework
from compliance.parts.tree import keys_sent, tree_html
from compliance.selectors.choosing import texts_below, texts_of_all, texts_with
from controls.forms.mappings import DocumentMapForm, ExtentForm
from controls.models import ControlDocument, ControlRequirement
from controls.permissions import settling_refusal
from controls.selectors.mappings import (
    documents_of,
    documents_to_map,
    frameworks_to_map,
    requirements_meant,
    requirements_of,
    tree_for,
)
from controls.services import ControlRefused
from controls.services.mappings import (
    StaleMapping,
    document_link_remove,
    document_map,
    requirement_link_change,
    requirement_link_remove,
    requirements_map,
)
from controls.views.access import OfControl, control_crumbs
from foundation.ui.conflicts import EditConflict
from foundation.ui.form_pages import ConfirmPage, FormPage
from foundation.ui.pages import Page
from foundation.ui.structure import Crumb

WORDS = 200
TAB = "mapping"


class OfMapping(OfControl):
    """What pages that change a control's mappings have in common: its owner and who writes controls change them."""

    def prepare(self) -> None:
        """Find the control, and check that it may be mapped."""
        self.find_to_write()
        self.open_unless(settling_refusal(self.control))

    def get_cancel_url(self) -> str:
        """Return to the mappings."""
        return self.control.get_tab_url(TAB)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return control_crumbs(self.control, Crumb(str(self.get_title())))


class RequirementsAdd(OfMapping, FormPage):
    """Lets a control cover requirements: a framework is chosen, then all of it, groups, or single ones."""

    form_class = ExtentForm
    title = lazy("Map requirements")
    template_name = "controls/requirements_tree.html"
    framework: Framework
    words = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """Show the frameworks, the tree of one, or (to a script) which lines of it have the words asked for."""
        self.prepare()
        reference = request.GET.get("framework", "")[:40]
        if not reference:
            self.template_name = "controls/requirements_add.html"  # type: ignore[misc]
            return self.show(ExtentForm())
        self.framework = self._framework(reference)
        self.words = request.GET.get("q", "").strip()[:WORDS]
        if request.accepts("text/html"):
            return self.show(ExtentForm())
        fitting = self._fitting()
        return JsonResponse({"lines": None if fitting is None else sorted(fitting)})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Map what was ticked."""
        self.prepare()
        self.framework = self._framework(request.POST.get("framework", "")[:40])
        return super().post(request, *args, **kwargs)

    def _framework(self, reference: str) -> Framework:
        found = frameworks_to_map(self.actor, self.control)
        framework = found.filter(reference=reference).first() if reference.isprintable() else None
        if framework is None:
            raise Http404
        return framework

    def _fitting(self) -> set[int] | None:
        return texts_with(self.framework, self.words) if self.words else None

    def get_form_arguments(self) -> dict[str, Any]:
        """Return nothing: the form is of no link."""
        return {}

    def get_extra_context(self) -> dict[str, Any]:
        """Return the frameworks, or the tree of the one that was chosen."""
        common = {"list_url": self.get_cancel_url()}
        if not hasattr(self, "framework"):
            return {**common, "frameworks": list(frameworks_to_map(self.actor, self.control))}
        lines, fitting = tree_for(self.framework, self.control), self._fitting()
        testable = [line for line in lines if not line.is_group]
        return {
            **common,
            "framework": self.framework,
            "tree": tree_html(lines, fitting=fitting, inside=_("mapped already")),
            "total": len(testable),
            "inside": sum(line.is_in for line in testable),
            "words": self.words,
            "fitting": fitting,
        }

    def save(self, form: ExtentForm) -> str:
        """Map them."""
        data = self.request.POST
        if data.get("all"):
            texts = texts_of_all(self.framework)
        else:
            below = texts_below(self.framework, keys_sent(data, "group"))
            texts = [*keys_sent(data, "text"), *below]
        if not texts:
            raise ValidationError(_("Tick what the control covers."))
        meant = list(requirements_meant(self.framework, texts))
        count = requirements_map(
            control=self.control,
            requirements=meant,
            extent=form.cleaned_data["extent"],
            note=form.cleaned_data["note"],
            actor=self.actor,
            now=self.now,
        )
        words = ngettext("%(count)d requirement mapped", "%(count)d requirements mapped", count)
        messages.success(self.request, words % {"count": count})
        if there := len(meant) - count:
            words = ngettext(
                "%(count)d was mapped already and stays as it is: change it by its own line.",
                "%(count)d were mapped already and stay as they are: change each by its own line.",
                there,
            )
            messages.info(self.request, words % {"count": there})
        return self.get_cancel_url()


class OfRequirementLink(OfMapping):
    """What pages about one mapped requirement have in common."""

    link: ControlRequirement

    def prepare(self) -> None:
        """Find the mapping, of those whose framework the reader may read."""
        super().prepare()
        self.link = get_object_or_404(requirements_of(self.control, self.actor), pk=self.kwargs["link"])

    def get_title(self) -> str:
        """Name the requirement."""
        return f"{self.link.requirement.identifier} {self.link.title or ''}".strip()  # type: ignore[attr-defined]


class RequirementLinkEdit(OfRequirementLink, FormPage):
    """Says otherwise how much of a requirement a control covers."""

    form_class = ExtentForm
    template_name = "controls/requirement_link.html"

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the mapping."""
        return {"link": self.link}

    def get_extra_context(self) -> dict[str, Any]:
        """Return the way to take it off."""
        args = [self.control.reference, self.link.pk]
        return {"remove_url": reverse("controls:requirement-remove", args=args)}

    def save(self, form: ExtentForm) -> str:
        """Say so."""
        said = form.cleaned_data
        try:
            requirement_link_change(
                link=self.link,
                extent=said["extent"],
                note=said["note"],
                actor=self.actor,
                now=self.now,
                revision=said["version"] or 0,
            )
        except StaleMapping as stale:
            raise EditConflict(form.conflict_with(stale.link)) from stale
        except ControlRefused as refused:
            raise ValidationError(str(refused)) from refused
        return self.get_cancel_url()


class RequirementLinkRemove(OfRequirementLink, ConfirmPage):
    """Takes a requirement off a control."""

    submit_label = lazy("Take it off")

    def get_form_arguments(self) -> dict[str, Any]:
        """Return nothing: a comment may be left out."""
        return {}

    def get_text(self) -> str:
        """Say what follows."""
        return _("The control will no longer count as covering it. The history keeps that it did.")

    def is_dangerous(self) -> bool:
        """Draw the button as a warning."""
        return True

    def save(self, form: Any) -> str:
        """Take it off."""
        try:
            requirement_link_remove(
                link=self.link, actor=self.actor, now=self.now, comment=form.cleaned_data["comment"]
            )
        except ControlRefused as refused:
            raise ValidationError(str(refused)) from refused
        return self.get_cancel_url()


class DocumentAdd(OfMapping, FormPage):
    """Lets a control carry out what a document asks for."""

    form_class = DocumentMapForm
    title = lazy("Map a document")
    template_name = "controls/document_add.html"

    def get_form_arguments(self) -> dict[str, Any]:
        """Return who asks: only what they may know of can be mapped."""
        return {"reader": self.actor}

    def get_extra_context(self) -> dict[str, Any]:
        """Return where suggestions come from."""
        return {"documents_url": reverse("controls:documents", args=[self.control.reference])}

    def save(self, form: DocumentMapForm) -> str:
        """Map it."""
        try:
            document_map(
                control=self.control,
                document=form.cleaned_data["other"],
                note=form.cleaned_data["note"],
                actor=self.actor,
                now=self.now,
            )
        except ControlRefused as refused:
            raise ValidationError(str(refused)) from refused
        return self.get_cancel_url()


class DocumentLinkRemove(OfMapping, ConfirmPage):
    """Takes a document off a control."""

    submit_label = lazy("Take it off")
    link: ControlDocument

    def prepare(self) -> None:
        """Find the mapping, of those whose document the reader may know of."""
        super().prepare()
        self.link = get_object_or_404(documents_of(self.control, self.actor), pk=self.kwargs["link"])

    def get_form_arguments(self) -> dict[str, Any]:
        """Return nothing: a comment may be left out."""
        return {}

    def get_title(self) -> str:
        """Name the document."""
        return str(self.link.document)

    def get_text(self) -> str:
        """Say what follows."""
        return _("They will no longer stand on each other's pages. The history keeps that they did.")

    def is_dangerous(self) -> bool:
        """Draw the button as a warning."""
        return True

    def save(self, form: Any) -> str:
        """Take it off."""
        try:
            document_link_remove(
                link=self.link, actor=self.actor, now=self.now, comment=form.cleaned_data["comment"]
            )
        except ControlRefused as refused:
            raise ValidationError(str(refused)) from refused
        return self.get_cancel_url()


class DocumentsPage(OfControl, Page):
    """Suggests documents to map, while a reference or title is being typed."""

    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return some that the reader may know of."""
        self.find_to_write()
        found = documents_to_map(request.GET.get("q", ""), control=self.control, user=self.actor)
        return JsonResponse({"items": [one._asdict() for one in found]})
