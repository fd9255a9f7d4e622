"""The audits of a year or a programme, as its page draws them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from audits.choices import AuditRole, AuditState
from audits.querysets import AuditListingQuerySet
from foundation.accounts.models import BusinessUnit
from foundation.records.choices import Confidentiality
from foundation.records.models import Participant
from foundation.ui.addresses import address_of

MOST = 500  # audits that a page draws
FIELDS = (
    "pk",
    "reference",
    "title",
    "type",
    "state",
    "confidentiality",
    "unit_id",
    "lead_auditor_id",
    "lead_auditor__full_name",
    "lead_auditor__unit_id",
    "lead_auditor__is_active",
    "starts_on",
    "next_due_on",
    "audit__preparation_on",
    "audit__fieldwork_ends_on",
    "audit__report_due_on",
    "audit__follow_up_on",
    "audit__approved_starts_on",
)


@dataclass(frozen=True)
class Unit:
    """A business unit in the tree; `depth` counts from the root."""

    pk: int
    name: str
    parent_id: int | None
    path: str
    is_archived: bool

    @property
    def depth(self) -> int:
        """Return how many units stand above this one."""
        return self.path.count("/") - 1


@dataclass(frozen=True)
class Auditor:
    """Somebody who leads an audit or is of its team."""

    pk: int
    name: str
    unit_id: int | None
    is_active: bool


@dataclass(frozen=True)
class YearAudit:
    """An audit with its dates, as far as a year's page tells of it."""

    pk: int
    reference: str
    title: str
    type: str
    state: str
    is_restricted: bool
    unit_id: int
    lead: Auditor
    starts_on: date
    next_due_on: date | None
    preparation_on: date
    fieldwork_ends_on: date
    report_due_on: date
    follow_up_on: date
    approved_starts_on: date | None

    @property
    def url(self) -> str:
        """Return the path of the audit's page."""
        return address_of("audits:audit-detail", self.reference)

    @property
    def is_cancelled(self) -> bool:
        """Tell whether it does not take place."""
        return self.state == AuditState.CANCELLED

    @property
    def days_moved(self) -> int | None:
        """Return by how many days the start has moved since it was approved; None without an approved start."""
        return (self.starts_on - self.approved_starts_on).days if self.approved_starts_on else None

    def is_late(self, on: date) -> bool:
        """Tell whether the step that it waits for was due before a day."""
        return self.next_due_on is not None and self.next_due_on < on


@dataclass(frozen=True)
class YearAudits:
    """Audits by their start, no more than MOST; `is_cut` tells that there are others, which start later."""

    audits: Sequence[YearAudit]
    is_cut: bool

    @cached_property
    def lead_count(self) -> int:
        """Return by how many people they are led."""
        return len({audit.lead.pk for audit in self.audits})


def year_audits(rows: AuditListingQuerySet, *, most: int = MOST) -> YearAudits:
    """Return the audits of these rows, of those that their reader may know of; one query."""
    values = list(rows.order_by("starts_on", "pk").values_list(*FIELDS)[: most + 1])
    return YearAudits([_audit(one) for one in values[:most]], is_cut=len(values) > most)


def _audit(values: Sequence[object]) -> YearAudit:
    row = dict(zip(FIELDS, values, strict=True))
    lead = Auditor(
        row["lead_auditor_id"],  # type: ignore[arg-type]
        row["lead_auditor__full_name"],  # type: ignore[arg-type]
        row["lead_auditor__unit_id"],  # type: ignore[arg-type]
        row["lead_auditor__is_active"],  # type: ignore[arg-type]
    )
    plain = ("pk", "reference", "title", "type", "state", "unit_id", "starts_on", "next_due_on")
    dates = ("preparation_on", "fieldwork_ends_on", "report_due_on", "follow_up_on", "approved_starts_on")
    return YearAudit(
        lead=lead,
        is_restricted=row["confidentiality"] == Confidentiality.RESTRICTED,
        **{name: row[name] for name in plain},  # type: ignore[arg-type]
        **{name: row[f"audit__{name}"] for name in dates},  # type: ignore[arg-type]
    )


def units_by_tree() -> dict[int, Unit]:
    """Return all units by their keys, each after those above it and by name on each level; one query."""
    units = {
        pk: Unit(pk, name, parent_id, path, archived_at is not None)
        for pk, name, parent_id, path, archived_at in BusinessUnit.objects.values_list(
            "pk", "name", "parent_id", "path", "archived_at"
        )
    }
    names = {str(pk): (unit.name.casefold(), pk) for pk, unit in units.items()}

    def place(unit: Unit) -> list[tuple[str, int]]:
        return [names.get(part, ("", 0)) for part in unit.path.split("/") if part]

    return {unit.pk: unit for unit in sorted(units.values(), key=place)}


def teams_of(audits: Sequence[YearAudit]) -> dict[int, list[Auditor]]:
    """Return who is of the teams of audits, by the audits' keys; one query."""
    teams: dict[int, list[Auditor]] = {}
    if not audits:
        return teams
    parts = (
        Participant.objects.filter(role=AuditRole.TEAM, record_id__in=[audit.pk for audit in audits])
        .order_by("user__full_name", "pk")
        .values_list("record_id", "user_id", "user__full_name", "user__unit_id", "user__is_active")
    )
    for record_id, pk, name, unit_id, is_active in parts:
        teams.setdefault(record_id, []).append(Auditor(pk, name, unit_id, is_active))
    return teams
