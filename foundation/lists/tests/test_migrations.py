"""What people kept of lists before those opened with what is open, and files from before it was noted what they show."""

from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from foundation.lists.choices import ExportState
from foundation.lists.models import QUERY_LENGTH, ListExport, ListExportPart, ListExportShown, SavedView
from foundation.lists.services.exports import export_run
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AUDITS, ACTIONS, TRAIL = "audits:audit-list", "actions:action-list", "records:trail-list"
migration = import_module("foundation.lists.migrations.0005_name_states_of_kept_lists")


class Editor:
    """What a migration is given of the database."""

    connection = connection


def export_make(cast: Cast, state: str, **more: Any) -> ListExport:
    values = {"title": "Audits", "file_name": "audits.csv", "format": "csv", "list_key": AUDITS}
    return ListExport.objects.create(
        user=cast.ciso, state=state, requested_at=NOW, touched_at=NOW, **(values | more)
    )


@pytest.mark.parametrize("list_key", [AUDITS, ACTIONS])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "state=all"),
        ("type=supplier&sort=title", "sort=title&state=all&type=supplier"),
        ("columns=unit&columns=state&q=%26", "columns=state&columns=unit&q=%26&state=all"),
        ("sort=title&state=closed", "sort=title&state=closed"),
        ("state=all", "state=all"),
    ],
)
def test_what_names_no_state_shows_all_of_them_still(
    cast: Cast, list_key: str, before: str, after: str
) -> None:
    view = SavedView.objects.create(owner=cast.ciso, list_key=list_key, name="Mine", query=before)
    export = export_make(cast, ExportState.WAITING, list_key=list_key, query=before)
    for _twice in range(2):
        migration.name_states(apps, Editor)
        view.refresh_from_db()
        export.refresh_from_db()
        assert (view.query, export.query) == (after, after)


def test_other_lists_and_what_would_be_too_long_stay_as_they_are(cast: Cast) -> None:
    long = "q=" + "x" * (QUERY_LENGTH - 4)
    views = [
        SavedView.objects.create(owner=cast.ciso, list_key=key, name="Mine", query=query)
        for key, query in ((TRAIL, "q=a"), (AUDITS, long))
    ]
    migration.name_states(apps, Editor)
    for view in views:
        view.refresh_from_db()
    assert [view.query for view in views] == ["q=a", long]


def test_files_of_which_nobody_knows_what_they_show_are_gone(cast: Cast) -> None:
    unjudged, judged = export_make(cast, ExportState.DONE), export_make(cast, ExportState.DONE)
    for export in (unjudged, judged):
        ListExportPart.objects.create(export=export, number=0, content=b"Sensitive")
    ListExportShown.objects.create(export=judged, keys=[1])
    migration.refuse_unjudged_files(apps, Editor)
    assert ListExport.objects.get() == judged
    assert ListExportPart.objects.get().export_id == judged.pk


def test_a_file_that_an_old_worker_is_writing_is_begun_anew(cast: Cast) -> None:
    export = export_make(cast, ExportState.RUNNING, attempt=3)
    ListExportPart.objects.create(export=export, number=0, content=b"Sensitive")
    migration.refuse_unjudged_files(apps, Editor)
    export.refresh_from_db()
    assert export.state == ExportState.WAITING
    export_run(key=export.pk, clock=lambda: NOW)
    export.refresh_from_db()
    assert (export.state, export.attempt) == (ExportState.DONE, 4), (
        "the old worker does not take it for its own"
    )
    assert b"Sensitive" not in bytes(export.parts.get().content)
