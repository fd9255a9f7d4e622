"""Reads of the conversation: a record's activity, who follows it, and whom a comment may mention."""

from foundation.conversation.selectors.activity import Activity, Happening, activity_of
from foundation.conversation.selectors.people import Suggestion, followers_of, is_following, people_to_mention

__all__ = [
    "Activity",
    "Happening",
    "Suggestion",
    "activity_of",
    "followers_of",
    "is_following",
    "people_to_mention",
]
