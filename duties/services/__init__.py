"""Writing activities, and what they recur by."""

from duties.services.activities import (
    activities_left,
    activities_plan,
    activity_change,
    activity_find_owner,
    activity_give,
    activity_plan,
    item_tick,
    outcome_write,
)
from duties.services.dates import DUE, activity_move, activity_move_refusal
from duties.services.drafts import ActivityDraft, Item, items_of
from duties.services.errors import ActivityRefused
from duties.services.measuring import day_measure, measured_now
from duties.services.posts import posts_hand_over, posts_set
from duties.services.series import (
    series_begin,
    series_change,
    series_end,
    series_hand_over,
    series_plan,
    series_version,
    series_waiting,
)
from duties.services.starter import StarterChoice, starter_take
from duties.services.steps import activity_done, activity_open_again, activity_skipped

__all__ = [
    "DUE",
    "ActivityDraft",
    "ActivityRefused",
    "Item",
    "StarterChoice",
    "activities_left",
    "activities_plan",
    "activity_change",
    "activity_done",
    "activity_find_owner",
    "activity_give",
    "activity_move",
    "activity_move_refusal",
    "activity_open_again",
    "activity_plan",
    "activity_skipped",
    "day_measure",
    "item_tick",
    "items_of",
    "measured_now",
    "outcome_write",
    "posts_hand_over",
    "posts_set",
    "series_begin",
    "series_change",
    "series_end",
    "series_hand_over",
    "series_plan",
    "series_version",
    "series_waiting",
    "starter_take",
]
