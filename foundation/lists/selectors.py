"""Reads of what people keep of lists."""

from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from foundation.accounts.models import User
from foundation.lists.models import SavedView
from foundation.ui.lists import ListPage


def list_page_class(list_key: str) -> type[ListPage] | None:
    """Return the page of a list by the name of its address, or None for a name that is of no list (any more)."""
    try:
        view = resolve(reverse(list_key)).func
    except (NoReverseMatch, Resolver404):
        return None
    page = getattr(view, "view_class", None)
    return page if isinstance(page, type) and issubclass(page, ListPage) else None


def views_of_list(*, list_key: str, user: User) -> list[SavedView]:
    """Return the views of a list that the person may choose, each with `is_own`, the person's own first."""
    return list(SavedView.objects.of(list_key).shown_to(user).in_order(user).select_related("owner"))


def views_kept_by(user: User) -> list[SavedView]:
    """Return all views that a person saved, list by list."""
    return list(SavedView.objects.filter(owner=user).order_by("list_key", "name"))
