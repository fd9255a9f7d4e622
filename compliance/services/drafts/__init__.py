"""Writing an edition by hand: a draft begins as a copy of what counts, and its lines are added, changed, moved and removed."""

from compliance.services.drafts.locks import LineGone, LineRefused, StaleLine
from compliance.services.drafts.moves import line_move, line_place, line_remove
from compliance.services.drafts.whole import draft_begin, draft_drop
from compliance.services.drafts.words import line_add, line_change

__all__ = [
    "LineGone",
    "LineRefused",
    "StaleLine",
    "draft_begin",
    "draft_drop",
    "line_add",
    "line_change",
    "line_move",
    "line_place",
    "line_remove",
]
