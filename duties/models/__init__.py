"""Activities of duties, what they consist of, and what they recur by."""

from duties.models.activities import (
    LONGEST_ITEM,
    MOST_ITEMS,
    MOST_OUTCOME,
    MOST_TASK,
    Activity,
    ChecklistItem,
)
from duties.models.listings import ActivityListing
from duties.models.measures import DutyPost, IndicatorDay
from duties.models.packs import EvidencePack, PackShown
from duties.models.series import ActivitySeries

__all__ = [
    "LONGEST_ITEM",
    "MOST_ITEMS",
    "MOST_OUTCOME",
    "MOST_TASK",
    "Activity",
    "ActivityListing",
    "ActivitySeries",
    "ChecklistItem",
    "DutyPost",
    "EvidencePack",
    "IndicatorDay",
    "PackShown",
]
