"""Reads of the outbox for its pages and for the health of the portal."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from foundation.accounts.models import User
from foundation.accounts.versions import version_of_values
from foundation.notifications.choices import MailState, NoticeState, Rhythm
from foundation.notifications.digests import USUAL_DIGEST_HOUR, usual_rhythm
from foundation.notifications.models import Mail, MailPreference, MailSettings, Notice
from foundation.records.choices import Confidentiality
from foundation.records.models import Record

COUNTED = 5_000
MAIL_LATE_AFTER = timedelta(minutes=30)
# Each state stands as a value of its own, so that the index serves the rare ones, however many mails were sent.
COUNT_OF_STATE = (
    "SELECT %s, (SELECT count(*) FROM (SELECT FROM notifications_mail WHERE state = %s LIMIT %s) AS counted)"
)


@dataclass(frozen=True)
class Count:
    """How many mails are in a state, counted to a cap."""

    state: MailState
    number: int

    @property
    def is_capped(self) -> bool:
        """Tell whether there are more than were counted."""
        return self.number > COUNTED


@dataclass(frozen=True)
class Unsent:
    """Since when the oldest unsent mail waits, and since when one should have gone; None: none does.

    A mail that a server puts off waits, but is not late before its next attempt is.
    """

    oldest_at: datetime | None
    due_at: datetime | None

    def is_late(self, *, now: datetime) -> bool:
        """Tell whether a mail should have gone for longer than it takes while all is well."""
        return self.due_at is not None and now - self.due_at > MAIL_LATE_AFTER


STUCK = """
    SELECT (SELECT count(*) FROM (SELECT FROM notifications_parkedaddress LIMIT %s) AS addresses),
           (SELECT count(*) FROM (SELECT FROM notifications_notice WHERE state = %s LIMIT %s) AS notices)
"""


@dataclass(frozen=True)
class Preferences:
    """How a person wants to be told."""

    digest_hour: int
    rhythms: dict[str, Rhythm]
    unshown: frozenset[str] = frozenset()

    @property
    def version(self) -> str:
        """Return what stands for these choices; to choose what is so anyway is no other choice."""
        chosen = sorted((kind, one.value) for kind, one in self.rhythms.items() if one != usual_rhythm(kind))
        return version_of_values([self.digest_hour, chosen, sorted(self.unshown)])


def mail_counts() -> dict[MailState, Count]:
    """Return how many mails are in each state, counted to 5,000. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join([COUNT_OF_STATE] * len(MailState)),
            [value for state in MailState.values for value in (state, state, COUNTED + 1)],
        )
        numbers = dict(cursor.fetchall())
    return {state: Count(state, numbers[state]) for state in MailState}


def stuck_counts() -> tuple[int, int]:
    """Return how many addresses are refused and how many notices can't be told, counted to 5,000. One query."""
    with connection.cursor() as cursor:
        cursor.execute(STUCK, [COUNTED, NoticeState.PARKED, COUNTED])
        addresses, notices = cursor.fetchone()
    return addresses, notices


def unsent_mails() -> Unsent:
    """Return since when mails wait that are to be sent and were not. One query."""
    waiting = Mail.objects.filter(state__in=[MailState.QUEUED, MailState.SENDING])
    found = waiting.aggregate(
        oldest=Min("created_at"),
        due=Min("next_attempt_at"),
        # A server that takes nothing counts as no attempt, and leaves what it said.
        untaken=Min("created_at", filter=Q(attempts=0) & ~Q(last_error="")),
    )
    return Unsent(found["oldest"], min((at for at in (found["due"], found["untaken"]) if at), default=None))


def outbox() -> QuerySet[Mail]:
    """Return all mails with their people; `is_secret` marks those about a record that is restricted, or was."""
    restricted_now = Notice.objects.filter(
        mail=OuterRef("pk"), record__confidentiality=Confidentiality.RESTRICTED
    )
    return Mail.objects.select_related("recipient").annotate(
        is_secret=Q(restricted=True) | Exists(restricted_now)
    )


def may_read(*, user: User, mail: Mail) -> bool:
    """Tell whether a person may read what a mail of `outbox()` says: of restricted records, only who may see them all."""
    if not mail.is_secret:  # type: ignore[attr-defined]
        return True
    told = set(mail.notices.filter(record__isnull=False).values_list("record_id", flat=True))
    return bool(told) and Record.objects.visible_to(user).filter(pk__in=told).count() == len(told)


def parked_notices() -> QuerySet[Notice]:
    """Return the notices that could not be told, with their people."""
    return Notice.objects.filter(state=NoticeState.PARKED).select_related("recipient", "record")


def preferences_of(user: User) -> Preferences:
    """Return how a person wants to be told: at once and in the portal, but for what they chose otherwise."""
    kept = MailSettings.objects.filter(user=user).first()
    chosen = list(MailPreference.objects.filter(user=user))
    return Preferences(
        digest_hour=kept.digest_hour if kept else USUAL_DIGEST_HOUR,
        rhythms={one.kind: Rhythm(one.rhythm) for one in chosen},
        unshown=frozenset(one.kind for one in chosen if not one.in_app),
    )
