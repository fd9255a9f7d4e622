"""Who meets what behind the app's addresses."""

from datetime import UTC, datetime
from uuid import UUID

from foundation.accounts.access import access_of
from foundation.lists.models import ListExport, SavedView
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, answers, everyone

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def own_view(cast: Cast) -> tuple[int]:
    view = SavedView.objects.create(
        owner=cast.analyst, list_key="audits:audit-list", name="Late", query="late=on", sharing="everyone"
    )
    return (view.pk,)


def own_export(cast: Cast) -> tuple[UUID]:
    export = ListExport.objects.create(
        user=cast.analyst,
        list_key="audits:audit-list",
        title="Audits",
        file_name="audits.csv",
        format="csv",
        state="done",
        requested_at=NOW,
        touched_at=NOW,
        access=access_of(cast.analyst).digest,
    )
    return (export.pk,)


ROWS = [
    UrlRow(name="lists:view-list", get=everyone()),
    UrlRow(
        name="lists:view-create",
        query="?list=audits:audit-list&query=late=on",
        get=everyone(),
        post=everyone(422),
    ),
    UrlRow(
        name="lists:view-edit",
        args=own_view,
        get=answers(otherwise=404, analyst=200),
        post=answers(otherwise=404, analyst=422),
    ),
    UrlRow(
        name="lists:view-remove",
        args=own_view,
        get=answers(otherwise=404, analyst=200),
        post=answers(otherwise=404, analyst=302),
    ),
    UrlRow(name="lists:export-list", get=everyone()),
    UrlRow(name="lists:export", args=own_export, get=answers(otherwise=404, analyst=200)),
    UrlRow(name="lists:export-file", args=own_export, get=answers(otherwise=404, analyst=200)),
    UrlRow(
        name="lists:export-stop",
        args=own_export,
        get=everyone(405),
        post=answers(otherwise=404, analyst=302),
    ),
]
