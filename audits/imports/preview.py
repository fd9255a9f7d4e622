"""What an import would do, row by row: read against the people, units, programmes and audits that are there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from audits.choices import AuditRole, AuditState, AuditType, ProgrammeState
from audits.imports.columns import BY_KEY, COLUMNS, LIMITS
from audits.imports.recurrence import recurrence
from audits.models import Audit, Programme
from audits.permissions import people_refusals
from audits.schedule import EARLIEST, LATEST, LONGEST, Offsets, offsets_of
from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.deadlines.recurrence import Recurrence
from foundation.deadlines.rules import RecurrenceError
from foundation.records.choices import Confidentiality
from foundation.records.imports import CellError, Problem, Row, RowReader, Table, cells, read_table
from foundation.records.imports.directories import People, Units
from foundation.records.imports.preview import Preview, RowAction
from foundation.records.imports.tables import Cell

PEOPLE_COLUMNS = ("team", "auditees")
PART_OF_COLUMN = {"team": AuditRole.TEAM, "auditees": AuditRole.AUDITEE}
OFFSET_COLUMNS = ("preparation_days", "fieldwork_days", "report_days", "follow_up_days")


@dataclass
class RowPlan:
    """A row as it was read: the values that it gives, the audit that it is about, and what is wrong with it."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    audit: Audit | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def action(self) -> RowAction:
        """Return what is done with the row."""
        if self.problems:
            return RowAction.REFUSED
        if self.audit is None:
            return RowAction.CREATE
        return RowAction.UPDATE if self.changes else RowAction.UNCHANGED

    @property
    def identity(self) -> tuple[str, int, date] | None:
        """Return what makes an audit the same as another: title, unit and start; None when one of them is missing."""
        title, unit, starts_on = (self.values.get(name) for name in ("title", "unit", "starts_on"))
        return (title.casefold(), unit.pk, starts_on) if title and unit and starts_on else None

    def complain(self, key: str, message: str) -> None:
        """Add a problem of a column, or (empty key) of the row."""
        label = str(BY_KEY[key].label) if key else ""
        self.problems.append(Problem(self.number, label, message, str(self.values.get(key, ""))[:80]))


def audits_preview(*, content: bytes, actor: User, now: datetime, sheet: str = "") -> Preview[RowPlan]:
    """Read a table of audits and return what its import by this person would do; writes nothing.

    Raises TableRefused when the file as a whole can't be read. About ten queries, whatever the number of rows.
    """
    table = read_table(content, columns=COLUMNS, limits=LIMITS, sheet=sheet)
    rows = _Reading(actor, now).read(table)
    return Preview(rows, table.sheet, table.sheets)


class _Reading:
    """The reading of one file, with everything that its rows may name kept at hand."""

    def __init__(self, actor: User, now: datetime) -> None:
        self._actor = actor
        self._now = now
        self._access = access_of(actor, now)
        self._people = People()
        self._units = Units()
        self._programmes = {
            programme.reference.casefold(): programme
            for programme in Programme.objects.visible_to(actor).unarchived()
        }
        self._parsers: dict[str, Callable[[Cell], Any]] = {
            "title": partial(cells.text, most=200),
            "type": partial(cells.choice, choices=dict(AuditType.choices)),
            "unit": lambda cell: self._units.find(cells.text(cell, most=200)),
            "owner": self._person,
            "lead_auditor": self._person,
            "team": self._persons,
            "auditees": self._persons,
            "starts_on": _start,
            "recurrence": recurrence,
            "programme": self._programme,
            "confidentiality": partial(cells.choice, choices=dict(Confidentiality.choices)),
            "external_reference": partial(cells.text, most=60),
            **{
                name: partial(cells.text, most=10_000, lines=True)
                for name in ("scope", "criteria", "objectives")
            },
            **{name: partial(cells.whole_number, least=0, most=LONGEST) for name in OFFSET_COLUMNS},
        }

    def read(self, table: Table) -> list[RowPlan]:
        """Return all rows with their problems."""
        rows = [self._row(row) for row in table.rows]
        by_number = {row.number: row for row in rows}
        for problem in table.problems:
            by_number[problem.row].problems.insert(0, problem)
        self._find_audits(rows)
        _refuse_repeated(rows)
        self._refuse_known(rows)
        for row in rows:
            if not row.problems:
                self._check(row)
        return rows

    def _row(self, raw: Row) -> RowPlan:
        reader = RowReader(raw, BY_KEY)
        row = RowPlan(raw.number)
        for column in COLUMNS:
            value = reader.read(column.key, self._parsers[column.key])
            if value is not None:
                row.values[column.key] = value
        row.problems = reader.problems
        return row

    def _person(self, cell: Cell) -> User:
        return self._people.find(cells.text(cell, most=254))

    def _persons(self, cell: Cell) -> list[User]:
        return list(dict.fromkeys(self._people.find(name) for name in cells.names(cell)))

    def _programme(self, cell: Cell) -> Programme:
        reference = cells.text(cell, most=40)
        programme = self._programmes.get(reference.casefold())
        if programme is None:
            raise CellError(_("There is no programme %(reference)s.") % {"reference": reference})
        if programme.state == ProgrammeState.CLOSED:
            raise CellError(_("%(programme)s is closed.") % {"programme": programme})
        return programme

    def _find_audits(self, rows: Iterable[RowPlan]) -> None:
        """Find the audits that rows name by external reference; one that the person may not see is only called taken."""
        named = {reference: row for row in rows if (reference := row.values.get("external_reference"))}
        taken = set(
            Audit.objects.filter(external_reference__in=named).values_list("external_reference", flat=True)
        )
        visible = (
            Audit.objects.visible_to(self._actor)
            .filter(external_reference__in=taken)
            .select_related("owner", "unit", "lead_auditor", "programme", "series")
            .prefetch_related("participants__user")
        )
        found = {audit.external_reference: audit for audit in visible}
        for row in rows:
            reference = row.values.get("external_reference")
            if reference in found:
                row.audit = found[reference]
            elif reference in taken:
                row.complain("external_reference", _("This external reference is taken."))

    def _refuse_known(self, rows: Iterable[RowPlan]) -> None:
        """Refuse new rows whose audit is there already, under the same title, unit and start."""
        new = [row for row in rows if row.audit is None and row.identity]
        known = {
            (title.casefold(), unit_id, starts_on): reference
            for title, unit_id, starts_on, reference in Audit.objects.visible_to(self._actor)
            .filter(starts_on__in={row.values["starts_on"] for row in new})
            .exclude(state=AuditState.CANCELLED)
            .values_list("title", "unit_id", "starts_on", "reference")
        }
        for row in new:
            if row.identity in known:
                row.complain(
                    "title",
                    _(
                        "%(reference)s has the same title, unit and start. Delete this row, or call it otherwise."
                    )
                    % {"reference": known[row.identity]},
                )

    def _check(self, row: RowPlan) -> None:
        """Check what concerns the row as a whole: rights, people's parts, the order of dates, what may change."""
        units = {row.values["unit"]} | ({row.audit.unit} if row.audit else set())
        for unit in units:
            if not all(self._access.has(right, unit.pk) for right in ("audits.import", "audits.plan")):
                row.complain("unit", _("You may not plan audits of %(unit)s.") % {"unit": unit})
                return
        if row.audit is None:
            row.values.setdefault("owner", self._actor)
        kept = row.audit or row.values["unit"]
        offsets = _offsets(row)
        if not offsets.fieldwork_days <= offsets.report_days <= offsets.follow_up_days:
            row.complain(
                "report_days",
                _("The report is due after the fieldwork ends, and the follow-up after the report."),
            )
        if row.values.get("recurrence"):
            try:
                Recurrence(row.values["recurrence"], row.values["starts_on"])
            except RecurrenceError as error:
                row.complain("recurrence", str(error))
        people = {name: row.values.get(name, _kept_people(row.audit, name)) for name in PEOPLE_COLUMNS}
        refusals = people_refusals(
            type=row.values["type"],
            unit=row.values["unit"],
            lead_auditor=row.values["lead_auditor"],
            now=self._now,
            **people,
        )
        for name, refusal in refusals.items():
            row.complain(name, refusal)
        if isinstance(kept, Audit):
            _find_changes(row, kept)


def _start(cell: Cell) -> date:
    day = cells.day(cell)
    if not EARLIEST <= day <= LATEST:
        raise CellError(
            _("The start lies between %(first)s and %(last)s.") % {"first": EARLIEST, "last": LATEST}
        )
    return day


def _offsets(row: RowPlan) -> Offsets:
    base = offsets_of(row.audit).values() if row.audit else Offsets().values()
    return Offsets(**{name: row.values.get(name, days) for name, days in base.items()})


def _kept_people(audit: Audit | None, name: str) -> list[User]:
    if audit is None:
        return []
    return [part.user for part in audit.participants.all() if part.role == PART_OF_COLUMN[name]]


def _find_changes(row: RowPlan, audit: Audit) -> None:
    """Keep what the row changes in its audit; an empty cell leaves what is there."""
    for name, value in row.values.items():
        if name == "recurrence":
            if value != (audit.series.rrule if audit.series else ""):
                row.complain(
                    name,
                    _("%(reference)s is there already; how it recurs is changed in its page.")
                    % {"reference": audit.reference},
                )
        elif name in PEOPLE_COLUMNS:
            if {person.pk for person in value} != {person.pk for person in _kept_people(audit, name)}:
                row.changes[name] = value
        elif getattr(audit, name) != value:
            row.changes[name] = value
    if row.changes and not audit.is_open:
        row.complain(
            "external_reference",
            _("%(reference)s is %(state)s and can't be changed.")
            % {"reference": audit.reference, "state": AuditState(audit.state).label.lower()},
        )


def _refuse_repeated(rows: Iterable[RowPlan]) -> None:
    """Refuse rows that name the same external reference, or the same audit, as an earlier row."""
    first: dict[Any, int] = {}
    for row in rows:
        reference = row.values.get("external_reference")
        for key, column, message in (
            (reference, "external_reference", _("Row %(row)s has the same external reference.")),
            (row.identity, "title", _("Row %(row)s has the same title, unit and start.")),
        ):
            if key and first.setdefault(key, row.number) != row.number:
                row.complain(column, message % {"row": first[key]})
