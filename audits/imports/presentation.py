"""How the rows of a preview and of a result are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audits.choices import AuditType
from audits.imports.columns import COLUMNS
from audits.imports.preview import Preview, RowAction, RowPlan
from audits.models import Audit
from foundation.deadlines.recurrence import Recurrence
from foundation.deadlines.rules import RecurrenceError
from foundation.records.imports import Problem
from foundation.records.models import ImportFile
from foundation.ui.columns import Column, Table
from foundation.ui.components import Badge, Listing, Noted, Part, Person, Reference, Text, Tone, When

ACTION_LABELS: dict[RowAction, tuple[Text, Tone]] = {
    RowAction.REFUSED: (gettext_lazy("Problem"), Tone.BAD),
    RowAction.CREATE: (gettext_lazy("New"), Tone.GOOD),
    RowAction.UPDATE: (gettext_lazy("Change"), Tone.INFO),
    RowAction.UNCHANGED: (gettext_lazy("Unchanged"), Tone.NEUTRAL),
}
PREVIEW_COLUMNS = (
    Column("number", gettext_lazy("Row"), at_end=True),
    Column("action", gettext_lazy("What happens")),
    Column("title", gettext_lazy("Audit"), is_title=True),
    Column("type", gettext_lazy("Type")),
    Column("unit", gettext_lazy("Business unit")),
    Column("lead_auditor", gettext_lazy("Lead auditor")),
    Column("starts_on", gettext_lazy("Start")),
)
EXPLAINED_COLUMNS = (
    Column("label", gettext_lazy("Column"), is_title=True),
    Column("help", gettext_lazy("What it holds")),
    Column("example", gettext_lazy("Example")),
)
RESULT_COLUMNS = (
    Column("reference", gettext_lazy("Reference")),
    Column("title", gettext_lazy("Audit"), is_title=True),
    Column("action", gettext_lazy("What happened")),
    Column("unit", gettext_lazy("Business unit")),
    Column("lead_auditor", gettext_lazy("Lead auditor")),
    Column("starts_on", gettext_lazy("Start")),
)


@dataclass(frozen=True)
class Problems(Part):
    """What is wrong with a row, one line for each cell."""

    problems: Sequence[Problem]

    def __html__(self) -> SafeString:
        return format_html(
            '<ul class="row-problems">{}</ul>',
            format_html_join("", "<li>{}{}</li>", ((self._place(one), one.message) for one in self.problems)),
        )

    def __str__(self) -> str:
        return " ".join(problem.message for problem in self.problems)

    @staticmethod
    def _place(problem: Problem) -> SafeString | str:
        return format_html("<strong>{}:</strong> ", problem.column) if problem.column else ""


def preview_table(rows: Sequence[RowPlan], now: datetime) -> Table:
    """Return the rows of a preview."""
    return Table(_("Rows of the file"), PREVIEW_COLUMNS, [_preview_cells(row, now) for row in rows])


def columns_table() -> Table:
    """Return what each column of a file holds."""
    return Table(
        _("Columns"),
        EXPLAINED_COLUMNS,
        [
            (
                Noted(column.label, _("needed")) if column.required else column.label,
                column.help,
                column.example,
            )
            for column in COLUMNS
        ],
    )


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


def file_text(file: ImportFile, preview: Preview) -> str:
    """Return what the file is called, which sheet was read, and how many rows it has."""
    rows = ngettext("%(count)d row", "%(count)d rows", len(preview.rows)) % {"count": len(preview.rows)}
    if len(preview.sheets) > 1:
        return _("%(file)s, sheet “%(sheet)s” · %(rows)s") % {
            "file": file.file_name,
            "sheet": preview.sheet,
            "rows": rows,
        }
    return _("%(file)s · %(rows)s") % {"file": file.file_name, "rows": rows}


def refusal_text(refused: int) -> str:
    """Return why nothing can be imported."""
    return ngettext(
        "%(count)d row can't be imported, so nothing will be. Correct it in the file and bring the file again.",
        "%(count)d rows can't be imported, so nothing will be. Correct them in the file and bring the file again.",
        refused,
    ) % {"count": refused}


def confirm_text(counts: Mapping[RowAction, int]) -> str:
    """Return the words of the button that imports."""
    create, update = counts[RowAction.CREATE], counts[RowAction.UPDATE]
    if not update:
        return ngettext("Import %(count)d audit", "Import %(count)d audits", create) % {"count": create}
    if not create:
        return ngettext("Change %(count)d audit", "Change %(count)d audits", update) % {"count": update}
    return _("Import %(create)d and change %(update)d audits") % {"create": create, "update": update}


def _preview_cells(row: RowPlan, now: datetime) -> tuple[Any, ...]:
    label, tone = ACTION_LABELS[row.action]
    type_, lead = row.values.get("type"), row.values.get("lead_auditor")
    return (
        row.number,
        Badge(label, tone),
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
