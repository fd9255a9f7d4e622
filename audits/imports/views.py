"""The pages of the import: bring a file, see what each row would do, import it, see what came of it."""

from collections.abc import Sequence
from typing import Any
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
from audits.imports.presentation import confirm_text, preview_table, result_table
from audits.imports.preview import RowPlan, audits_preview
from audits.imports.services import audits_import_file, outcome_of
from audits.models import Audit
from foundation import clock
from foundation.accounts.models import BusinessUnit, User
from foundation.accounts.permissions import RightRequiredMixin, right_required
from foundation.accounts.requests import PersonRequest
from foundation.records.choices import Confidentiality
from foundation.records.imports import TableRefused
from foundation.records.imports.drafts import import_file_keep, import_file_of
from foundation.records.imports.pages import columns_table, file_text, page_links, page_of, preview_rows
from foundation.records.imports.preview import Preview, RowAction, RowsRefused
from foundation.records.imports.templates import template_csv, template_xlsx
from foundation.records.models import ImportFile
from foundation.ui.exports import CSV_TYPE, XLSX_TYPE
from foundation.ui.form_pages import UNPROCESSABLE, FormPage
from foundation.ui.lists import RESULTS
from foundation.ui.pages import fills
from foundation.ui.structure import Action, Crumb

RIGHT = "audits.import"
RECURRENCES = ("yearly", "every 6 months", "quarterly", "every 2 years")


class ImportUpload(RightRequiredMixin, FormPage):
    """Brings a file, and explains the columns."""

    right = RIGHT
    form_class = ImportForm
    title = gettext_lazy("Import audits")
    submit_label = gettext_lazy("Show what it would do")
    template_name = "records/imports/upload.html"

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
        return {"columns": columns_table(COLUMNS), "actions": actions}


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
    request: PersonRequest, file: ImportFile, preview: Preview[RowPlan], *, status: int = 200
) -> HttpResponse:
    page, around = preview_rows(request, preview)
    context = {
        "subtitle": file_text(file, preview),
        "actions": _preview_actions(file, preview),
        "table": preview_table(page.rows, clock.now()),
        **around,
    }
    return _render(request, "records/imports/preview.html", context, status=status)


def _show_result(request: PersonRequest, file: ImportFile) -> HttpResponse:
    outcome = outcome_of(file)
    page = page_of(request, [*outcome.created, *outcome.updated])
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
        **page_links(request, page, {}),
    }
    return _render(request, "records/imports/result.html", context)


def _render(
    request: PersonRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Return the page, or only its rows for htmx."""
    part = fills(request, RESULTS)
    context |= {"title": _("Import audits"), "crumbs": crumbs()}
    return render(request, "records/imports/_rows.html" if part else template, context, status=status)


def _preview_actions(file: ImportFile, preview: Preview[RowPlan]) -> list[Action]:
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
