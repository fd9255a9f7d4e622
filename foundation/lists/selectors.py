"""Reads of what people keep of lists."""

from foundation.accounts.models import User
from foundation.lists.models import ListExport, SavedView


def views_of_list(*, list_key: str, user: User) -> list[SavedView]:
    """Return the views of a list that the person may choose, each with `is_own`, the person's own first."""
    return list(SavedView.objects.of(list_key).shown_to(user).in_order(user).select_related("owner"))


def views_kept_by(user: User) -> list[SavedView]:
    """Return all views that a person saved, list by list."""
    return list(SavedView.objects.filter(owner=user).order_by("list_key", "name"))


def exports_of(user: User) -> list[ListExport]:
    """Return the files that a person asked for and that are kept, the newest first."""
    return list(ListExport.objects.filter(user=user).order_by("-requested_at", "pk")[:50])
