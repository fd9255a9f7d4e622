"""The trail page."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.lists.pages import WorkingList
from foundation.records.filters import TrailFilters
from foundation.records.parts import EntryWords, change_words
from foundation.records.selectors import (
    entries_visible_to,
    fields_kept,
    may_be_kept,
    speaking_of_kept,
    spoken_of,
)
from foundation.records.words import actor_of, changes_of, record_url
from foundation.trail.models import Entry
from foundation.trail.selectors import seal_state
from foundation.ui.columns import Column
from foundation.ui.components import Noted, Person, Reference
from foundation.ui.structure import EmptyState


class TrailList(WorkingList):
    """What was done, by whom and when; newest first. A unit's viewers see what was done to its records."""

    title = gettext_lazy("Trail")
    rows_label = gettext_lazy("Entries")
    right = "trail.view"
    filterset_class = TrailFilters
    columns = (
        Column("at", gettext_lazy("When"), order=("at",)),
        Column("actor", gettext_lazy("Who")),
        Column("what", gettext_lazy("What"), is_title=True),
        Column("record", gettext_lazy("Record")),
        Column("number", gettext_lazy("Entry"), at_end=True),
        Column("action", gettext_lazy("Action"), exports_only=True),
        Column("subject", gettext_lazy("Subject"), exports_only=True),
        Column("comment", gettext_lazy("Comment"), exports_only=True),
        Column("changes", gettext_lazy("Changes"), exports_only=True),
        Column("ip_address", gettext_lazy("IP address"), exports_only=True),
        Column("request_id", gettext_lazy("Request"), exports_only=True),
    )
    default_sort = "-at"
    counted = 1_000
    file_name = "trail"
    trail_action = "records.trail.exported"
    template_name = "records/trail_list.html"

    _fields_kept: Mapping[int, Collection[str]]

    def get_rows(self) -> QuerySet[Entry]:
        """Return the entries that the reader may read."""
        return entries_visible_to(self.request.user)

    def prepare_rows(self, rows: list[Entry]) -> list[Entry]:
        """Read which fields are kept from the reader; a query where the entries speak of such as are kept from anybody."""
        self._fields_kept = fields_kept(self.request.user, spoken_of(rows))
        return rows

    def keys_shown(self, rows: list[Entry]) -> set[int]:
        """Return the entries' numbers; and below zero once more those of which fields are shown that are kept from others."""
        shown = {entry.pk for entry in rows}
        for entry in rows:
            told = {*entry.before, *entry.after}.difference(self._kept_of(entry))
            if any(map(may_be_kept, told)):
                shown.add(-entry.pk)
        return shown

    def sees_all(self, keys: QuerySet[Any]) -> bool:
        """Tell whether the reader may read all these entries still, and what was told of them: none is ever removed."""
        readable = self.get_rows().filter(pk__in=keys)
        if readable.count() != Entry.objects.filter(pk__in=keys).count():
            return False
        told = Entry.objects.filter(pk__in=keys.annotate(told=-F("key")).values("told"))
        return not speaking_of_kept(told, self.request.user).exists()

    def _kept_of(self, entry: Entry) -> Collection[str]:
        return self._fields_kept.get(entry.record_id or 0, ())

    def get_empty_state(self) -> EmptyState:
        """Say that nothing was written yet."""
        return EmptyState(
            _("The trail is empty"), _("What people do here is written down here."), icon="history"
        )

    def get_extra_context(self) -> Mapping[str, Any]:
        """Return how far the seal reaches."""
        return {"seal": seal_state(now=self.now)}

    def cell_actor(self, entry: Entry) -> Any:
        """Return who did it."""
        return Person(entry.actor_name) if entry.actor_name else actor_of(entry)

    def cell_what(self, entry: Entry) -> EntryWords:
        """Return what was done."""
        return EntryWords(entry, self._kept_of(entry))

    def cell_record(self, entry: Entry) -> Any:
        """Return the record that it was done to, with its title then."""
        if not entry.record_reference:
            return ""
        reference = Reference(entry.record_reference, record_url(entry.record_kind, entry.record_reference))
        return Noted(reference, entry.subject)

    def cell_number(self, entry: Entry) -> int:
        """Return the entry's number, by which `verify_trail` names it."""
        return entry.pk

    def export_changes(self, entry: Entry) -> str:
        """Return all changes in words."""
        return "\n".join(change_words(change) for change in changes_of(entry, kept=self._kept_of(entry)))
