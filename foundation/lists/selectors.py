"""Reads of what people keep of lists."""

from django.db.models import F

from foundation.accounts.models import User
from foundation.lists.models import ListExport, SavedView


def views_of_list(*, list_key: str, user: User) -> list[SavedView]:
    """Return the views of a list that the person may choose, each with `owner_name`: the person's own first, then by name."""
    views = SavedView.objects.shown_to(user).filter(list_key=list_key)
    named = views.annotate(owner_name=F("owner__full_name")).order_by("name", "pk")
    return sorted(named, key=lambda view: view.owner_id != user.pk)


def views_kept_by(user: User) -> list[SavedView]:
    """Return all views that a person saved, list by list."""
    return list(SavedView.objects.filter(owner=user).order_by("list_key", "name"))


def exports_of(user: User) -> list[ListExport]:
    """Return the files that a person asked for and that are kept, the newest first."""
    return list(ListExport.objects.filter(user=user).order_by("-requested_at", "pk")[:50])
