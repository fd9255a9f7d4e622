"""Saving views of lists, sharing them and taking them back."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.accounts.versions import version_check
from foundation.lists.choices import Sharing
from foundation.lists.models import QUERY_LENGTH, SavedView
from foundation.trail.services import entry_write

MOST_VIEWS = 50
VIEW_NAMING = ("name", "sharing")
VIEW_FIELDS = (*VIEW_NAMING, "query")
PASSING = ("page", "export", "view")  # parameters of the moment


def clean_query(query: str) -> str:
    """Return the lasting part of an address's query, in a form in which equal views are equal text."""
    parameters = QueryDict(query, mutable=True)
    pairs = [
        (name, value)
        for name, values in parameters.lists()
        if name not in PASSING
        for value in values
        if value != ""
    ]
    kept = QueryDict(mutable=True)
    for name, value in sorted(pairs):
        kept.appendlist(name, value)
    return kept.urlencode()


@transaction.atomic
def view_save(
    *,
    actor: User,
    list_key: str,
    name: str,
    query: str | None,
    sharing: str = Sharing.NOBODY,
    view: SavedView | None = None,
    seen: str | None = None,
    shown: Sequence[str] = VIEW_FIELDS,
) -> SavedView:
    """Save what a list shows under a name, or change a view that the person saved before (`view`); no query keeps its own.

    Raises ValidationError for a name that another of the person's views of this list has, for more views than
    MOST_VIEWS, for filters that are too long, and for a sharing that the person may not choose. `seen` is the version
    of the view's fields `shown` that the change was made on; raises StaleEdit when it is another by now, ValidationError
    when the view was removed.
    """
    cleaned = clean_query(query or "")
    if len(cleaned) > QUERY_LENGTH:
        raise ValidationError(_("These filters are too long to be kept."))
    _check_sharing(actor, sharing)
    User.objects.select_for_update().get(pk=actor.pk)  # of two savings at once, the second sees the first
    if view is not None and seen is not None:
        view = SavedView.objects.filter(pk=view.pk).first()
        if view is None:
            raise ValidationError(_("This view was removed meanwhile."))
        version_check(view, shown, seen)
    others = SavedView.objects.of(list_key).filter(owner=actor).exclude(pk=view.pk if view else None)
    if others.filter(name__iexact=name).exists():
        raise ValidationError({"name": _("You have another view of this name.")})
    if view is None and others.count() >= MOST_VIEWS:
        raise ValidationError(
            _("You have %(count)d views of this list. Remove one first.") % {"count": MOST_VIEWS}
        )
    before = _told(view) if view else {}
    kept = view or SavedView(owner=actor, list_key=list_key)
    kept.name, kept.sharing = name, sharing
    kept.query = kept.query if query is None else cleaned
    kept.unit_id = actor.unit_id if sharing == Sharing.UNIT else None
    kept.save()
    entry_write(
        action="lists.view.changed" if view else "lists.view.saved",
        actor=actor,
        subject=name,
        before=before,
        after=_told(kept),
    )
    return kept


@transaction.atomic
def view_remove(*, view: SavedView, actor: User) -> None:
    """Remove a view; its filters stand in the trail."""
    entry_write(action="lists.view.removed", actor=actor, subject=view.name, before=_told(view))
    view.delete()


def _check_sharing(actor: User, sharing: str) -> None:
    if sharing == Sharing.EVERYONE and not access_of(actor).has_anywhere("lists.share"):
        raise ValidationError({"sharing": _("You may share views with your business unit.")})
    if sharing == Sharing.UNIT and actor.unit_id is None:
        raise ValidationError({"sharing": _("You belong to no business unit.")})


def _told(view: SavedView) -> dict[str, str]:
    return {"list": view.list_key, "name": view.name, "filters": view.query, "sharing": view.sharing}
