"""The narrow rows that the calendar reads: kept by the database, seen by exactly those who may know of their records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from audits.tests.factories import NOW, audit_make
from foundation.accounts.models import User
from foundation.actions.models import Action
from foundation.actions.services import action_create
from foundation.calendar.choices import Outcome, View
from foundation.calendar.models import CalendarDate
from foundation.calendar.selectors import dates_visible, days_of, page_of
from foundation.calendar.spans import span_of
from foundation.deadlines.models import Deadline
from foundation.deadlines.services import deadline_close, deadline_set, deadlines_scan
from foundation.lifecycle.services import apply_transition
from foundation.records.choices import Confidentiality
from foundation.records.models import Participant, Record
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db

START = date(2027, 1, 18)


def outcome_of(deadline: Deadline) -> Outcome:
    if deadline.closed_at is None:
        return Outcome.OPEN
    return Outcome.DROPPED if deadline.was_dropped else Outcome.DONE


def root_of(record: Record) -> Record:
    """Return what a record follows from in the end: an action from its source."""
    action = Action.objects.filter(pk=record.pk).select_related("source").first()
    return root_of(action.source) if action else record


def assert_in_step() -> None:
    """Compare each narrow row with its deadline and record."""
    deadlines = {row.pk: row for row in Deadline.objects.select_related("record")}
    rows = {row.pk: row for row in CalendarDate.objects.all()}
    assert rows.keys() == deadlines.keys()
    assert rows
    for pk, row in rows.items():
        deadline = deadlines[pk]
        record = deadline.record
        assert (row.record_id, row.due_on, row.due_at, row.assignee_id, row.outcome) == (
            record.pk,
            deadline.due_on,
            deadline.due_at,
            deadline.assignee_id,
            outcome_of(deadline),
        )
        assert row.root_kind == root_of(record).kind
        assert (row.kind, row.unit_id, row.owner_id, row.confidentiality) == (
            record.kind,
            record.unit_id,
            record.owner_id,
            record.confidentiality,
        )


def test_they_follow_each_date(cast: Cast) -> None:
    audit = audit_make(cast, starts_on=START)
    assert_in_step()
    deadline_set(record=audit, kind="audits.start", assignee=cast.ciso, due_on=date(2027, 2, 1), now=NOW)
    assert_in_step()
    instant = datetime(2027, 3, 1, 23, 30, tzinfo=UTC)
    deadline_set(record=audit, kind="audits.report", key="x", assignee=cast.auditor, due_at=instant, now=NOW)
    deadline_close(record=audit, kind="audits.start", now=NOW)
    deadline_close(record=audit, kind="audits.report", now=NOW, was_dropped=True)
    assert_in_step()
    assert set(CalendarDate.objects.values_list("outcome", flat=True)) == set(Outcome.values)
    deadline_set(record=audit, kind="audits.start", assignee=cast.ciso, due_on=START, now=NOW)
    assert_in_step()


def test_they_follow_a_step_of_the_record(cast: Cast) -> None:
    audit = audit_make(cast, starts_on=START)
    apply_transition(record=audit, name="cancel", actor=cast.ciso, now=NOW, comment="No need")
    assert_in_step()
    assert set(CalendarDate.objects.values_list("outcome", flat=True)) == {Outcome.DROPPED}


def test_they_follow_the_record_s_unit_owner_and_confidentiality(cast: Cast) -> None:
    audit = audit_make(cast)
    for change in (
        {"unit": cast.units.retail},
        {"owner": cast.ciso},
        {"confidentiality": Confidentiality.RESTRICTED},
    ):
        Record.objects.filter(pk=audit.pk).update(**change)
        assert_in_step()


def test_they_follow_a_date_to_another_record_and_out_of_the_table(cast: Cast) -> None:
    audit_make(cast)
    other = audit_make(cast, unit=cast.units.retail, confidentiality=Confidentiality.RESTRICTED)
    date_ = Deadline.objects.exclude(record=other.pk).first()
    assert date_
    Deadline.objects.filter(pk=date_.pk).update(record_id=other.pk, key="moved")
    assert_in_step()
    date_.delete()
    assert_in_step()


def test_reminders_write_none_of_them(cast: Cast) -> None:
    audit_make(cast, starts_on=START)
    before = {row["pk"]: row for row in CalendarDate.objects.values("pk", "due_at")}
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadline_id, xmin::text, ctid::text FROM calendar_calendardate ORDER BY 1")
        stood = cursor.fetchall()
        assert deadlines_scan(now=NOW + timedelta(days=365))
        cursor.execute("SELECT deadline_id, xmin::text, ctid::text FROM calendar_calendardate ORDER BY 1")
        assert cursor.fetchall() == stood
    assert before


def same_for_all(cast: Cast) -> dict[str, set[int]]:
    """Check that everyone of the cast sees the rows of exactly the records that they see; return who sees which."""
    seen = {}
    for name, person in cast.people().items():
        fresh = User.objects.get(pk=person.pk)
        seen[name] = set(dates_visible(fresh).values_list("record_id", flat=True))
        records = set(
            Record.objects.visible_to(fresh).filter(deadlines__isnull=False).values_list("pk", flat=True)
        )
        assert seen[name] == records, name
        keys = set(dates_visible(fresh).values_list("pk", flat=True))
        assert keys == set(Deadline.objects.visible_to(fresh).values_list("pk", flat=True)), name
    return seen


@pytest.mark.parametrize("confidentiality", Confidentiality.values)
def test_they_are_visible_to_exactly_those_who_see_the_record(cast: Cast, confidentiality: str) -> None:
    for unit in (cast.units.root, cast.units.payments, cast.units.cards, cast.units.retail):
        audit_make(cast, unit=unit, confidentiality=confidentiality)
    audit_make(cast, auditees=[cast.outsider], confidentiality=confidentiality)
    audit_make(cast, owner=cast.executive, confidentiality=confidentiality)
    seen = same_for_all(cast)
    assert len({frozenset(keys) for keys in seen.values()}) > 2


def moved_away(cast: Cast, audit: Record) -> None:
    Record.objects.filter(pk=audit.pk).update(unit=cast.units.retail)


def restricted(cast: Cast, audit: Record) -> None:
    Record.objects.filter(pk=audit.pk).update(confidentiality=Confidentiality.RESTRICTED)


def unit_moved(cast: Cast, audit: Record) -> None:
    """Hang the unit below another, which takes it out of reach of grants on the old one."""
    unit = cast.units.cards
    Record.objects.filter(pk=audit.pk).update(unit=unit)
    type(unit).objects.filter(pk=unit.pk).update(
        parent=cast.units.retail, path=f"{cast.units.retail.path}{unit.pk}/"
    )


@pytest.mark.parametrize("change", [moved_away, restricted, unit_moved])
def test_whoever_may_no_longer_know_of_the_record_loses_its_dates(
    cast: Cast, change: Callable[[Cast, Record], None]
) -> None:
    audit = audit_make(cast, starts_on=START)
    assert audit.pk in same_for_all(cast)["unit_lead"]
    change(cast, audit)
    assert audit.pk not in same_for_all(cast)["unit_lead"]


def test_a_new_owner_and_whoever_is_named_see_its_dates(cast: Cast) -> None:
    audit = audit_make(cast, confidentiality=Confidentiality.RESTRICTED)
    assert audit.pk not in same_for_all(cast)["executive"]
    Record.objects.filter(pk=audit.pk).update(owner=cast.executive)
    assert audit.pk in same_for_all(cast)["executive"]
    part = Participant.objects.create(record=audit, user=cast.outsider, role="audits.auditee")
    assert audit.pk in same_for_all(cast)["outsider"]
    part.delete()
    assert audit.pk not in same_for_all(cast)["outsider"]


def test_they_know_from_which_kind_of_record_an_action_follows(cast: Cast) -> None:
    source: Record = audit_make(cast, starts_on=START)
    for title in ("Patch", "Test the patch"):
        source = action_create(
            source=source, title=title, owner=cast.ciso, due_on=START, actor=cast.ciso, now=NOW
        )
        assert_in_step()
        assert {row.root_kind for row in CalendarDate.objects.filter(record_id=source.pk)} == {"audit"}


def test_they_know_it_also_of_an_action_whose_date_was_written_before_it(cast: Cast) -> None:
    audit = audit_make(cast, starts_on=START)
    like = Deadline.objects.filter(record=audit.pk)[0]
    record = Record.objects.create(created_by=cast.ciso,
        kind="action", reference="ACT-9999", title="Patch", owner=cast.ciso, unit=audit.unit,
        state="open",
    )  # fmt: skip
    Deadline.objects.create(
        record=record, kind="actions.due", due_on=START, due_at=NOW, assignee=cast.ciso, ladder=like.ladder
    )
    assert CalendarDate.objects.get(record_id=record.pk).root_kind == "action"
    Action(record_ptr=record, source_id=audit.pk, due_on=START).save_base(raw=True)
    assert_in_step()
    assert CalendarDate.objects.get(record_id=record.pk).root_kind == "audit"


def test_a_month_is_found_without_a_look_at_the_rows(cast: Cast) -> None:
    audit_make(cast, starts_on=START)
    rows = dates_visible(cast.unit_lead).open_or_done().within(START, START + timedelta(days=40), UTC)
    rows = rows.filter(root_kind__in=["audit", "programme"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    plan = rows.order_by("due_at", "outcome", "pk").values("pk").explain()
    assert "Index Only Scan using calendar_date_due" in plan
    assert "records_record" not in plan
    assert "Sort" not in plan


def test_what_is_looked_up_of_records_is_of_the_dates_that_are_shown(cast: Cast) -> None:
    audit_make(cast, starts_on=START)
    rows = dates_visible(cast.unit_lead)
    span = span_of(View.MONTH, START)
    with CaptureQueriesContext(connection) as asked:
        days_of(rows, span, zone=UTC, today=START, now=NOW, shown=3)
        page_of(rows, span, 1, zone=UTC)
    grid_keys, grid_shown, list_keys, list_shown = (query["sql"] for query in asked.captured_queries)
    for keys, shown in ((grid_keys, grid_shown), (list_keys, list_shown)):
        assert " JOIN " not in keys
        assert '"deadline_id" IN (' in shown


@pytest.mark.django_db(transaction=True)
def test_a_date_set_while_its_record_becomes_restricted_is_restricted(cast: Cast) -> None:
    """Neither of two transactions sees the other's rows, so the later waits for the earlier."""
    audit = audit_make(cast)
    deadline = Deadline.objects.filter(record=audit.pk).order_by("pk")[0]

    def set_another() -> None:
        with transaction.atomic():
            Deadline.objects.create(
                record_id=audit.pk, kind=deadline.kind, key="second", due_on=START, due_at=NOW,
                assignee_id=deadline.assignee_id, ladder_id=deadline.ladder_id,
            )  # fmt: skip
        connections.close_all()

    other = Thread(target=set_another)
    with transaction.atomic():
        Record.objects.filter(pk=audit.pk).update(confidentiality=Confidentiality.RESTRICTED)
        other.start()
        other.join(0.5)  # it waits, or has written what is left behind by now
    other.join(30)
    assert not other.is_alive()
    assert Deadline.objects.filter(record=audit.pk, key="second").exists()
    assert_in_step()
