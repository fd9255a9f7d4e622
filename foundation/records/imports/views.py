"""The pages of an import: bring a file, see what each row would do, import it, see what came of it.

An app declares an `ImportPages` (what its pages are called, and how its rows are shown) and includes its `urls()`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Generic, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, re_path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRefresh

from foundation.accounts.confirmation import show_first
from foundation.accounts.models import User
from foundation.accounts.permissions import person_of, right_required
from foundation.records.imports.aside import (
    LongImport,
    import_ask,
    import_progress,
    preview_ask,
    preview_kept,
    problems_kept,
)
from foundation.records.imports.drafts import import_file_keep, import_file_of, import_files_brought
from foundation.records.imports.forms import TableForm
from foundation.records.imports.kinds import ImportOutcome, TableImport
from foundation.records.imports.parts import (
    brought_badge,
    columns_table,
    file_text,
    page_links,
    page_of,
    preview_rows,
)
from foundation.records.imports.preview import Preview, R, RowAction, RowsRefused
from foundation.records.imports.tables import TableRefused
from foundation.records.imports.templates import template_csv, template_xlsx
from foundation.records.models import ImportFile
from foundation.registry import registry
from foundation.ui.columns import Column, Table
from foundation.ui.components import Text
from foundation.ui.exports import CSV_TYPE, XLSX_TYPE
from foundation.ui.form_pages import UNPROCESSABLE, FormPage
from foundation.ui.lists import RESULTS
from foundation.ui.pages import Page, fills
from foundation.ui.structure import Action, Crumb

STATE = "import-state"
LONG_SECONDS = 10  # after which an import that nobody has begun is a sign that no worker runs


class ImportPages(Generic[R]):
    """What the pages of one kind of import are called, and how they show its rows. One instance serves all requests.

    `things` names what is imported ("Audits"), `list_url` the address of their list, `namespace` that of the pages'
    own, and `template_name` the template file.
    """

    kind: TableImport[R]
    namespace: ClassVar[str]
    title: ClassVar[Text]
    things: ClassVar[Text]
    list_url: ClassVar[str]
    to_list: ClassVar[Text]
    template_name: ClassVar[str]
    preview_columns: ClassVar[Sequence[Column]]
    result_title: ClassVar[Text]
    result_columns: ClassVar[Sequence[Column]]
    form_class: ClassVar[type[TableForm]] = TableForm
    subtitle: ClassVar[Text] = gettext_lazy(
        "Fill in a template, or bring a file whose first row names the columns as listed below."
    )
    asks_who: ClassVar[bool] = False  # whether one shows who one is before anything is imported

    def preview_cells(self, row: R, now: datetime) -> tuple[Any, ...]:
        """Return the cells of a row in the preview, one for each of `preview_columns`."""
        raise NotImplementedError

    def result_rows(
        self, names: Sequence[str], *, created: set[str], reader: User, now: datetime
    ) -> list[tuple[Any, ...]]:
        """Return the cells of those that were imported under these names (of the outcome) and that the reader may see."""
        raise NotImplementedError

    def confirm_actions(self, counts: Mapping[RowAction, int], url: str) -> list[Action]:
        """Return the buttons that import, the usual one last."""
        raise NotImplementedError

    def options(self, request: HttpRequest) -> dict[str, Any]:
        """Return what the confirmation asks for besides, by the names that `TableImport.write` gives it."""
        return {}

    def done_text(self, outcome: ImportOutcome) -> str:
        """Return the sentence that says what came of an import."""
        return (
            _("Imported: %(created)d new, %(updated)d changed, %(unchanged)d unchanged.") % outcome.counts()
        )

    @property
    def may_be_long(self) -> bool:
        """Tell whether a worker reads and imports the long files of this kind."""
        return registry.find(LongImport, self.kind.purpose) is not None

    def url(self, name: str, *args: Any) -> str:
        """Return the address of one of the pages."""
        return reverse(f"{self.namespace}:{name}", args=args)

    def crumbs(self) -> list[Crumb]:
        """Return the path that leads to the pages."""
        return [Crumb(self.things, reverse(self.list_url)), Crumb(_("Import"), self.url("import"))]

    def urls(self) -> list[URLPattern]:
        """Return the addresses of the pages."""
        allowed = right_required(self.kind.right)
        return [
            path("", allowed(ImportUpload.as_view(pages=self)), name="import"),
            re_path(
                r"^template\.(?P<fmt>csv|xlsx)$",
                allowed(ImportTemplate.as_view(pages=self)),
                name="import-template",
            ),
            path("<uuid:key>/", allowed(ImportPreview.as_view(pages=self)), name="import-preview"),
            path("<uuid:key>/confirm/", allowed(ImportConfirm.as_view(pages=self)), name="import-confirm"),
        ]


class _OfKind(Page):
    """A page of one kind of import, which `ImportPages.urls` gives it."""

    pages: ImportPages[Any] = cast("ImportPages[Any]", None)


class ImportUpload(_OfKind, FormPage):
    """Brings a file, and explains the columns."""

    submit_label = gettext_lazy("Show what it would do")
    template_name = "records/imports/upload.html"

    @property
    def form_class(self) -> type[TableForm]:  # type: ignore[override]
        """Return the form that the kind of import is brought by."""
        return self.pages.form_class

    def get_form_arguments(self) -> dict[str, Any]:
        """Return what a file may hold."""
        return {"columns": self.pages.kind.columns, "limits": self.pages.kind.limits}

    def save(self, form: TableForm) -> str:
        """Keep the file and go to its preview."""
        file = import_file_keep(
            user=person_of(self.request),
            purpose=self.pages.kind.purpose,
            file_name=form.cleaned_data["file"].name,
            content=form.content,
            sheet=form.table.sheet,
            now=self.now,
        )
        if self.pages.may_be_long and self.pages.kind.is_long(form.content):
            preview_ask(file=file, now=self.now)
        return self.pages.url("import-preview", file.key)

    def get_title(self) -> Text:
        """Return the heading."""
        return self.pages.title

    def get_subtitle(self) -> str:
        """Say how to begin."""
        return str(self.pages.subtitle)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the way back to the list."""
        return (*self.pages.crumbs()[:1], Crumb(_("Import")))

    def get_cancel_url(self) -> str:
        """Return to the list."""
        return reverse(self.pages.list_url)

    def get_extra_context(self) -> dict[str, Any]:
        """Return the columns to explain, and the templates to take."""
        actions = [
            Action(
                _("Template as %(format)s") % {"format": fmt.upper()},
                self.pages.url("import-template", fmt),
                icon="download",
            )
            for fmt in ("xlsx", "csv")
        ]
        return {
            "columns": columns_table(self.pages.kind.columns),
            "actions": actions,
            "brought": [
                (file, self.pages.url("import-preview", file.key), brought_badge(file))
                for file in self._files_brought()
            ],
        }

    def _files_brought(self) -> Sequence[ImportFile]:
        """Return what a worker has read or reads, so that one finds it again."""
        if not self.pages.may_be_long:
            return ()
        return import_files_brought(user=person_of(self.request), purpose=self.pages.kind.purpose)


class ImportTemplate(_OfKind):
    """The template file, with the drop-downs that its reader may choose from."""

    def get(self, request: HttpRequest, fmt: str) -> HttpResponse:
        """Return the file."""
        columns = self.pages.kind.columns
        if fmt == "csv":
            content, content_type = template_csv(columns), CSV_TYPE
        else:
            content = template_xlsx(str(self.pages.things), columns, person=person_of(request))
            content_type = XLSX_TYPE
        name = f"{self.pages.template_name}.{fmt}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(content, content_type=content_type, headers=headers)


class _OfFile(_OfKind):
    """A page about a file that its reader brought."""

    @cached_property
    def file(self) -> ImportFile:
        """Return the file; of somebody else's, nobody learns that it is there. Content that a worker may read is not fetched along."""
        file = import_file_of(
            key=self.kwargs["key"],
            user=person_of(self.request),
            purpose=self.pages.kind.purpose,
            with_content=not self.pages.may_be_long,
        )
        if file is None:
            raise Http404
        return file

    def refuse_table(self, refused: TableRefused) -> HttpResponse:
        """Say why the file can't be read, where another can be brought."""
        messages.error(self.request, str(refused))
        return redirect(self.pages.url("import"))

    def show_preview(self, preview: Preview[Any], *, status: int = 200) -> HttpResponse:
        """Return what each row would do, one page of it."""
        told = self._tell_refusals(preview)
        page, around = preview_rows(self.request, preview)
        cells = [self.pages.preview_cells(row, self.now) for row in page.rows]
        context = {
            "subtitle": file_text(self.file, preview),
            "actions": self._actions(preview),
            "table": Table(_("Rows of the file"), self.pages.preview_columns, cells),
            **around,
            **({"refusal": told} if told else {}),
        }
        return self.render("records/imports/preview.html", context, status=status)

    def show_progress(self) -> HttpResponse:
        """Return how far the worker is; the part that changes asks anew by itself."""
        file = self.file
        done, total = import_progress(file)
        asked_at = file.confirmed_at or file.previewing_at
        waited = (self.now - asked_at).total_seconds() if asked_at else 0.0
        context = {
            "title": self.pages.title,
            "subtitle": file.file_name,
            "crumbs": self.pages.crumbs(),
            "done": done,
            "total": total,
            "is_being_read": file.confirmed_at is None,
            "waits_long": not file.attempts and waited > LONG_SECONDS,
        }
        is_part = fills(self.request, STATE)
        return render(self.request, f"records/imports/{'_' * is_part}progress.html", context)

    def _tell_refusals(self, preview: Preview[Any]) -> str:
        """Put what stood against the file, when a worker tried, beside its rows; return what is said of it as a whole."""
        rows = {row.number: row for row in preview.rows}
        told = ""
        for problem in problems_kept(self.file):
            if row := rows.get(problem.row):
                if problem not in row.problems:
                    row.problems.append(problem)
            else:
                told = problem.message
        return told

    def show_result(self) -> HttpResponse:
        """Return what came of the import, one page of it."""
        pages, outcome = self.pages, self.pages.kind.outcome_of(self.file)
        page = page_of(self.request, [*outcome.created, *outcome.updated])
        rows = pages.result_rows(
            page.rows, created=set(outcome.created), reader=person_of(self.request), now=self.now
        )
        context = {
            "subtitle": self.file.file_name,
            "actions": [
                Action(_("Import another file"), pages.url("import"), icon="upload"),
                Action(pages.to_list, reverse(pages.list_url), primary=True),
            ],
            "done": pages.done_text(outcome),
            "table": Table(pages.result_title, pages.result_columns, rows) if page.rows else None,
            **page_links(self.request, page, {}),
        }
        return self.render("records/imports/result.html", context)

    def render(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Return the page, or only its rows for htmx."""
        name = "records/imports/_rows.html" if fills(self.request, RESULTS) else template
        around = {"title": self.pages.title, "crumbs": self.pages.crumbs()}
        return render(self.request, name, context | around, status=status)

    def _actions(self, preview: Preview[Any]) -> list[Action]:
        counts, again = preview.counts, self.pages.url("import")
        if counts[RowAction.REFUSED]:
            return [Action(_("Bring the file again"), again, icon="upload", primary=True)]
        if counts[RowAction.UNCHANGED] == len(preview.rows):
            return [Action(_("Bring another file"), again, icon="upload")]
        confirm = self.pages.url("import-confirm", self.file.key)
        return [Action(_("Cancel"), again), *self.pages.confirm_actions(counts, confirm)]


class ImportPreview(_OfFile):
    """What each row would do, or, once it was imported, what came of it."""

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Show it."""
        if fills(request, STATE) and not self.file.is_with_worker:
            return HttpResponseClientRefresh()  # it came to its end, well or not
        if self.file.imported_at:
            return self.show_result()
        if self.file.is_with_worker:
            return self.show_progress()
        try:
            return self.show_preview(self._preview())
        except TableRefused as refused:
            return self.refuse_table(refused)

    def _preview(self) -> Preview[Any]:
        """Return what a worker found, or, of a short file, what is found now."""
        file = self.file
        if file.previewed_at:
            return preview_kept(file)
        content = bytes(file.content or b"")
        return self.pages.kind.preview(
            content=content, actor=person_of(self.request), now=self.now, sheet=file.sheet
        )


class ImportConfirm(_OfFile):
    """Imports the file that was previewed, exactly as it was kept."""

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Import, or say what stands against it."""
        pages, file = self.pages, self.file
        if file.is_being_read:
            return redirect(pages.url("import-preview", key))  # nothing is imported that was not shown
        if pages.asks_who:
            show_first(request)
        try:
            if file.imported_at is None and (
                file.confirmed_at or file.previewed_at or pages.kind.is_long(bytes(file.content or b""))
            ):
                if file.previewed_at:
                    preview_kept(file)  # what can't be read is not imported
                import_ask(file=file, now=self.now)
                return redirect(pages.url("import-preview", key))
            pages.kind.run_file(file=file, actor=person_of(request), now=self.now, **pages.options(request))
        except TableRefused as refused:
            return self.refuse_table(refused)
        except RowsRefused as refused:
            messages.error(
                request,
                _(
                    "Nothing was imported: something that the file names has changed since you saw the preview. "
                    "The rows below say what stands against it."
                ),
            )
            return self.show_preview(refused.preview, status=UNPROCESSABLE)
        return redirect(pages.url("import-preview", key))
