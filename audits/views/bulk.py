"""Steps for many audits or programmes at once, each with the checks of the record's own form."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from audits.forms.bulk import AssignForm
from audits.models import Audit, Programme
from audits.permissions import audit_change_refusal, deciding_refusal
from audits.selectors import audits_with_people
from audits.services import (
    audit_change,
    programme_change,
    programme_refusal,
)
from audits.services.moving import START
from audits.views.badges import audit_badge, programme_badge
from audits.views.lists import PLAN
from foundation.deadlines.bulk_move import BulkDateMove
from foundation.records.bulk import BulkAssign, RecordBulkPage
from foundation.ui.columns import Column
from foundation.ui.components import Badge, Person, When


class AuditBulkPage(RecordBulkPage):
    """What assigning and moving have in common."""

    list_key = "audits:audit-list"
    right = PLAN
    rows_label = lazy("Audits")
    columns = (
        Column("reference", lazy("Reference")),
        Column("title", lazy("Title"), is_title=True),
        Column("state", lazy("State")),
        Column("lead_auditor", lazy("Lead auditor")),
        Column("starts_on", lazy("Fieldwork starts")),
    )

    def get_rows_of(self, keys: Sequence[int]) -> Sequence[Audit]:
        """Return the audits, in the order of their start."""
        return list(audits_with_people(self.actor).filter(pk__in=keys).order_by("-starts_on", "-pk"))

    def cell_state(self, row: Audit) -> Badge:
        """Name the state."""
        return audit_badge(row.state)

    def cell_lead_auditor(self, row: Audit) -> Person:
        """Name the lead auditor."""
        return Person(row.lead_auditor.full_name)

    def cell_starts_on(self, row: Audit) -> When:
        """Show when the fieldwork starts."""
        return When(row.starts_on, self.now)


class AuditsAssign(BulkAssign, AuditBulkPage):
    """Gives audits another lead auditor, another owner, or both."""

    form_class = AssignForm
    title = lazy("Assign audits")

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the moment, by which it is known who may lead."""
        return {"now": self.now}

    def change_refusal(self, row: Audit) -> str | None:
        """Return what keeps an audit from being given to others, by the reader or at all."""
        refusal = audit_change_refusal(audit=row, user=self.actor)
        return refusal or deciding_refusal(audit=row, user=self.actor)

    def change_record(self, row: Audit, changes: dict[str, Any], **given: Any) -> None:
        """Change an audit to the people chosen."""
        audit_change(audit=row, changes=changes, **given)


class AuditsMove(BulkDateMove, AuditBulkPage):
    """Moves the start of audits by some days, and all their dates with it, as the calendar does."""

    title = lazy("Move the dates of audits")
    date_kind = START

    def date_of(self, row: Audit) -> date:
        """Return the start, from which all other dates follow."""
        return row.starts_on


class ProgrammesAssign(BulkAssign):
    """Gives programmes another owner."""

    list_key = "audits:programme-list"
    right = PLAN
    title = lazy("Assign programmes")
    rows_label = lazy("Programmes")
    columns = (
        Column("reference", lazy("Reference")),
        Column("title", lazy("Title"), is_title=True),
        Column("state", lazy("State")),
        Column("owner", lazy("Owner")),
    )

    def get_rows_of(self, keys: Sequence[int]) -> Sequence[Programme]:
        """Return the programmes, the latest year first."""
        rows = Programme.objects.visible_to(self.actor).filter(pk__in=keys).select_related("unit", "owner")
        return list(rows.order_by("-year", "-pk"))

    def change_refusal(self, row: Programme) -> str | None:
        """Return what keeps a programme from being changed at all."""
        return programme_refusal(row)

    def change_record(self, row: Programme, changes: dict[str, Any], **given: Any) -> None:
        """Give a programme to the owner chosen."""
        programme_change(programme=row, changes=changes, **given)

    def cell_state(self, row: Programme) -> Badge:
        """Name the state."""
        return programme_badge(row.state)
