"""Findings and requests for evidence, both of an audit: what their lists, and their tabs on its page, have in common."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from audits.models import Audit
from foundation.accounts.models import User
from foundation.records.cells import RecordCells
from foundation.records.pages import LongRecordList
from foundation.ui.addresses import address_of
from foundation.ui.columns import Column, Table
from foundation.ui.components import Badge, Due, Reference, Text
from foundation.ui.filters import ANY
from foundation.ui.structure import Action, EmptyState

RUN = "audits.run"
SHOWN = 100  # on the audit's page; the list shows the others


class OfAuditCells(RecordCells):
    """The cells that findings and requests have in common."""

    def cell_due_on(self, row: Any) -> Due | None:
        """Show when the answer is due, while one is waited for."""
        return Due(row.due_on, self.now) if row.due_on else None


class OfAuditList(OfAuditCells, LongRecordList):
    """A list of what is of audits, each of which is named to those who may know of it."""

    right_for_many = RUN

    def get_written(self, rows: Any) -> QuerySet[Any]:
        """Add the audits, where the reader may know of them."""
        return rows.with_audits_for(self.request.user) if self.holds("audit") else rows

    def keys_shown(self, rows: list[Any]) -> set[int]:
        """Return the keys of the rows, and of the audits that are named."""
        named = {row.audit_id for row in rows if row.audit_reference} if self.holds("audit") else set()
        return super().keys_shown(rows) | named

    def cell_audit(self, row: Any) -> Reference | None:
        """Name the audit, where the reader may know of it."""
        if not row.audit_reference:
            return None
        return Reference(row.audit_reference, address_of("audits:audit-detail", row.audit_reference))


def some_of(columns: Sequence[Column], *keys: str) -> Sequence[Column]:
    """Return those of a list's columns that its tab shows."""
    return tuple(column for column in columns if column.key in keys)


class AuditTab(OfAuditCells):
    """What an audit's page says of its findings or requests: the first of an order by weight, and how many there are of all."""

    title: ClassVar[Text]
    order_words: ClassVar[Text]  # which stand first
    list_page: ClassVar[str]

    def __init__(self, audit: Audit, *, user: User, now: datetime) -> None:
        self.audit, self.user, self.now = audit, user, now

    def get_rows(self) -> QuerySet[Any]:
        """Return the audit's, of which the reader may know, those first that weigh most."""
        raise NotImplementedError

    def get_counts(self) -> tuple[int, Iterable[tuple[Badge, int]]]:
        """Return how many there are, and how many of each that is told apart."""
        raise NotImplementedError

    def get_add(self) -> Action | None:
        """Return the way to one more, for those who may."""
        raise NotImplementedError

    def get_empty_state(self, actions: Sequence[Action]) -> EmptyState:
        """Say what will stand here."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        """Return what the template needs; two queries."""
        total, counts = self.get_counts()
        rows = list(self.get_rows()[:SHOWN]) if total else []
        add = self.get_add()
        return {
            "tab_title": self.title,
            "table": Table(self.title, self.columns, [self.cells_of(row) for row in rows]),
            "counts": [(badge, count) for badge, count in counts if count],
            "note": total
            if total == len(rows)
            else _("%(shown)s of %(total)s") % {"shown": len(rows), "total": total},
            "has_more": len(rows) < total,
            "shown": len(rows),
            "total": total,
            "order_words": self.order_words,
            "all_url": f"{reverse(self.list_page)}?audit={self.audit.reference}&state={ANY}",
            "add": add,
            "empty": self.get_empty_state([add] if add else []),
        }
