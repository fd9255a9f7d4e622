"""The narrow row beside each activity; and what PostgreSQL refuses, whoever writes SQL."""

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from duties.choices import TO_DO, ActivityState
from duties.models import Activity, ActivityListing, ChecklistItem
from duties.tests.factories import DAY, NOW, activity_make, done, ready, step
from foundation.accounts.organisation import organisation_day
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db


def assert_listed(activity: Activity) -> ActivityListing:
    activity = Activity.objects.get(pk=activity.pk)
    row = ActivityListing.objects.get(pk=activity.pk)
    same = (
        "reference",
        "title",
        "state",
        "duty",
        "confidentiality",
        "unit_id",
        "owner_id",
        "due_on",
        "done_on",
        "skipped_on",
    )
    for name in same:
        assert getattr(row, name) == getattr(activity, name), name
    assert row.late_on == (activity.due_on if activity.state in TO_DO else None)
    assert row.is_archived == (activity.archived_at is not None)
    assert row.needle == f"{activity.title} {activity.reference}".lower()
    return row


def test_it_follows_an_activity_all_its_life(cast: Cast) -> None:
    assert assert_listed(done(cast)).state == ActivityState.DONE
    activity = activity_make(cast)
    assert assert_listed(activity).late_on == DAY
    assert assert_listed(step(activity, "skip", cast.analyst, comment="No time")).late_on is None


def test_what_was_skipped_before_its_day_was_kept_got_the_one_of_the_trail(cast: Cast) -> None:
    activity = step(activity_make(cast), "skip", cast.analyst, comment="No time")
    entry = Entry.objects.get(record_id=activity.pk, action="duties.activity.skip")
    untold = step(activity_make(cast), "skip", cast.analyst, comment="No time")
    Activity.objects.update(skipped_on=None)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_record SET state = 'planned' WHERE id = %s", [untold.pk])
        cursor.execute(import_module("duties.migrations.0008_skipped_on").WHEN_SKIPPED)
    assert assert_listed(activity).skipped_on == organisation_day(entry.at)
    assert Activity.objects.get(pk=untold.pk).skipped_on is None


def test_it_follows_whoever_writes_sql(cast: Cast) -> None:
    activity = activity_make(cast)
    Record.objects.filter(pk=activity.pk).update(title="Alarm", unit=cast.units.retail, archived_at=NOW)
    Activity.objects.filter(pk=activity.pk).update(due_on=date(2027, 1, 8), duty=9)
    assert assert_listed(activity).late_on == date(2027, 1, 8)
    assert not ActivityListing.objects.visible_to(cast.ciso).unarchived().exists()


@pytest.mark.parametrize("state", ["done", "sign_off"])
@pytest.mark.parametrize("lack", ["outcome", "tick"])
def test_nothing_is_done_of_which_something_is_missing(cast: Cast, state: str, lack: str) -> None:
    activity = ready(activity_make(cast), cast.personnel)
    if lack == "outcome":
        Activity.objects.filter(pk=activity.pk).update(outcome=" \n")
    else:
        ChecklistItem.objects.filter(pk=activity.items.first().pk).update(ticked_at=None, ticked_by=None)
    with pytest.raises(DatabaseError, match="once its outcome"), transaction.atomic():
        Record.objects.filter(pk=activity.pk).update(state=state)
    Record.objects.filter(pk=activity.pk).update(state="skipped")


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "Other"},
        {"due_on": date(2027, 1, 8)},
        {"duty": 3},
        {"needs_sign_off": True},
        {"task": "-"},
    ],
)
def test_what_has_ended_is_fixed(cast: Cast, changes: dict[str, Any]) -> None:
    activity = done(cast)
    with pytest.raises(DatabaseError, match="fixed once it has ended"), transaction.atomic():
        Activity.objects.filter(pk=activity.pk).update(**changes)


def test_so_is_its_checklist_and_nothing_is_deleted(cast: Cast) -> None:
    activity = done(cast)
    items = ChecklistItem.objects.filter(activity=activity)
    for work in (
        lambda: items.update(ticked_at=None, ticked_by=None),
        items.delete,
        lambda: ChecklistItem.objects.create(activity=activity, position=9, text="More"),
        lambda: Activity.objects.filter(pk=activity.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            work()


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"duty": 14}, "activity_known_duty"),
        ({"done_on": DAY}, "activity_done_by_somebody"),
        ({"occurrence_on": DAY}, "activity_stands_for_an_occurrence"),
    ],
)
def test_what_makes_no_sense_is_refused(cast: Cast, changes: dict[str, Any], name: str) -> None:
    activity = activity_make(cast)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Activity.objects.filter(pk=activity.pk).update(**changes)


def test_an_item_is_done_by_somebody(cast: Cast) -> None:
    item = activity_make(cast).items.first()
    with pytest.raises(IntegrityError, match="done_by_somebody"), transaction.atomic():
        ChecklistItem.objects.filter(pk=item.pk).update(ticked_at=NOW)
