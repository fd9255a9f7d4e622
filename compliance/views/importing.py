"""Bringing a catalogue: upload it, look at what it would change, accept it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from compliance.catalogues import CatalogueError
from compliance.forms.importing import CatalogueForm, plan_of
from compliance.imports import COLUMNS, ImportPlan
from compliance.imports.kept import kept_lines_read, plan_keep, plan_kept
from compliance.models import Edition, Framework
from compliance.permissions import MANAGE
from compliance.services import EditionRefused, EditionStale, FrameworkRefused
from compliance.services.reading import reading_drop
from compliance.views.differences import difference_context
from foundation.accounts.permissions import person_of, right_check
from foundation.records.imports.drafts import (
    import_file_done,
    import_file_keep,
    import_file_lock,
    import_file_of,
)
from foundation.records.imports.parts import columns_table
from foundation.records.imports.templates import template_csv, template_xlsx
from foundation.records.models import ImportFile
from foundation.ui.exports import CSV_TYPE, XLSX_TYPE
from foundation.ui.form_pages import CONFLICT, UNPROCESSABLE, FormPage
from foundation.ui.lists import RESULTS
from foundation.ui.pages import Page, fills
from foundation.ui.structure import Action, Crumb, Fact

PURPOSE = "catalogue"


def crumbs() -> tuple[Crumb, ...]:
    """Return the path that leads to the pages."""
    return (
        Crumb(_("Frameworks"), reverse("compliance:framework-list")),
        Crumb(_("Import"), reverse("compliance:import")),
    )


class CatalogueUpload(FormPage):
    """Brings a file, and explains the columns of a table."""

    form_class = CatalogueForm
    title = lazy("Import a framework")
    submit_label = lazy("Show what it would change")
    template_name = "records/imports/upload.html"

    def prepare(self) -> None:
        """Check the right: what is imported holds for the whole organisation."""
        right_check(user=self.request.user, right=MANAGE)

    def get_form_arguments(self) -> dict[str, Any]:
        """Return who imports, and the framework that the address names."""
        return {
            "user": person_of(self.request),
            "initial": {"framework": self.request.GET.get("framework", "")},
        }

    def save(self, form: CatalogueForm) -> str:
        """Keep the file and go to its preview."""
        file = import_file_keep(
            user=person_of(self.request),
            purpose=PURPOSE,
            file_name=form.cleaned_data["file"].name,
            content=form.content,
            sheet=form.cleaned_data["sheet"],
            asked=form.asked(),
            now=self.now,
        )
        plan_keep(file, form.plan)
        return reverse("compliance:import-preview", args=[file.key])

    def get_subtitle(self) -> str:
        """Say what can be brought."""
        return _("A catalogue in OSCAL's JSON says all by itself; a table has the columns listed below.")

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the way back to the list."""
        return (*crumbs()[:1], Crumb(_("Import")))

    def get_cancel_url(self) -> str:
        """Return to the list."""
        return reverse("compliance:framework-list")

    def get_extra_context(self) -> dict[str, Any]:
        """Return the columns to explain, and the templates to take."""
        actions = [
            Action(
                _("Template as %(format)s") % {"format": fmt.upper()},
                reverse("compliance:import-template", args=[fmt]),
                icon="download",
            )
            for fmt in ("xlsx", "csv")
        ]
        return {"columns": columns_table(COLUMNS), "actions": actions}


class CatalogueTemplate(Page):
    """The template of a table."""

    def get(self, request: HttpRequest, fmt: str) -> HttpResponse:
        """Return the file."""
        right_check(user=request.user, right=MANAGE)
        if fmt == "csv":
            content, content_type = template_csv(COLUMNS), CSV_TYPE
        else:
            content = template_xlsx(_("Requirements"), COLUMNS, person=person_of(request))
            content_type = XLSX_TYPE
        headers = {"Content-Disposition": f'attachment; filename="requirements-template.{fmt}"'}
        return HttpResponse(content, content_type=content_type, headers=headers)


class _OfFile(Page):
    """A page about a file that its reader brought."""

    @cached_property
    def file(self) -> ImportFile:
        """Return the file; of somebody else's, nobody learns that it is there."""
        right_check(user=self.request.user, right=MANAGE)
        file = import_file_of(
            key=self.kwargs["key"], user=person_of(self.request), purpose=PURPOSE, with_content=False
        )
        if file is None:
            raise Http404
        return file

    def plan_to_show(self) -> ImportPlan:
        """Return what the file would do now, as it was read once; read it again where something else counts by now."""
        if kept := plan_kept(self.file, actor=person_of(self.request)):
            return kept
        # Not what is kept of it now: something else may count again, or somebody may have accepted the file.
        plan = self.plan(self.file)
        plan_keep(self.file, plan)
        return plan

    def plan(self, file: ImportFile) -> ImportPlan:
        """Return what the file would do now, read from it; raise CatalogueError where it can't be read any more."""
        try:
            return plan_of(bytes(file.content or b""), file.file_name, file.asked, person_of(self.request))
        except Framework.DoesNotExist as gone:
            raise CatalogueError(_("The framework that you chose is gone.")) from gone

    def refuse(self, refused: Exception) -> HttpResponse:
        """Say why the file can't be accepted, where another can be brought."""
        messages.error(self.request, str(refused))
        return redirect("compliance:import")

    def show(self, *, status: int = 200) -> HttpResponse:
        """Return what the file would change, one page of it."""
        plan = self.plan_to_show()
        context = {
            "title": _("What the file would change"),
            "subtitle": _("%(file)s · nothing is written before you accept it")
            % {"file": self.file.file_name},
            "crumbs": crumbs(),
            "actions": self._actions(plan),
            "plan": plan,
            "facts": self._facts(plan),
            **difference_context(
                self.request,
                plan.difference,
                path=reverse("compliance:import-preview", args=[self.file.key]),
                read=kept_lines_read,
            ),
        }
        part = fills(self.request, RESULTS)
        template = "compliance/_differences.html" if part else "compliance/import_preview.html"
        return render(self.request, template, context, status=status)

    def _actions(self, plan: ImportPlan) -> list[Action]:
        again = Action(_("Bring another file"), reverse("compliance:import"), icon="upload")
        if not plan.may_be_accepted:
            return [again]
        accept = Action(
            _accept_words(plan),
            reverse("compliance:import-confirm", args=[self.file.key]),
            icon="circle-check",
            primary=True,
            posts=True,
            fields={"against": seen(plan)},
        )
        return [again, accept]

    def _facts(self, plan: ImportPlan) -> list[Fact]:
        catalogue, framework = plan.catalogue, plan.framework
        current = framework.current if framework else None
        name = framework.title if framework else f"{catalogue.title} ({_('new')})"
        counts = plan.counts
        return [
            Fact(_("Framework"), f"{framework.reference} {name}" if framework else name),
            Fact(_("Version"), f"{current.label} → {catalogue.label}" if current else catalogue.label),
            Fact(_("Publisher"), catalogue.publisher or "–"),
            Fact(_("Groups"), str(counts["groups"])),
            Fact(_("Requirements"), str(counts["controls"])),
            Fact(_("Enhancements"), str(counts["enhancements"])),
            Fact(_("Parameters"), str(counts["parameters"])),
            Fact(_("Withdrawn"), str(counts["withdrawn"])),
            Fact(_("Unchanged"), str(plan.difference.same)),
        ]


def _check_seen(against: str, plan: ImportPlan) -> None:
    """Raise EditionStale where somebody looked at other differences than those that there are now."""
    if against != seen(plan):
        raise EditionStale


def _accept_words(plan: ImportPlan) -> str:
    if plan.framework is None:
        return _("Accept as a new framework")
    return _("Make it current again") if plan.earlier else _("Accept this version")


def seen(plan: ImportPlan) -> str:
    """Return what the differences were worked out against, so that an acceptance of others is noticed."""
    framework = plan.framework
    return f"{framework.reference}/{framework.current_id or 0}" if framework else "new"


class CataloguePreview(_OfFile):
    """What the file would change, or, once it was accepted, the framework."""

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Show it."""
        if self.file.imported_at:
            return redirect(accepted_page(self.file))
        try:
            return self.show()
        except CatalogueError as refused:
            return self.refuse(refused)


class CatalogueConfirm(_OfFile):
    """Accepts the file that was looked at, exactly as it was kept."""

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Accept, or say what stands against it."""
        try:
            with transaction.atomic():
                locked = import_file_lock(file=self.file)
                if locked.imported_at is not None:
                    return redirect(accepted_page(locked))
                plan = self.plan(locked)
                _check_seen(request.POST.get("against", ""), plan)
                if not plan.may_be_accepted:
                    return self.show(status=UNPROCESSABLE)
                edition = plan.accept(actor=person_of(request), now=self.now)
                import_file_done(file=locked, result={"edition": edition.pk}, now=self.now)
                reading_drop(file=locked)
        except EditionStale as stale:
            messages.warning(request, str(stale))
            return self.show(status=CONFLICT)
        except (CatalogueError, EditionRefused, FrameworkRefused) as refused:
            return self.refuse(refused)
        done = (
            _("Version %(label)s of %(framework)s is current again")
            if plan.earlier
            else _("Version %(label)s of %(framework)s is accepted")
        )
        messages.success(request, done % {"label": edition.label, "framework": edition.framework.reference})
        return redirect(accepted_page(locked))


def accepted_page(file: ImportFile) -> str:
    """Return the page of the framework that a file went into."""
    edition = Edition.objects.select_related("framework").filter(pk=file.result.get("edition")).first()
    return edition.framework.get_absolute_url() if edition else reverse("compliance:framework-list")
