"""The tabs on a plan's page: whom it calls, and its exercises."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.accounts.organisation import organisation_day
from foundation.ui.structure import Action, EmptyState
from response.choices import EXERCISED, ExerciseState
from response.models import Exercise
from response.parts import contacts_table, day_shown, exercises_table
from response.permissions import can_manage, managing_refusal, planning_refusal
from response.selectors import contacts_of, exercise_wanted, exercises_of

MOST_SHOWN = 50


def contacts_context(*, record: Any, request: Any, now: datetime) -> dict[str, Any]:
    """Return what the tab needs: the sheet, what of it is to be confirmed, and the ways on."""
    found = list(contacts_of(record))
    today = organisation_day(now)
    url = reverse("response:contact-list", args=[record.reference])
    may = can_manage(request.user, record) and managing_refusal(record) is None
    add = Action(
        _("Add a contact"), reverse("response:contact-add", args=[record.reference]), icon="plus", primary=may
    )
    return {
        "sheet": contacts_table(found, now) if found else None,
        "late": sum(1 for one in found if one.confirm_by < today and not record.is_retired),
        "ways": [
            *([add] if may else []),
            Action(_("Sheet to print, confirm or take along"), url, icon="printer"),
        ],
        "none": None
        if found
        else EmptyState(
            _("Nobody is named yet"),
            _("Who is called when it happens, in which order, and by which number."),
            "users",
            [add] if may else (),
        ),
    }


def exercises_context(*, record: Any, request: Any, now: datetime) -> dict[str, Any]:
    """Return what the tab needs: when the plan was last exercised, what is due, and all exercises of it."""
    found = list(exercises_of(record, request.user)[:MOST_SHOWN])
    last = next((one for one in found if one.state in EXERCISED), None)
    coming = [one for one in reversed(found) if one.state == ExerciseState.PLANNED]
    ways = []
    if can_manage(request.user, record) and planning_refusal(record) is None:
        url = reverse("response:exercise-create", args=[record.reference])
        ways = [Action(_("Plan an exercise"), url, icon="plus", primary=True)]
    in_force = record.current_id is not None and not record.is_retired
    return {
        "table": exercises_table(found, now) if found else None,
        "last": day_shown(last, now) if last else None,
        "coming": day_shown(coming[0], now) if coming else None,
        "wanted": _wanted(record, last) if in_force and exercise_wanted(record) else "",
        "ways": ways,
        "none": None
        if found
        else EmptyState(
            _("Never exercised"),
            _("A plan that nobody tried is a guess. Walk through it around a table first."),
            "users-group",
            ways,
        ),
    }


def _wanted(plan: Any, last: Exercise | None) -> str:
    label = plan.current.label
    if last is None:
        return _("Version %(label)s was never exercised, and nothing is planned.") % {"label": label}
    return _("The plan has a new material version, %(label)s: exercise it again.") % {"label": label}
