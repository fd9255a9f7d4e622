"""The pages of records: a list of them, the page of one, with the tabs that all have, and that of a form about it.

A form is told what is stale, sent once, and loses nothing of what was typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from foundation.accounts.requests import PersonRequest
from foundation.records.models import Record
from foundation.records.services import StaleRecord, SubmissionReused
from foundation.registry import RecordOpened, RecordTab, registry
from foundation.ui.components import Reference
from foundation.ui.counts import count_each
from foundation.ui.form_pages import CONFLICT, UNPROCESSABLE, FormPage, add_error
from foundation.ui.lists import ListPage
from foundation.ui.record_page import RecordPage, TabPage

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser

MOST_COUNTED = 999  # of what a tab holds
HISTORY_TAB = TabPage("history", _lazy("History"), "records/tab_history.html", "history", 900)


def visible_record(request: PersonRequest, reference: str) -> Record:
    """Return a record of any kind, of those that the reader may see; raise Http404 for others."""
    visible = Record.objects.visible_to(request.user).select_related("unit")
    found: Record = get_object_or_404(visible, reference=reference)
    return found


def record_opened(*, record: Record, user: AnyUser, now: datetime) -> None:
    """Let those know who note that a person opened a record: its page, or one that shows all of it."""
    for one in registry.all(RecordOpened):
        one.react(record=record, user=user, now=now)


class RecordRows(ListPage):
    """A list of records; put it before WorkingList. A file of it is handed over while its reader may know of them all."""

    def keys_shown(self, rows: list[Any]) -> set[int]:
        """Return the records' keys; a page whose cells name other records adds theirs."""
        return {row.pk for row in rows}

    def sees_all(self, keys: QuerySet[Any]) -> bool:
        """Tell whether the reader may know of all these records."""
        visible = Record.objects.visible_to(self.request.user).filter(pk__in=keys)
        return bool(visible.count() == Record.objects.filter(pk__in=keys).count())


class RecordDetailPage(RecordPage):
    """The page of a Record: its own tabs, and those that the registry's `RecordTab`s add to every record."""

    def get_tabs(self) -> Sequence[TabPage]:
        """Return the page's tabs and the registered ones, by their order."""
        added = (
            TabPage(tab.key, tab.label, tab.template, tab.icon, tab.order) for tab in registry.all(RecordTab)
        )
        return sorted((*self.tabs, *added), key=lambda tab: tab.order)

    def get_tab_context(self, tab: TabPage) -> Mapping[str, Any]:
        """Return what the tab needs: from the app that registered it, else from the page."""
        registered = registry.find(RecordTab, tab.key)
        if registered is None:
            return super().get_tab_context(tab)
        return registered.context(record=self.record, request=self.request, now=self.now)

    def get_tab_rows(self) -> Mapping[str, QuerySet[Any]]:
        """Return what is counted on the page's own tabs, by the tabs' keys."""
        return {}

    def get_tab_counts(self) -> Mapping[str, int]:
        """Return the numbers that tabs carry, by one query."""
        rows = {
            tab.key: tab.rows(self.record, self.request.user) for tab in registry.all(RecordTab) if tab.rows
        } | dict(self.get_tab_rows())
        return dict(zip(rows, count_each(list(rows.values()), most=MOST_COUNTED), strict=True))

    def opened(self) -> None:
        """Let those know who note that a record was opened."""
        record_opened(record=self.record, user=self.request.user, now=self.now)


class RecordFormPage(FormPage):
    """A form page whose `save` may raise StaleRecord or SubmissionReused.

    Its form mixes in VersionedFormMixin when it changes a record, SubmissionFormMixin when it makes one. A stale edit is
    answered with both versions side by side, and the form as it was typed, to be saved over the other's or given up.
    """

    template_name = "records/record_form.html"

    note: Any = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the form and go on, or show it again with what is wrong."""
        self.prepare()
        form: Any = self.form_class(request.POST, request.FILES, **self.get_form_arguments())
        if not form.is_valid():
            return self.show(form, status=UNPROCESSABLE)
        try:
            return self.go_on(self.save(form))
        except ValidationError as error:
            add_error(form, error)
            return self.show(form, status=UNPROCESSABLE)
        except StaleRecord as stale:
            self.conflict = form.conflict_with(stale.record)
        except SubmissionReused as reused:
            form.renew_submission()
            self.note = self._note_of(reused)
        return self.show(form, status=CONFLICT)

    def get_context(self, form: Any) -> dict[str, Any]:
        """Return what the template needs."""
        return {**super().get_context(form), "note": self.note}

    def _note_of(self, reused: SubmissionReused) -> Any:
        if reused.record is None:
            return _("This form was sent before. Send it again if you mean it.")
        link = Reference(reused.record.reference, reused.record.get_absolute_url())
        return format_html(
            _("This form made {record} before. Send it again to make another one with what stands here now."),
            record=link,
        )
