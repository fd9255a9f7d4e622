"""What the people of the sample bank say to each other about the records that are in work."""

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


def sample_conversation(context: SampleContext) -> None:
    """Let the people of open records talk; what was said lately is still to be told by mail."""
    # Its own, so that what other loaders draw stays as it is.
    random = Random(SEED)  # noqa: S311
    records = (
        Record.objects.unarchived().exclude(state__in=("closed", "cancelled", "planned")).filter(kind="audit")
    )
    for number, record in enumerate(records.order_by("-pk").select_related("owner", "unit")[:RECORDS]):
        people = _people(record)
        talk = TALKS[number % len(TALKS)]
        if max(speaker for speaker, _text in talk) >= len(people):
            continue
        at = context.now - timedelta(days=random.randint(0, 9), hours=len(talk) * 3)
        for speaker, text in talk:
            at += timedelta(minutes=random.randint(5, 170))
            comment, _mentioned = comment_add(
                record=record,
                author=people[speaker],
                text=text.format(*(person.full_name for person in people), reference=record.reference),
                key=UUID(int=random.getrandbits(128)),
                now=at,
            )
        author = people[talk[-1][0]]
        match number % 8:
            case 2:
                _edit(comment, author, at + timedelta(minutes=7))
            case 5:
                reason = "Belongs to another audit"
                comment_withdraw(comment=comment, actor=author, reason=reason, now=at + timedelta(minutes=4))
        if at < context.now - STILL_NEW:
            notices_cancel(record_id=record.pk, kind_prefix="conversation.")
    for place, (key, hours, text) in enumerate(CALLS):
        at = context.now - timedelta(hours=hours, minutes=7 * place)
        _call(context.person(key), place, text, UUID(int=random.getrandbits(128)), at)


def _call(person: User, place: int, text: str, key: UUID, at: datetime) -> None:
    """Let somebody who takes part in an open record ask something of a person who sees it."""
    seen = Record.objects.unarchived().visible_to(person).filter(kind="audit")
    open_ones = list(
        seen.exclude(state__in=("closed", "cancelled")).order_by("-pk").select_related("unit")[:12]
    )
    for record in open_ones[place % 3 :]:
        others = [other for other in _people(record) if other.pk != person.pk]
        if others:
            author = others[place % len(others)]
            comment_add(record=record, author=author, text=text.format(person.full_name), key=key, now=at)
            return


def _edit(comment: Comment, author: User, at: datetime) -> None:
    text = f"{comment.text}\n\nThat covers the whole *sample*."
    comment_edit(comment=comment, text=text, actor=author, revision=comment.revision, now=at)


def _people(record: Record) -> list[User]:
    parts = record.participants.select_related("user").order_by("pk")
    return list(dict.fromkeys([record.owner, *(part.user for part in parts)]))
