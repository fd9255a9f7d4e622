"""Reads of the conversation: a record's activity, who follows it, and whom a comment may mention."""

from foundation.conversation.selectors.activity import Activity, Happening, activity_of
from foundation.conversation.selectors.people import Suggestion, followers_of, is_following, people_to_mention
from foundation.conversation.selectors.search import comments_matching
from foundation.conversation.selectors.versions import Version, versions_of

__all__ = [
    "Activity",
    "Happening",
    "Suggestion",
    "Version",
    "activity_of",
    "comments_matching",
    "followers_of",
    "is_following",
    "people_to_mention",
    "versions_of",
]
