"""What a person's day holds."""

from dataclasses import dataclass
from datetime import date, datetime

from foundation.accounts.models import User
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.selectors import queue_of
from foundation.desk.shelves import DUE, INVOLVED, LATE, LATER, SHOWN, Shelf, shelves_of
from foundation.desk.talk import Mentioned, News, mentions_of, news_of
from foundation.search.selectors import Visited, recent_records

RECENT = 7


@dataclass(frozen=True)
class Decision:
    """An approval that waits for me, and the day by which it is to be decided."""

    request: ApprovalRequest
    due: date | None


@dataclass(frozen=True)
class Desk:
    """All that my desk shows."""

    decisions: list[Decision]
    late: Shelf
    due: Shelf
    later: Shelf
    involved: Shelf
    recent: list[Visited]
    mentions: list[Mentioned]
    news: list[News]

    @property
    def is_empty(self) -> bool:
        """Tell whether the person has no dates to see to."""
        return not any((self.late.rows, self.due.rows, self.later.rows))


def desk_of(user: User, now: datetime) -> Desk:
    """Return what waits for a person: decisions, what is late, what is due within 30 days, what comes after,
    what is due on records that the person takes part in, what was opened last, where the person is mentioned, and news of
    what is followed. Six queries.
    """
    shelves = shelves_of(user, now)
    return Desk(
        decisions=_decisions(user),
        late=shelves[LATE],
        due=shelves[DUE],
        later=shelves[LATER],
        involved=shelves[INVOLVED],
        recent=recent_records(user, limit=RECENT),
        mentions=mentions_of(user, limit=RECENT),
        news=news_of(user, limit=RECENT),
    )


def _decisions(user: User) -> list[Decision]:
    found = queue_of(user, size=SHOWN).requests
    return [Decision(request, request.due_on) for request in found]  # type: ignore[attr-defined]
