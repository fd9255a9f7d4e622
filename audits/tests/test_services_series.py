"""Recurring audits: started, changed, ended and let recur again; what the next ones start from."""

from datetime import date, timedelta

import pytest

from audits.choices import AuditRole, AuditState
from audits.models import Audit, AuditSeries
from audits.selectors import upcoming
from audits.services import (
    AuditRefused,
    SeriesRefused,
    audit_change,
    occurrence_move,
    occurrence_skip,
    occurrences_plan,
    series_begin,
    series_change,
    series_end,
    series_follow_audit,
)
from audits.tests.factories import NOW, TODAY, audit_make
from audits.tests.series import at, walk_to
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.trail.models import Entry


def test_a_rule_makes_the_audit_the_first_of_a_series(cast: Cast) -> None:
    audit = audit_make(cast, rrule="freq=monthly", starts_on=date(2027, 1, 31))
    series = audit.series
    assert series is not None
    assert (series.rrule, series.starts_on, audit.occurrence_on) == (
        "FREQ=MONTHLY",
        date(2027, 1, 31),
        date(2027, 1, 31),
    )
    assert series.next_on == date(2027, 2, 28), "month ends clamp"


def test_a_rule_that_makes_no_sense_is_told_beside_its_field(cast: Cast) -> None:
    with pytest.raises(AuditRefused) as refused:
        audit_make(cast, rrule="FREQ=SOMETIMES")
    assert list(refused.value.errors) == ["rrule"]
    assert not Audit.objects.exists()


def test_an_audit_that_stands_alone_can_recur_later(cast: Cast) -> None:
    audit = audit_make(cast, auditees=[cast.unit_lead])
    series_begin(audit=audit, rrule="FREQ=MONTHLY;INTERVAL=6", actor=cast.analyst, now=NOW)
    audit.refresh_from_db()
    assert audit.series is not None
    assert audit.series.next_on == date(2027, 7, 18)
    assert [part.user for part in audit.series.people.all()] == [cast.unit_lead]
    with pytest.raises(SeriesRefused):
        series_begin(audit=audit, rrule="FREQ=DAILY", actor=cast.analyst, now=NOW)


def test_another_rule_counts_from_the_audit_it_is_changed_on(cast: Cast) -> None:
    audit = audit_make(cast, rrule="FREQ=MONTHLY")
    occurrence_skip(
        audit=audit, occurrence_on=date(2027, 2, 18), actor=cast.analyst, reason="Freeze", now=NOW
    )
    series = series_change(audit=audit, rrule="FREQ=MONTHLY;INTERVAL=3", actor=cast.analyst, now=NOW)
    assert series.next_on == date(2027, 4, 18)
    assert not series.exceptions.exists(), "the new rule does not fall on the day that was skipped"
    assert Entry.objects.filter(action="audits.series.changed", record_id=audit.pk).exists()


def test_an_ended_series_plans_nothing_more(cast: Cast) -> None:
    audit = audit_make(cast, rrule="FREQ=MONTHLY")
    with pytest.raises(SeriesRefused):
        series_end(audit=audit, actor=cast.analyst, now=NOW, reason=" ")
    series_end(audit=audit, actor=cast.analyst, now=NOW, reason="The service is gone")
    walk_to(audit, AuditState.CLOSED, cast)
    assert occurrences_plan(now=at(date(2028, 1, 1))) == 0
    assert Audit.objects.count() == 1
    with pytest.raises(SeriesRefused):
        occurrence_skip(
            audit=audit, occurrence_on=date(2027, 2, 18), actor=cast.analyst, reason="So", now=NOW
        )


def test_a_rule_that_comes_to_its_end_plans_nothing_more(cast: Cast) -> None:
    audit_make(cast, rrule="FREQ=MONTHLY;COUNT=2")
    occurrences_plan(now=at(date(2027, 12, 1)))
    assert Audit.objects.count() == 2
    assert AuditSeries.objects.get().next_on is None


def test_the_next_ones_start_from_the_series_until_told_otherwise(cast: Cast) -> None:
    audit = audit_make(cast, rrule="FREQ=YEARLY")
    assert audit.series is not None
    changed = audit_change(
        audit=audit,
        changes={"title": "Gateway and tokens", "confidentiality": Confidentiality.RESTRICTED},
        actor=cast.analyst,
        now=NOW,
        version=audit.version,
        auditees=[cast.unit_lead],
    )
    assert AuditSeries.objects.get().title == "Payment gateway access review"
    series_follow_audit(audit=changed, actor=cast.analyst)
    occurrences_plan(now=at(date(2027, 12, 1)))
    following = audit.series.audits.exclude(pk=audit.pk).get()
    assert (following.title, following.confidentiality) == ("Gateway and tokens", Confidentiality.RESTRICTED)
    assert following.participants.filter(role=AuditRole.AUDITEE, user=cast.unit_lead).exists()


def test_the_next_five_dates_show_what_was_decided_and_what_is_planned(cast: Cast) -> None:
    audit = audit_make(cast, rrule="FREQ=MONTHLY")
    assert audit.series is not None
    occurrence_skip(
        audit=audit, occurrence_on=date(2027, 2, 18), actor=cast.analyst, reason="Freeze", now=NOW
    )
    occurrence_move(
        audit=audit,
        occurrence_on=date(2027, 3, 18),
        to=date(2027, 3, 22),
        actor=cast.analyst,
        reason="Leave",
        now=NOW,
    )
    shown = upcoming(audit.series, user=cast.analyst, today=TODAY)
    assert [(one.by_rule, one.on, one.audit) for one in shown] == [
        (date(2027, 1, 18), date(2027, 1, 18), audit),
        (date(2027, 2, 18), None, None),
        (date(2027, 3, 18), date(2027, 3, 22), None),
        (date(2027, 4, 18), date(2027, 4, 18), None),
        (date(2027, 5, 18), date(2027, 5, 18), None),
    ]
    assert [one.is_open_to_change for one in shown] == [False, False, False, True, True]


def test_a_daily_series_shows_what_comes_today_and_after(cast: Cast) -> None:
    audit = audit_make(cast, rrule="FREQ=DAILY", starts_on=date(2026, 1, 1))
    assert audit.series is not None
    shown = upcoming(audit.series, user=cast.analyst, today=TODAY)
    assert [one.by_rule for one in shown] == [TODAY + timedelta(days=n) for n in range(5)]


def test_saving_the_same_rule_keeps_what_it_counts_from(cast: Cast) -> None:
    audit = audit_make(cast, rrule="FREQ=MONTHLY", starts_on=date(2027, 1, 31))
    occurrences_plan(now=at(date(2027, 1, 10)))
    february = Audit.objects.get(occurrence_on=date(2027, 2, 28))
    series_change(audit=february, rrule="FREQ=MONTHLY", actor=cast.analyst, now=NOW)
    series = AuditSeries.objects.get()
    assert series.starts_on == audit.starts_on
    assert series.next_on == date(2027, 3, 31), "not the 28th"


def test_a_series_that_ended_recurs_again_from_then_on(cast: Cast) -> None:
    audit = audit_make(cast, rrule="FREQ=MONTHLY", starts_on=date(2026, 11, 30))
    series_end(audit=audit, actor=cast.analyst, now=NOW, reason="The service is gone")
    series_change(audit=audit, rrule="FREQ=MONTHLY", actor=cast.analyst, now=at(date(2027, 6, 10)))
    series = AuditSeries.objects.get()
    assert (series.ended_at, series.next_on) == (None, date(2027, 6, 30)), "nothing of the time between"
    assert Entry.objects.filter(action="audits.series.resumed", record_id=audit.pk).exists()
