"""The pages of the import: bring a file, see what each row would do, import it, see what came of it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from audits.choices import AuditType
from audits.imports.columns import COLUMNS, PURPOSE
from audits.imports.forms import ImportForm
from audits.imports.preview import Preview, RowAction, RowPlan, audits_preview
from audits.imports.services import RowsRefused, audits_import_file, outcome_of
from audits.models import Audit
from foundation.accounts.models import BusinessUnit, User
from foundation.accounts.permissions import RightRequiredMixin, right_required
from foundation.records.choices import Confidentiality
from foundation.records.imports import TableRefused
from foundation.records.imports.drafts import import_file_keep, import_file_of
from foundation.records.imports.templates import template_csv, template_xlsx
from foundation.records.models import ImportFile
from foundation.ui.components import Badge, Text, Tone
from foundation.ui.exports import CSV_TYPE, XLSX_TYPE
from foundation.ui.form_pages import UNPROCESSABLE, FormPage
from foundation.ui.lists import RESULTS, fills
from foundation.ui.pagination import BadPage, Page, parse_page
from foundation.ui.structure import Crumb

RIGHT = "audits.import"
ROWS_A_PAGE = 50
ACTION_LABELS: dict[RowAction, tuple[Text, Tone]] = {
    RowAction.REFUSED: (gettext_lazy("Problem"), Tone.BAD),
    RowAction.CREATE: (gettext_lazy("New"), Tone.GOOD),
    RowAction.UPDATE: (gettext_lazy("Change"), Tone.INFO),
    RowAction.UNCHANGED: (gettext_lazy("Unchanged"), Tone.NEUTRAL),
}


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

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the way back to the audits."""
        return crumbs()

    def get_cancel_url(self) -> str:
        """Return to the audits."""
        return reverse("audits:audit-list")

    def get_extra_context(self) -> dict[str, Any]:
        """Return the columns to explain."""
        return {"columns": COLUMNS}


@right_required(RIGHT)
@require_GET
def import_preview(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show what each row would do, or, once it was imported, what came of it."""
    file = _file_of(request, key)
    if file.imported_at:
        return _show_result(request, file)
    assert isinstance(request.user, User)
    try:
        preview = audits_preview(
            content=bytes(file.content or b""), actor=request.user, now=timezone.now(), sheet=file.sheet
        )
    except TableRefused as refused:
        messages.error(request, str(refused))
        return redirect("audits:import")
    return _show_preview(request, file, preview)


@right_required(RIGHT)
@require_POST
def import_confirm(request: HttpRequest, key: UUID) -> HttpResponse:
    """Import the file that was previewed, exactly as it was kept."""
    file = _file_of(request, key)
    assert isinstance(request.user, User)
    try:
        audits_import_file(file=file, actor=request.user, now=timezone.now())
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
                "recurrence": ["yearly", "every 6 months", "quarterly", "every 2 years"],
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
    return [Crumb(_("Audits"), reverse("audits:audit-list"))]


def _file_of(request: HttpRequest, key: UUID) -> ImportFile:
    assert isinstance(request.user, User)
    file = import_file_of(key=key, user=request.user, purpose=PURPOSE)
    if file is None:
        raise Http404
    return file


def _show_preview(
    request: HttpRequest, file: ImportFile, preview: Preview, *, status: int = 200
) -> HttpResponse:
    counts = preview.counts
    shown = request.GET.get("show", "")
    rows = [row for row in preview.rows if row.action == shown] if shown in counts else preview.rows
    context = {
        "title": _("Import audits"),
        "subtitle": _subtitle(file, preview),
        "crumbs": [*crumbs(), Crumb(_("Import"), reverse("audits:import"))],
        "file": file,
        "preview": preview,
        "refused": counts[RowAction.REFUSED],
        "to_write": counts[RowAction.CREATE] + counts[RowAction.UPDATE],
        "confirm_label": _confirm_label(counts[RowAction.CREATE], counts[RowAction.UPDATE]),
        "chips": _chips(request, preview, shown),
        **_page_of(request, [_PreviewRow(row) for row in rows], {"show": shown}),
    }
    return _render(request, "preview", context, status=status)


def _show_result(request: HttpRequest, file: ImportFile) -> HttpResponse:
    outcome = outcome_of(file)
    context = {
        "title": _("Import audits"),
        "subtitle": file.file_name,
        "crumbs": [*crumbs(), Crumb(_("Import"), reverse("audits:import"))],
        "file": file,
        "outcome": outcome,
        **_page_of(request, [*outcome.created, *outcome.updated], {}),
    }
    references = context["page"].rows
    audits = {
        audit.reference: audit
        for audit in Audit.objects.visible_to(request.user)
        .filter(reference__in=references)
        .select_related("unit", "lead_auditor")
    }
    created = set(outcome.created)
    context["rows"] = [
        (audits[reference], reference in created) for reference in references if reference in audits
    ]
    return _render(request, "result", context)


def _render(request: HttpRequest, page: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    template = f"audits/_import_{page}_rows.html" if fills(request, RESULTS) else f"audits/import_{page}.html"
    return render(request, template, context, status=status)


class _PreviewRow:
    """A row as the preview shows it."""

    def __init__(self, row: RowPlan) -> None:
        label, tone = ACTION_LABELS[row.action]
        self.number = row.number
        self.badge = Badge(label, tone)
        self.problems = row.problems
        self.audit = row.audit
        self.values = row.values
        self.title = row.values.get("title", "")
        self.type = AuditType(row.values["type"]).label if "type" in row.values else ""
        self.changed = [str(column.label) for column in COLUMNS if column.key in row.changes]


def _subtitle(file: ImportFile, preview: Preview) -> str:
    rows = ngettext("%(count)d row", "%(count)d rows", len(preview.rows)) % {"count": len(preview.rows)}
    if len(preview.sheets) > 1:
        return _("%(file)s, sheet “%(sheet)s” · %(rows)s") % {
            "file": file.file_name,
            "sheet": preview.sheet,
            "rows": rows,
        }
    return _("%(file)s · %(rows)s") % {"file": file.file_name, "rows": rows}


def _confirm_label(create: int, update: int) -> str:
    if not update:
        return ngettext("Import %(count)d audit", "Import %(count)d audits", create) % {"count": create}
    if not create:
        return ngettext("Change %(count)d audit", "Change %(count)d audits", update) % {"count": update}
    return _("Import %(create)d and change %(update)d audits") % {"create": create, "update": update}


def _chips(request: HttpRequest, preview: Preview, shown: str) -> list[dict[str, Any]]:
    counts = preview.counts
    chips = [
        {"label": f"{_('All')} {len(preview.rows)}", "url": request.path, "is_current": shown not in counts}
    ]
    for action, (label, _tone) in ACTION_LABELS.items():
        if counts[action]:
            chips.append(
                {
                    "label": f"{label} {counts[action]}",
                    "url": f"{request.path}?{urlencode({'show': action.value})}",
                    "is_current": shown == action,
                }
            )
    return chips


def _page_of(request: HttpRequest, rows: Sequence[Any], parameters: dict[str, str]) -> dict[str, Any]:
    """Return what the templates need to show one page of rows and the way to the others."""
    pages = max(1, -(-len(rows) // ROWS_A_PAGE))
    try:
        number = min(max(parse_page(request.GET.get("page", "1")), 1), pages)
    except BadPage as error:
        number = error.nearest
    start = (number - 1) * ROWS_A_PAGE
    page = Page(list(rows[start : start + ROWS_A_PAGE]), number, ROWS_A_PAGE, len(rows), is_capped=False)

    def url(to: int) -> str:
        query = {name: value for name, value in {**parameters, "page": to}.items() if value}
        return f"{request.path}?{urlencode(query)}"

    return {
        "now": timezone.now(),
        "page": page,
        "page_links": [(other, url(other) if other else "") for other in page.numbers],
        "previous_url": url(page.previous) if page.previous else "",
        "next_url": url(page.next) if page.next else "",
    }
