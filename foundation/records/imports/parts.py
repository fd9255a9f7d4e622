"""What the pages of all imports show alike: the columns explained, what is wrong with a row, the rows page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from foundation.records.imports import tables
from foundation.records.imports.preview import PlannedRow, Preview, RowAction
from foundation.records.models import ImportFile
from foundation.ui.columns import Chip, Column, Table
from foundation.ui.components import Badge, Listing, Noted, Part, Text, Tone
from foundation.ui.pagination import BadPage, Page, parse_page

ROWS_A_PAGE = 50
ACTION_LABELS: dict[RowAction, tuple[Text, Tone]] = {
    RowAction.REFUSED: (gettext_lazy("Problem"), Tone.BAD),
    RowAction.CREATE: (gettext_lazy("New"), Tone.GOOD),
    RowAction.UPDATE: (gettext_lazy("Change"), Tone.INFO),
    RowAction.UNCHANGED: (gettext_lazy("Unchanged"), Tone.NEUTRAL),
}
EXPLAINED_COLUMNS = (
    Column("label", gettext_lazy("Column"), is_title=True),
    Column("help", gettext_lazy("What it holds")),
    Column("example", gettext_lazy("Example")),
)


@dataclass(frozen=True)
class Problems(Part):
    """What is wrong with a row, one line for each cell."""

    problems: Sequence[tables.Problem]

    def __html__(self) -> SafeString:
        return format_html(
            '<ul class="row-problems">{}</ul>',
            format_html_join("", "<li>{}{}</li>", ((self._place(one), one.message) for one in self.problems)),
        )

    def __str__(self) -> str:
        return " ".join(problem.message for problem in self.problems)

    @staticmethod
    def _place(problem: tables.Problem) -> SafeString | str:
        return format_html("<strong>{}:</strong> ", problem.column) if problem.column else ""


def action_badge(action: RowAction) -> Badge:
    """Return what is done with a row."""
    label, tone = ACTION_LABELS[action]
    return Badge(label, tone)


def brought_badge(file: ImportFile) -> Badge:
    """Return where a file stands that a worker reads and imports."""
    if file.confirmed_at:
        return Badge(_("Being imported"), Tone.INFO)
    return Badge(_("Being read"), Tone.INFO) if file.is_being_read else Badge(_("Read"), Tone.GOOD)


def outcome_badge(*, is_new: bool) -> Badge:
    """Return what was done with something that was imported."""
    return Badge(_("New"), Tone.GOOD) if is_new else Badge(_("Changed"), Tone.INFO)


def told(row: PlannedRow, what: Any) -> Any:
    """Return what a row is about, with what is wrong with it, or which columns it changes, below."""
    if row.problems:
        return Listing((what, Problems(row.problems)), "")
    if row.changes:
        return Noted(what, _("Changes: %(names)s") % {"names": ", ".join(row.changed_labels)})
    return what


def columns_table(columns: Sequence[tables.Column]) -> Table:
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
            for column in columns
        ],
    )


def file_text(file: ImportFile, preview: Preview[Any]) -> str:
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


def preview_rows(request: HttpRequest, preview: Preview[Any]) -> tuple[Page, dict[str, Any]]:
    """Return the page of rows that the URL asks for (`?show=refused`), and what the template needs around it."""
    counts, shown = preview.counts, request.GET.get("show", "")
    rows = [row for row in preview.rows if row.action == shown] if shown in counts else list(preview.rows)
    page = page_of(request, rows)
    refused = counts[RowAction.REFUSED]
    return page, {
        "refusal": refusal_text(refused) if refused else "",
        "is_all_there": counts[RowAction.UNCHANGED] == len(preview.rows),
        "chips": _chips(request, preview, shown),
        **page_links(request, page, {"show": shown}),
    }


def _chips(request: HttpRequest, preview: Preview[Any], shown: str) -> list[Chip]:
    counts = preview.counts
    chips = [Chip(f"{_('All')} {len(preview.rows)}", request.path, shown not in counts)]
    return chips + [
        Chip(
            f"{label} {counts[action]}",
            f"{request.path}?{urlencode({'show': action.value})}",
            shown == action,
        )
        for action, (label, _tone) in ACTION_LABELS.items()
        if counts[action]
    ]


def page_of(request: HttpRequest, rows: Sequence[Any], *, size: int = ROWS_A_PAGE) -> Page:
    """Return the rows of the page that the URL asks for, or of the nearest."""
    number = page_number(request, len(rows), size=size)
    start = (number - 1) * size
    return Page(list(rows[start : start + size]), number, size, len(rows), is_capped=False)


def page_number(request: HttpRequest, total: int, *, size: int) -> int:
    """Return which page of so many rows the URL asks for, or the nearest."""
    try:
        return min(max(parse_page(request.GET.get("page", "1")), 1), max(1, -(-total // size)))
    except BadPage as error:
        return error.nearest


def page_links(
    request: HttpRequest, page: Page, parameters: Mapping[str, str], *, path: str = ""
) -> dict[str, Any]:
    """Return the page and the links to the others, for the template; `path` is theirs, where it is not that of the request."""

    def url(to: int) -> str:
        query = {name: value for name, value in {**parameters, "page": to}.items() if value}
        return f"{path or request.path}?{urlencode(query)}"

    return {
        "page": page,
        "page_links": [(other, url(other) if other else "") for other in page.numbers],
        "previous_url": url(page.previous) if page.previous else "",
        "next_url": url(page.next) if page.next else "",
    }
