"""Writes of the conversation: what is said, who is told, who follows."""

from foundation.conversation.services.comments import comment_add
from foundation.conversation.services.following import follow_set

__all__ = ["comment_add", "follow_set"]
