"""Writes of the conversation: what is said, who is told, who follows."""

from foundation.conversation.services.comments import (
    StaleComment,
    comment_add,
    comment_edit,
    comment_withdraw,
)
from foundation.conversation.services.following import follow_set

__all__ = [
    "StaleComment",
    "comment_add",
    "comment_edit",
    "comment_withdraw",
    "follow_set",
]
