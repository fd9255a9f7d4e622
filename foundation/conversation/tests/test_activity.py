"""The activity of a record: all that happened in its order, part by part, to whom it may be told."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from uuid import uuid4

import pytest

from audits.models import Audit
from audits.tests.factories import NOW, audit_make
from foundation.accounts.models import User
from foundation.conversation.choices import Show
from foundation.conversation.cursor import Cursor
from foundation.conversation.models import Comment
from foundation.conversation.selectors import Activity, Happening, activity_of
from foundation.conversation.services import comment_add
from foundation.notifications.choices import NoticeState
from foundation.notifications.models import Notice
from foundation.notifications.services import NoticeDraft, mails_compose, notices_write
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.trail.models import Entry
from foundation.trail.services import entry_write

pytestmark = pytest.mark.django_db
numbers = count(1)


def say(record: Record, author: User, text: str) -> Comment:
    comment, _mentioned = comment_add(record=record, author=author, text=text, key=uuid4(), now=NOW)
    Notice.objects.filter(state=NoticeState.PENDING).delete()  # who is told is not what these tests ask
    return comment


def mail(record: Record, *people: User, sentence: str = "Fieldwork ends", minutes: int = 0) -> None:
    """Write notices at once, and the mails that carry them."""
    now = NOW + timedelta(minutes=minutes)
    notices_write(
        notices=[
            NoticeDraft(
                recipient_id=person.pk,
                kind="deadlines.reminder",
                record_id=record.pk,
                dedupe_key=f"test:{next(numbers)}",
                payload={"title": record.title, "sentence": sentence},
            )
            for person in people
        ],
        now=now,
    )
    mails_compose(now=now)


def words(one: Happening) -> str:
    return one.comment.html if one.comment else f"{one.moment.actor} {one.moment.sentence}".strip()


def whole(read: Callable[[Cursor | None], Activity]) -> list[str]:
    """Read part by part to the beginning."""
    told: list[str] = []
    cursor: Cursor | None = None
    for _part in range(60):
        part = read(cursor)
        told += [words(one) for one in part.happenings]
        if part.older is None:
            return told
        cursor = Cursor.parse(str(part.older))
    raise AssertionError("It does not end.")


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return audit_make(cast)


def test_everything_that_happened_stands_in_its_order(cast: Cast, audit: Audit) -> None:
    say(audit, cast.auditor, "Ready when you are.")
    mail(audit, cast.auditor, cast.analyst)
    told = [words(one) for one in activity_of(audit, cast.ciso).happenings]
    # The trail's clock is the database's and runs ahead of the tests' NOW, which the mails are written at.
    assert told[0] == "<p>Ready when you are.</p>\n"
    mailed = "Mail for Anders Falk and Odile Brandt, kept here as no mail server is set up: Fieldwork ends"
    assert told[-1] == mailed
    assert "Anders Falk planned the audit" in told
    assert len(told) == 4


@pytest.mark.parametrize("show", Show)
@pytest.mark.parametrize("size", [1, 2, 7])
def test_parts_leave_nothing_out_and_tell_nothing_twice(
    cast: Cast, audit: Audit, show: Show, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foundation.conversation.selectors.activity.ENTRIES_LOOKED_AT", 3)
    monkeypatch.setattr("foundation.conversation.selectors.activity.NOTICES_LOOKED_AT", 4)
    for number in range(6):
        say(audit, cast.auditor, f"Comment {number}")
        say(audit, cast.auditor, f"Comment {number} b")
        if number % 2:
            entry_write(action="audits.audit.changed", actor=cast.analyst, record=audit, comment=f"{number}")
        mail(audit, cast.auditor, cast.analyst, cast.ciso, sentence=f"Mail {number}", minutes=number)
    told = whole(lambda cursor: activity_of(audit, cast.ciso, show=show, since=cursor, size=size))
    comments = [text for text in told if text.startswith("<p>")]
    mails = [text for text in told if text.startswith("Mail for")]
    changes = len(told) - len(comments) - len(mails)
    assert comments == (
        [f"<p>Comment {number}{end}</p>\n" for number in range(5, -1, -1) for end in (" b", "")]
        if show in (Show.ALL, Show.COMMENTS)
        else []
    )
    assert [text[-1] for text in mails] == (list("543210") if show in (Show.ALL, Show.MAILS) else [])
    assert changes == (5 if show in (Show.ALL, Show.CHANGES) else 0)


def test_more_recipients_than_are_looked_at_go_on_in_the_next_part(
    cast: Cast, audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foundation.conversation.selectors.activity.NOTICES_LOOKED_AT", 2)
    mail(audit, cast.auditor, cast.analyst, cast.ciso)
    told = whole(lambda cursor: activity_of(audit, cast.ciso, show=Show.MAILS, since=cursor))
    assert len(told) == 2
    assert sum(name in "".join(told) for name in ("Odile", "Anders", "Celia")) == 3


def test_recipients_are_named_to_those_alone_who_may_know(cast: Cast) -> None:
    audit = audit_make(cast, confidentiality=Confidentiality.RESTRICTED, auditees=[cast.outsider])
    mail(audit, cast.outsider, cast.ciso, cast.auditor)

    def told(reader: User) -> str:
        (one,) = activity_of(audit, reader, show=Show.MAILS).happenings
        return words(one)

    for reader in (cast.ciso, audit.owner):
        assert all(name in told(reader) for name in ("Oskar", "Celia", "Odile"))
    assert "Mail for Oskar Lindqvist and 2 others" in told(cast.outsider)
    assert "Celia" not in told(cast.outsider)
    mail(audit, cast.ciso, cast.auditor, minutes=1)
    newest = activity_of(audit, cast.outsider, show=Show.MAILS).happenings[0]
    assert "Mail for 2 people" in words(newest)


def test_what_is_not_in_a_mail_is_not_told(cast: Cast, audit: Audit) -> None:
    mail(audit, cast.auditor)
    Notice.objects.update(state=NoticeState.PENDING)
    assert not activity_of(audit, cast.ciso, show=Show.MAILS).happenings


def test_the_trail_proves_a_comment_without_telling_it(cast: Cast, audit: Audit) -> None:
    say(audit, cast.auditor, "The key was in the mail.")
    entry = Entry.objects.get(action="conversation.comment.added")
    assert entry.record_id == audit.pk
    assert len(entry.after["fingerprint"]) == 64
    assert "key was" not in str(entry.after) + entry.comment + entry.subject


@pytest.mark.parametrize(
    "text", ["", "x", "1-2-3", "9" * 400, "999999999999999999-1-1-1", "-1-1-1-1", "1-2-3-٤"]
)
def test_a_broken_address_starts_anew(text: str) -> None:
    assert Cursor.parse(text) == Cursor()
