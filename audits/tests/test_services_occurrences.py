"""Occurrences of recurring audits: planned in time, once, whatever happens; skipped, moved and put back."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from audits.choices import AuditRole, AuditState
from audits.models import AuditSeries
from audits.selectors import REMINDED_EARLY, upcoming
from audits.services import (
    AuditRefused,
    SeriesRefused,
    move_bounds,
    occurrence_move,
    occurrence_restore,
    occurrence_skip,
    occurrences_plan,
)
from audits.tests.factories import NOW, TODAY, audit_make, programme_make
from audits.tests.series import at, starts, walk_to
from foundation.deadlines.models import Deadline, Ladder
from foundation.deadlines.selectors import planned_ahead_days
from foundation.lifecycle.services import apply_transition
from foundation.notifications.models import Notice
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.trail.models import Entry


def test_an_occurrence_is_planned_before_its_first_reminder_would_be_late(cast: Cast) -> None:
    audit = audit_make(cast, rrule="FREQ=YEARLY", starts_on=date(2027, 1, 18))
    series = audit.series
    assert series is not None
    # The ladder's first rung is 30 days before; the preparation starts 28 days before; a week in hand.
    assert planned_ahead_days(*REMINDED_EARLY) == 37
    first_day = date(2028, 1, 18) - timedelta(days=28 + 37)
    assert occurrences_plan(now=at(first_day - timedelta(days=1))) == 0
    assert occurrences_plan(now=at(first_day)) == 1
    planned = series.audits.get(occurrence_on=date(2028, 1, 18))
    assert planned.state == AuditState.PLANNED
    first_reminders = Deadline.objects.filter(record=planned).values_list("next_rung", flat=True)
    assert set(first_reminders) == {-30}, "no rung of any of its deadlines has passed"


def test_a_longer_ladder_plans_earlier(cast: Cast) -> None:
    audit_make(cast, rrule="FREQ=YEARLY", starts_on=date(2027, 1, 18))
    Ladder.objects.filter(key="standard").update(days_before=[90, 7])
    early = date(2028, 1, 18) - timedelta(days=28 + 97)
    assert occurrences_plan(now=at(early - timedelta(days=1))) == 0
    assert occurrences_plan(now=at(early)) == 1


def test_planning_again_plans_nothing_twice(cast: Cast) -> None:
    audit_make(cast, rrule="FREQ=MONTHLY")
    planned = occurrences_plan(now=at(date(2027, 3, 1)))
    assert planned >= 2
    assert occurrences_plan(now=at(date(2027, 3, 1))) == 0


def test_the_database_knows_each_occurrence_once(cast: Cast) -> None:
    audit = audit_make(cast, rrule="FREQ=MONTHLY")
    with pytest.raises(IntegrityError, match="audit_occurrence_once"):
        audit_make(cast, series=audit.series, occurrence_on=audit.occurrence_on)


def test_after_months_without_the_planner_no_occurrence_is_lost(cast: Cast) -> None:
    audit = audit_make(cast, rrule="FREQ=MONTHLY", starts_on=date(2027, 1, 31))
    assert audit.series is not None
    occurrences_plan(now=at(date(2027, 6, 1)))
    assert starts(audit.series)[:5] == [
        date(2027, 1, 31),
        date(2027, 2, 28),
        date(2027, 3, 31),
        date(2027, 4, 30),
        date(2027, 5, 31),
    ]


def test_a_series_written_down_late_brings_up_no_past_audits(cast: Cast) -> None:
    audit = audit_make(cast, rrule="FREQ=YEARLY", starts_on=date(2019, 12, 20))
    assert audit.series is not None
    assert audit.series.next_on == date(2026, 12, 20)
    occurrences_plan(now=NOW)
    assert starts(audit.series) == [date(2019, 12, 20), date(2026, 12, 20)]


@pytest.mark.parametrize("end", [AuditState.CLOSED, AuditState.CANCELLED])
def test_the_next_occurrence_is_planned_when_one_is_over(cast: Cast, end: str) -> None:
    audit = audit_make(cast, rrule="FREQ=YEARLY;INTERVAL=2", auditees=[cast.unit_lead], team=[cast.outsider])
    assert audit.series is not None
    walk_to(audit, end, cast)
    following = audit.series.audits.exclude(pk=audit.pk).get()
    assert following.starts_on == date(2029, 1, 18)
    assert following.preparation_on == date(2028, 12, 21)
    for name in ("title", "type", "scope", "criteria", "unit", "owner", "lead_auditor", "confidentiality"):
        assert getattr(following, name) == getattr(audit, name), name
    parts = {(part.role, part.user) for part in following.participants.all()}
    assert parts == {
        (AuditRole.LEAD, cast.auditor),
        (AuditRole.TEAM, cast.outsider),
        (AuditRole.AUDITEE, cast.unit_lead),
    }
    assert Deadline.objects.filter(record=following, closed_at__isnull=True).count() == 5


def test_closing_again_after_reopening_plans_no_second(cast: Cast) -> None:
    audit = audit_make(cast, rrule="FREQ=YEARLY")
    assert audit.series is not None
    closed = walk_to(audit, AuditState.CLOSED, cast)
    reopened = apply_transition(record=closed, name="reopen", actor=cast.ciso, now=NOW, comment="A finding")
    apply_transition(record=reopened, name="close", actor=cast.ciso, now=NOW)
    assert audit.series.audits.count() == 2


def test_the_portal_plans_and_says_so(cast: Cast) -> None:
    audit = audit_make(cast, rrule="FREQ=YEARLY")
    assert audit.series is not None
    walk_to(audit, AuditState.CLOSED, cast)
    following = audit.series.audits.exclude(pk=audit.pk).get()
    entry = Entry.objects.get(action="audits.audit.created", record_id=following.pk)
    assert (entry.actor_id, entry.actor_name) == (None, "")
    assert following.created_by == cast.analyst, "on behalf of its owner"
    told = Notice.objects.filter(kind="audits.occurrence_planned", record=following)
    assert {notice.recipient for notice in told} == {cast.analyst, cast.auditor}


def test_who_left_is_not_named_again_and_the_owner_leads_instead(cast: Cast) -> None:
    audit = audit_make(cast, rrule="FREQ=YEARLY", team=[cast.outsider], auditees=[cast.unit_lead])
    assert audit.series is not None
    for person in (cast.auditor, cast.outsider, cast.unit_lead):
        person.is_active = False
        person.save()
    occurrences_plan(now=at(date(2027, 12, 1)))
    following = audit.series.audits.exclude(pk=audit.pk).get()
    assert following.lead_auditor == cast.analyst
    assert {part.user for part in following.participants.all()} == {cast.analyst}


def test_an_occurrence_is_planned_even_when_nobody_fit_is_left(cast: Cast) -> None:
    audit = audit_make(cast, rrule="FREQ=YEARLY")
    assert audit.series is not None
    for person in (cast.auditor, cast.analyst):
        person.is_active = False
        person.save()
    assert occurrences_plan(now=at(date(2027, 12, 1))) == 1


def test_the_programme_of_the_year_takes_the_occurrence_in(cast: Cast) -> None:
    audit = audit_make(cast, rrule="FREQ=YEARLY", programme=programme_make(cast))
    assert audit.series is not None
    of_next_year = programme_make(cast, year=2028)
    occurrences_plan(now=at(date(2027, 12, 1)))
    assert audit.series.audits.get(occurrence_on=date(2028, 1, 18)).programme == of_next_year


def test_skipping_leaves_one_out_and_says_why(cast: Cast) -> None:
    audit = audit_make(cast, rrule="FREQ=MONTHLY")
    occurrence_skip(
        audit=audit, occurrence_on=date(2027, 2, 18), actor=cast.analyst, reason=" Freeze ", now=NOW
    )
    series = AuditSeries.objects.get()
    assert series.next_on == date(2027, 3, 18)
    entry = Entry.objects.get(action="audits.series.skipped")
    assert (entry.record_reference, entry.comment, entry.before) == (
        audit.reference,
        "Freeze",
        {"occurrence": "2027-02-18"},
    )
    occurrences_plan(now=at(date(2027, 2, 1)))
    assert starts(series)[:2] == [date(2027, 1, 18), date(2027, 3, 18)]


def test_moving_plans_it_on_the_other_day_as_the_same_occurrence(cast: Cast) -> None:
    audit = audit_make(cast, rrule="FREQ=MONTHLY")
    assert audit.series is not None
    move = {"audit": audit, "occurrence_on": date(2027, 2, 18), "actor": cast.analyst, "now": NOW}
    occurrence_move(**move, to=date(2027, 3, 2), reason="The vendor is on leave")
    assert AuditSeries.objects.get().next_on == date(2027, 3, 2)
    occurrences_plan(now=at(date(2027, 1, 20)))
    moved = audit.series.audits.get(occurrence_on=date(2027, 2, 18))
    assert moved.starts_on == date(2027, 3, 2)


@pytest.mark.parametrize(
    "to",
    [date(2027, 1, 18), date(2027, 3, 18), date(2027, 9, 1), date(2026, 11, 1), date(2027, 2, 18)],
)
def test_an_occurrence_is_moved_between_its_neighbours_only(cast: Cast, to: date) -> None:
    audit = audit_make(cast, rrule="FREQ=MONTHLY")
    with pytest.raises(SeriesRefused):
        occurrence_move(
            audit=audit, occurrence_on=date(2027, 2, 18), to=to, actor=cast.analyst, reason="So", now=NOW
        )
    assert not audit.series.exceptions.exists()


def test_the_bounds_of_a_move_are_the_neighbours_and_today(cast: Cast) -> None:
    audit = audit_make(cast, rrule="FREQ=MONTHLY;COUNT=3")
    series = audit.series
    assert series is not None
    assert move_bounds(series, date(2027, 2, 18), now=NOW) == (date(2027, 1, 19), date(2027, 3, 17))
    assert move_bounds(series, date(2027, 3, 18), now=NOW) == (date(2027, 2, 19), date(2100, 12, 31))
    assert move_bounds(series, date(2027, 2, 18), now=at(date(2027, 2, 1)))[0] == date(2027, 2, 1)


def test_restoring_puts_an_occurrence_back(cast: Cast) -> None:
    audit = audit_make(cast, rrule="FREQ=MONTHLY")
    day = date(2027, 2, 18)
    occurrence_skip(audit=audit, occurrence_on=day, actor=cast.analyst, reason="Freeze", now=NOW)
    occurrence_restore(audit=audit, occurrence_on=day, actor=cast.analyst, now=NOW)
    assert AuditSeries.objects.get().next_on == day
    with pytest.raises(SeriesRefused):
        occurrence_restore(audit=audit, occurrence_on=day, actor=cast.analyst, now=NOW)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2027, 2, 17), "Not a day of the rule"),
        (date(2027, 1, 18), "Planned already"),
        (date(2026, 12, 18), "Before the first"),
        (date(2027, 2, 18), "   "),
    ],
)
def test_what_can_not_be_skipped_is_refused(cast: Cast, day: date, reason: str) -> None:
    audit = audit_make(cast, rrule="FREQ=MONTHLY")
    with pytest.raises(SeriesRefused):
        occurrence_skip(audit=audit, occurrence_on=day, actor=cast.analyst, reason=reason, now=NOW)
    assert AuditSeries.objects.get().next_on == date(2027, 2, 18)


def test_one_series_that_can_not_be_planned_does_not_keep_the_others(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    broken = audit_make(cast, rrule="FREQ=YEARLY")
    audit_make(cast, rrule="FREQ=YEARLY")
    AuditSeries.objects.filter(pk=broken.series.pk).update(rrule="FREQ=NEVER")
    assert occurrences_plan(now=at(date(2027, 12, 1))) == 1
    assert "can't be planned" in caplog.text


def test_a_person_is_refused_whom_the_portal_takes(cast: Cast) -> None:
    cast.auditor.is_active = False
    cast.auditor.save()
    with pytest.raises(AuditRefused) as refused:
        audit_make(cast)
    assert list(refused.value.errors) == ["lead_auditor"]


def test_an_occurrence_that_the_reader_may_not_know_of_is_planned_all_the_same(cast: Cast) -> None:
    audit = audit_make(cast, rrule="FREQ=MONTHLY")
    assert audit.series is not None
    hidden = audit_make(
        cast,
        series=audit.series,
        occurrence_on=date(2027, 2, 18),
        owner=cast.ciso,
        confidentiality=Confidentiality.RESTRICTED,
    )
    assert hidden.series == audit.series
    second = upcoming(audit.series, user=cast.analyst, today=TODAY)[1]
    assert (second.audit, second.is_planned, second.is_open_to_change) == (None, True, False)
    assert upcoming(audit.series, user=cast.ciso, today=TODAY)[1].audit == hidden
