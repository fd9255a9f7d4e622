"""Who meets what behind the addresses of incident response plans in use."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, answers, everyone, only
from response.models import Exercise
from response.tests.factories import contact_make, exercise_make, plan_make

# Of a plan of the whole organisation, which the analyst owns.
READERS = only("ciso", "analyst", "auditor", otherwise=404)
KEEPERS = answers(otherwise=404, ciso=200, analyst=200, auditor=403)
KEPT = {**KEEPERS, "ciso": 302, "analyst": 302}


def of_contact(cast: Cast) -> Sequence[Any]:
    contact = contact_make(cast)
    return (contact.plan.reference, contact.pk)


def of_plan(cast: Cast) -> Sequence[Any]:
    return (plan_make(cast).reference,)


def named(cast: Cast) -> Mapping[str, Any]:
    return {
        "role": "Commander",
        "position": 1,
        "outside": "Somebody",
        "phone": "1",
        "cadence_months": 3,
        "version": 1,
    }


ROWS = [
    UrlRow(name="response:contact-list", get=READERS, args=of_plan),
    UrlRow(name="response:contact-add", get=KEEPERS, post=KEPT, args=of_plan, data=named),
    UrlRow(name="response:contact-edit", get=KEEPERS, post=KEPT, args=of_contact, data=named),
    UrlRow(name="response:contact-confirm", get=KEEPERS, post=KEPT, args=of_contact, data=named),
    UrlRow(name="response:contact-remove", get=KEEPERS, post=KEPT, args=of_contact),
]


def of_exercise(*more: str) -> Callable[[Cast], Sequence[Any]]:
    def arguments(cast: Cast) -> Sequence[Any]:
        return (exercise_make(cast).reference, *more)

    return arguments


def planned(cast: Cast) -> Mapping[str, Any]:
    exercise = Exercise.objects.first()
    return {
        "title": "Ransom",
        "type": "tabletop",
        "owner": cast.analyst.pk,
        "planned_on": "2099-01-15",
        "objectives": "All are reached",
        "version": exercise.version if exercise else 1,
        "submission": str(uuid4()),
    }


# An exercise of the whole organisation, in which the clerk of Cards takes part.
ROWS += [
    UrlRow(name="response:exercise-list", get=everyone()),
    UrlRow(
        name="response:exercise-begin",
        get=only("ciso", "analyst", otherwise=403),
        post=only("ciso", "analyst", answer=422, otherwise=403),
    ),
    UrlRow(name="response:exercise-create", get=KEEPERS, post=KEPT, args=of_plan, data=planned),
    UrlRow(name="response:exercise-detail", get={**READERS, "personnel": 200}, args=of_exercise()),
    UrlRow(name="response:exercise-tab", get={**READERS, "personnel": 200}, args=of_exercise("history")),
    UrlRow(
        name="response:exercise-edit",
        get={**KEEPERS, "personnel": 403},
        post={**KEPT, "personnel": 403},
        args=of_exercise(),
        data=planned,
    ),
    UrlRow(
        name="response:exercise-report",
        get={**KEEPERS, "ciso": 403, "analyst": 403, "personnel": 403},  # it is still to be held
        post={**KEEPERS, "ciso": 422, "analyst": 422, "personnel": 403},
        args=of_exercise(),
        refused_otherwise=True,
    ),
    UrlRow(
        name="response:exercise-transition",
        get={**KEEPERS, "personnel": 403},
        post={**KEPT, "personnel": 403},
        args=of_exercise("hold"),
    ),
]
