"""What the people of the sample bank say to each other about the records that are in work."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from foundation.accounts.models import User
from foundation.accounts.sample import SEED, SampleContext
from foundation.conversation.models import Comment
from foundation.conversation.services import comment_add, comment_edit, comment_withdraw
from foundation.notifications.services import notices_cancel
from foundation.records.models import Record

RECORDS = 24
STILL_NEW = timedelta(days=2)

# Who says what: the owner (0) and the first two who take part (1, 2); the braces name them.
TALKS: tuple[tuple[tuple[int, str], ...], ...] = (
    (
        (0, "@{1} the scope stands as agreed. Can you settle the dates with @{2} by Friday?"),
        (
            1,
            "Settled. Two things are still open:\n\n- access to the test environment\n- the leavers' list of *May*",
        ),
        (2, "The list comes tomorrow; access was asked for today."),
    ),
    (
        (
            1,
            "Sampling is done: **25 of 25** tickets had an approval, 3 of them after the fact.\n\n> Is that a finding?",
        ),
        (0, "@{1} it is, if the three were privileged. Please check `svc-` accounts first."),
        (1, "None was. I note it as an observation."),
    ),
    (
        (0, "The supplier asks for a week more. @{1} does that still fit?"),
        (1, "It does if nothing else moves. Everything else is in {reference}."),
    ),
    (
        (2, "The evidence of last year stands where it stood: https://intranet.example.com/evidence"),
        (1, "Thank you, found it."),
    ),
)
# What is asked of whom lately, on a record that both see, how many hours ago.
CALLS: tuple[tuple[str, int, str], ...] = (
    ("leonor.vasconcelos", 3, "@{0} the unit asks to narrow the scope. I would not; do you agree?"),
    ("leonor.vasconcelos", 29, "@{0} this may end in a finding of weight. Better that you know now."),
    (
        "yusuf.adeyinka",
        2,
        "@{0} the logs of the jump host are missing for *two days*. Can your team restore them?",
    ),
    ("yusuf.adeyinka", 21, "@{0} three accounts without an owner, list in the files. Whose are they?"),
    ("yusuf.adeyinka", 44, "@{0} thank you, the restore test convinced me."),
    ("kenjiro.matsuda", 5, "@{0} the report is late already. When can we read it?"),
    ("catarina.albuquerque", 7, "@{0} we need half a day with your team next week. Which one suits?"),
    ("olumide.bankole", 9, "@{0} could you give the auditors read access to the console until Friday?"),
)


class _Talk:
    """What is said in order, though it is thought of record by record: notices and trail follow the order of writing."""

    def __init__(self, context: SampleContext) -> None:
        self._context = context
        # Its own, so that what other loaders draw stays as it is.
        self._random = Random(SEED)  # noqa: S311
        self._comments: dict[UUID, Comment] = {}
        self._events: list[tuple[datetime, int, Callable[[datetime], None]]] = []

    def say(self, record: Record, author: User, text: str, at: datetime) -> UUID:
        """Let a person say something; return the comment's key."""
        key = UUID(int=self._random.getrandbits(128))

        def act(now: datetime) -> None:
            comment, _mentioned = comment_add(record=record, author=author, text=text, key=key, now=now)
            self._comments[key] = comment

        self._at(at, act)
        return key

    def of(self, record: Record, number: int) -> None:
        """Let the people of a record talk about it, some days ago; one now and then thinks better of it."""
        people = _people(record)
        talk = TALKS[number % len(TALKS)]
        if max(speaker for speaker, _text in talk) >= len(people):
            return
        names = [person.full_name for person in people]
        at = self._context.now - timedelta(days=self._random.randint(0, 9), hours=len(talk) * 3)
        for speaker, text in talk:
            at += timedelta(minutes=self._random.randint(5, 170))
            key = self.say(record, people[speaker], text.format(*names, reference=record.reference), at)
        author = people[talk[-1][0]]
        if number % 8 == 2:
            self._at(at + timedelta(minutes=7), lambda now: _edit(self._comments[key], author, now))
        if number % 8 == 5:
            self._at(at + timedelta(minutes=4), lambda now: _withdraw(self._comments[key], author, now))
        if at < self._context.now - STILL_NEW:
            self._at(self._context.now - STILL_NEW, lambda _now: _told(record))

    def call(self, person: User, place: int, text: str, at: datetime) -> None:
        """Let somebody who takes part in an open record ask something of a person who sees it."""
        seen = Record.objects.unarchived().visible_to(person).filter(kind="audit")
        open_ones = seen.exclude(state__in=("closed", "cancelled")).order_by("-pk").select_related("unit")
        for record in list(open_ones[:12])[place % 3 :]:
            others = [other for other in _people(record) if other.pk != person.pk]
            if others:
                self.say(record, others[place % len(others)], text.format(person.full_name), at)
                return

    def live(self) -> None:
        """Let it all be said, in the order of the moments."""
        for at, _number, act in sorted(self._events, key=lambda event: event[:2]):
            act(at)

    def _at(self, at: datetime, act: Callable[[datetime], None]) -> None:
        self._events.append((at, len(self._events), act))


def sample_conversation(context: SampleContext) -> None:
    """Let the people of open records talk; what was said lately is still to be told by mail."""
    talk = _Talk(context)
    records = (
        Record.objects.unarchived().exclude(state__in=("closed", "cancelled", "planned")).filter(kind="audit")
    )
    for number, record in enumerate(records.order_by("-pk").select_related("owner", "unit")[:RECORDS]):
        talk.of(record, number)
    for place, (key, hours, text) in enumerate(CALLS):
        at = context.now - timedelta(hours=hours, minutes=7 * place)
        talk.call(context.person(key), place, text, at)
    talk.live()


def _edit(comment: Comment, author: User, at: datetime) -> None:
    text = f"{comment.text}\n\nThat covers the whole *sample*."
    comment_edit(comment=comment, text=text, actor=author, revision=comment.revision, now=at)


def _told(record: Record) -> None:
    """Let nobody be told any more of what was said long ago."""
    notices_cancel(record_id=record.pk, kind_prefix="conversation.")


def _withdraw(comment: Comment, author: User, at: datetime) -> None:
    comment_withdraw(comment=comment, actor=author, reason="Belongs to another audit", now=at)


def _people(record: Record) -> list[User]:
    parts = record.participants.select_related("user").order_by("pk")
    return list(dict.fromkeys([record.owner, *(part.user for part in parts)]))
