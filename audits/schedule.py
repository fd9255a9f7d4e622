"""An audit's dates: all stand at a number of days from the start of the fieldwork."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from audits.choices import AuditState

EARLIEST = date(2000, 1, 1)
LATEST = date(2100, 12, 31)
LONGEST = 730


@dataclass(frozen=True, kw_only=True)
class Offsets:
    """Days before (preparation) or after (all others) the day on which the fieldwork starts."""

    preparation_days: int = 28
    fieldwork_days: int = 4
    report_days: int = 18
    follow_up_days: int = 90

    def dates(self, starts_on: date) -> dict[str, date]:
        """Return the dates that follow from a start, by the names of the audit's fields."""
        return {
            "preparation_on": starts_on - timedelta(days=self.preparation_days),
            "fieldwork_ends_on": starts_on + timedelta(days=self.fieldwork_days),
            "report_due_on": starts_on + timedelta(days=self.report_days),
            "follow_up_on": starts_on + timedelta(days=self.follow_up_days),
        }

    def values(self) -> dict[str, int]:
        """Return the days by the names of the audit's fields."""
        return {
            "preparation_days": self.preparation_days,
            "fieldwork_days": self.fieldwork_days,
            "report_days": self.report_days,
            "follow_up_days": self.follow_up_days,
        }


def offsets_of(holder: Any) -> Offsets:
    """Return the offsets that an audit or a series carries."""
    return Offsets(
        preparation_days=holder.preparation_days,
        fieldwork_days=holder.fieldwork_days,
        report_days=holder.report_days,
        follow_up_days=holder.follow_up_days,
    )


@dataclass(frozen=True, kw_only=True)
class Step:
    """A date of an audit: the kind of its deadline, the field that holds it, and the states that still await it."""

    kind: str
    label: Any
    field: str
    awaited_in: tuple[str, ...]


_TO_PLANNED = (AuditState.PLANNED,)
_TO_PREPARING = (*_TO_PLANNED, AuditState.PREPARING)
_TO_FIELDWORK = (*_TO_PREPARING, AuditState.FIELDWORK)
_TO_REPORTING = (*_TO_FIELDWORK, AuditState.REPORTING, AuditState.REPORT_REVIEW)
_TO_FOLLOW_UP = (*_TO_REPORTING, AuditState.FOLLOW_UP)

STEPS = (
    Step(
        kind="audits.preparation",
        label=_("Preparation starts"),
        field="preparation_on",
        awaited_in=_TO_PLANNED,
    ),
    Step(kind="audits.start", label=_("Fieldwork starts"), field="starts_on", awaited_in=_TO_PREPARING),
    Step(
        kind="audits.fieldwork_end",
        label=_("Fieldwork ends"),
        field="fieldwork_ends_on",
        awaited_in=_TO_FIELDWORK,
    ),
    Step(kind="audits.report", label=_("Report due"), field="report_due_on", awaited_in=_TO_REPORTING),
    Step(kind="audits.follow_up", label=_("Follow-up due"), field="follow_up_on", awaited_in=_TO_FOLLOW_UP),
)


def next_step(state: str) -> Step | None:
    """Return the first step that an audit in this state awaits, or None once nothing is due."""
    return next((step for step in STEPS if state in step.awaited_in), None)


def next_due_on(state: str, audit: Any) -> date | None:
    """Return the date of the step that an audit in this state awaits, or None."""
    step = next_step(state)
    return getattr(audit, step.field) if step else None
