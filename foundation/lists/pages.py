"""The page of a list that people work with: views that they keep, and files that a worker writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from foundation.accounts.models import User
from foundation.accounts.permissions import person_of
from foundation.lists.models import SavedView
from foundation.lists.selectors import views_of_list
from foundation.lists.services import clean_query, export_request
from foundation.lists.tasks import export_wake
from foundation.trail.services import entry_write
from foundation.ui.columns import Chip, QuickFilter
from foundation.ui.exports import file_name
from foundation.ui.filters import ANY
from foundation.ui.list_files import has_more
from foundation.ui.lists import ListPage

CHIPS = 5
# Of a list that opens with what is open: its usual filter, and its quick ones.
OPEN_FIRST = {"state": "open"}
OPEN_LATE_MINE_ALL = (
    QuickFilter(gettext_lazy("Open"), OPEN_FIRST),
    QuickFilter(gettext_lazy("Late"), {"late": "on"}),
    QuickFilter(gettext_lazy("Mine"), {"mine": "on"}),
    QuickFilter(gettext_lazy("All"), {"state": ANY}),
)
WRITTEN_AT_ONCE = 5_000  # rows that a file may have to be written while its reader waits


class WorkingList(ListPage):
    """A list whose reader can keep its filters, order and columns under a name, and share them.

    `trail_action` names the entry that the trail gets when the list is taken away as a file.
    """

    trail_action: ClassVar[str] = ""

    @property
    def list_key(self) -> str:
        """Return the name of the list's address."""
        match = self.request.resolver_match
        assert match is not None
        return match.view_name

    @property
    def reader(self) -> User:
        """Return who is signed in."""
        return person_of(self.request)

    def export_elsewhere(self, fmt: str, rows: QuerySet[Any]) -> HttpResponseBase | None:
        """Let a worker write the file of a long list, and lead to the page that tells how far it is."""
        if not has_more(rows, WRITTEN_AT_ONCE):
            return None
        day = timezone.localdate(self.now)
        try:
            export = export_request(
                actor=self.reader,
                list_key=self.list_key,
                query=self._asked().urlencode(),
                title=str(self.title),
                file_name=file_name(self.file_name, day, fmt),
                fmt=fmt,
                now=self.now,
            )
        except ValidationError as refused:
            messages.error(self.request, refused.messages[0])
            return redirect(self.url())
        self.record_export(fmt)
        export_wake(export.pk)
        return redirect("lists:export", export.pk)

    def record_export(self, fmt: str) -> None:
        """Leave in the trail that the list was taken away, and how it was filtered: the usual filters are told, too."""
        if self.trail_action:
            entry_write(
                action=self.trail_action,
                actor=self.reader,
                subject=str(self.title),
                after={"format": fmt, "filters": clean_query(self._asked().urlencode())[:500]},
            )

    @cached_property
    def _query_now(self) -> str:
        return clean_query(self.request.GET.urlencode())

    @cached_property
    def _views(self) -> list[SavedView]:
        return views_of_list(list_key=self.list_key, user=self.reader)

    @property
    def _own_views(self) -> list[SavedView]:
        return [view for view in self._views if view.owner_id == self.reader.pk]

    def get_results_extras(self) -> Mapping[str, Any]:
        """Return the menu of views."""
        asked = urlencode({"list": self.list_key, "query": self._query_now})
        views = [(view, self._chip(view)) for view in self._views]
        save_url = f"{reverse('lists:view-create')}?{asked}" if self._can_be_kept() else ""
        drawn = (
            (
                chip.url,
                chip.label,
                chip.is_current,
                view.owner_id,
                getattr(view, "owner_name", ""),
                view.sharing,
            )
            for view, chip in views
        )
        return {
            "menus": ("lists/_views_menu.html",),
            "views_look": (self.reader.pk, save_url, *drawn) if self._is_kept() else None,
            "saved_views": views,
            "view_save_url": save_url,
            "views_url": reverse("lists:view-list"),
        }

    def get_more_chips(self) -> list[Chip]:
        """Return the reader's own views beside the quick filters."""
        return [self._chip(view) for view in self._own_views][:CHIPS]

    def _chip(self, view: SavedView) -> Chip:
        url = f"{self.request.path}?{view.query}" if view.query else self.request.path
        return Chip(view.name, url, view.query == self._query_now)

    def _can_be_kept(self) -> bool:
        """Tell whether there is something to keep that is not kept yet."""
        own = {view.query for view in self._own_views}
        return bool(QueryDict(self._query_now)) and self._query_now not in own
