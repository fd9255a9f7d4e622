"""By how much audits have moved since their programme was approved, and what is late now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from audits.choices import AuditState
from audits.selectors.year.rows import YearAudit

TO_START = (AuditState.PLANNED, AuditState.PREPARING)
TO_REPORT = (AuditState.FIELDWORK, AuditState.REPORTING, AuditState.REPORT_REVIEW)


@dataclass(frozen=True)
class Slippage:
    """What became of the approved starts. Cancelled audits are left out: they take place on no day.

    `measured` have an approved start; `added` have none, having come into the programme after its approval or before
    there was one. `days` is the sum over all that are measured, those that moved earlier counting against it.
    """

    measured: Sequence[YearAudit]
    added: int
    moved: Sequence[YearAudit]
    days: int
    late_starts: Sequence[YearAudit]
    late_reports: Sequence[YearAudit]

    @property
    def average(self) -> float | None:
        """Return by how many days an audit with an approved start has moved; None where there is none."""
        return self.days / len(self.measured) if self.measured else None

    @property
    def later(self) -> int:
        """Return how many have moved to a later day."""
        return sum((audit.days_moved or 0) > 0 for audit in self.moved)

    @property
    def earlier(self) -> int:
        """Return how many have moved to an earlier day."""
        return len(self.moved) - self.later

    @property
    def late(self) -> Sequence[YearAudit]:
        """Return what is late to start or to report."""
        return [*self.late_starts, *self.late_reports]


def slippage_of(audits: Sequence[YearAudit], *, today: date) -> Slippage:
    """Return the slippage of audits; no query."""
    taking_place = [audit for audit in audits if not audit.is_cancelled]
    measured = [audit for audit in taking_place if audit.approved_starts_on]
    moved = [audit for audit in measured if audit.days_moved]
    return Slippage(
        measured=measured,
        added=len(taking_place) - len(measured),
        moved=sorted(moved, key=lambda audit: (-abs(audit.days_moved or 0), audit.pk)),
        days=sum(audit.days_moved or 0 for audit in measured),
        late_starts=[audit for audit in taking_place if audit.state in TO_START and audit.starts_on < today],
        late_reports=[
            audit for audit in taking_place if audit.state in TO_REPORT and audit.report_due_on < today
        ],
    )
