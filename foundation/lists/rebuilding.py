"""A list's page without a request: as a worker needs it that writes the list's file."""

from django.http import HttpRequest, QueryDict
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.ui.lists import ListPage


class ListGone(Exception):
    """The name of an address that is of no list (any more)."""


def list_page_class(list_key: str) -> type[ListPage] | None:
    """Return the page of a list by the name of its address, or None for a name that is of no list (any more)."""
    try:
        view = resolve(reverse(list_key)).func
    except (NoReverseMatch, Resolver404):
        return None
    page = getattr(view, "view_class", None)
    return page if isinstance(page, type) and issubclass(page, ListPage) else None


def list_page_for(*, list_key: str, query: str, user: User, for_file: bool = False) -> ListPage:
    """Return the page as this person would open it now, with all columns for a file.

    Raises ListGone where there is no such list, PermissionDenied when the person may not (any longer) open it.
    """
    page_class = list_page_class(list_key)
    if page_class is None:
        raise ListGone(list_key)
    request = HttpRequest()
    request.method, request.path = "GET", reverse(list_key)
    request.resolver_match = resolve(request.path)
    parameters = QueryDict(query, mutable=True)
    if for_file:
        parameters["export"] = "file"
    request.GET = parameters  # type: ignore[assignment]
    request.user = user
    request.access = access_of(user)  # type: ignore[attr-defined]
    page = page_class()
    page.setup(request)
    page.check_reader()
    return page
