"""What an import would do, row by row: read against the people, units, programmes and audits that are there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from audits.choices import AuditRole, AuditState, ProgrammeState
from audits.imports.columns import BY_KEY
from audits.models import Audit, Programme
from audits.permissions import DECIDING, audit_change_refusal, audit_kept, people_refusals
from audits.schedule import Offsets, offsets_of
from audits.selectors.sides import answers_annotated
from compliance.models import Framework
from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.deadlines.recurrence import Recurrence
from foundation.deadlines.rules import RecurrenceError
from foundation.records.imports import CellError, cells
from foundation.records.imports.preview import PlannedRow
from foundation.records.imports.rows import Reading
from foundation.records.imports.tables import Cell

PEOPLE_COLUMNS = ("team", "auditees")
PART_OF_COLUMN = {"team": AuditRole.TEAM, "auditees": AuditRole.AUDITEE}
OFFSET_COLUMNS = ("preparation_days", "fieldwork_days", "report_days", "follow_up_days")


@dataclass
class RowPlan(PlannedRow):
    """A row of a programme, and the audit that it is about."""

    columns = BY_KEY

    audit: Audit | None = None

    @property
    def is_new(self) -> bool:
        """Tell whether the row plans an audit."""
        return self.audit is None

    @property
    def identity(self) -> tuple[str, int, date] | None:
        """Return what makes an audit the same as another: title, unit and start; None when one of them is missing."""
        title, unit, starts_on = (self.values.get(name) for name in ("title", "unit", "starts_on"))
        return (title.casefold(), unit.pk, starts_on) if title and unit and starts_on else None


class AuditReading(Reading[RowPlan]):
    """The reading of one programme. About ten queries, whatever the number of rows."""

    row_class = RowPlan

    read_unit = Reading.unit
    read_owner = read_lead_auditor = Reading.person
    read_team = read_auditees = Reading.persons

    def __init__(self, actor: User, now: datetime) -> None:
        super().__init__(actor, now)
        self._access = access_of(actor, now)
        self._programmes = {
            programme.reference.casefold(): programme
            for programme in Programme.objects.visible_to(actor).unarchived()
        }

    @cached_property
    def _frameworks(self) -> dict[str, Framework]:
        """The frameworks that the person may read, by name and by reference; read once a cell names one."""
        visible = list(Framework.objects.visible_to(self.actor))
        by_name = {one.title.casefold(): one for one in visible}
        return by_name | {one.reference.casefold(): one for one in visible}

    def judge(self, rows: list[RowPlan]) -> None:
        """Find the audits that rows are about; refuse what is there twice, and what may not be."""
        self._find_audits(rows)
        _refuse_repeated(rows)
        self._refuse_known(rows)
        for row in rows:
            if not row.problems:
                self._check(row)

    def read_programme(self, cell: Cell) -> Programme:
        reference = cells.text(cell, most=40)
        programme = self._programmes.get(reference.casefold())
        if programme is None:
            raise CellError(_("There is no programme %(reference)s.") % {"reference": reference})
        if programme.state == ProgrammeState.CLOSED:
            raise CellError(_("%(programme)s is closed.") % {"programme": programme})
        return programme

    def read_frameworks(self, cell: Cell) -> list[Framework]:
        found = []
        for name in cells.text(cell, most=5_000, lines=True).replace("\n", ";").split(";"):
            if not name.strip():
                continue
            framework = self._frameworks.get(name.strip().casefold())
            if framework is None or framework.archived_at is not None:
                raise CellError(_("There is no framework %(name)s.") % {"name": name.strip()})
            found.append(framework)
        return list(dict.fromkeys(found))

    def _find_audits(self, rows: Iterable[RowPlan]) -> None:
        """Find the audits that rows name by external reference; one that the person may not see is only called taken."""
        named = {reference: row for row in rows if (reference := row.values.get("external_reference"))}
        taken = set(
            Audit.objects.filter(external_reference__in=named).values_list("external_reference", flat=True)
        )
        visible = (
            Audit.objects.visible_to(self.actor)
            .filter(external_reference__in=taken)
            .select_related("owner", "unit", "lead_auditor", "programme", "series")
            .prefetch_related("participants__user", "frameworks")
            .annotate(**answers_annotated())
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
            for title, unit_id, starts_on, reference in Audit.objects.visible_to(self.actor)
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

    def _find_frameworks(self, row: RowPlan, audit: Audit) -> None:
        """Keep it when the row names other frameworks; those that the person may not read stay with the audit."""
        if "frameworks" not in row.values:
            return
        kept = list(audit.frameworks.all())
        seen = set(self._frameworks.values())
        wanted = [*row.values["frameworks"], *(one for one in kept if one not in seen)]
        if set(wanted) != set(kept):
            row.changes["frameworks"] = wanted

    def _check(self, row: RowPlan) -> None:
        """Check what concerns the row as a whole: rights, people's parts, the order of dates, what may change."""
        units = {row.values["unit"]} | ({row.audit.unit} if row.audit else set())
        for unit in units:
            if not all(self._access.has(right, unit.pk) for right in ("audits.import", "audits.plan")):
                row.complain("unit", _("You may not plan audits of %(unit)s.") % {"unit": unit})
                return
        if row.audit is None:
            row.values.setdefault("owner", self.actor)
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
            now=self.now,
            answering=row.audit.answering_ids if row.audit else (),
            **people,
        )
        for name, refusal in refusals.items():
            row.complain(name, refusal)
        if isinstance(kept, Audit):
            _find_changes(row, kept)
            self._find_frameworks(row, kept)
            _refuse_closed(row, kept)
            _refuse_kept(row, kept, self.actor)


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
        elif name == "frameworks":
            continue
        elif name in PEOPLE_COLUMNS:
            if {person.pk for person in value} != {person.pk for person in _kept_people(audit, name)}:
                row.changes[name] = value
        elif getattr(audit, name) != value:
            row.changes[name] = value


def _refuse_closed(row: RowPlan, audit: Audit) -> None:
    """Refuse to change an audit that is over."""
    if row.changes and not audit.is_open:
        row.complain(
            "external_reference",
            _("%(reference)s is %(state)s and can't be changed.")
            % {"reference": audit.reference, "state": AuditState(audit.state).label.lower()},
        )


def _refuse_kept(row: RowPlan, audit: Audit, actor: User) -> None:
    """Refuse what this person does not change in an audit, and what nobody changes any more."""
    if not row.changes or not audit.is_open:
        return
    if refusal := audit_change_refusal(audit=audit, user=actor):
        row.complain("external_reference", refusal)
    elif decided := row.changes.keys() & set(DECIDING):
        for name, refusal in audit_kept(audit=audit, user=actor).items():
            if name in decided:
                row.complain(name, refusal)


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
