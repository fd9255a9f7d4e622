"""Which audits and programmes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import BooleanField, Case, F, Q, Value, When

from audits.choices import (
    EVIDENCE_ORDER,
    OPEN_AUDIT_STATES,
    OPEN_FINDING_STATES,
    SETTLED_EVIDENCE_STATES,
    CheckResult,
    FindingState,
    Grade,
    ProgrammeState,
)
from foundation.records.querysets import (
    ListingQuerySet,
    RecordQuerySet,
    known_value,
    visible_records,
    visible_sql,
)
from foundation.records.written import Written

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser
    from foundation.accounts.models import User


# The same requirement fell short in the same unit before, in another audit. By hand, since a list asks it for each row that it
# looks at; within a CASE, since PostgreSQL would make a join of the EXISTS alone: of all findings, to show the first few.
REPEATS = """CASE WHEN {has_earlier} THEN EXISTS (
    SELECT 1 FROM audits_findinglisting AS earlier
    WHERE earlier.requirement_id = {requirement_id} AND earlier.unit_id = {unit_id} AND earlier.finding_id < {finding_id}
        AND earlier.audit_id <> {audit_id} AND earlier.state <> %s AND KNOWN
) ELSE FALSE END"""


class AuditQuerySet(RecordQuerySet):
    """Audits."""

    def open(self) -> Self:
        """Keep what is neither closed nor cancelled."""
        return self.filter(state__in=OPEN_AUDIT_STATES)


class AuditListingQuerySet(ListingQuerySet):
    """Audits as lists show them: the same adjectives, on the narrow copies."""

    def open(self) -> Self:
        """Keep what is neither closed nor cancelled."""
        return self.filter(state__in=OPEN_AUDIT_STATES)

    def late(self, on: date) -> Self:
        """Keep those whose next step was due before a day."""
        return self.filter(next_due_on__lt=on)

    def on_schedule(self, on: date) -> Self:
        """Keep those with no step that was due before a day."""
        return self.filter(Q(next_due_on__gte=on) | Q(next_due_on=None))

    def run_by(self, user: User) -> Self:
        """Keep those that a person leads or owns."""
        return self.filter(Q(lead_auditor=user) | Q(owner=user))


class ProgrammeQuerySet(RecordQuerySet):
    """Audit programmes."""

    def open(self) -> Self:
        """Keep those that audits may still be added to."""
        return self.exclude(state=ProgrammeState.CLOSED)


class CheckQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Checks of audits. Who may know of them is who may know of their audit, and more: see `permissions`."""

    def tested(self) -> Self:
        """Keep what has come to a result."""
        return self.exclude(result=CheckResult.NOT_TESTED)


class FindingQuerySet(RecordQuerySet):
    """Findings."""

    def open(self) -> Self:
        """Keep what is neither closed nor withdrawn."""
        return self.exclude(state__in=(FindingState.CLOSED, FindingState.WITHDRAWN))


class OfAuditsQuerySet(ListingQuerySet):
    """What is of audits, and waits for an answer until a day (`due_on`), as lists show it."""

    def late(self, on: date) -> Self:
        """Keep those whose answer was due before a day, and is not there."""
        return self.filter(due_on__lt=on)

    def with_audits_for(self, user: AnyUser) -> Self:
        """Name the audit of each (`audit_reference`), where the person may know of it."""
        return self.annotate(audit_reference=known_value(user, "audit__", "reference"))


class FindingListingQuerySet(OfAuditsQuerySet):
    """Findings as lists show them: the same adjectives, on the narrow copies."""

    def open(self) -> Self:
        """Keep what is neither closed nor withdrawn."""
        return self.filter(state__in=OPEN_FINDING_STATES)

    def gravest_first(self) -> Self:
        """Order them by how grave they are, then as they were raised."""
        return self.order_by(_place("grade", Grade.values), "pk")

    def repeating_for(self, user: AnyUser) -> Self:
        """Keep those whose requirement was found to fall short in the same unit before, as far as the person may know of that."""
        told = self.filter(has_earlier=True)
        return told.filter(self._repeats_for(user)) if visible_records(user) else told

    def with_repeats_for(self, user: AnyUser) -> Self:
        """Tell of each whether it repeats an earlier one (`repeats`), as far as the person may know of that."""
        if not visible_records(user):
            return self.annotate(repeats=F("has_earlier"))
        return self.annotate(repeats=self._repeats_for(user))

    def _repeats_for(self, user: AnyUser) -> Written:
        """Return whether a row repeats what the person may know of, looked up row by row."""
        known, values = visible_sql(user, "earlier", key="finding_id")
        columns = {
            name: name for name in ("finding_id", "requirement_id", "unit_id", "audit_id", "has_earlier")
        }
        sql = REPEATS.replace("KNOWN", known)
        return Written(sql, columns, (FindingState.WITHDRAWN.value, *values), output_field=BooleanField())


class EvidenceRequestQuerySet(RecordQuerySet):
    """Requests for evidence."""

    def open(self) -> Self:
        """Keep what is still to be answered or looked at."""
        return self.exclude(state__in=SETTLED_EVIDENCE_STATES)


class EvidenceListingQuerySet(OfAuditsQuerySet):
    """Requests for evidence as lists show them."""

    def open(self) -> Self:
        """Keep what is still to be answered or looked at."""
        return self.exclude(state__in=SETTLED_EVIDENCE_STATES)

    def waiting_first(self) -> Self:
        """Order them by whom they wait for, then by the day until which they do."""
        return self.order_by(_place("state", EVIDENCE_ORDER), F("due_on").asc(nulls_last=True), "pk")


def _place(field: str, values: Sequence[str]) -> Case:
    """Return an order that goes through the values of a field one after the other."""
    return Case(*(When(**{field: value}, then=Value(place)) for place, value in enumerate(values)))
