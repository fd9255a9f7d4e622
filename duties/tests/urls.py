"""Who meets what behind the addresses of duties."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from duties.models import Activity
from duties.tests.factories import activity_make
from duties.tests.packs import pack_ask, pack_made
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, answers, everyone, only

# Of an activity of the whole organisation, which the clerk of Cards owns.
READERS = only("ciso", "analyst", "auditor", "personnel", otherwise=404)
MANAGERS = answers(otherwise=404, ciso=200, analyst=200, auditor=403, personnel=403)
MANAGED = {**MANAGERS, "ciso": 302, "analyst": 302}
DOERS = {**MANAGERS, "personnel": 200}
DONE = {**MANAGED, "personnel": 302}
BOARD = only("ciso", "analyst", "auditor", "unit_lead")
PLANNERS = only("ciso", "analyst")


def of_activity(*more: str, **said: Any) -> Callable[[Cast], Sequence[Any]]:
    def arguments(cast: Cast) -> Sequence[Any]:
        return (activity_make(cast, **said).reference, *more)

    return arguments


def of_item(cast: Cast) -> Sequence[Any]:
    activity = activity_make(cast)
    return (activity.reference, activity.items.first().pk)


def planned(cast: Cast) -> Mapping[str, Any]:
    activity = Activity.objects.first()
    return {
        "title": "Assess the threats",
        "duty": 5,
        "unit": cast.units.root.pk,
        "owner": cast.analyst.pk,
        "due_on": "2099-01-15",
        "checklist": "Ask the units",
        "confidentiality": "internal",
        "version": activity.version if activity else 1,
        "submission": str(uuid4()),
    }


def outcome(cast: Cast) -> Mapping[str, Any]:
    return {"outcome": "Nothing new.", "version": Activity.objects.get().version}


def rule(cast: Cast) -> Mapping[str, Any]:
    return {"starts_on": "2026-12-15", "repeat_unit": "YEARLY", "repeat_interval": 1, "seen": ""}


PACKERS = only("ciso", "analyst", "auditor", "unit_lead")
OWN_PACK = {**answers(otherwise=403, analyst=404, auditor=404, unit_lead=404), "ciso": 200}


def own_pack(cast: Cast) -> Sequence[Any]:
    return (pack_ask(cast.ciso).key,)


def own_finished_pack(cast: Cast) -> Sequence[Any]:
    return (pack_made(cast.ciso).key,)


ROWS = [
    UrlRow(name="duties:duty-list", get=BOARD),
    UrlRow(name="duties:duty-detail", get=BOARD, args=lambda cast: (5,)),
    UrlRow(
        name="duties:duty-posts",
        get=only("ciso", "analyst"),
        post=answers(otherwise=403, ciso=302, analyst=302),
        args=lambda cast: (5,),
        data=lambda cast: {"version": ""},
    ),
    UrlRow(
        name="duties:starter-plan",
        get=PLANNERS,
        post={**PLANNERS, "ciso": 422, "analyst": 422},  # nothing is chosen
    ),
    UrlRow(
        name="duties:pack-list",
        get=PACKERS,
        post={**PACKERS, **dict.fromkeys(("ciso", "analyst", "auditor", "unit_lead"), 422)},  # no period
    ),
    UrlRow(name="duties:pack-detail", get=OWN_PACK, args=own_pack),
    UrlRow(name="duties:pack-file", get=OWN_PACK, args=own_finished_pack),
    UrlRow(
        name="duties:pack-stop",
        get=everyone(405),
        post={**OWN_PACK, "ciso": 302},
        args=own_pack,
    ),
    UrlRow(name="duties:year-planner", get=everyone()),
    UrlRow(name="duties:activity-list", get=everyone()),
    UrlRow(
        name="duties:activity-create",
        get=PLANNERS,
        post={**PLANNERS, "ciso": 302, "analyst": 302},
        data=planned,
    ),
    UrlRow(name="duties:activity-detail", get=READERS, args=of_activity()),
    UrlRow(name="duties:activity-tab", get=READERS, args=of_activity("history")),
    UrlRow(name="duties:activity-edit", get=MANAGERS, post=MANAGED, args=of_activity(), data=planned),
    UrlRow(name="duties:activity-outcome", get=DOERS, post=DONE, args=of_activity(), data=outcome),
    UrlRow(name="duties:activity-recurrence", get=MANAGERS, post=MANAGED, args=of_activity(), data=rule),
    UrlRow(
        name="duties:activity-recurrence-end",
        get=MANAGERS,
        post={**MANAGERS, "ciso": 422, "analyst": 422},  # without a reason
        args=of_activity(rrule="FREQ=YEARLY"),
    ),
    UrlRow(
        name="duties:item-tick",
        get=everyone(405),
        post=DONE,
        args=of_item,
        data=lambda cast: {"done": "1"},
    ),
    UrlRow(name="duties:activity-transition", get=DOERS, post=DONE, args=of_activity("start")),
]
