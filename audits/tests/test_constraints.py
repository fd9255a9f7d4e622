"""What the database itself refuses, whoever writes."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audits.choices import AuditRole
from audits.models import Audit, AuditListing, AuditSeries, Programme, SeriesPerson
from audits.tests.factories import NOW, audit_make, programme_make
from foundation.records.models import Record
from foundation.testing.cast import Cast


def refuses(constraint: str) -> Any:
    return pytest.raises(IntegrityError, match=constraint)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"type": "friendly"}, "audit_known_type"),
        ({"starts_on": date(1999, 12, 31)}, "audit_starts_in_range|audit_dates_follow_days"),
        ({"preparation_on": date(2027, 1, 1)}, "audit_dates_follow_days"),
        ({"fieldwork_days": 5}, "audit_dates_follow_days"),
        (
            {"report_days": 3, "report_due_on": date(2027, 1, 21)},
            "audit_dates_in_order",
        ),
        (
            {"follow_up_days": 731, "follow_up_on": date(2027, 1, 18) + timedelta(days=731)},
            "audit_dates_near_start",
        ),
        ({"occurrence_on": date(2027, 1, 18)}, "audit_occurrence_of_series"),
    ],
)
def test_an_audit_that_can_not_be(cast: Cast, values: dict[str, Any], constraint: str) -> None:
    audit = audit_make(cast)
    with refuses(constraint), transaction.atomic():
        Audit.objects.filter(pk=audit.pk).update(**values)


@pytest.mark.parametrize(("kind", "state"), [("audit", "approved"), ("programme", "fieldwork")])
def test_a_state_of_another_kind(cast: Cast, kind: str, state: str) -> None:
    record = audit_make(cast) if kind == "audit" else programme_make(cast)
    with refuses(f"{kind}_known_state"), transaction.atomic():
        Record.objects.filter(pk=record.pk).update(state=state)


def test_an_external_reference_twice(cast: Cast) -> None:
    audit_make(cast, external_reference="EXT-1")
    audit_make(cast), audit_make(cast)  # without one, as many as there are
    with refuses("audit_external_reference_once"), transaction.atomic():
        audit_make(cast, external_reference="EXT-1")


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"year": 1999}, "programme_year_in_range"),
        ({"approved_at": NOW}, "programme_approved_by_another"),
    ],
)
def test_a_programme_that_can_not_be(cast: Cast, values: dict[str, Any], constraint: str) -> None:
    programme = programme_make(cast)
    with refuses(constraint), transaction.atomic():
        Programme.objects.filter(pk=programme.pk).update(**values)


def test_a_programme_approved_by_who_drafted_it(cast: Cast) -> None:
    programme = programme_make(cast)
    with refuses("programme_approved_by_another"), transaction.atomic():
        Programme.objects.filter(pk=programme.pk).update(approved_by=cast.analyst, approved_at=NOW)


def test_a_series_that_can_not_be(cast: Cast) -> None:
    series = audit_make(cast, rrule="FREQ=MONTHLY").series
    assert series is not None
    same = AuditSeries.objects.filter(pk=series.pk)
    with refuses("series_has_rule"), transaction.atomic():
        same.update(rrule="")
    with refuses("series_ended_has_no_next"), transaction.atomic():
        same.update(ended_at=NOW)
    with refuses("series_person_known_role"), transaction.atomic():
        SeriesPerson.objects.create(series=series, user=cast.ciso, role=AuditRole.LEAD)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"reason": ""}, "series_exception_has_reason"),
        ({"reason": "So", "moved_to": date(2027, 2, 18)}, "series_exception_moves"),
        ({"reason": "So", "moved_to": date(2300, 1, 1)}, "series_exception_moves"),
    ],
)
def test_an_exception_that_can_not_be(cast: Cast, values: dict[str, Any], constraint: str) -> None:
    series = audit_make(cast, rrule="FREQ=MONTHLY").series
    assert series is not None
    with refuses(constraint), transaction.atomic():
        series.exceptions.create(
            occurrence_on=date(2027, 2, 18), created_by=cast.ciso, created_at=NOW, **values
        )


def test_an_occurrence_is_decided_about_once(cast: Cast) -> None:
    series = audit_make(cast, rrule="FREQ=MONTHLY").series
    assert series is not None
    values: dict[str, Any] = {"reason": "So", "created_by": cast.ciso, "created_at": NOW}
    series.exceptions.create(occurrence_on=date(2027, 2, 18), **values)
    with refuses("series_exception_once"), transaction.atomic():
        series.exceptions.create(occurrence_on=date(2027, 2, 18), moved_to=date(2027, 2, 20), **values)


def test_every_audit_is_listed_once(cast: Cast) -> None:
    audits = [audit_make(cast) for _ in range(3)]
    assert AuditListing.objects.count() == len(audits)
