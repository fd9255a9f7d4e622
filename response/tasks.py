"""Wake-up calls: PostgreSQL knows what plans say, and who owns them."""

from celery import shared_task

from foundation import clock
from foundation.accounts.organisation import organisation_day
from foundation.batches import each_apart
from policies.models import Document
from response.selectors import plans_left
from response.services import (
    contacts_follow_leavers,
    exercise_find_back,
    exercises_astray,
    plan_follow,
    plans_to_exercise_astray,
    sheets_astray,
)


@shared_task(name="response.follow_plans")
def follow_plans() -> None:
    """Let reminders follow plans that changed hands, came in force, or were retired, and people on their sheets who left; exercises their plan's unit."""
    left = plans_left(organisation_day(clock.now()))
    each_apart(left, lambda key: contacts_follow_leavers(plan=Document.objects.get(pk=key), now=clock.now()))
    each_apart(exercises_astray(), lambda key: exercise_find_back(key=key, now=clock.now()))
    astray = sorted({*sheets_astray(), *plans_to_exercise_astray()})
    each_apart(astray, lambda key: plan_follow(plan=Document.objects.get(pk=key), now=clock.now()))
