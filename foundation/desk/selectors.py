"""What a person's day holds."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse

from foundation.accounts.models import User
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.selectors import requests_waiting_for
from foundation.approvals.services import DECISION_DEADLINE
from foundation.deadlines.models import Deadline
from foundation.deadlines.selectors import open_deadlines_of, snoozed_until
from foundation.deadlines.wording import kind_label, record_path, snooze_words
from foundation.desk.talk import Mentioned, News, mentions_of, news_of
from foundation.registry import DeadlineKind, registry
from foundation.search.models import RecordVisit
from foundation.search.selectors import recent_records

SHOWN = 25
RECENT = 7
AHEAD = timedelta(days=30)


@dataclass(frozen=True)
class Row:
    """A date on my desk: what is due of which record, and when."""

    title: str
    reference: str
    url: str
    what: str
    due: date | datetime
    snooze: str
    snooze_url: str
    may_snooze: bool


@dataclass(frozen=True)
class Decision:
    """An approval that waits for me, and the day by which it is to be decided."""

    request: ApprovalRequest
    due: date | None


@dataclass(frozen=True)
class Shelf:
    """Some rows of a kind of work; `more` tells that there are further ones."""

    rows: list[Row]
    more: bool

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Desk:
    """All that my desk shows."""

    decisions: list[Decision]
    late: Shelf
    due: Shelf
    later: Shelf
    involved: Shelf
    recent: list[RecordVisit]
    mentions: list[Mentioned]
    news: list[News]

    @property
    def is_empty(self) -> bool:
        """Tell whether the person has no dates to see to."""
        return not any((self.late.rows, self.due.rows, self.later.rows))


def desk_of(user: User, now: datetime) -> Desk:
    """Return what waits for a person: decisions, what is late, what is due within 30 days, what comes after,
    what is due on records that the person takes part in, what was opened last, where the person is mentioned, and news of what is followed. Nine queries of at most 26 rows.
    """
    mine = open_deadlines_of(user).exclude(kind=DECISION_DEADLINE)
    others = (
        Deadline.objects.open().visible_to(user).filter(_announced_to(user)).exclude(assignee=user).distinct()
    )
    return Desk(
        decisions=_decisions(user),
        late=_shelf(mine.filter(due_at__lte=now), user, now),
        due=_shelf(mine.filter(due_at__gt=now, due_at__lte=now + AHEAD), user, now),
        later=_shelf(mine.filter(due_at__gt=now + AHEAD), user, now),
        involved=_shelf(
            others.filter(due_at__lte=now + AHEAD).select_related("record").order_by("due_at", "id"),
            user,
            now,
        ),
        recent=recent_records(user, limit=RECENT),
        mentions=mentions_of(user, limit=RECENT),
        news=news_of(user, limit=RECENT),
    )


def late_deadlines(user: User, now: datetime) -> QuerySet[Deadline]:
    """Return a person's dates that are late, for the side bar."""
    return Deadline.objects.overdue(at=now).visible_to(user).filter(assignee=user)


def _decisions(user: User) -> list[Decision]:
    requests = list(requests_waiting_for(user)[:SHOWN])
    keys = [str(request.pk) for request in requests]
    found = Deadline.objects.open().filter(kind=DECISION_DEADLINE, key__in=keys)
    due = dict(found.values_list("key", "due_on"))
    return [Decision(request, due.get(str(request.pk))) for request in requests]


def _announced_to(user: User) -> Q:
    """Return the condition for dates that are announced to a part which the person plays.

    A join and not a subquery for each kind, so that the database starts from the person's records and not from all
    that is due. Whoever plays two parts in a record finds its dates twice.
    """
    condition = Q(pk__in=[])
    for kind in registry.all(DeadlineKind):
        if kind.audience:
            condition |= Q(kind=kind.key, record__participants__role__in=kind.audience)
    return Q(record__participants__user=user) & condition


def _shelf(deadlines: QuerySet[Deadline], user: User, now: datetime) -> Shelf:
    found = list(deadlines[: SHOWN + 1])
    rows = [
        Row(
            title=deadline.record.title,
            reference=deadline.record.reference,
            url=record_path(deadline.record.kind, deadline.record.reference),
            what=kind_label(deadline.kind),
            due=deadline.due_on or deadline.due_at,
            snooze=_snooze(deadline, now),
            snooze_url=_snooze_url(deadline, now),
            may_snooze=deadline.assignee_id == user.pk,
        )
        for deadline in found[:SHOWN]
    ]
    return Shelf(rows, len(found) > SHOWN)


def _snooze(deadline: Deadline, now: datetime) -> str:
    until = snoozed_until(deadline, now=now)
    return snooze_words(until, deadline.snooze_reason) if until else ""


def _snooze_url(deadline: Deadline, now: datetime) -> str:
    """Return where reminders of a date are put off, or let come again."""
    name = "deadline-wake" if snoozed_until(deadline, now=now) else "deadline-snooze"
    return reverse(f"deadlines:{name}", args=[deadline.pk])
