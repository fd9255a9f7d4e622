"""Exercises belong to their plan's unit, and are as confidential as it is, whatever becomes of it."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from foundation.accounts.models import User
from foundation.actions.services import actions_follow
from foundation.records.services import record_update
from policies.models import Document
from response.models import Exercise


def exercises_astray(plan: Document | None = None) -> list[int]:
    """Return the keys of exercises that are of another unit than their plan, or not as confidential."""
    followed = Q(unit=F("plan__unit"), confidentiality=F("plan__confidentiality"))
    astray = Exercise.objects.exclude(followed)
    if plan is not None:
        astray = astray.filter(plan_id=plan.pk)
    return list(astray.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def exercise_find_back(*, key: int, now: datetime, actor: User | None = None) -> None:
    """Let an exercise belong to its plan's unit and be as confidential, with the actions that follow from it."""
    exercise = Exercise.objects.select_for_update(of=("self",)).select_related("plan__unit").get(pk=key)
    plan = exercise.plan
    changes = {"unit": plan.unit, "confidentiality": plan.confidentiality}
    changed = record_update(record=exercise, changes=changes, actor=actor, version=exercise.version)
    actions_follow(source=changed, actor=actor, now=now)


def exercises_follow(*, record: Document, actor: User, now: datetime) -> None:
    """Let the exercises of a plan follow it. Must be called inside the transaction in which that changed."""
    for key in exercises_astray(record):
        exercise_find_back(key=key, now=now, actor=actor)
