"""What the sample bank's people did at their desks: what they opened, follow, put off and have read."""

from datetime import datetime, timedelta
from random import Random

from foundation.accounts.models import User
from foundation.accounts.sample import SEED, SampleContext, sample_accounts
from foundation.conversation.services import follow_set
from foundation.deadlines.models import Deadline
from foundation.deadlines.selectors import last_snooze_day
from foundation.deadlines.services import deadline_snooze
from foundation.notifications.bell import notices_of
from foundation.notifications.services import notice_read
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.search.services import visit_keep

OPENED, FOLLOWED = 9, 3
READ_AFTER = timedelta(hours=18)
# By whom and for how many days; the first date of theirs that can be put off so long.
SNOOZED = (
    ("yusuf.adeyinka", 2, "Waits for the supplier's answer"),
    ("kenjiro.matsuda", 1, "The interview was moved to tomorrow"),
    ("hanneke.dijkgraaf", 3, "Agreed with the unit"),
)


def sample_desks(context: SampleContext) -> None:
    """Let those whom one signs in as have been at work yesterday and this morning."""
    random = Random(SEED)  # noqa: S311
    for email, _role in sample_accounts():
        person = context.person(email.partition("@")[0])
        seen = list(Record.objects.unarchived().visible_to(person).order_by("-pk")[:40])
        random.shuffle(seen)
        _open(person, seen[:OPENED], random, context.now)
        others = [record for record in seen[OPENED:] if record.owner_id != person.pk]
        for place, record in enumerate(others[:FOLLOWED]):
            followed_at = context.now - timedelta(days=5, hours=place)
            follow_set(record=record, user=person, follows=True, now=followed_at)
        told = notices_of(person, now=context.now - READ_AFTER)
        for notice in told.filter(read_at__isnull=True):
            notice_read(notice=notice, now=context.now - timedelta(hours=2))
    for key, days, reason in SNOOZED:
        _snooze(context.person(key), days, reason, context.now)


def _open(person: User, records: list[Record], random: Random, now: datetime) -> None:
    at = now - timedelta(minutes=25)
    for record in records:
        visit_keep(record=record, user=person, now=at)
        at -= timedelta(minutes=random.randint(12, 240))


def _snooze(person: User, days: int, reason: str, now: datetime) -> None:
    """Put off the first date of a person that may be put off for so many days."""
    dates = Deadline.objects.open().filter(assignee=person, record__confidentiality=Confidentiality.INTERNAL)
    for deadline in dates.select_related("record", "ladder").order_by("due_at", "pk"):
        last = last_snooze_day(deadline, now=now)
        until = (now + timedelta(days=days)).date()
        if until <= last:
            deadline_snooze(deadline=deadline, until=until, reason=reason, actor=person, now=now)
            return
