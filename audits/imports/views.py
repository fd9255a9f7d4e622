"""The pages of the import: what they are called, and how audits are shown on them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audits.choices import AuditType
from audits.imports.preview import RowPlan
from audits.imports.services import AUDIT_IMPORT
from audits.models import Audit
from foundation.accounts.models import User
from foundation.deadlines.recurrence import Recurrence
from foundation.deadlines.rules import RecurrenceError
from foundation.records.imports.parts import action_badge, outcome_badge, told
from foundation.records.imports.preview import RowAction
from foundation.records.imports.views import ImportPages
from foundation.ui.columns import Column
from foundation.ui.components import Listing, Noted, Person, Reference, When
from foundation.ui.structure import Action

PREVIEW_COLUMNS = (
    Column("number", gettext_lazy("Row"), at_end=True),
    Column("action", gettext_lazy("What happens")),
    Column("title", gettext_lazy("Audit"), is_title=True),
    Column("type", gettext_lazy("Type")),
    Column("unit", gettext_lazy("Business unit")),
    Column("lead_auditor", gettext_lazy("Lead auditor")),
    Column("starts_on", gettext_lazy("Start")),
)
RESULT_COLUMNS = (
    Column("reference", gettext_lazy("Reference")),
    Column("title", gettext_lazy("Audit"), is_title=True),
    Column("action", gettext_lazy("What happened")),
    Column("unit", gettext_lazy("Business unit")),
    Column("lead_auditor", gettext_lazy("Lead auditor")),
    Column("starts_on", gettext_lazy("Start")),
)


class AuditImportPages(ImportPages[RowPlan]):
    """`/audits/import/`"""

    kind = AUDIT_IMPORT
    namespace = "audits"
    title = gettext_lazy("Import audits")
    things = gettext_lazy("Audits")
    list_url = "audits:audit-list"
    to_list = gettext_lazy("Go to the audits")
    template_name = "audits-template"
    preview_columns = PREVIEW_COLUMNS
    result_title = gettext_lazy("Imported audits")
    result_columns = RESULT_COLUMNS

    def preview_cells(self, row: RowPlan, now: datetime) -> tuple[Any, ...]:
        """Return the audit that the row plans or changes."""
        type_, lead = row.values.get("type"), row.values.get("lead_auditor")
        title = row.values.get("title", "")
        if row.audit:
            title = Listing((title, Reference(row.audit.reference, row.audit.get_absolute_url())), " ")
        return (
            row.number,
            action_badge(row.action),
            told(row, title),
            AuditType(type_).label if type_ else None,
            row.values.get("unit"),
            Person(lead.full_name) if lead else None,
            _start_cell(row, now),
        )

    def result_rows(
        self, names: Sequence[str], *, created: set[str], reader: User, now: datetime
    ) -> list[tuple[Any, ...]]:
        """Return the audits that were planned and changed."""
        audits = Audit.objects.visible_to(reader).filter(reference__in=names)
        return [
            (
                Reference(audit.reference, audit.get_absolute_url()),
                audit.title,
                outcome_badge(is_new=audit.reference in created),
                audit.unit,
                Person(audit.lead_auditor.full_name),
                When(audit.starts_on, now),
            )
            for audit in audits.select_related("unit", "lead_auditor").order_by("pk")
        ]

    def confirm_actions(self, counts: Mapping[RowAction, int], url: str) -> list[Action]:
        """Return the button, which says how many audits it plans and changes."""
        create, update = counts[RowAction.CREATE], counts[RowAction.UPDATE]
        if not update:
            text = ngettext("Import %(count)d audit", "Import %(count)d audits", create) % {"count": create}
        elif not create:
            text = ngettext("Change %(count)d audit", "Change %(count)d audits", update) % {"count": update}
        else:
            text = _("Import %(create)d and change %(update)d audits") % {"create": create, "update": update}
        return [Action(text, url, icon="upload", primary=True, posts=True)]


def _start_cell(row: RowPlan, now: datetime) -> Any:
    start, rrule = row.values.get("starts_on"), row.values.get("recurrence")
    shown = When(start, now)
    if not start or not rrule:
        return shown
    try:
        return Noted(shown, Recurrence(rrule, start).describe())
    except RecurrenceError:
        return shown  # the row says what is wrong with it
