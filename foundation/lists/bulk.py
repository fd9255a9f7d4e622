"""One step for many rows of a list: chosen in the list, checked one by one, each on its own or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.models import User
from foundation.accounts.permissions import person_of
from foundation.lists.rebuilding import list_page_for
from foundation.lists.services import clean_query
from foundation.ui.columns import Column, Table
from foundation.ui.components import Noted, Text
from foundation.ui.form_pages import UNPROCESSABLE, FormPage
from foundation.ui.lists import BULK_MOST
from foundation.ui.structure import Crumb


class StepRefused(Exception):
    """The step can't be taken for a row; the message says why."""


@dataclass(frozen=True)
class Chosen:
    """A row that was chosen: as it is now, at which version its reader saw it, and why the step can't be taken for it.

    `news` says what others changed of it since the list was shown; whoever sees the form then goes by what it says now.
    """

    row: Any
    version: int
    refusal: str = ""
    news: str = ""

    @property
    def key(self) -> str:
        """Return what the form carries of it."""
        return f"{self.row.pk}:{self.version}"


class BulkPage(FormPage):
    """A form for many rows. The list sends their keys (`row`), or says that all are meant which fit its filters (`all`).

    A page names the list and its columns, and says how rows are found (`get_rows_of`), what stands against the step
    (`refusal_for`), how it is taken (`take`), and what others changed (`changes_since`). The list sends the versions that it
    showed: the form says what changed since. A row that changed since the form was shown is left as it is, and its
    reader told, so a form that is sent twice does its work once.
    """

    template_name = "lists/bulk_page.html"
    list_key: ClassVar[str]
    columns: ClassVar[Sequence[Column]]
    rows_label: ClassVar[Text]

    chosen: list[Chosen]
    filters: str

    def get_rows_of(self, keys: Sequence[int]) -> Sequence[Any]:
        """Return the rows of these keys that the reader may see."""
        raise NotImplementedError

    def get_version_of(self, row: Any) -> int:
        """Return the number that is raised with each change of the row."""
        version: int = row.version
        return version

    def changes_since(self, seen: Mapping[int, int]) -> Mapping[int, str]:
        """Return what was changed of rows since these versions, in words, by key; nothing of those it is not known of."""
        return {}

    def refusal_for(self, row: Any) -> str:
        """Return why the step can't be taken for a row, whatever the form says, or nothing."""
        return ""

    def take(self, chosen: Chosen, form: Any) -> None:
        """Take the step for one row; raise StepRefused, ValidationError or PermissionDenied with the reason."""
        raise NotImplementedError

    def cells_of(self, row: Any) -> list[Any]:
        """Return what the table of chosen rows shows."""
        raise NotImplementedError

    @property
    def actor(self) -> User:
        """Return who is signed in."""
        return person_of(self.request)

    @property
    def list_url(self) -> str:
        """Return the list as it was filtered."""
        path = reverse(self.list_key)
        return f"{path}?{self.filters}" if self.filters else path

    def get_cancel_url(self) -> str:
        """Return to the list."""
        return self.list_url

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (Crumb(self.rows_label, self.list_url), Crumb(self.get_title()))

    def prepare(self) -> None:
        """Find the rows that were chosen."""
        source = self.request.POST if self.request.method == "POST" else self.request.GET
        self.filters = clean_query(source.get("filters", ""))
        versions = _versions(source.getlist("row"))
        keys = self._all_keys() if source.get("all") else list(versions)
        rows = {row.pk: row for row in self.get_rows_of(keys[:BULK_MOST])}
        now = {key: self.get_version_of(row) for key, row in rows.items()}
        seen = {key: versions.get(key) or version for key, version in now.items()}
        stale = {key: version for key, version in seen.items() if version != now[key]}
        told = self.changes_since(stale) if stale else {}
        news = {key: told.get(key) or _("It was changed since you selected it.") for key in stale}
        self.chosen = [
            Chosen(row, seen[key], self.refusal_for(row), news.get(key, "")) for key, row in rows.items()
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form, or say that nothing was chosen."""
        self.prepare()
        if not self.chosen:
            messages.info(request, _("Select what it is about first."))
            return redirect(self.list_url)
        # Whoever sees the form sees what the rows say now.
        self.chosen = [replace(one, version=self.get_version_of(one.row)) for one in self.chosen]
        return self.show(self.form_class(**self.get_form_arguments()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the step for each row; tell for which it could not be taken, and why."""
        self.prepare()
        form = self.form_class(request.POST, **self.get_form_arguments())
        if not form.is_valid():
            return self.show(form, status=UNPROCESSABLE)
        outcomes = [(chosen, self._try(chosen, form)) for chosen in self.chosen]
        refused = [(chosen, reason) for chosen, reason in outcomes if reason]
        done = len(outcomes) - len(refused)
        said = ngettext("%(count)d is changed.", "%(count)d are changed.", done) % {"count": done}
        if not refused:
            messages.success(request, f"{self.rows_label}: {said}")
            return redirect(self.list_url)
        columns = (*self.columns, Column("reason", _("Why it stays as it is")))
        label = _("Not changed")
        rows = [[*self.cells_of(chosen.row), reason] for chosen, reason in refused]
        context = {
            "title": self.get_title(),
            "crumbs": self.get_crumbs(),
            "said": said,
            "is_done": bool(done),
            "table": Table(label, columns, rows),
            "table_label": label,
            "list_url": self.list_url,
        }
        return render(request, "lists/bulk_outcome.html", context)

    def get_extra_context(self) -> dict[str, Any]:
        """Return the rows, what changed of them meanwhile, and which of them the step can't be taken for."""
        return {
            "chosen": self.chosen,
            "filters": self.filters,
            "table": Table(_("Selected"), self.columns, [self._noted(chosen) for chosen in self.chosen]),
            "changed": sum(bool(chosen.news) for chosen in self.chosen),
            "possible": sum(not chosen.refusal for chosen in self.chosen),
        }

    def _noted(self, chosen: Chosen) -> list[Any]:
        """Return a row's cells, with what is to be known of it under its title."""
        cells = self.cells_of(chosen.row)
        stays = _("Stays as it is: %(reason)s") % {"reason": chosen.refusal} if chosen.refusal else ""
        for note in filter(None, (chosen.news, stays)):
            place = next(number for number, column in enumerate(self.columns) if column.is_title)
            cells[place] = Noted(cells[place], note)
        return cells

    def _try(self, chosen: Chosen, form: Any) -> str:
        if chosen.refusal:
            return chosen.refusal
        if chosen.news:
            return chosen.news
        try:
            with transaction.atomic():
                self.take(chosen, form)
        except (StepRefused, PermissionDenied) as refused:
            return str(refused)
        except ValidationError as refused:
            return " ".join(refused.messages)
        return ""

    def _all_keys(self) -> list[int]:
        page = list_page_for(list_key=self.list_key, query=self.filters, user=self.actor)
        return list(page.get_filtered_rows().values_list("pk", flat=True)[:BULK_MOST])


def _versions(values: Sequence[str]) -> dict[int, int]:
    """Return the versions by key that a form carries as `key` or `key:version`; what is neither is left out."""
    found: dict[int, int] = {}
    for value in values[:BULK_MOST]:
        key, _colon, version = value.partition(":")
        if key.isdecimal() and len(key) < 19 and len(version) < 10 and (not version or version.isdecimal()):
            found[int(key)] = int(version or 0)
    return found
