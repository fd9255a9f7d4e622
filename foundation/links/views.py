"""Linking a record with another, and removing the link."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.permissions import right_missing
from foundation.accounts.requests import PersonRequest
from foundation.links.forms import LinkForm
from foundation.links.models import Link
from foundation.links.permissions import MANAGE, can_link
from foundation.links.selectors import records_to_link
from foundation.links.services import link_add, link_remove
from foundation.links.tabs import LINKS
from foundation.records.models import Record
from foundation.records.pages import visible_record
from foundation.ui.errors import Gone
from foundation.ui.form_pages import ConfirmPage, FormPage
from foundation.ui.pages import Page
from foundation.ui.structure import Crumb


class LinkAddPage(FormPage):
    """Links a record with another: what the tab's form is sent to, and a page of its own where that was refused."""

    request: PersonRequest
    form_class = LinkForm
    title = lazy("Link with another record")
    submit_label = lazy("Link")
    template_name = "links/link_form.html"
    record: Record

    def prepare(self) -> None:
        """Find the record, of those that the reader may see, and check the right."""
        self.record = visible_record(self.request, self.kwargs["reference"])
        if not can_link(self.request.user, self.record):
            raise right_missing(MANAGE, self.record.unit_id)

    def get_form_arguments(self) -> dict[str, Any]:
        """Let only what the reader may see be linked."""
        return {"reader": self.request.user}

    def get_subtitle(self) -> str:
        """Return the record."""
        return str(self.record)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path to the record."""
        return (Crumb(self.record.reference, self.record.get_absolute_url()), Crumb(self.title))

    def get_cancel_url(self) -> str:
        """Return to the links."""
        return self.record.get_tab_url(LINKS)

    def get_extra_context(self) -> dict[str, Any]:
        """Return where suggestions come from."""
        return {"records_url": reverse("links:records", args=[self.record.reference])}

    def save(self, form: LinkForm) -> str:
        """Link them."""
        link_add(
            record=self.record,
            other=form.cleaned_data["other"],
            direction=form.direction,
            actor=self.request.user,
            now=self.now,
        )
        return self.record.get_tab_url(LINKS)


class LinkRemovePage(ConfirmPage):
    """Removes a link, from the page of one of its records."""

    request: PersonRequest
    title = lazy("Remove the link?")
    submit_label = lazy("Remove")
    template_name = "ui/confirm_page.html"
    record: Record
    link: Link

    def prepare(self) -> None:
        """Find the link, if the reader may see both of its records, and check the right for the one."""
        self.record = visible_record(self.request, self.kwargs["reference"])
        visible = Record.objects.visible_to(self.request.user)
        links = Link.objects.filter(source__in=visible, target__in=visible)
        self.link = get_object_or_404(links.select_related("source", "target"), pk=self.kwargs["pk"])
        if self.record.pk not in (self.link.source_id, self.link.target_id):
            raise Http404
        if self.link.removed_at is not None:
            raise Gone(_("This link was removed meanwhile."), way_on=self.record.get_tab_url(LINKS))
        if not can_link(self.request.user, self.record):
            raise right_missing(MANAGE, self.record.unit_id)

    def get_text(self) -> str:
        """Say which."""
        other = self.link.source if self.record.pk == self.link.target_id else self.link.target
        return _("%(record)s and %(other)s will no longer stand on each other's pages.") % {
            "record": self.record.reference,
            "other": other.reference,
        }

    def is_dangerous(self) -> bool:
        """Draw the button as a warning."""
        return True

    def get_cancel_url(self) -> str:
        """Return to the links."""
        return self.record.get_tab_url(LINKS)

    def save(self, form: Any) -> str:
        """Remove it."""
        link_remove(link=self.link, actor=self.request.user, now=self.now)
        return self.record.get_tab_url(LINKS)


class RecordsPage(Page):
    """Suggests what a record may be linked with, while its reference or title is being typed."""

    request: PersonRequest

    def get(self, request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return some records that the reader may see."""
        record = visible_record(request, kwargs["reference"])
        found = records_to_link(request.GET.get("q", ""), record=record, user=request.user)
        return JsonResponse({"items": [asdict(one) for one in found]})
