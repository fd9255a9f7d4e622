"""Reads of what people keep of lists."""

from foundation.accounts.models import User
from foundation.lists.choices import Sharing
from foundation.lists.models import ListExport, SavedView

# Every list asks for this each time it is opened. `starts_with`: the unit that it is shared with is the person's, or above it.
VIEWS_OF_LIST = """
    SELECT view.*, owner.full_name AS owner_name
    FROM lists_savedview AS view JOIN accounts_user AS owner ON owner.id = view.owner_id
    WHERE view.list_key = %(list_key)s AND (view.owner_id = %(person)s OR (owner.is_active AND (
        view.sharing = %(everyone)s OR (view.sharing = %(unit)s AND EXISTS (
            SELECT FROM accounts_businessunit AS own JOIN accounts_businessunit AS shared ON starts_with(own.path, shared.path)
            WHERE own.id = %(own_unit)s AND shared.id = view.unit_id
        ))
    )))
    ORDER BY view.owner_id <> %(person)s, view.name, view.id
"""


def views_of_list(*, list_key: str, user: User) -> list[SavedView]:
    """Return the views of a list that the person may choose, each with `owner_name`: the person's own first, then by name.

    Besides the own ones, these are those that others share with everyone, or with the person's unit or one above it.
    """
    values = {
        "list_key": list_key,
        "person": user.pk,
        "own_unit": user.unit_id,
        "everyone": Sharing.EVERYONE.value,
        "unit": Sharing.UNIT.value,
    }
    return list(SavedView.objects.raw(VIEWS_OF_LIST, values))


def views_kept_by(user: User) -> list[SavedView]:
    """Return all views that a person saved, list by list."""
    return list(SavedView.objects.filter(owner=user).order_by("list_key", "name"))


def exports_of(user: User) -> list[ListExport]:
    """Return the files that a person asked for and that are kept, the newest first."""
    return list(ListExport.objects.filter(user=user).order_by("-requested_at", "pk")[:50])
