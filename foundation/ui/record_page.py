"""The page of a record: its state, what may be done with it, its tabs, and its facts at the side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from foundation.ui.components import Text
from foundation.ui.pages import Page
from foundation.ui.structure import Action, Crumb, Fact, Step, Tab


@dataclass(frozen=True)
class TabPage:
    """A tab of a record: its key in the URL (the first one has none) and the template of its main column."""

    key: str
    label: Text
    template: str
    icon: str = ""
    order: int = 0


class RecordPage(Page):
    """A record, one tab at a time.

    The URL is given twice: plain for the first tab, and with `<slug:tab>/` for the others. Only the context of the tab
    that is shown is read: from the page's method `context_<key>(record)`, where there is one.
    """

    tabs: ClassVar[Sequence[TabPage]]
    template_name: ClassVar[str] = "ui/record_page.html"

    record: Any

    # What a page of its own says.

    def get_tabs(self) -> Sequence[TabPage]:
        """Return the tabs that the reader has on this record, in their order; the first one is the page itself."""
        return self.tabs

    def get_tab_context(self, tab: TabPage) -> Mapping[str, Any]:
        """Return what the template of the tab that is shown needs: what `context_<key>(record)` returns."""
        own = getattr(self, f"context_{tab.key}", None)
        return own(self.record) if own else {}

    def get_record(self) -> Any:
        """Return the record that the URL names, of those that the reader may see; raise Http404 for any other."""
        raise NotImplementedError

    def get_tab_url(self, key: str) -> str:
        """Return the address of a tab; the first one's is the record's own."""
        raise NotImplementedError

    def get_title(self) -> Any:
        """Return the heading."""
        return str(self.record)

    def get_subtitle(self) -> Any:
        """Return what stands under the heading."""
        return ""

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return ()

    def get_actions(self) -> Sequence[Action]:
        """Return the buttons that the reader may use now."""
        return ()

    def get_steps(self) -> Sequence[Step]:
        """Return the state bar; nothing for a record without states."""
        return ()

    def get_facts(self) -> Sequence[Fact]:
        """Return what stands at the side."""
        return ()

    def get_tab_counts(self) -> Mapping[str, int]:
        """Return the numbers that tabs carry, by the tabs' keys."""
        return {}

    def get_extra_context(self) -> Mapping[str, Any]:
        """Return what the template of every tab needs besides."""
        return {}

    def opened(self) -> None:
        """Note that the reader opened the record; by default nothing is noted."""

    # How it is answered.

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the page with one tab."""
        self.record = self.get_record()
        tabs = self.get_tabs()
        key = kwargs.get("tab") or tabs[0].key
        tab = next((tab for tab in tabs if tab.key == key), None)
        if tab is None:
            raise Http404
        self.opened()
        context = {
            "now": self.now,
            "record": self.record,
            "title": self.get_title(),
            "subtitle": self.get_subtitle(),
            "crumbs": self.get_crumbs(),
            "actions": self.get_actions(),
            "steps": self.get_steps(),
            "facts": self.get_facts(),
            "tabs": self._tabs(tabs, tab),
            "tab": tab,
            **self.get_extra_context(),
            **self.get_tab_context(tab),
        }
        return render(request, self.get_template(tab), context)

    def get_template(self, tab: TabPage) -> str:
        """Return the template of the page with this tab; a page whose tab is filled in part returns that of the part."""
        return self.template_name

    def _tabs(self, tabs: Sequence[TabPage], shown: TabPage) -> list[Tab]:
        if len(tabs) < 2:
            return []
        counts = self.get_tab_counts()
        return [
            Tab(tab.label, self.get_tab_url(tab.key), tab is shown, tab.icon, counts.get(tab.key))
            for tab in tabs
        ]
