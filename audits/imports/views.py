"""The pages of the import: bring a file, see what each row would do, import it, see what came of it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from audits.choices import AuditType
from audits.imports.columns import COLUMNS, PURPOSE
from audits.imports.forms import ImportForm
from audits.imports.presentation import (
    ACTION_LABELS,
    columns_table,
    confirm_text,
    file_text,
    preview_table,
    refusal_text,
    result_table,
)
from audits.imports.preview import Preview, RowAction, audits_preview
from audits.imports.services import RowsRefused, audits_import_file, outcome_of
from audits.models import Audit
from foundation import clock
from foundation.accounts.models import BusinessUnit, User
from foundation.accounts.permissions import RightRequiredMixin, right_required
from foundation.accounts.requests import PersonRequest
from foundation.records.choices import Confidentiality
from foundation.records.imports import TableRefused
from foundation.records.imports.drafts import import_file_keep, import_file_of
from foundation.records.imports.templates import template_csv, template_xlsx
from foundation.records.models import ImportFile
from foundation.ui.columns import Chip
from foundation.ui.exports import CSV_TYPE, XLSX_TYPE
from foundation.ui.form_pages import UNPROCESSABLE, FormPage
from foundation.ui.lists import RESULTS
from foundation.ui.pages import fills
from foundation.ui.pagination import BadPage, Page, parse_page
from foundation.ui.structure import Action, Crumb

RIGHT = "audits.import"
ROWS_A_PAGE = 50
RECURRENCES = ("yearly", "every 6 months", "quarterly", "every 2 years")


class ImportUpload(RightRequiredMixin, FormPage):
    """Brings a file, and explains the columns."""

    right = RIGHT
    form_class = ImportForm
    title = gettext_lazy("Import audits")
    submit_label = gettext_lazy("Show what it would do")
    template_name = "audits/import_upload.html"

    def save(self, form: ImportForm) -> str:
        """Keep the file and go to its preview."""
        assert isinstance(self.request.user, User)
        file = import_file_keep(
            user=self.request.user,
            purpose=PURPOSE,
            file_name=form.cleaned_data["file"].name,
            content=form.content,
            sheet=form.table.sheet,
            now=self.now,
        )
        return reverse("audits:import-preview", args=[file.key])

    def get_subtitle(self) -> str:
        """Say how to begin."""
        return _("Fill in a template, or bring a file whose first row names the columns as listed below.")

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the way back to the audits."""
        return crumbs()[:1]

    def get_cancel_url(self) -> str:
        """Return to the audits."""
        return reverse("audits:audit-list")

    def get_extra_context(self) -> dict[str, Any]:
        """Return the columns to explain, and the templates to take."""
        actions = [
            Action(
                _("Template as %(format)s") % {"format": fmt.upper()},
                reverse("audits:import-template", args=[fmt]),
                icon="download",
            )
            for fmt in ("xlsx", "csv")
        ]
        return {"columns": columns_table(), "actions": actions}


@right_required(RIGHT)
@require_GET
def import_preview(request: PersonRequest, key: UUID) -> HttpResponse:
    """Show what each row would do, or, once it was imported, what came of it."""
    file = _file_of(request, key)
    if file.imported_at:
        return _show_result(request, file)
    try:
        preview = audits_preview(
            content=bytes(file.content or b""), actor=request.user, now=clock.now(), sheet=file.sheet
        )
    except TableRefused as refused:
        messages.error(request, str(refused))
        return redirect("audits:import")
    return _show_preview(request, file, preview)


@right_required(RIGHT)
@require_POST
def import_confirm(request: PersonRequest, key: UUID) -> HttpResponse:
    """Import the file that was previewed, exactly as it was kept."""
    file = _file_of(request, key)
    try:
        audits_import_file(file=file, actor=request.user, now=clock.now())
    except RowsRefused as refused:
        messages.error(
            request,
            _("Nothing was imported: something that the file names has changed since you saw the preview."),
        )
        return _show_preview(request, file, refused.preview, status=UNPROCESSABLE)
    return redirect("audits:import-preview", key)


@right_required(RIGHT)
@require_GET
def import_template(request: HttpRequest, fmt: str) -> HttpResponse:
    """Return the template file, with the units that there are."""
    if fmt == "csv":
        content, content_type = template_csv(COLUMNS), CSV_TYPE
    else:
        content_type = XLSX_TYPE
        content = template_xlsx(
            _("Audits"),
            COLUMNS,
            choices={
                "type": [str(label) for label in AuditType.labels],
                "unit": list(BusinessUnit.objects.order_by("path").values_list("code", flat=True)),
                "confidentiality": [str(label) for label in Confidentiality.labels],
                "recurrence": RECURRENCES,
            },
            days=["starts_on"],
        )
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="audits-template.{fmt}"'},
    )


def crumbs() -> list[Crumb]:
    """Return the path that leads to the import's pages."""
    return [
        Crumb(_("Audits"), reverse("audits:audit-list")),
        Crumb(_("Import"), reverse("audits:import")),
    ]


def _file_of(request: PersonRequest, key: UUID) -> ImportFile:
    file = import_file_of(key=key, user=request.user, purpose=PURPOSE)
    if file is None:
        raise Http404
    return file


def _show_preview(
    request: PersonRequest, file: ImportFile, preview: Preview, *, status: int = 200
) -> HttpResponse:
    counts = preview.counts
    shown = request.GET.get("show", "")
    rows = [row for row in preview.rows if row.action == shown] if shown in counts else preview.rows
    page = _page_of(request, rows)
    context = {
        "subtitle": file_text(file, preview),
        "actions": _preview_actions(file, preview),
        "refusal": refusal_text(counts[RowAction.REFUSED]) if counts[RowAction.REFUSED] else "",
        "is_all_there": counts[RowAction.UNCHANGED] == len(preview.rows),
        "chips": _chips(request, preview, shown),
        "table": preview_table(page.rows, clock.now()),
        **_page_links(request, page, {"show": shown}),
    }
    return _render(request, "audits/import_preview.html", context, status=status)


def _show_result(request: PersonRequest, file: ImportFile) -> HttpResponse:
    outcome = outcome_of(file)
    page = _page_of(request, [*outcome.created, *outcome.updated])
    audits = (
        Audit.objects.visible_to(request.user)
        .filter(reference__in=page.rows)
        .select_related("unit", "lead_auditor")
        .order_by("pk")
    )
    context = {
        "subtitle": file.file_name,
        "actions": [
            Action(_("Import another file"), reverse("audits:import"), icon="upload"),
            Action(_("Go to the audits"), reverse("audits:audit-list"), primary=True),
        ],
        "done": _("Imported: %(created)d new, %(updated)d changed, %(unchanged)d unchanged.")
        % {
            "created": len(outcome.created),
            "updated": len(outcome.updated),
            "unchanged": outcome.unchanged,
        },
        "table": result_table(list(audits), set(outcome.created), clock.now()) if page.rows else None,
        **_page_links(request, page, {}),
    }
    return _render(request, "audits/import_result.html", context)


def _render(
    request: PersonRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Return the page, or only its rows for htmx."""
    part = fills(request, RESULTS)
    context |= {"title": _("Import audits"), "crumbs": crumbs()}
    return render(request, "audits/_import_rows.html" if part else template, context, status=status)


def _preview_actions(file: ImportFile, preview: Preview) -> list[Action]:
    counts = preview.counts
    again = reverse("audits:import")
    if counts[RowAction.REFUSED]:
        return [Action(_("Bring the file again"), again, icon="upload", primary=True)]
    if counts[RowAction.UNCHANGED] == len(preview.rows):
        return [Action(_("Bring another file"), again, icon="upload")]
    confirm = reverse("audits:import-confirm", args=[file.key])
    return [
        Action(_("Cancel"), again),
        Action(confirm_text(counts), confirm, icon="upload", primary=True, posts=True),
    ]


def _chips(request: HttpRequest, preview: Preview, shown: str) -> list[Chip]:
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


def _page_of(request: HttpRequest, rows: Sequence[Any]) -> Page:
    """Return the rows of the page that the URL asks for, or of the nearest."""
    pages = max(1, -(-len(rows) // ROWS_A_PAGE))
    try:
        number = min(max(parse_page(request.GET.get("page", "1")), 1), pages)
    except BadPage as error:
        number = error.nearest
    start = (number - 1) * ROWS_A_PAGE
    return Page(list(rows[start : start + ROWS_A_PAGE]), number, ROWS_A_PAGE, len(rows), is_capped=False)


def _page_links(request: HttpRequest, page: Page, parameters: dict[str, str]) -> dict[str, Any]:
    def url(to: int) -> str:
        query = {name: value for name, value in {**parameters, "page": to}.items() if value}
        return f"{request.path}?{urlencode(query)}"

    return {
        "page": page,
        "page_links": [(other, url(other) if other else "") for other in page.numbers],
        "previous_url": url(page.previous) if page.previous else "",
        "next_url": url(page.next) if page.next else "",
    }
