"""Planning activities and changing them, their dates and owners, and what stands beside them."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from duties.choices import ActivityState
from duties.models import Activity
from duties.services import (
    DUE,
    ActivityRefused,
    Item,
    activity_change,
    activity_give,
    activity_move,
    activity_move_refusal,
    item_tick,
    outcome_write,
)
from duties.tasks import plan_occurrences
from duties.tests.factories import DAY, ITEMS, NOW, activity_make, again, done, ready, step
from foundation.accounts.models import Delegation, User
from foundation.accounts.rights import RightMissing
from foundation.accounts.services.leaving import user_deactivate
from foundation.deadlines.models import Deadline
from foundation.files.inspection.refusals import FileRefused
from foundation.files.services import file_add, file_withdraw
from foundation.files.tests.contents import upload
from foundation.records.models import Record
from foundation.records.services import StaleRecord
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db


def change(activity: Activity, cast: Cast, items: Any = ITEMS, **changes: Any) -> Activity:
    return activity_change(
        activity=activity,
        changes=changes,
        checklist=items,
        actor=cast.analyst,
        now=NOW,
        version=activity.version,
    )


def due(activity: Activity) -> tuple[Any, ...]:
    return Deadline.objects.open().values_list("kind", "due_on", "assignee_id").get(record_id=activity.pk)


def test_its_owner_is_reminded_of_its_day(cast: Cast) -> None:
    activity = activity_make(cast)
    assert activity.reference == "DUT-0001"
    assert due(activity) == (DUE, DAY, cast.personnel.pk)
    assert [item.text for item in activity.items.all()] == [item.text for item in ITEMS]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"checklist": [Item("Once"), Item("Once")]}, "checklist"),
        ({"checklist": [Item(str(number)) for number in range(31)]}, "checklist"),
        ({"checklist": [Item("x" * 301)]}, "checklist"),
        ({"rrule": "FREQ=SOMETIMES"}, "repeat_unit"),
        ({"rrule": "FREQ=YEARLY;UNTIL=20200101"}, "repeat_unit"),
        ({"rrule": "FREQ=MONTHLY;BYMONTHDAY=10;BYDAY=1MO"}, "repeat_unit"),
    ],
)
def test_what_can_not_be_is_refused(cast: Cast, said: dict[str, Any], field: str) -> None:
    with pytest.raises(ActivityRefused) as refused:
        activity_make(cast, **said)
    assert list(refused.value.errors) == [field]
    assert not Activity.objects.exists()


def test_nobody_owns_it_who_has_left(cast: Cast) -> None:
    User.objects.filter(pk=cast.personnel.pk).update(is_active=False)
    cast.personnel.refresh_from_db()
    with pytest.raises(ActivityRefused, match="no longer active"):
        activity_make(cast)
    activity = activity_make(cast, owner=cast.analyst)
    with pytest.raises(ActivityRefused, match="no longer active"):
        change(activity, cast, owner=cast.personnel)


def test_changing_it_moves_its_date_and_keeps_its_ticks(cast: Cast) -> None:
    activity = activity_make(cast)
    first = activity.items.get(text="Read the reports")
    item_tick(activity=activity, item_id=first.pk, is_done=True, actor=cast.personnel, now=NOW)
    items = [Item("Read the reports"), Item("Write to the units"), Item("Ask the units", False)]
    moved = DAY + timedelta(days=7)
    changed = change(
        again(activity), cast, items, due_on=moved, owner=cast.analyst, title="Threats of the year"
    )
    assert due(changed) == (DUE, moved, cast.analyst.pk)
    assert [(one.text, one.is_required, one.is_done) for one in changed.items.order_by("position")] == [
        ("Read the reports", True, True),
        ("Write to the units", True, False),
        ("Ask the units", False, False),
    ]
    with pytest.raises(StaleRecord):
        change(activity, cast, title="Other")
    ended = step(ready(changed, cast.analyst), "complete", cast.analyst)
    with pytest.raises(ActivityRefused, match="reopen"):
        change(ended, cast, title="Other")


def test_who_ticked_first_stays(cast: Cast) -> None:
    activity = activity_make(cast)
    item = activity.items.first()
    for person in (cast.personnel, cast.analyst):
        item_tick(activity=activity, item_id=item.pk, is_done=True, actor=person, now=NOW)
    item.refresh_from_db()
    assert item.ticked_by == cast.personnel
    assert Entry.objects.filter(action="duties.activity.ticked").count() == 1
    item_tick(activity=activity, item_id=item.pk, is_done=False, actor=cast.analyst, now=NOW)
    item.refresh_from_db()
    assert not item.is_done


def test_two_outcomes_at_once_are_told(cast: Cast) -> None:
    activity = activity_make(cast)
    seen = activity.version
    outcome_write(activity=activity, outcome="Mine", actor=cast.personnel, now=NOW, version=seen)
    with pytest.raises(StaleRecord):
        outcome_write(activity=activity, outcome="Yours", actor=cast.analyst, now=NOW, version=seen)
    assert again(activity).outcome == "Mine"


def test_the_calendar_moves_its_day(cast: Cast) -> None:
    activity, moved = activity_make(cast), DAY + timedelta(days=3)
    record = Record.objects.get(pk=activity.pk)
    with pytest.raises(RightMissing):
        activity_move_refusal(record=record, user=cast.personnel)
    activity_move(record=record, to=moved, version=record.version, actor=cast.analyst, now=NOW)
    assert due(activity) == (DUE, moved, cast.personnel.pk)
    assert "reopen" in activity_move_refusal(record=done(cast), user=cast.analyst)


def test_who_leaves_hands_it_over(cast: Cast) -> None:
    activity = activity_make(cast, rrule="FREQ=YEARLY")
    user_deactivate(user=cast.personnel, actor=cast.administrator, now=NOW, successor=cast.unit_lead)
    after = again(activity)
    assert (after.owner, after.series.owner) == (cast.unit_lead, cast.unit_lead)
    assert due(after) == (DUE, DAY, cast.unit_lead.pk)
    assert Entry.objects.filter(action="duties.series.handed_over").exists()


@pytest.mark.parametrize(("has_manager", "restricted"), [(True, False), (False, False), (True, True)])
def test_what_somebody_left_behind_finds_who_is_there(
    cast: Cast, has_manager: bool, restricted: bool
) -> None:
    said = {"confidentiality": "restricted"} if restricted else {}
    activity = activity_make(cast, **said)
    manager = cast.unit_lead if has_manager else None
    User.objects.filter(pk=cast.personnel.pk).update(is_active=False, manager=manager)
    plan_occurrences()
    expected = cast.unit_lead if has_manager and not restricted else cast.ciso
    assert again(activity).owner == expected
    assert due(activity)[2] == expected.pk


def test_who_gets_it_is_reminded(cast: Cast) -> None:
    activity = activity_make(cast)
    activity_give(record=activity, to=cast.analyst, leaving=cast.personnel, actor=cast.ciso, now=NOW)
    assert due(activity) == (DUE, DAY, cast.analyst.pk)


def test_who_stands_in_does_it_and_begins_nothing(cast: Cast) -> None:
    Delegation.objects.create(
        person=cast.personnel,
        stand_in=cast.outsider,
        starts_on=NOW.date(),
        ends_on=NOW.date(),
        created_by=cast.personnel,
        created_at=NOW,
    )
    activity = activity_make(cast)
    item = activity.items.first()
    item_tick(activity=activity, item_id=item.pk, is_done=True, actor=cast.outsider, now=NOW)
    assert again(activity).state == ActivityState.PLANNED


@pytest.mark.parametrize("end", ["done", "sign_off"])
def test_the_evidence_of_what_has_ended_stays(cast: Cast, end: str) -> None:
    activity = activity_make(cast, needs_sign_off=end == "sign_off")
    file = file_add(record=activity, upload=upload(), actor=cast.personnel, now=NOW)
    name = "submit" if end == "sign_off" else "complete"
    ended = step(ready(activity, cast.personnel), name, cast.personnel)
    with pytest.raises(ValidationError):
        file_withdraw(file=file, actor=cast.personnel, now=NOW, reason="Wrong one")
    with pytest.raises(FileRefused):
        file_add(record=ended, upload=upload("more.txt", b"More"), actor=cast.personnel, now=NOW)
