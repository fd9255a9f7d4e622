"""Planning exercises, writing down what came of them, and what follows from their steps."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.deadlines.recurrence import Recurrence
from foundation.deadlines.services import deadline_close, deadline_set
from foundation.records.plain import plain
from foundation.records.services import participants_name_all, participants_set, record_create, record_update
from foundation.trail.services import entry_write
from policies.models import Document, DocumentVersion
from response.choices import ExerciseState, Result
from response.models import Exercise, Objective
from response.permissions import TEAM, planning_refusal, reporting_refusal
from response.selectors import version_on
from response.services.plans import plan_follow, plan_hold

HOLD, REPORT = "response.exercise", "response.report"
REPORT_DAYS = 14
PLANNED_FIELDS = ("title", "type", "owner", "planned_on", "rrule", "scenario")


class ExerciseRefused(Exception):
    """What was asked for an exercise is not possible as things stand; the message says why, for the person."""


@transaction.atomic
def exercise_plan(
    *,
    plan: Document,
    actor: User | None,
    now: datetime,
    title: str,
    type: str,
    owner: User,
    planned_on: date,
    rrule: str = "",
    scenario: str = "",
    objectives: Sequence[str] = (),
    team: Iterable[User] = (),
) -> Exercise:
    """Plan an exercise of a plan in force, for its unit, and as confidential as it is; remind of its day.

    `actor` None: the portal plans the next of a row by itself. Raises ExerciseRefused where nothing of the plan is in force.
    """
    held: Document = (
        Document.objects.select_for_update(of=("self",), no_key=True)
        .select_related("current", "owner", "unit")
        .get(pk=plan.pk)
    )
    if refusal := planning_refusal(held):
        raise ExerciseRefused(refusal)
    exercise = Exercise(
        plan=held,
        version_in_force=held.current,
        title=title,
        type=type,
        unit=held.unit,
        owner=owner,
        confidentiality=held.confidentiality,
        planned_on=planned_on,
        rrule=rrule,
        scenario=scenario,
    )
    record_create(record=exercise, kind="exercise", actor=actor, state=ExerciseState.PLANNED)
    _objectives_write(exercise, objectives)
    participants_name_all(named=[(exercise, {TEAM: team})], actor=actor)
    dates_follow(exercise=exercise, now=now)
    plan_follow(plan=held, now=now)
    return exercise


@transaction.atomic
def exercise_change(
    *,
    exercise: Exercise,
    changes: dict[str, Any],
    objectives: Sequence[str],
    team: Iterable[User],
    actor: User,
    now: datetime,
    version: int,
) -> Exercise:
    """Change an exercise that is still to be held, as it was read at `version`.

    Raises ExerciseRefused once it was held, StaleRecord when somebody else was faster.
    """
    if unknown := changes.keys() - set(PLANNED_FIELDS):
        raise ValueError(f"Not changed here: {sorted(unknown)}")
    locked = Exercise.objects.select_for_update(of=("self",)).get(pk=exercise.pk)
    if locked.state != ExerciseState.PLANNED:
        raise ExerciseRefused(_("It was held, or called off: what was planned stays as it is."))
    changed = record_update(record=locked, changes=changes, actor=actor, version=version)
    before = list(changed.objectives.values_list("text", flat=True))
    if before != list(objectives):
        changed.objectives.all().delete()
        _objectives_write(changed, objectives)
        _tell(
            changed,
            "objectives",
            actor,
            before={"objectives": before},
            after={"objectives": list(objectives)},
        )
    participants_set(record=changed, role=TEAM, users=team, actor=actor)
    dates_follow(exercise=changed, now=now)
    return changed


@transaction.atomic
def exercise_report(
    *,
    exercise: Exercise,
    held_on: date,
    what_happened: str,
    results: Mapping[int, tuple[str, str]],
    actor: User,
    now: datetime,
    version: int,
) -> Exercise:
    """Write down what happened, and what came of each objective (by its key: the result, and a note).

    What was exercised is the version of the plan that held on `held_on`. Raises ExerciseRefused before it was held, once it is closed,
    and for a day on which nothing of the plan was in force; StaleRecord when somebody else was faster.
    """
    # The plan first, as whoever changes that does.
    plan_hold(exercise.plan_id)
    locked = Exercise.objects.select_for_update(of=("self",)).get(pk=exercise.pk)
    if refusal := reporting_refusal(locked):
        raise ExerciseRefused(refusal)
    if held_on > organisation_day(now):
        raise ExerciseRefused(_("It can't have been held on a day that is still to come."))
    exercised = version_on(locked.plan, held_on)
    if exercised is None:
        raise ExerciseRefused(_("Nothing of the plan was in force on that day, so nobody exercised it then."))
    said = {"held_on": held_on, "what_happened": what_happened}
    changed = record_update(record=locked, changes=said, actor=actor, version=version)
    before, after = {}, {}
    for objective in changed.objectives.all():
        result, note = results.get(objective.pk, (objective.result, objective.note))
        if (result, note) == (objective.result, objective.note):
            continue
        before[objective.text], after[objective.text] = _named(objective.result), _named(result)
        objective.result, objective.note = result, note
        objective.save(update_fields=["result", "note"])
    if after:
        _tell(changed, "judged", actor, before=before, after=after)
    if exercised.pk != changed.version_in_force_id:
        _exercised(changed, exercised, actor)
    dates_follow(exercise=changed, now=now)
    plan_follow(plan=changed.plan, now=now)
    return changed


def _named(result: str) -> str:
    """Return a result in words, in one language, whoever acts and whoever reads."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(Result(result).label)


def _exercised(exercise: Exercise, version: DocumentVersion, actor: User) -> None:
    """Note which version of the plan was exercised, by its number: whoever takes part may not know of the plan."""
    before = exercise.version_in_force.label
    exercise.version_in_force = version
    exercise.save(update_fields=["version_in_force"])
    _tell(
        exercise,
        "version",
        actor,
        before={"version_label": before},
        after={"version_label": version.label},
    )


# What follows from the steps of an exercise. Each must be called inside the step's transaction.


def exercise_held(*, exercise: Exercise, now: datetime) -> None:
    """Note the day and what the plan said on it, and ask for what came of it."""
    exercise.held_on = organisation_day(now)
    if exercise.plan.current is not None:
        exercise.version_in_force = exercise.plan.current
    exercise.save()
    dates_follow(exercise=exercise, now=now)
    plan_follow(plan=exercise.plan, now=now)


def exercise_over(*, exercise: Exercise, now: datetime) -> None:
    """Remind of nothing any more, and plan the next of a row."""
    dates_follow(exercise=exercise, now=now)
    if exercise.rrule and planning_refusal(exercise.plan) is None:
        after = max(exercise.planned_on, organisation_day(now))
        days = Recurrence(exercise.rrule, exercise.planned_on).occurrences(after, 1)
        if days:
            exercise_plan(
                plan=exercise.plan,
                actor=None,
                now=now,
                title=exercise.title,
                type=exercise.type,
                owner=exercise.owner if exercise.owner.is_active else exercise.plan.owner,
                planned_on=days[0],
                rrule=exercise.rrule,
                scenario=exercise.scenario,
                objectives=list(exercise.objectives.values_list("text", flat=True)),
                team=[part.user for part in team_of(exercise) if part.user.is_active],
            )
    plan_follow(plan=exercise.plan, now=now)


def team_of(exercise: Exercise) -> Any:
    """Return the parts of those who take part, by name. One query."""
    return exercise.participants.filter(role=TEAM).select_related("user").order_by("user__full_name")


def dates_follow(*, exercise: Exercise, now: datetime) -> None:
    """Let the owner and the team be reminded of what is next: to hold it, or to write down what came of it."""
    dropped = exercise.state == ExerciseState.CANCELLED
    if exercise.state == ExerciseState.PLANNED:
        deadline_set(record=exercise, kind=HOLD, assignee=exercise.owner, due_on=exercise.planned_on, now=now)
    else:
        deadline_close(record=exercise, kind=HOLD, now=now, was_dropped=dropped)
    if exercise.state == ExerciseState.HELD:
        due = (exercise.held_on or organisation_day(now)) + timedelta(days=REPORT_DAYS)
        deadline_set(record=exercise, kind=REPORT, assignee=exercise.owner, due_on=due, now=now)
    else:
        deadline_close(record=exercise, kind=REPORT, now=now, was_dropped=dropped)


def exercise_give(*, record: Exercise, to: User, leaving: User, actor: User, now: datetime) -> None:
    """Give an exercise another owner, who is reminded of it."""
    given = record_update(record=record, changes={"owner": to}, actor=actor, version=record.version)
    dates_follow(exercise=given, now=now)


def _objectives_write(exercise: Exercise, texts: Sequence[str]) -> None:
    Objective.objects.bulk_create(
        Objective(exercise=exercise, position=place, text=text) for place, text in enumerate(texts, start=1)
    )


def _tell(exercise: Exercise, verb: str, actor: User, *, before: Any, after: Any) -> None:
    entry_write(
        action=f"response.exercise.{verb}",
        actor=actor,
        record=exercise,
        before=plain(before),
        after=plain(after),
    )
