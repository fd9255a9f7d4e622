"""The tree of business units, and the pages that change it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation import clock
from foundation.accounts.access import access_of
from foundation.accounts.confirmation import show_first
from foundation.accounts.forms import UnitCreateForm, UnitForm, UnitMoveForm
from foundation.accounts.forms.seen import told_if_stale
from foundation.accounts.models import BusinessUnit
from foundation.accounts.permissions import right_check, right_check_anywhere
from foundation.accounts.selectors import unit_holders, unit_tree, units_in
from foundation.accounts.services import unit_archive, unit_change, unit_create, unit_move, unit_restore
from foundation.accounts.views.common import (
    MANAGE,
    DirectoryPage,
    heard,
    person_url,
    unit_url,
    units_crumb,
)
from foundation.ui.columns import Column, Table
from foundation.ui.components import Badge, Link, Tone, When
from foundation.ui.conflicts import VERSION
from foundation.ui.form_pages import CommentForm, ConfirmPage, FormPage
from foundation.ui.record_page import RecordPage, TabPage
from foundation.ui.structure import Action, Crumb, Fact

VIEW = "people.view"


class UnitList(DirectoryPage):
    """The tree of the units that the reader may see."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it; `?archived=1` with what was archived."""
        right_check_anywhere(user=self.actor, right=VIEW)
        archived = request.GET.get("archived") == "1"
        actions = (
            [Action(_("New unit"), reverse("accounts:unit-create"), icon="plus", primary=True)]
            if self.managed
            else []
        )
        context = {
            "now": self.now,
            "title": _("Business units"),
            "subtitle": _("A role for a unit holds for all units below it, too."),
            "actions": actions,
            "rows": unit_tree(access_of(self.actor).scope(VIEW), archived=archived),
            "archived": archived,
        }
        return render(request, "accounts/unit_list.html", context)


class UnitDetail(DirectoryPage, RecordPage):
    """One unit: where it stands, who holds roles for it."""

    tabs = (TabPage("overview", lazy("Overview"), "accounts/unit_overview.html"),)

    def get_record(self) -> BusinessUnit:
        """Return the unit, of those that the reader may see."""
        units = units_in(access_of(self.actor).scope(VIEW)).select_related("parent")
        unit: BusinessUnit = get_object_or_404(units, pk=self.kwargs["pk"])
        return unit

    def get_tab_url(self, key: str) -> str:
        """Return the page itself."""
        return unit_url(self.record)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (units_crumb(), Crumb(self.record.name))

    def get_actions(self) -> Sequence[Action]:
        """Offer what the reader may do."""
        unit = self.record
        if not self.managed.covers(unit.pk):
            return ()
        args = [unit.pk]
        edit = Action(_("Edit"), reverse("accounts:unit-edit", args=args), icon="pencil")
        if unit.archived_at:
            restore = reverse("accounts:unit-restore", args=args)
            return (edit, Action(_("Take up again"), restore, icon="arrow-back-up", asks=True))
        below = f"{reverse('accounts:unit-create')}?part-of={unit.pk}"
        actions = [edit, Action(_("New unit below"), below, icon="plus", primary=True)]
        if unit.parent_id and self.managed.covers(unit.parent_id):
            archive = reverse("accounts:unit-archive", args=args)
            move = reverse("accounts:unit-move", args=args)
            actions = [
                Action(_("Archive"), archive, icon="archive", danger=True, asks=True),
                Action(_("Move"), move, icon="sitemap"),
                *actions,
            ]
        return actions

    def get_facts(self) -> Sequence[Fact]:
        """Return what the unit is."""
        unit = self.record
        parent = unit.parent
        scope = access_of(self.actor).scope(VIEW)
        part_of: Any = parent.name if parent else ""
        if parent and scope.covers(parent.pk):
            part_of = Link(parent.name, unit_url(parent))
        state = Badge(_("Archived"), Tone.NEUTRAL) if unit.archived_at else Badge(_("Open"), Tone.GOOD)
        return (
            Fact(_("State"), state),
            Fact(_("Code"), unit.code),
            Fact(_("Part of"), part_of),
            Fact(_("Country"), unit.country),
        )

    def context_overview(self, record: BusinessUnit) -> Mapping[str, Any]:
        """Return what is below it, and who holds a role for it."""
        holders = unit_holders(record, on=self.today)
        columns = [
            Column("person", _("Person"), is_title=True),
            Column("role", _("Role")),
            Column("until", _("Until")),
        ]
        rows = [
            (
                Link(grant.user.full_name, person_url(grant.user), grant.user.job_title),
                grant.get_role_display(),
                When(grant.ends_on, self.now),
            )
            for grant in holders
        ]
        tree = unit_tree(access_of(self.actor).scope(VIEW), within=record)
        return {
            "rows": [replace(row, depth=row.depth - 1) for row in tree[1:]],
            "holders": Table(_("Roles for this unit"), columns, rows) if rows else None,
            "people_url": f"{reverse('accounts:person-list')}?unit={record.pk}",
        }


class UnitCreate(DirectoryPage, FormPage):
    """Adds a unit; `?part-of=4` below that one."""

    form_class = UnitCreateForm
    title = lazy("New unit")
    submit_label = lazy("Add the unit")

    def prepare(self) -> None:
        """Check that the reader manages units somewhere; below which, the form's choices say."""
        right_check_anywhere(user=self.actor, right=MANAGE)

    def get_form_arguments(self) -> dict[str, Any]:
        """Return where the reader manages units, and the one that the address names."""
        return {"scope": self.managed, "initial": {"parent": self.request.GET.get("part-of")}}

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (units_crumb(), Crumb(self.title))

    def get_cancel_url(self) -> str:
        """Return to the tree."""
        return reverse("accounts:unit-list")

    def save(self, form: UnitCreateForm) -> str:
        """Add the unit."""
        unit = heard(lambda: unit_create(**form.cleaned_data, actor=self.actor))
        messages.success(self.request, _("%(unit)s added") % {"unit": unit})
        return unit_url(unit)


class UnitPage(DirectoryPage, FormPage):
    """A form about a unit that the reader manages."""

    unit: BusinessUnit

    def prepare(self) -> None:
        """Find the unit, of those that the reader may see, and check that the reader manages it."""
        units = units_in(access_of(self.actor).scope(VIEW)).select_related("parent")
        self.unit = get_object_or_404(units, pk=self.kwargs["pk"])
        right_check(user=self.actor, right=MANAGE, unit_id=self.unit.pk)

    def get_subtitle(self) -> str:
        """Name the unit."""
        return self.unit.name

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (units_crumb(), Crumb(self.unit.name, unit_url(self.unit)), Crumb(self.get_title()))

    def get_cancel_url(self) -> str:
        """Return to the unit."""
        return unit_url(self.unit)


class UnitEdit(UnitPage):
    """Renames a unit, or gives it another code or country."""

    form_class = UnitForm
    title = lazy("Edit")

    def get_form_arguments(self) -> dict[str, Any]:
        """Fill in what is set now."""
        return {"unit": self.unit}

    def save(self, form: UnitForm) -> str:
        """Change the unit."""
        seen = form.cleaned_data[VERSION]
        with told_if_stale(form):
            heard(
                lambda: unit_change(
                    unit=self.unit, **form.typed(), actor=self.actor, now=clock.now(), seen=seen
                )
            )
        messages.success(self.request, _("Unit saved"))
        return self.get_cancel_url()


class UnitAbovePage(UnitPage):
    """A step that changes the unit above, too: whoever takes it manages that one as well."""

    def prepare(self) -> None:
        """Check the unit above."""
        super().prepare()
        right_check(user=self.actor, right=MANAGE, unit_id=self.unit.parent_id)


class UnitMove(UnitAbovePage):
    """Makes a unit, with all below it, part of another one."""

    form_class = UnitMoveForm
    title = lazy("Move")
    submit_label = lazy("Move the unit")

    def get_subtitle(self) -> str:
        """Say what it means."""
        return _(
            "%(unit)s moves with all below it. Who holds a role for the unit above loses it here, and who holds one for the new unit above gains it."
        ) % {"unit": self.unit}

    def get_form_arguments(self) -> dict[str, Any]:
        """Return where the reader manages units."""
        return {"scope": self.managed, "unit": self.unit}

    def save(self, form: UnitMoveForm) -> str:
        """Ask who it is, and move the unit: roles reach further or less far then."""
        show_first(self.request)
        parent, seen = form.cleaned_data["parent"], form.cleaned_data[VERSION]
        with told_if_stale(form):
            heard(lambda: unit_move(unit=self.unit, parent=parent, actor=self.actor, seen=seen))
        messages.success(self.request, _("%(unit)s moved") % {"unit": self.unit})
        return self.get_cancel_url()


class UnitArchive(UnitAbovePage, ConfirmPage):
    """Closes a unit."""

    title = lazy("Archive")
    submit_label = lazy("Archive the unit")

    def get_text(self) -> str:
        """Say what it means."""
        return _("Nothing new can be put into %(unit)s. What is there stays, and so do the roles for it.") % {
            "unit": self.unit
        }

    def is_dangerous(self) -> bool:
        """Warn."""
        return True

    def save(self, form: CommentForm) -> str:
        """Archive it."""
        comment = form.cleaned_data["comment"]
        heard(lambda: unit_archive(unit=self.unit, actor=self.actor, now=self.now, comment=comment))
        messages.success(self.request, _("%(unit)s archived") % {"unit": self.unit})
        return self.get_cancel_url()


class UnitRestore(UnitPage, ConfirmPage):
    """Takes an archived unit up again."""

    title = lazy("Take up again")
    submit_label = lazy("Take it up again")

    def get_text(self) -> str:
        """Say what it means."""
        return _("People and records can be put into %(unit)s again.") % {"unit": self.unit}

    def save(self, form: CommentForm) -> str:
        """Take it up."""
        comment = form.cleaned_data["comment"]
        heard(lambda: unit_restore(unit=self.unit, actor=self.actor, comment=comment))
        messages.success(self.request, _("%(unit)s is open again") % {"unit": self.unit})
        return self.get_cancel_url()
