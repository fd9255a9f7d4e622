"""Taking activities over from the starter plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from duties.models import Activity, ActivitySeries
from duties.services.activities import activities_plan
from duties.services.drafts import ActivityDraft, Item
from duties.starting_texts import STARTER_BY_KEY
from foundation.accounts.models import BusinessUnit, User

ATTEMPTS = 3


@dataclass(frozen=True, kw_only=True)
class StarterChoice:
    """An activity of the starter plan that is to be taken over, by whom it is done, and when first."""

    key: str
    owner: User
    first_on: date


def starter_take(
    *,
    choices: Sequence[StarterChoice],
    unit: BusinessUnit,
    with_sign_off: bool,
    actor: User,
    now: datetime,
) -> list[Activity]:
    """Plan what was chosen of the starter plan, all or nothing; return what was planned, without what was taken over before.

    Without `with_sign_off` nothing needs a sign-off: nobody may be there yet who could. Of two people who take the same over at
    once, one does. Raises ActivityRefused for an owner who has left, KeyError for what the plan does not know.
    """
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return _take(choices, unit, with_sign_off=with_sign_off, actor=actor, now=now)
        except IntegrityError as error:
            # Somebody else took some of it over since we looked: look again.
            if "activity_series_starter_once" not in str(error) or attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _take(
    choices: Sequence[StarterChoice], unit: BusinessUnit, *, with_sign_off: bool, actor: User, now: datetime
) -> list[Activity]:
    wanted = {choice.key: choice for choice in choices}
    taken = set(ActivitySeries.objects.filter(starter__in=wanted).values_list("starter", flat=True))
    drafts = [
        _draft(choice, unit, with_sign_off=with_sign_off)
        for key, choice in wanted.items()
        if key not in taken
    ]
    return activities_plan(drafts=drafts, actor=actor, now=now)


def _draft(choice: StarterChoice, unit: BusinessUnit, *, with_sign_off: bool) -> ActivityDraft:
    """Return the activity in the words of the language in force: from then on it is the organisation's own."""
    text = STARTER_BY_KEY[choice.key]
    return ActivityDraft(
        title=str(text.title),
        duty=text.duty,
        unit=unit,
        owner=choice.owner,
        due_on=choice.first_on,
        task=str(text.task),
        evidence_wanted=str(text.evidence),
        needs_sign_off=text.needs_sign_off and with_sign_off,
        checklist=[
            *(Item(str(item)) for item in text.checklist),
            *(Item(str(item), False) for item in text.optional),
        ],
        rrule=text.rrule,
        starter=text.key,
    )
