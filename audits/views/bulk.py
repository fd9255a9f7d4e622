"""Steps for many audits or programmes at once, each with the checks of the record's own form."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from audits.forms.bulk import AssignForm
from audits.models import Audit, Programme
from audits.selectors import audits_with_people
from audits.services import (
    AuditRefused,
    ProgrammeRefused,
    audit_change,
    programme_change,
    programme_refusal,
)
from audits.services.audits import audit_refusal
from audits.services.moving import START
from audits.views.lists import audit_badge, programme_badge
from foundation.deadlines.bulk_move import BulkDateMove
from foundation.lists.bulk import Chosen, StepRefused
from foundation.records.bulk import OwnerForm, RecordBulkPage
from foundation.records.services import StaleRecord
from foundation.ui.columns import Column
from foundation.ui.components import Person, Reference, When


class AuditBulkPage(RecordBulkPage):
    """What assigning and moving have in common."""

    list_key = "audits:audit-list"
    right = "audits.plan"
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

    def refusal_for(self, row: Audit) -> str:
        """Return what keeps an audit from being changed at all."""
        return self.right_refusal(row) or audit_refusal(row) or ""

    def cells_of(self, row: Audit) -> list[Any]:
        """Show what tells one audit from another, and what the step may change."""
        return [
            Reference(row.reference, row.get_absolute_url()),
            row.title,
            audit_badge(row.state),
            Person(row.lead_auditor.full_name),
            When(row.starts_on, self.now),
        ]


class AuditsAssign(AuditBulkPage):
    """Gives audits another lead auditor, another owner, or both."""

    form_class = AssignForm
    title = lazy("Assign audits")
    submit_label = lazy("Assign")

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the moment, by which it is known who may lead."""
        return {"now": self.now}

    def take(self, chosen: Chosen, form: AssignForm) -> None:
        """Change one audit, as its form would, to the people chosen."""
        try:
            audit_change(
                audit=chosen.row,
                changes={name: person for name, person in form.cleaned_data.items() if person},
                actor=self.actor,
                now=self.now,
                version=chosen.version,
            )
        except (AuditRefused, StaleRecord) as refused:
            raise StepRefused(str(refused)) from refused


class AuditsMove(BulkDateMove, AuditBulkPage):
    """Moves the start of audits by some days, and all their dates with it, as the calendar does."""

    title = lazy("Move the dates of audits")
    date_kind = START

    def date_of(self, row: Audit) -> date:
        """Return the start, from which all other dates follow."""
        return row.starts_on


class ProgrammesAssign(RecordBulkPage):
    """Gives programmes another owner."""

    list_key = "audits:programme-list"
    right = "audits.plan"
    form_class = OwnerForm
    title = lazy("Assign programmes")
    submit_label = lazy("Assign")
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

    def refusal_for(self, row: Programme) -> str:
        """Return what keeps a programme from being changed at all."""
        return self.right_refusal(row) or programme_refusal(row) or ""

    def cells_of(self, row: Programme) -> list[Any]:
        """Show what tells one programme from another, and what the step changes."""
        return [
            Reference(row.reference, row.get_absolute_url()),
            row.title,
            programme_badge(row.state),
            Person(row.owner.full_name),
        ]

    def take(self, chosen: Chosen, form: OwnerForm) -> None:
        """Change one programme, as its form would."""
        try:
            programme_change(
                programme=chosen.row,
                changes={"owner": form.cleaned_data["owner"]},
                actor=self.actor,
                now=self.now,
                version=chosen.version,
            )
        except (ProgrammeRefused, StaleRecord) as refused:
            raise StepRefused(str(refused)) from refused
