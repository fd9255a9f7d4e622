"""Who meets what behind the addresses of audits: their pages, steps and series, their import, and the year."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from audits.models import Audit, AuditSeries, SeriesException
from audits.services import decision_version, series_version
from audits.tests.factories import NOW, audit_make
from audits.tests.tables import table
from audits.tests.urls.roles import PLANNERS, READERS, RUNNERS, RUNNERS_POST, WRITERS, reason
from foundation import clock
from foundation.lifecycle.services import apply_transition
from foundation.records.imports.drafts import import_file_keep
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, answers, everyone, only

DAY = "2027-02-18"


def coming_year() -> int:
    """Return the year in which the walk of hidden words plans its audit."""
    return (clock.now() + timedelta(days=2)).year


def of_audit(*more: str, **values: Any) -> Callable[[Cast], Sequence[Any]]:
    def arguments(cast: Cast) -> Sequence[Any]:
        return (audit_make(cast, **values).reference, *more)

    return arguments


def of_reporting(cast: Cast) -> Sequence[Any]:
    audit = audit_make(cast)
    for step in ("prepare", "start_fieldwork", "start_reporting"):
        apply_transition(record=audit, name=step, actor=cast.analyst, now=NOW)
    return (audit.reference,)


def of_skipped(cast: Cast) -> Sequence[Any]:
    audit = audit_make(cast, rrule="FREQ=MONTHLY")
    series = audit.series
    assert series is not None
    series.exceptions.create(
        occurrence_on=DAY, reason="Freeze", created_by=cast.analyst, created_at=series.recurs_since
    )
    return (audit.reference, DAY)


def of_import(cast: Cast) -> Sequence[Any]:
    """A table that the analyst brought: nobody else finds it."""
    file = import_file_keep(
        user=cast.analyst, purpose="audits", file_name="plan.csv", content=table({}), sheet="", now=NOW
    )
    return (file.key,)


def audit_data(cast: Cast) -> Mapping[str, Any]:
    return {
        "title": "Backup and restore",
        "type": "internal",
        "confidentiality": "internal",
        "unit": cast.units.payments.pk,
        "owner": cast.analyst.pk,
        "lead_auditor": cast.auditor.pk,
        "starts_on": "2027-03-01",
        "preparation_days": 28,
        "fieldwork_days": 4,
        "report_days": 18,
        "follow_up_days": 90,
        "submission": str(uuid4()),
    }


def change_data(cast: Cast) -> Mapping[str, Any]:
    return {**audit_data(cast), "version": Audit.objects.latest("pk").version}


ROWS = [
    UrlRow(name="audits:audit-list", get=everyone()),
    UrlRow(
        name="audits:audit-create",
        get=only("ciso", "analyst"),
        post=only("ciso", "analyst", answer=302),
        data=audit_data,
    ),
    UrlRow(name="audits:audit-detail", get=READERS, args=of_audit()),
    UrlRow(name="audits:audit-tab", get=READERS, args=of_audit("history")),
    UrlRow(name="audits:audit-edit", get=PLANNERS, post=WRITERS, args=of_audit(), data=change_data),
    UrlRow(
        name="audits:audit-conclusion",
        get=RUNNERS,
        post=RUNNERS_POST,
        args=of_reporting,
        data=lambda cast: {"conclusion": "Largely in place.", "version": Audit.objects.latest("pk").version},
    ),
    UrlRow(
        name="audits:report-make",
        get=answers(otherwise=405),
        post=answers(otherwise=404, ciso=302, analyst=302, auditor=302, unit_lead=403),
        args=of_reporting,
    ),
    UrlRow(
        name="audits:audit-transition",
        get=RUNNERS,
        post=RUNNERS_POST,
        args=of_audit("prepare"),
        data=reason,
    ),
    UrlRow(
        name="audits:series-edit",
        get=PLANNERS,
        post=WRITERS,
        args=of_audit(),
        data=lambda cast: {"starts_on": "2027-01-18", "repeat_unit": "YEARLY", "repeat_interval": 1},
    ),
    UrlRow(
        name="audits:series-end",
        get=PLANNERS,
        post=WRITERS,
        args=of_audit(rrule="FREQ=YEARLY"),
        data=lambda cast: {**reason(cast), "version": series_version(AuditSeries.objects.get())},
    ),
    UrlRow(
        name="audits:occurrence-skip",
        get=PLANNERS,
        post=WRITERS,
        args=of_audit(DAY, rrule="FREQ=MONTHLY"),
        data=reason,
    ),
    UrlRow(
        name="audits:occurrence-move",
        get=PLANNERS,
        post=WRITERS,
        args=of_audit(DAY, rrule="FREQ=MONTHLY"),
        data=lambda cast: {"to": "2027-02-22", "comment": "Leave"},
    ),
    UrlRow(
        name="audits:occurrence-restore",
        get=PLANNERS,
        post=WRITERS,
        args=of_skipped,
        data=lambda cast: {"version": decision_version(SeriesException.objects.get())},
    ),
    UrlRow(name="audits:import", get=only("ciso", "analyst"), post=only("ciso", "analyst", answer=422)),
    UrlRow(name="audits:import-template", get=only("ciso", "analyst"), args=lambda cast: ("csv",)),
    UrlRow(
        name="audits:import-preview",
        get=only("ciso", answer=404) | {"analyst": 200},
        args=of_import,
    ),
    UrlRow(
        name="audits:import-confirm",
        get=only("ciso", "analyst", answer=405),
        post=only("ciso", answer=404) | {"analyst": 302},
        args=of_import,
    ),
    UrlRow(
        name="audits:audits-assign",
        get=only("ciso", "analyst", answer=302),
        post=only("ciso", "analyst", answer=422),
    ),
    UrlRow(
        name="audits:audits-move",
        get=only("ciso", "analyst", answer=302),
        post=only("ciso", "analyst", answer=422),
    ),
    UrlRow(name="audits:year-now", get=everyone(302)),
    UrlRow(name="audits:year", get=everyone(), args=lambda cast: (coming_year(),)),
    UrlRow(name="audits:year-part", get=everyone(), args=lambda cast: (coming_year(), "coverage")),
]
