"""Who meets what behind the app's addresses."""

from foundation.lists.models import SavedView
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, answers, everyone


def own_view(cast: Cast) -> tuple[int]:
    view = SavedView.objects.create(
        owner=cast.analyst, list_key="audits:audit-list", name="Late", query="late=on", sharing="everyone"
    )
    return (view.pk,)


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
]
