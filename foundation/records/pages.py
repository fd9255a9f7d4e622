"""The pages of records: lists of them, the page of one, with the tabs that all have, and that of a form about it.

A form is told what is stale, sent once, and loses nothing of what was typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from foundation.accounts.models import User
from foundation.accounts.permissions import person_of
from foundation.accounts.requests import PersonRequest
from foundation.lists.pages import WorkingList
from foundation.records.cells import RecordCells
from foundation.records.models import Record
from foundation.records.querysets import visibility_grounds
from foundation.records.services import FieldsRefused, StaleRecord, SubmissionReused
from foundation.registry import RecordOpened, RecordTab, registry
from foundation.ui.components import Reference
from foundation.ui.counts import count_each
from foundation.ui.form_pages import CONFLICT, UNPROCESSABLE, FormPage, add_error
from foundation.ui.record_page import RecordPage, TabPage
from foundation.ui.structure import Action

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


class RecordList(RecordCells, WorkingList):
    """A list of records. A file of it is handed over while its reader may know of them all.

    Whoever has `right_for_many` somewhere is offered what is done to many at once: to assign them, and to move their dates,
    by the pages of these names. For which records, each step says.
    """

    right_for_many: ClassVar[str] = ""
    assign_page: ClassVar[str] = ""
    move_page: ClassVar[str] = ""

    @property
    def may_change_many(self) -> bool:
        """Tell whether there may be records that the reader may change."""
        return bool(self.right_for_many) and self.may(self.right_for_many)

    def get_bulk_actions(self) -> Sequence[Action]:
        """Offer what is done to many at once, to those who may."""
        if not self.may_change_many:
            return ()
        steps = (
            (self.assign_page, _("Assign"), "user-check"),
            (self.move_page, _("Move dates"), "calendar-due"),
        )
        return [Action(label, reverse(name), icon=icon) for name, label, icon in steps if name]

    def keys_shown(self, rows: list[Any]) -> set[int]:
        """Return the records' keys; a page whose cells name other records adds theirs."""
        return {row.pk for row in rows}

    def sees_all(self, keys: QuerySet[Any]) -> bool:
        """Tell whether the reader may know of all these records."""
        visible = Record.objects.visible_to(self.request.user).filter(pk__in=keys)
        return bool(visible.count() == Record.objects.filter(pk__in=keys).count())


class LongRecordList(RecordList):
    """A list of very many records, which reads their narrow rows (`listings.RecordListing`); `joined` are its columns that name other rows."""

    listing: ClassVar[Any]
    joined: ClassVar[Sequence[str]] = ("unit", "owner")

    def get_rows(self) -> QuerySet[Any]:
        """Return the narrow rows, with the names that their cells show."""
        rows: QuerySet[Any] = self.listing.objects.visible_to(self.request.user).unarchived()
        names = [name for name in self.joined if self.joins(name)]
        # Without a name, select_related() would follow every foreign key.
        return rows.select_related(*names) if names else rows

    def joins(self, name: str) -> bool:
        """Tell whether a column that names another row is to be read: where it is shown."""
        return self.holds(name)

    def get_shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Add the versions that a step for many is taken at, for who may take one."""
        named, key = self.get_written(rows), self.listing._meta.pk
        return named.annotate(version=F(f"{key.name}__version")) if self.may_change_many else named

    def get_grounds(self) -> Sequence[Q]:
        """Return the grounds on which the reader may know of the records."""
        return visibility_grounds(self.request.user)


class RecordDetailPage(RecordPage):
    """The page of a Record: its own tabs, and those that the registry's `RecordTab`s add to every record."""

    def get_tabs(self) -> Sequence[TabPage]:
        """Return the page's tabs and the registered ones, by their order."""
        added = (
            TabPage(tab.key, tab.label, tab.template, tab.icon, tab.order) for tab in self._registered_tabs()
        )
        return sorted((*self.tabs, *added), key=lambda tab: tab.order)

    def _registered_tabs(self) -> list[RecordTab]:
        return [tab for tab in registry.all(RecordTab) if tab.is_of(self.record)]

    def get_tab_context(self, tab: TabPage) -> Mapping[str, Any]:
        """Return what the tab needs: from the app that registered it, else from the page."""
        registered = registry.find(RecordTab, tab.key)
        if registered is None or not registered.is_of(self.record):
            return super().get_tab_context(tab)
        return registered.context(record=self.record, request=self.request, now=self.now)

    def get_tab_rows(self) -> Mapping[str, QuerySet[Any]]:
        """Return what is counted on the page's own tabs, by the tabs' keys."""
        return {}

    def get_tab_counts(self) -> Mapping[str, int]:
        """Return the numbers that tabs carry, by one query."""
        rows = {
            tab.key: tab.rows(self.record, self.request.user) for tab in self._registered_tabs() if tab.rows
        } | dict(self.get_tab_rows())
        return dict(zip(rows, count_each(list(rows.values()), most=MOST_COUNTED), strict=True))

    def opened(self) -> None:
        """Let those know who note that a record was opened."""
        record_opened(record=self.record, user=self.request.user, now=self.now)


class RecordFormPage(FormPage):
    """A form page whose `save` may raise FieldsRefused, StaleRecord or SubmissionReused.

    Its form mixes in VersionedFormMixin when it changes a record, SubmissionFormMixin when it makes one. A stale edit is
    answered with both versions side by side, and the form as it was typed, to be saved over the other's or given up.
    """

    template_name = "records/record_form.html"

    note: Any = ""

    @property
    def actor(self) -> User:
        """Return who is signed in."""
        return person_of(self.request)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the form and go on, or show it again with what is wrong."""
        self.prepare()
        form: Any = self.form_class(request.POST, request.FILES, **self.get_form_arguments())
        if not form.is_valid():
            return self.show(form, status=UNPROCESSABLE)
        try:
            return self.go_on(self.save(form))
        except FieldsRefused as refused:
            add_error(form, ValidationError(refused.errors))
            return self.show(form, status=UNPROCESSABLE)
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
