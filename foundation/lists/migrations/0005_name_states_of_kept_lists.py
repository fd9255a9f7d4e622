from typing import Any

from django.db import migrations
from django.http import QueryDict

# Lists that showed all states where the address names none, and open with what is open since.
NOW_OPEN_FIRST = ("audits:audit-list", "actions:action-list")
QUERY_LENGTH = 2_000
KEPT_BY = ("SavedView", "ListExport")


def with_all_states(query: str) -> str:
    """Return a list's query so that it means today what it meant before; one that names a state still does."""
    kept = QueryDict(query, mutable=True)
    if kept.get("state"):
        return query
    kept["state"] = "all"
    pairs = sorted((name, value) for name, values in kept.lists() for value in values)
    ordered = QueryDict(mutable=True)
    for name, value in pairs:
        ordered.appendlist(name, value)
    return ordered.urlencode()


def name_states(apps: Any, editor: Any) -> None:
    """Let views that people keep, and files on their way, show all states, as they did when they were asked for."""
    for name in KEPT_BY:
        kept = apps.get_model("lists", name).objects.using(editor.connection.alias)
        for one in kept.filter(list_key__in=NOW_OPEN_FIRST).only("pk", "query").iterator():
            query = with_all_states(one.query)
            if query != one.query and len(query) <= QUERY_LENGTH:
                kept.filter(pk=one.pk).update(query=query)


def refuse_unjudged_files(apps: Any, editor: Any) -> None:
    """Drop finished files of which nobody noted what they show, and let those begin anew that are half written.

    A file without a row that lists do note (an empty one, or of a list that hides nothing) goes, too: none is kept for
    longer than eight hours, and whoever misses one takes the list anew.
    """
    exports = apps.get_model("lists", "ListExport").objects.using(editor.connection.alias)
    exports.filter(state="done", shown__isnull=True).delete()
    exports.filter(state="running").update(state="waiting")


class Migration(migrations.Migration):
    dependencies = [
        ("lists", "0004_what_exports_show"),
    ]

    operations = [
        migrations.RunPython(name_states, migrations.RunPython.noop),
        migrations.RunPython(refuse_unjudged_files, migrations.RunPython.noop),
    ]
