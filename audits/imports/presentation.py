"""How the rows of a preview and of a result are shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audits.choices import AuditType
from audits.imports.columns import COLUMNS
from audits.imports.preview import RowPlan
from audits.models import Audit
from foundation.deadlines.recurrence import Recurrence
from foundation.deadlines.rules import RecurrenceError
from foundation.records.imports.pages import Problems, action_badge
from foundation.records.imports.preview import RowAction
from foundation.ui.columns import Column, Table
from foundation.ui.components import Badge, Listing, Noted, Person, Reference, Tone, When

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


def preview_table(rows: Sequence[RowPlan], now: datetime) -> Table:
    """Return the rows of a preview."""
    return Table(_("Rows of the file"), PREVIEW_COLUMNS, [_preview_cells(row, now) for row in rows])


def result_table(audits: Sequence[Audit], created: set[str], now: datetime) -> Table:
    """Return the audits that an import planned and changed."""
    new, changed = Badge(_("New"), Tone.GOOD), Badge(_("Changed"), Tone.INFO)
    return Table(
        _("Imported audits"),
        RESULT_COLUMNS,
        [
            (
                Reference(audit.reference, audit.get_absolute_url()),
                audit.title,
                new if audit.reference in created else changed,
                audit.unit,
                Person(audit.lead_auditor.full_name),
                When(audit.starts_on, now),
            )
            for audit in audits
        ],
    )


def confirm_text(counts: Mapping[RowAction, int]) -> str:
    """Return the words of the button that imports."""
    create, update = counts[RowAction.CREATE], counts[RowAction.UPDATE]
    if not update:
        return ngettext("Import %(count)d audit", "Import %(count)d audits", create) % {"count": create}
    if not create:
        return ngettext("Change %(count)d audit", "Change %(count)d audits", update) % {"count": update}
    return _("Import %(create)d and change %(update)d audits") % {"create": create, "update": update}


def _preview_cells(row: RowPlan, now: datetime) -> tuple[Any, ...]:
    type_, lead = row.values.get("type"), row.values.get("lead_auditor")
    return (
        row.number,
        action_badge(row.action),
        _title_cell(row),
        AuditType(type_).label if type_ else None,
        row.values.get("unit"),
        Person(lead.full_name) if lead else None,
        _start_cell(row, now),
    )


def _title_cell(row: RowPlan) -> Any:
    title = row.values.get("title", "")
    if row.audit:
        title = Listing((title, Reference(row.audit.reference, row.audit.get_absolute_url())), " ")
    if row.problems:
        return Listing((title, Problems(row.problems)), "")
    if row.changes:
        names = ", ".join(str(column.label) for column in COLUMNS if column.key in row.changes)
        return Noted(title, _("Changes: %(names)s") % {"names": names})
    return title


def _start_cell(row: RowPlan, now: datetime) -> Any:
    start, rrule = row.values.get("starts_on"), row.values.get("recurrence")
    shown = When(start, now)
    if not start or not rrule:
        return shown
    try:
        return Noted(shown, Recurrence(rrule, start).describe())
    except RecurrenceError:
        return shown  # the row says what is wrong with it
