"""The pages of the import: bring a file, see what each row would do, import it, see what came of it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from foundation import clock
from foundation.accounts.access import access_of
from foundation.accounts.choices import Role
from foundation.accounts.forms.fields import units_to_choose
from foundation.accounts.models import User
from foundation.accounts.permissions import RightRequiredMixin, person_of, right_required
from foundation.accounts.requests import PersonRequest
from foundation.accounts.selectors import people_seen_by
from foundation.enrolment.columns import COLUMNS, LIMITS, PURPOSE
from foundation.enrolment.preview import RowPlan, people_preview
from foundation.enrolment.services import outcome_of, people_import_file
from foundation.records.imports import TableRefused
from foundation.records.imports.drafts import import_file_keep, import_file_of
from foundation.records.imports.pages import (
    Problems,
    TableForm,
    action_badge,
    columns_table,
    file_text,
    page_links,
    page_of,
    preview_rows,
)
from foundation.records.imports.preview import Preview, RowAction, RowsRefused
from foundation.records.imports.templates import template_csv, template_xlsx
from foundation.records.models import ImportFile
from foundation.ui.columns import Column, Table
from foundation.ui.components import Badge, Link, Listing, Noted, Tone
from foundation.ui.exports import CSV_TYPE, XLSX_TYPE
from foundation.ui.form_pages import UNPROCESSABLE, FormPage
from foundation.ui.lists import RESULTS
from foundation.ui.pages import fills
from foundation.ui.structure import Action, Crumb

RIGHT = "people.manage"
PREVIEW_COLUMNS = (
    Column("number", gettext_lazy("Row"), at_end=True),
    Column("action", gettext_lazy("What happens")),
    Column("person", gettext_lazy("Person"), is_title=True),
    Column("unit", gettext_lazy("Business unit")),
    Column("manager", gettext_lazy("Manager")),
    Column("role", gettext_lazy("Role")),
)
RESULT_COLUMNS = (
    Column("person", gettext_lazy("Person"), is_title=True),
    Column("action", gettext_lazy("What happened")),
    Column("unit", gettext_lazy("Business unit")),
)


class PeopleTableForm(TableForm):
    """A CSV or XLSX file of people."""

    columns = COLUMNS
    limits = LIMITS


class ImportUpload(RightRequiredMixin, FormPage):
    """Brings a file, and explains the columns."""

    right = RIGHT
    form_class = PeopleTableForm
    title = gettext_lazy("Import people")
    submit_label = gettext_lazy("Show what it would do")
    template_name = "records/imports/upload.html"

    def save(self, form: PeopleTableForm) -> str:
        """Keep the file and go to its preview."""
        file = import_file_keep(
            user=person_of(self.request),
            purpose=PURPOSE,
            file_name=form.cleaned_data["file"].name,
            content=form.content,
            sheet=form.table.sheet,
            now=self.now,
        )
        return reverse("enrolment:import-preview", args=[file.key])

    def get_subtitle(self) -> str:
        """Say how to begin."""
        return _("Fill in a template, or bring a file whose first row names the columns as listed below.")

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the way back to the people."""
        return crumbs()[:1]

    def get_cancel_url(self) -> str:
        """Return to the people."""
        return reverse("accounts:person-list")

    def get_extra_context(self) -> dict[str, Any]:
        """Return the columns to explain, and the templates to take."""
        actions = [
            Action(
                _("Template as %(format)s") % {"format": fmt.upper()},
                reverse("enrolment:import-template", args=[fmt]),
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
        preview = people_preview(
            content=bytes(file.content or b""), actor=request.user, now=clock.now(), sheet=file.sheet
        )
    except TableRefused as refused:
        messages.error(request, str(refused))
        return redirect("enrolment:import")
    return _show_preview(request, file, preview)


@right_required(RIGHT)
@require_POST
def import_confirm(request: PersonRequest, key: UUID) -> HttpResponse:
    """Import the file that was previewed, exactly as it was kept."""
    file = _file_of(request, key)
    invite = request.POST.get("invite") == "on"
    try:
        people_import_file(file=file, actor=request.user, now=clock.now(), invite=invite)
    except RowsRefused as refused:
        messages.error(
            request,
            _("Nothing was imported: the rows below say what stands against it."),
        )
        return _show_preview(request, file, refused.preview, status=UNPROCESSABLE)
    return redirect("enrolment:import-preview", key)


@right_required(RIGHT)
@require_GET
def import_template(request: PersonRequest, fmt: str) -> HttpResponse:
    """Return the template file, with the units that the reader manages."""
    if fmt == "csv":
        content, content_type = template_csv(COLUMNS), CSV_TYPE
    else:
        units = units_to_choose(access_of(request.user).scope(RIGHT))
        codes = list(units.values_list("code", flat=True))
        content_type = XLSX_TYPE
        content = template_xlsx(
            _("People"),
            COLUMNS,
            choices={"unit": codes, "role_for": codes, "role": [str(label) for label in Role.labels]},
        )
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="people-template.{fmt}"'},
    )


def crumbs() -> list[Crumb]:
    """Return the path that leads to the import's pages."""
    return [
        Crumb(_("People"), reverse("accounts:person-list")),
        Crumb(_("Import"), reverse("enrolment:import")),
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
        "table": Table(_("Rows of the file"), PREVIEW_COLUMNS, [_preview_cells(row) for row in page.rows]),
        **around,
    }
    return _render(request, "records/imports/preview.html", context, status=status)


def _show_result(request: PersonRequest, file: ImportFile) -> HttpResponse:
    outcome = outcome_of(file)
    page = page_of(request, [*outcome.created, *outcome.updated])
    people = people_seen_by(request.user).filter(email__in=page.rows).select_related("unit")
    done = _(
        "Imported: %(created)d new, %(updated)d changed, %(unchanged)d unchanged. Invitations sent: %(invited)d."
    )
    context = {
        "subtitle": file.file_name,
        "actions": [
            Action(_("Import another file"), reverse("enrolment:import"), icon="upload"),
            Action(_("Go to the people"), reverse("accounts:person-list"), primary=True),
        ],
        "done": done
        % {
            "created": len(outcome.created),
            "updated": len(outcome.updated),
            "unchanged": outcome.unchanged,
            "invited": outcome.invited,
        },
        "table": _result_table(people.order_by("full_name", "pk"), set(outcome.created))
        if page.rows
        else None,
        **page_links(request, page, {}),
    }
    return _render(request, "records/imports/result.html", context)


def _render(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Return the page, or only its rows for htmx."""
    part = fills(request, RESULTS)
    context |= {"title": _("Import people"), "crumbs": crumbs()}
    return render(request, "records/imports/_rows.html" if part else template, context, status=status)


def _preview_actions(file: ImportFile, preview: Preview[RowPlan]) -> list[Action]:
    counts = preview.counts
    again = reverse("enrolment:import")
    if counts[RowAction.REFUSED]:
        return [Action(_("Bring the file again"), again, icon="upload", primary=True)]
    if counts[RowAction.UNCHANGED] == len(preview.rows):
        return [Action(_("Bring another file"), again, icon="upload")]
    confirm = reverse("enrolment:import-confirm", args=[file.key])
    create, update = counts[RowAction.CREATE], counts[RowAction.UPDATE]
    if not create:
        text = ngettext("Change %(count)d person", "Change %(count)d people", update) % {"count": update}
        return [Action(_("Cancel"), again), Action(text, confirm, icon="upload", primary=True, posts=True)]
    invite = ngettext("Import, and invite %(count)d person", "Import, and invite %(count)d people", create)
    return [
        Action(_("Cancel"), again),
        Action(_("Import without inviting"), confirm, icon="upload", posts=True),
        Action(
            invite % {"count": create},
            confirm,
            icon="send",
            primary=True,
            posts=True,
            fields={"invite": "on"},
        ),
    ]


def _preview_cells(row: RowPlan) -> tuple[Any, ...]:
    values = row.values
    role = values.get("role")
    return (
        row.number,
        action_badge(row.action),
        _person_cell(row),
        values.get("unit"),
        values.get("manager") or row.manager_email,
        Noted(role.label, values.get("role_for", "")) if role else None,
    )


def _person_cell(row: RowPlan) -> Any:
    name, email = row.values.get("full_name", ""), row.values.get("email", "")
    who: Any = Noted(name, email)
    if row.person:
        who = Link(name or email, reverse("accounts:person-detail", args=[row.person.pk]), email)
    if row.problems:
        return Listing((who, Problems(row.problems)), "")
    if row.changes:
        labels = ", ".join(str(column.label) for column in COLUMNS if column.key in row.changes)
        return Listing((who, Noted("", _("Changes: %(names)s") % {"names": labels})), "")
    return who


def _result_table(people: Sequence[User] | Any, created: set[str]) -> Table:
    new, changed = Badge(_("New"), Tone.GOOD), Badge(_("Changed"), Tone.INFO)
    rows = [
        (
            Link(person.full_name, reverse("accounts:person-detail", args=[person.pk]), person.email),
            new if person.email in created else changed,
            person.unit,
        )
        for person in people
    ]
    return Table(_("Imported people"), RESULT_COLUMNS, rows)
