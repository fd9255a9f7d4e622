"""Files of long lists: how far they are, taking them, stopping them."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.permissions import person_of
from foundation.lists.choices import EXPORT_TONES, OPEN_EXPORTS, ExportState
from foundation.lists.models import ListExport
from foundation.lists.rebuilding import ListGone, list_page_for
from foundation.lists.selectors import exports_of
from foundation.lists.services import KEPT_FOR, export_stop, is_outdated
from foundation.ui.columns import Column, Table
from foundation.ui.components import Badge, Link, When
from foundation.ui.errors import Gone, found_or_gone
from foundation.ui.exports import CONTENT_TYPES, download_headers
from foundation.ui.pages import Page, fills
from foundation.ui.structure import Crumb, EmptyState

STATE = "export-state"
LONG = 10  # seconds after which a file that nobody has begun to write is a sign that no worker runs
OUTDATED = gettext_lazy(
    "You may not see all any more that you saw when this file was written. Take the list anew."
)


class ExportPage(Page):
    """A page about one's own file; that of another person is not found."""

    def find(self) -> ListExport:
        """Return the file."""
        gone = Gone(
            _(
                "This file is gone, or it is not yours. Files of lists are kept for eight hours; take the list anew."
            ),
            way_on=reverse("lists:export-list"),
        )
        files = ListExport.objects.filter(user=person_of(self.request))
        return found_or_gone(files, gone, pk=self.kwargs["key"])


class ExportDetail(ExportPage):
    """How far a file is; asks anew by itself until it is finished."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it, or the part that changes."""
        export = self.find()
        is_done = export.state == ExportState.DONE
        outdated = is_done and is_outdated(export, person_of(request))
        waited = (self.now - export.requested_at).total_seconds()
        context = {
            "title": export.title,
            "subtitle": export.file_name,
            "crumbs": (Crumb(_("Files of lists"), reverse("lists:export-list")), Crumb(export.title)),
            "export": export,
            "is_open": export.state in OPEN_EXPORTS,
            "is_ready": is_done and not outdated,
            "is_outdated": outdated,
            "outdated": OUTDATED,
            "waits_long": export.state == ExportState.WAITING and waited > LONG,
            "badge": Badge(export.get_state_display(), EXPORT_TONES[export.state], dot=True),
            "kept_until": export.requested_at + KEPT_FOR,
            "list_url": f"{reverse(export.list_key)}?{export.query}",
        }
        template = "lists/_export.html" if fills(request, STATE) else "lists/export_detail.html"
        return render(request, template, context)


class ExportFile(ExportPage):
    """The file itself, read piece by piece."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send it to whoever may still open the list."""
        export = self.find()
        if export.state != ExportState.DONE:
            page = reverse("lists:export", args=[export.pk])
            raise Gone(_("This file is not there: it is not written yet, or was stopped."), way_on=page)
        try:
            list_page_for(list_key=export.list_key, query="", user=person_of(request))
        except ListGone as gone:
            raise PermissionDenied(_("This list is gone.")) from gone
        if is_outdated(export, person_of(request)):
            raise PermissionDenied(OUTDATED)
        headers = {**download_headers(export.file_name), "Content-Length": str(export.size)}
        return StreamingHttpResponse(
            _pieces(export), content_type=CONTENT_TYPES[export.format], headers=headers
        )


class ExportStop(ExportPage):
    """Stops writing a file."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Stop it, and go back to its page."""
        export = self.find()
        export_stop(export=export, now=self.now)
        messages.success(request, _("Stopped. What was written of the file is gone."))
        return redirect("lists:export", export.pk)


class ExportList(Page):
    """The files that the reader asked for, as long as they are kept."""

    columns = (
        Column("file", gettext_lazy("File"), is_title=True),
        Column("state", gettext_lazy("State")),
        Column("size", gettext_lazy("Size"), at_end=True),
        Column("asked", gettext_lazy("Asked for")),
    )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show them."""
        title = _("Files of lists")
        rows = [self._row(export) for export in exports_of(person_of(request))]
        context = {
            "title": title,
            "subtitle": _("Long lists are written in the background, and kept for eight hours"),
            "table": Table(title, self.columns, rows) if rows else None,
            "empty": EmptyState(
                _("No files"), _("A long list that you take as CSV or XLSX will stand here."), "file-export"
            ),
        }
        return render(request, "lists/table_page.html", context)

    def _row(self, export: ListExport) -> list[Any]:
        return [
            Link(export.file_name, reverse("lists:export", args=[export.pk])),
            Badge(export.get_state_display(), EXPORT_TONES[export.state], dot=True),
            filesizeformat(export.size) if export.size else "",
            When(export.requested_at, self.now),
        ]


def _pieces(export: ListExport) -> Iterator[bytes]:
    number = 0
    while content := export.parts.filter(number=number).values_list("content", flat=True).first():
        yield bytes(content)
        number += 1
