"""Who carries a year's audits: what each auditor leads and takes part in, and on how many days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from audits.selectors.year.rows import Auditor, YearAudit

WORKING_DAYS = 5  # of a week, Monday first; holidays are not known here


@dataclass(frozen=True)
class Overlap:
    """A week in which an auditor is in the field with more than one audit; `monday` begins it."""

    monday: date
    audits: tuple[YearAudit, ...]


@dataclass
class AuditorLoad:
    """What an auditor carries in a year. `days[0]` are the working days of fieldwork in January."""

    auditor: Auditor
    led: list[YearAudit] = field(default_factory=list)
    in_team: list[YearAudit] = field(default_factory=list)
    days: list[int] = field(default_factory=lambda: [0] * 12)
    audits: list[int] = field(default_factory=lambda: [0] * 12)
    overlaps: list[Overlap] = field(default_factory=list)

    @property
    def total_days(self) -> int:
        """Return the working days of fieldwork in the year."""
        return sum(self.days)


def load_of(
    audits: Iterable[YearAudit], *, teams: Mapping[int, Sequence[Auditor]], year: int
) -> list[AuditorLoad]:
    """Return what each auditor carries of these audits in a year, the busiest first; no query.

    Cancelled audits are left out. Two audits of one person overlap when both are in the field on working days of one week.
    """
    loads: dict[int, AuditorLoad] = {}
    weeks: dict[int, dict[date, list[YearAudit]]] = {}
    for audit in audits:
        if audit.is_cancelled:
            continue
        months = _days_by_month(audit.starts_on, audit.fieldwork_ends_on, year)
        mondays = _weeks(audit.starts_on, audit.fieldwork_ends_on)
        for auditor in (audit.lead, *teams.get(audit.pk, ())):
            load = loads.setdefault(auditor.pk, AuditorLoad(auditor))
            (load.led if auditor.pk == audit.lead.pk else load.in_team).append(audit)
            for month, days in months.items():
                load.days[month - 1] += days
                load.audits[month - 1] += 1
            busy = weeks.setdefault(auditor.pk, {})
            for monday in mondays:
                busy.setdefault(monday, []).append(audit)
    for pk, load in loads.items():
        load.overlaps = [
            Overlap(monday, tuple(found)) for monday, found in sorted(weeks[pk].items()) if len(found) > 1
        ]
    return sorted(loads.values(), key=lambda load: (-load.total_days, load.auditor.name, load.auditor.pk))


def working_days(first: date, last: date) -> int:
    """Return how many days from one to another, both included, are from Monday to Friday."""
    if last < first:
        return 0
    weeks, rest = divmod((last - first).days + 1, 7)
    return weeks * WORKING_DAYS + sum((first.weekday() + day) % 7 < WORKING_DAYS for day in range(rest))


def _days_by_month(first: date, last: date, year: int) -> dict[int, int]:
    """Return the working days of a span in each month of a year; months that it touches on none are left out."""
    first, last = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
    found: dict[int, int] = {}
    while first <= last:
        after = date(year + first.month // 12, first.month % 12 + 1, 1)
        if days := working_days(first, min(last, after - timedelta(days=1))):
            found[first.month] = days
        first = after
    return found


def _weeks(first: date, last: date) -> list[date]:
    """Return the Mondays of the weeks in which a span has a working day."""
    monday = first - timedelta(days=first.weekday())
    if first.weekday() >= WORKING_DAYS:
        monday += timedelta(days=7)
    return [monday + timedelta(days=days) for days in range(0, (last - monday).days + 1, 7)]
