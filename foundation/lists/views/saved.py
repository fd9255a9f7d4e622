"""Saved views: keeping one, changing its name and sharing, removing it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.access import access_of
from foundation.accounts.forms.seen import told_if_stale
from foundation.accounts.models import User
from foundation.accounts.permissions import person_of
from foundation.lists.choices import Sharing
from foundation.lists.forms import ViewEditForm, ViewSaveForm
from foundation.lists.models import SavedView
from foundation.lists.rebuilding import ListGone, list_page_class, list_page_for
from foundation.lists.selectors import views_kept_by
from foundation.lists.services import VIEW_NAMING, clean_query, view_remove, view_save
from foundation.ui.columns import Column, Table
from foundation.ui.components import Link, Listing
from foundation.ui.conflicts import VERSION
from foundation.ui.errors import Gone, found_or_gone
from foundation.ui.form_pages import ConfirmPage
from foundation.ui.pages import Page
from foundation.ui.structure import Crumb, EmptyState


def address_of(view: SavedView) -> str:
    """Return where a view is seen."""
    path = reverse(view.list_key)
    return f"{path}?{view.query}" if view.query else path


def sharings_for(user: User) -> list[str]:
    """Return with whom the person may share views."""
    wider = [Sharing.EVERYONE] if access_of(user).has_anywhere("lists.share") else []
    return [Sharing.NOBODY, *([Sharing.UNIT] if user.unit_id else []), *wider]


class ViewPage(ConfirmPage):
    """What the forms of a saved view have in common."""

    submit_label = gettext_lazy("Save the view")

    @property
    def actor(self) -> User:
        """Return who is signed in."""
        return person_of(self.request)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (Crumb(_("Saved views"), reverse("lists:view-list")), Crumb(self.get_title()))

    def get_cancel_url(self) -> str:
        """Return to the saved views."""
        return reverse("lists:view-list")


class ViewCreate(ViewPage):
    """Keeps what a list shows; the address names the list and the query."""

    form_class = ViewSaveForm
    title = gettext_lazy("Save this view")
    list_key: str
    query: str

    def prepare(self) -> None:
        """Find the list; whoever may not open it keeps no view of it."""
        self.list_key = self.request.GET.get("list", "")[:80]
        self.query = clean_query(self.request.GET.get("query", ""))
        try:
            list_page_for(list_key=self.list_key, query=self.query, user=self.actor)
        except ListGone as gone:
            raise Http404 from gone

    def get_text(self) -> str:
        """Say what is kept."""
        return _("Keeps the filters, the order and the columns. Whoever opens it sees what they may see.")

    def get_form_arguments(self) -> dict[str, Any]:
        """Return what the person has already, and may choose."""
        own = [view for view in views_kept_by(self.actor) if view.list_key == self.list_key]
        return {"own": own, "query": self.query, "sharings": sharings_for(self.actor)}

    def get_cancel_url(self) -> str:
        """Return to the list."""
        return f"{reverse(self.list_key)}?{self.query}"

    def save(self, form: ViewSaveForm) -> str:
        """Keep it, and go back to the list."""
        with told_if_stale(form):
            view = view_save(
                actor=self.actor,
                list_key=self.list_key,
                name=form.cleaned_data["name"],
                query=self.query,
                sharing=form.cleaned_data["sharing"],
                view=form.replaced(),
                seen=form.seen(),
            )
        messages.success(self.request, _("The view “%(name)s” is saved.") % {"name": view.name})
        return address_of(view)


class OwnViewPage(ViewPage):
    """A page about a view that the reader saved."""

    view: SavedView

    def prepare(self) -> None:
        """Find the view, of those that the person saved."""
        gone = Gone(_("This saved view was removed, or it is not yours."), way_on=reverse("lists:view-list"))
        self.view = found_or_gone(SavedView.objects.filter(owner=self.actor), gone, pk=self.kwargs["pk"])


class ViewEdit(OwnViewPage):
    """Changes the name and the sharing of a view."""

    form_class = ViewEditForm
    title = gettext_lazy("Change a saved view")

    def get_form_arguments(self) -> dict[str, Any]:
        """Return what it says now."""
        return {"view": self.view, "sharings": sharings_for(self.actor)}

    def save(self, form: ViewEditForm) -> str:
        """Change it."""
        with told_if_stale(form):
            view = view_save(
                actor=self.actor,
                list_key=self.view.list_key,
                query=None,
                view=self.view,
                seen=form.cleaned_data[VERSION],
                shown=VIEW_NAMING,
                **form.typed(),
            )
        messages.success(self.request, _("The view “%(name)s” is saved.") % {"name": view.name})
        return reverse("lists:view-list")


class ViewRemove(OwnViewPage):
    """Removes a view."""

    title = gettext_lazy("Remove a saved view")
    submit_label = gettext_lazy("Remove the view")

    def get_text(self) -> str:
        """Say what happens."""
        if self.view.sharing == Sharing.NOBODY:
            return _("“%(name)s” goes. The records that it shows stay as they are.") % {
                "name": self.view.name
            }
        return _("“%(name)s” goes, also for those it is shared with. The records stay as they are.") % {
            "name": self.view.name
        }

    def is_dangerous(self) -> bool:
        """Draw the button as a warning."""
        return True

    def save(self, form: Any) -> str:
        """Remove it."""
        view_remove(view=self.view, actor=self.actor)
        messages.success(self.request, _("The view “%(name)s” is removed.") % {"name": self.view.name})
        return reverse("lists:view-list")


class ViewList(Page):
    """All views that a person saved."""

    columns = (
        Column("name", gettext_lazy("Name"), is_title=True),
        Column("list", gettext_lazy("List")),
        Column("sharing", gettext_lazy("Shown to")),
        Column("steps", gettext_lazy("Change"), at_end=True),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        rows = [self._row(view) for view in views_kept_by(person_of(request))]
        empty = EmptyState(
            _("No saved views"),
            _("Filter a list, then choose “Save this view” in its menu “Views”."),
            "bookmark",
        )
        title = _("Saved views")
        context = {
            "title": title,
            "subtitle": _("Lists as you keep them, and with whom you share them"),
            "table": Table(title, self.columns, rows) if rows else None,
            "empty": empty,
        }
        return render(request, "lists/table_page.html", context)

    def _row(self, view: SavedView) -> list[Any]:
        page = list_page_class(view.list_key)
        steps = (
            Link(_("Change"), reverse("lists:view-edit", args=[view.pk])),
            Link(_("Remove"), reverse("lists:view-remove", args=[view.pk])),
        )
        name = Link(view.name, address_of(view)) if page else view.name
        return [
            name,
            page.title if page else _("a list that is gone"),
            view.get_sharing_display(),
            Listing(steps, " · "),
        ]
