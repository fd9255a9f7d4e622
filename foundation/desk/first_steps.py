"""What a new organisation does first, and how far it has come: worked out from what there is, kept nowhere."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.desk.models import FirstStepsDismissal
from foundation.registry import FirstStep, registry
from foundation.ui.counts import count_each

RIGHT = "organisation.manage"


@dataclass(frozen=True)
class StepShown:
    """A step as its reader sees it: with the way to it where the reader may take it."""

    label: Any
    text: Any
    icon: str
    url: str
    is_done: bool


@dataclass(frozen=True)
class FirstSteps:
    """All steps in order."""

    steps: list[StepShown]

    @property
    def done(self) -> int:
        """Return how many are done."""
        return sum(step.is_done for step in self.steps)


def first_steps_of(user: User, *, now: datetime) -> FirstSteps | None:
    """Return the steps, for who runs the organisation and has not dismissed them; None once all are done. One query."""
    access = access_of(user)
    if not access.has(RIGHT):
        return None
    steps = sorted(registry.all(FirstStep), key=lambda step: step.order)
    facts = [step.done(now) for step in steps]
    rows = [fact for fact in facts if isinstance(fact, QuerySet)]
    dismissed, *found = count_each(
        [FirstStepsDismissal.objects.filter(user=user), *rows],
        most=max((step.at_least for step in steps), default=1),
    )
    if dismissed:
        return None
    counts = iter(found)
    shown = [
        StepShown(
            label=step.label,
            text=step.text,
            icon=step.icon,
            url=reverse(step.url_name) if step.right is None or access.has_anywhere(step.right) else "",
            is_done=next(counts) >= step.at_least if isinstance(fact, QuerySet) else bool(fact),
        )
        for step, fact in zip(steps, facts, strict=True)
    ]
    return None if all(step.is_done for step in shown) else FirstSteps(shown)
