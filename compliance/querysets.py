"""Which frameworks, editions and requirements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q

from compliance.choices import FrameworkState, NodeKind
from foundation.accounts.access import access_of
from foundation.records.choices import Confidentiality
from foundation.records.querysets import RecordQuerySet, visible_records, visible_sql

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


def readable_frameworks(user: AnyUser, prefix: str = "") -> Q:
    """Return the condition under which a person may read a framework; `prefix` reaches it from another table.

    As any record; and one of the whole organisation is read by whoever reads working records anywhere, since what a
    standard requires holds for every unit.
    """
    known = visible_records(user, prefix)
    if known and access_of(user).has_anywhere("records.view"):
        known |= Q(
            **{f"{prefix}unit__parent__isnull": True, f"{prefix}confidentiality": Confidentiality.INTERNAL}
        )
    return known


def readable_sql(user: AnyUser, table: str) -> tuple[str, tuple[Any, ...]]:
    """Return the same condition as SQL with its values, on a table of records by its name in the statement."""
    known, values = visible_sql(user, table)
    if values and access_of(user).has_anywhere("records.view"):
        whole = f"{table}.unit_id IN (SELECT id FROM accounts_businessunit WHERE parent_id IS NULL)"  # noqa: S608 - ours
        known = f"({known} OR ({table}.confidentiality = %s AND {whole}))"
        values = (*values, Confidentiality.INTERNAL.value)
    return known, values


class FrameworkQuerySet(RecordQuerySet):
    """Frameworks."""

    def visible_to(self, user: AnyUser) -> Self:
        """Keep what the person may read."""
        return self.filter(readable_frameworks(user))

    def active(self) -> Self:
        """Keep those that still bind the organisation."""
        return self.filter(state=FrameworkState.ACTIVE)


class EditionQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Editions of frameworks."""

    def accepted(self) -> Self:
        """Leave out drafts."""
        return self.filter(accepted_at__isnull=False)


class RequirementTextQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Lines of editions: groups, requirements and their enhancements."""

    def visible_to(self, user: AnyUser) -> Self:
        """Keep those of frameworks that the person may read."""
        return self.filter(readable_frameworks(user, "edition__framework__"))

    def testable(self) -> Self:
        """Keep what an audit can test: neither headings nor what was withdrawn."""
        return self.exclude(kind=NodeKind.GROUP).filter(is_withdrawn=False)

    def current(self) -> Self:
        """Keep those of the editions that count today."""
        return self.filter(edition__framework__current=F("edition"))
