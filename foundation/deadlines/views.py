"""Ladders of reminders, and the preview of a recurrence."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from foundation import clock
from foundation.accounts.forms.seen import told_if_stale
from foundation.accounts.permissions import right_check
from foundation.deadlines.examples import example_reminders
from foundation.deadlines.forms import LadderForm, RecurrencePreviewForm
from foundation.deadlines.ladders import Clock, Steps
from foundation.deadlines.models import Ladder
from foundation.deadlines.recurrence import Recurrence
from foundation.deadlines.rules import RecurrenceError
from foundation.deadlines.selectors import clock_in_force, kinds_by_ladder
from foundation.deadlines.services import FIELDS, ladder_change, ladder_create
from foundation.deadlines.wording import ladder_sentences
from foundation.lists.pages import WorkingList
from foundation.ui.columns import Column
from foundation.ui.components import Link
from foundation.ui.conflicts import VERSION
from foundation.ui.dates import full_text
from foundation.ui.form_pages import FormPage
from foundation.ui.pages import fills
from foundation.ui.structure import Action, Crumb

RIGHT = "ladders.manage"
EXAMPLE_AHEAD = timedelta(days=45)
LADDER_PREVIEW = "ladder-preview"
RECURRENCE_PREVIEW = "repeat-preview"


class LadderList(WorkingList):
    """All ladders, what they say, and for which dates."""

    title = gettext_lazy("Reminder ladders")
    rows_label = gettext_lazy("Ladders")
    columns = (
        Column("name", gettext_lazy("Name"), order=("name",), is_title=True),
        Column("reminders", gettext_lazy("Reminders")),
        Column("kinds", gettext_lazy("Used for")),
    )
    default_sort = "name"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse whoever may not manage the ladders of the whole organisation."""
        if request.user.is_authenticated:
            right_check(user=request.user, right=RIGHT)
        return super().dispatch(request, *args, **kwargs)

    def get_rows(self) -> QuerySet[Ladder]:
        """Return all ladders."""
        return Ladder.objects.all()

    def get_subtitle(self) -> str:
        """Say what a ladder is."""
        return _("When people are reminded of a date: before it, on the day, and while it is late.")

    def get_actions(self) -> list[Action]:
        """Offer a new ladder."""
        return [Action(_("New ladder"), reverse("deadlines:ladder-create"), icon="plus", primary=True)]

    def cell_name(self, ladder: Ladder) -> Link:
        """Lead to the ladder's form."""
        return Link(ladder.name, reverse("deadlines:ladder-edit", args=[ladder.key]))

    def cell_reminders(self, ladder: Ladder) -> str:
        """Say the ladder in words."""
        return " ".join(ladder_sentences(Steps.of(ladder)))

    def cell_kinds(self, ladder: Ladder) -> str:
        """Name the kinds of dates that go by it."""
        return ", ".join(kinds_by_ladder().get(ladder.key, ()))


class LadderPage(FormPage):
    """What making a ladder and changing one have in common."""

    form_class = LadderForm
    template_name = "deadlines/ladder_form.html"
    ladder: Ladder | None = None
    in_force: Clock

    def prepare(self) -> None:
        """Refuse whoever may not manage the ladders of the whole organisation."""
        right_check(user=self.request.user, right=RIGHT)
        self.now = clock.now()
        self.in_force = clock_in_force()

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the ladder's values (or those of a usual one), with an example date some weeks ahead."""
        source = self.ladder or Ladder(days_before=[30, 7, 1])
        values = {name: getattr(source, name) for name in FIELDS}
        example_due_on = self.in_force.day_of(self.now) + EXAMPLE_AHEAD
        return {"initial": {**values, "example_due_on": example_due_on}, "ladder": self.ladder}

    def get_crumbs(self) -> list[Crumb]:
        """Lead back to the list."""
        return [Crumb(_("Reminder ladders"), reverse("deadlines:ladder-list")), Crumb(str(self.get_title()))]

    def get_cancel_url(self) -> str:
        """Lead back to the list."""
        return reverse("deadlines:ladder-list")

    def get_context(self, form: Any) -> dict[str, Any]:
        """Add the reminders of the example date."""
        return {**super().get_context(form), **_example_context(form, self.in_force)}


class LadderCreate(LadderPage):
    """Make a ladder."""

    title = gettext_lazy("New ladder")

    def save(self, form: LadderForm) -> str:
        """Make it."""
        ladder = ladder_create(values=form.ladder_values(), actor=self.request.user)  # type: ignore[arg-type]
        messages.success(self.request, _("Ladder “%(name)s” made") % {"name": ladder.name})
        return reverse("deadlines:ladder-list")


class LadderEdit(LadderPage):
    """Change a ladder; the open dates that go by it follow at once."""

    def prepare(self) -> None:
        """Find the ladder."""
        super().prepare()
        self.ladder = get_object_or_404(Ladder, key=self.kwargs["key"])

    def get_title(self) -> str:
        """Return the ladder's name."""
        return str(self.ladder)

    def save(self, form: LadderForm) -> str:
        """Change it, unless somebody else did meanwhile."""
        assert self.ladder is not None
        with told_if_stale(form):
            ladder = ladder_change(
                ladder=self.ladder,
                values=form.ladder_values(),
                actor=self.request.user,  # type: ignore[arg-type]
                now=self.now,
                seen=form.cleaned_data[VERSION],
            )
        messages.success(self.request, _("Ladder “%(name)s” saved") % {"name": ladder.name})
        return reverse("deadlines:ladder-list")


@require_safe
@login_required
def ladder_preview(request: HttpRequest) -> HttpResponse:
    """Show when reminders of an example date would be sent, by what stands in the form."""
    right_check(user=request.user, right=RIGHT)
    context = _example_context(LadderForm(request.GET), clock_in_force())
    return _fragment(request, LADDER_PREVIEW, "deadlines/_ladder_preview.html", context)


@require_safe
@login_required
def recurrence_preview(request: HttpRequest) -> HttpResponse:
    """Show the next dates of a recurrence by what stands in the form, or what is wrong with it."""
    data = request.GET.copy()
    data["starts_on"] = request.GET.get(request.GET.get("start_field", ""), "")
    form = RecurrencePreviewForm(data, recurrence=_kept(request))
    repeats = bool(data.get("repeat_unit"))
    errors = [error for found in form.errors.values() for error in found] if repeats else []
    context = {"preview": form.preview, "errors": errors}
    return _fragment(request, RECURRENCE_PREVIEW, "deadlines/_recurrence_preview.html", context)


def _kept(request: HttpRequest) -> Recurrence | None:
    """Return the recurrence that the form was opened with, if it is one."""
    try:
        return Recurrence(request.GET.get("kept", ""), date(2000, 1, 1))
    except RecurrenceError:
        return None


def _example_context(form: LadderForm, in_force: Clock) -> dict[str, Any]:
    """Return the example's reminders, as far as the form says what they are."""
    example = form.example()
    if example is None:
        return {"example": None}
    steps, due_on = example
    return {
        "example": example_reminders(steps, due_on, in_force),
        "example_due_on": full_text(due_on),
        "example_zone": in_force.zone.key,
        "goes_on": steps.late_weekly,
    }


def _fragment(request: HttpRequest, target: str, template: str, context: dict[str, Any]) -> HttpResponse:
    """Return a part of a page for htmx, or a page of its own around it."""
    if fills(request, target):
        return render(request, template, context)
    page = {"title": _("Preview"), "part": template, **context}
    return render(request, "deadlines/preview.html", page)
