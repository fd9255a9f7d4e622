"""The exercises of incident response plans: the page of one, its forms and its steps."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.permissions import person_of, right_check_anywhere
from foundation.accounts.rights import right_missing
from foundation.deadlines.recurrence import Recurrence
from foundation.lifecycle.pages import TransitionPage, record_steps, transition_actions
from foundation.records.pages import HISTORY_TAB, RecordDetailPage, RecordFormPage
from foundation.records.parts import confidentiality_of
from foundation.records.services import submit_once
from foundation.ui.components import Listing, Person, When
from foundation.ui.form_pages import FormPage
from foundation.ui.record_page import TabPage
from foundation.ui.structure import Action, Crumb, Fact, Step
from policies.models import Document
from response.choices import ExerciseState
from response.forms import ExerciseEditForm, ExercisePlanForm, ExerciseReportForm, PlanChooseForm
from response.models import Exercise
from response.parts import plan_shown, result_badge
from response.permissions import (
    MANAGE,
    can_manage,
    can_run,
    changing_refusal,
    planning_refusal,
    reporting_refusal,
)
from response.selectors import exercises_visible, plans_to_exercise, plans_visible
from response.services import ExerciseRefused, exercise_change, exercise_plan, exercise_report, team_of

PURPOSE = "response.exercise"


def exercise_crumbs(*more: Crumb) -> Sequence[Crumb]:
    """Return the path that leads to an exercise, and on."""
    return (Crumb(_("Exercises"), reverse("response:exercise-list")), *more)


def exercise_of(request: HttpRequest, reference: str) -> Exercise:
    """Return an exercise that the reader may know of; raise Http404 for any other."""
    visible = exercises_visible(request.user).select_related(
        "unit", "owner", "version_in_force", "plan__owner", "plan__current"
    )
    found: Exercise = get_object_or_404(visible, reference=reference)
    return found


class ExercisePage(RecordDetailPage):
    """An exercise: what it is to show, what happened, and what follows from it."""

    tabs: ClassVar[Sequence[TabPage]] = (
        TabPage("overview", lazy("Overview"), "response/exercise_overview.html", "file-text"),
        HISTORY_TAB,
    )
    record: Exercise

    def get_record(self) -> Exercise:
        """Return the exercise, of those that the reader may know of."""
        return exercise_of(self.request, self.kwargs["reference"])

    def get_tab_url(self, key: str) -> str:
        """Return the address of a tab."""
        if key == "overview":
            return self.record.get_absolute_url()
        return reverse("response:exercise-tab", args=[self.record.reference, key])

    def get_title(self) -> str:
        """Return the exercise's title."""
        return self.record.title

    def get_subtitle(self) -> Any:
        """Return the reference, the type and the plan."""
        exercise = self.record
        return Listing((exercise.reference, exercise.get_type_display(), plan_shown(exercise)), " · ")

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return exercise_crumbs(Crumb(self.record.reference))

    def get_actions(self) -> Sequence[Action]:
        """Return the steps that the reader may take, and the ways to the forms."""
        exercise, reference = self.record, self.record.reference
        user = person_of(self.request)

        def step_url(name: str) -> str:
            return reverse("response:exercise-transition", args=[reference, name])

        actions = transition_actions(exercise, user, step_url)
        if can_run(user, exercise):
            if changing_refusal(exercise) is None:
                edit = reverse("response:exercise-edit", args=[reference])
                actions.insert(0, Action(_("Edit"), edit, icon="pencil"))
            if reporting_refusal(exercise) is None:
                report = reverse("response:exercise-report", args=[reference])
                actions.insert(0, Action(_("Write it up"), report, icon="pencil"))
        return actions

    def get_steps(self) -> Sequence[Step]:
        """Return the state bar."""
        return record_steps(self.record)

    def get_facts(self) -> Sequence[Fact]:
        """Return when it is, who takes part, and what was exercised."""
        exercise = self.record
        team = [part.user.full_name for part in team_of(exercise)]
        facts = [
            Fact(_("Planned on"), When(exercise.planned_on, self.now)),
            Fact(_("Owner"), Person(exercise.owner.full_name)),
            Fact(_("Team"), Listing(tuple(Person(name) for name in team), " ") if team else "–"),
            Fact(_("Version of the plan"), exercise.version_in_force.label),
            Fact(_("Business unit"), exercise.unit.name),
            Fact(_("Confidentiality"), confidentiality_of(exercise)),
        ]
        if exercise.rrule:
            words = Recurrence(exercise.rrule, exercise.planned_on).describe()
            facts.insert(1, Fact(_("Repeats"), words))
        if exercise.held_on:
            facts.insert(0, Fact(_("Held on"), When(exercise.held_on, self.now)))
        return facts

    def context_overview(self, exercise: Exercise) -> dict[str, Any]:
        """Return the objectives with what came of them."""
        return {
            "objectives": [(one, result_badge(one.result)) for one in exercise.objectives.all()],
            "is_waiting": exercise.state == ExerciseState.HELD and not exercise.what_happened,
        }


class ExerciseStep(TransitionPage):
    """Confirms and takes a step of an exercise."""

    def get_record(self) -> Exercise:
        """Return the exercise, of those that the reader may know of."""
        return exercise_of(self.request, self.kwargs["reference"])

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        exercise = self.record
        return exercise_crumbs(Crumb(exercise.reference, exercise.get_absolute_url()), Crumb(self.step.label))


class ExerciseBegin(FormPage):
    """Chooses the plan that an exercise is planned of."""

    form_class = PlanChooseForm
    title = lazy("Plan an exercise")
    submit_label = lazy("Go on")

    def prepare(self) -> None:
        """Check that the reader may exercise some plan: by right, or as its owner."""
        person = person_of(self.request)
        self.plans = plans_to_exercise(person)
        if not self.plans:
            right_check_anywhere(user=person, right=MANAGE)

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the plans to choose from."""
        return {"plans": self.plans}

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return exercise_crumbs(Crumb(self.get_title()))

    def get_cancel_url(self) -> str:
        """Return to the list."""
        return reverse("response:exercise-list")

    def save(self, form: PlanChooseForm) -> str:
        """Go on to what is planned."""
        return reverse("response:exercise-create", args=[form.cleaned_data["plan"]])


class ExerciseCreate(RecordFormPage):
    """Plans an exercise of a plan."""

    form_class = ExercisePlanForm
    title = lazy("Plan an exercise")
    submit_label = lazy("Plan it")
    plan: Document

    def prepare(self) -> None:
        """Find the plan, of those that the reader may know of, and check that the reader may exercise it."""
        self.plan = get_object_or_404(plans_visible(self.actor), reference=self.kwargs["reference"])
        if not can_manage(self.actor, self.plan):
            raise right_missing(MANAGE, self.plan.unit_id)
        self.open_unless(planning_refusal(self.plan))

    def get_form_arguments(self) -> dict[str, Any]:
        """Return who plans it."""
        return {"user": self.actor}

    def get_subtitle(self) -> str:
        """Name the plan."""
        return self.plan.title

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return exercise_crumbs(Crumb(self.get_title()))

    def get_cancel_url(self) -> str:
        """Return to the plan."""
        return f"{self.plan.get_absolute_url()}exercises/"

    def save(self, form: ExercisePlanForm) -> str:
        """Plan it, once however often the form is sent."""
        try:
            exercise = submit_once(
                key=form.cleaned_data["submission"],
                actor=self.actor,
                purpose=PURPOSE,
                content=form.submitted_content(),
                create=lambda: exercise_plan(
                    plan=self.plan,
                    actor=self.actor,
                    now=self.now,
                    objectives=form.cleaned_data["objectives"],
                    team=form.cleaned_data["team"],
                    **form.values(),
                ),
            )
        except ExerciseRefused as refused:
            raise ValidationError(str(refused)) from refused
        messages.success(self.request, _("The exercise is planned"))
        return exercise.get_absolute_url()


class OfExercise:
    """What pages that change an exercise have in common: the exercise, for who may run it."""

    request: Any
    kwargs: Any
    exercise: Exercise

    def find(self) -> None:
        """Find the exercise, of those that the reader may know of, and check that the reader may run it."""
        self.exercise = exercise_of(self.request, self.kwargs["reference"])
        if not can_run(self.request.user, self.exercise):
            raise right_missing(MANAGE, self.exercise.unit_id)

    def get_subtitle(self) -> str:
        """Return the exercise's title."""
        return self.exercise.title

    def get_cancel_url(self) -> str:
        """Return to the exercise."""
        return self.exercise.get_absolute_url()

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        exercise = self.exercise
        return exercise_crumbs(
            Crumb(exercise.reference, exercise.get_absolute_url()),
            Crumb(self.get_title()),  # type: ignore[attr-defined]
        )


class ExerciseEdit(OfExercise, RecordFormPage):
    """Changes what is planned."""

    form_class = ExerciseEditForm
    title = lazy("Edit the exercise")

    def prepare(self) -> None:
        """Find the exercise, and check that it is still to be held."""
        self.find()
        self.open_unless(changing_refusal(self.exercise))

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the exercise."""
        return {"exercise": self.exercise}

    def save(self, form: ExerciseEditForm) -> str:
        """Change it."""
        try:
            exercise = exercise_change(
                exercise=self.exercise,
                changes=form.values(),
                objectives=form.cleaned_data["objectives"],
                team=form.cleaned_data["team"],
                actor=self.actor,
                now=self.now,
                version=form.cleaned_data["version"],
            )
        except ExerciseRefused as refused:
            raise ValidationError(str(refused)) from refused
        messages.success(self.request, _("%(reference)s is saved") % {"reference": exercise.reference})
        return exercise.get_absolute_url()


class ExerciseReport(OfExercise, RecordFormPage):
    """Writes down what happened, and what came of each objective."""

    form_class = ExerciseReportForm
    title = lazy("Write it up")

    def prepare(self) -> None:
        """Find the exercise, and check that it was held."""
        self.find()
        self.open_unless(reporting_refusal(self.exercise))

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the exercise, and the moment."""
        return {"exercise": self.exercise, "now": self.now}

    def save(self, form: ExerciseReportForm) -> str:
        """Write it down."""
        try:
            exercise = exercise_report(
                exercise=self.exercise,
                held_on=form.cleaned_data["held_on"],
                what_happened=form.cleaned_data["what_happened"],
                results=form.results(),
                actor=self.actor,
                now=self.now,
                version=form.cleaned_data["version"],
            )
        except ExerciseRefused as refused:
            raise ValidationError(str(refused)) from refused
        messages.success(self.request, _("It is written down; close the exercise once it is complete"))
        return exercise.get_absolute_url()
