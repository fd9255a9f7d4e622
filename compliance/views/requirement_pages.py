"""The page of a requirement: its words in one edition."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from compliance.models import RequirementText
from foundation.accounts.requests import PersonRequest
from foundation.ui.structure import Crumb


class TextPage(View):
    """Exactly what an edition says of a requirement."""

    request: PersonRequest

    def get_text(self) -> RequirementText:
        """Return the text, of the frameworks that the reader may read."""
        texts = RequirementText.objects.visible_to(self.request.user)
        found: RequirementText = get_object_or_404(
            texts.filter(requirement__isnull=False, edition__accepted_at__isnull=False).select_related(
                "requirement", "edition__framework"
            ),
            pk=self.kwargs["text"],
        )
        return found

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it."""
        text = self.get_text()
        framework = text.edition.framework
        crumbs = (
            Crumb(_("Frameworks"), reverse("compliance:framework-list")),
            Crumb(framework.reference, framework.get_absolute_url()),
            Crumb(text.identifier),
        )
        context = {
            "title": f"{text.identifier} {text.title}",
            "subtitle": framework.title,
            "crumbs": crumbs,
            "text": text,
        }
        return render(request, "compliance/requirement_detail.html", context)


class RequirementPage(TextPage):
    """What the current edition says of a requirement, or the last one that held it."""

    def get_text(self) -> RequirementText:
        """Return the latest text, of the frameworks that the reader may read."""
        texts = RequirementText.objects.visible_to(self.request.user)
        found = (
            texts.filter(requirement=self.kwargs["requirement"], edition__accepted_at__isnull=False)
            .select_related("requirement", "edition__framework")
            .order_by("-edition__number")
        )
        text: RequirementText = get_object_or_404(found[:1])
        return text
