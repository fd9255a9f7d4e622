"""A record's activity: what the trail says, what people said, and the mails that went out, newest first.

Each source is read from an index, from where the reader stands and no further than one part goes, however much there is.
A comment stands where its entry in the trail stands, so the two can't disagree.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.models import User
from foundation.conversation.choices import ADDED, EDITED, WITHDRAWN, Show
from foundation.conversation.cursor import Cursor
from foundation.conversation.markdown import markdown_html
from foundation.conversation.models import Comment, Mention
from foundation.conversation.permissions import (
    can_edit,
    can_name_recipients,
    can_read_words,
    can_withdraw,
)
from foundation.notifications.choices import MailState, NoticeState
from foundation.notifications.models import Notice
from foundation.records.models import Record
from foundation.records.selectors import entries_of, fields_kept_in
from foundation.records.words import actor_of, changes_of, icon_of, sentence_of
from foundation.registry import NoticeKind, registry
from foundation.trail.models import Entry
from foundation.ui.structure import Moment

PAGE = 30
ENTRIES_LOOKED_AT = 500
NOTICES_LOOKED_AT = 200
NAMES = 3


@dataclass(frozen=True)
class CommentShown:
    """A comment as its reader sees it."""

    id: int
    author: str
    at: datetime
    html: SafeString
    key: str
    """The key of the form that wrote it; for its author alone."""
    edited_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawn_because: str
    may_edit: bool
    may_withdraw: bool
    may_read_versions: bool


@dataclass(frozen=True)
class Happening:
    """One thing that happened: a comment, or a moment of anything else; and how far the reader has come with it."""

    at: datetime
    mark: Cursor
    comment: CommentShown | None = None
    moment: Moment | None = None


@dataclass(frozen=True)
class Activity:
    """A part of what happened, newest first; `older` is where the next part begins, None at the beginning."""

    happenings: Sequence[Happening]
    older: Cursor | None


@dataclass(frozen=True)
class _Source:
    """What one source holds next; `rest` is where to go on when it was looked through without finding enough."""

    found: list[Happening]
    rest: Cursor | None = None


def activity_of(
    record: Record, reader: User, *, show: Show = Show.ALL, since: Cursor | None = None, size: int = PAGE
) -> Activity:
    """Return a part of the activity of a record that the reader may see. Three queries at the most."""
    cursor = since or Cursor()
    match show:
        case Show.COMMENTS:
            sources = [_comments(record, reader, cursor, size)]
        case Show.CHANGES:
            sources = [_entries(record, reader, cursor, size, with_comments=False)]
        case Show.MAILS:
            sources = [_mails(record, reader, cursor)]
        case _:
            sources = [
                _entries(record, reader, cursor, size, with_comments=True),
                _mails(record, reader, cursor),
            ]
    return _merged(sources, cursor, size)


def _merged(sources: Sequence[_Source], cursor: Cursor, size: int) -> Activity:
    """Put the sources together, each in its own order, up to `size`, or to where one was not looked through further."""
    shown: list[Happening] = []
    held = [source for source in sources if source.found]
    ends = [source for source in sources if source.rest and not source.found]
    while held and not ends and len(shown) < size:
        source = max(held, key=lambda one: one.found[0].at)
        shown.append(source.found.pop(0))
        cursor = _further(cursor, shown[-1].mark)
        if not source.found:
            held.remove(source)
            ends = [source] if source.rest else []
    for source in ends:
        cursor = _further(cursor, source.rest or Cursor())
    return Activity(shown, cursor if held or ends else None)


def _further(cursor: Cursor, mark: Cursor) -> Cursor:
    """Return the cursor moved on by what a mark says of its own kind."""
    if mark.entry:
        cursor = replace(cursor, at=mark.at, entry=mark.entry)
    return replace(cursor, notice=mark.notice or cursor.notice, comment=mark.comment or cursor.comment)


# What the trail says, and with it what people said


def _entries(record: Record, reader: User, cursor: Cursor, size: int, *, with_comments: bool) -> _Source:
    entries = entries_of(record, reader).order_by("-at", "-pk")
    if cursor.entry:
        entries = entries.filter(
            Q(at__lt=cursor.at) | Q(at=cursor.at, pk__lt=cursor.entry), at__lte=cursor.at
        )
    if with_comments:
        read, rest = list(entries[: size + 1]), None
    else:
        read, rest = _without_comments(entries, size)
    said = _comments_shown(
        Comment.objects.filter(pk__in=[entry.after["comment"] for entry in read if entry.action == ADDED]),
        record,
        reader,
    )
    kept = fields_kept_in(record, reader)
    found = [
        Happening(
            entry.at,
            Cursor(at=entry.at, entry=entry.pk),
            comment=said.get(entry.after["comment"]) if entry.action == ADDED else None,
            moment=_moment(entry, kept),
        )
        for entry in read
    ]
    return _Source(found, rest)


def _without_comments(entries: QuerySet[Entry], size: int) -> tuple[list[Entry], Cursor | None]:
    """Return the next changes among a bounded number of entries; also where to go on if those were mostly comments."""
    looked_at = list(entries[:ENTRIES_LOOKED_AT].values_list("at", "pk", "action"))
    wanted = [pk for _at, pk, action in looked_at if action != ADDED][: size + 1]
    read = list(Entry.objects.filter(pk__in=wanted).defer("words").order_by("-at", "-pk"))
    is_cut_off = len(wanted) <= size and len(looked_at) == ENTRIES_LOOKED_AT
    return read, Cursor(at=looked_at[-1][0], entry=looked_at[-1][1]) if is_cut_off else None


def _moment(entry: Entry, kept: Collection[str]) -> Moment:
    return Moment(
        at=entry.at,
        actor=actor_of(entry),
        sentence=sentence_of(entry),
        icon=icon_of(entry),
        comment=entry.comment,
        changes=[] if entry.action in (EDITED, WITHDRAWN) else changes_of(entry, kept=kept),
    )


def _comments(record: Record, reader: User, cursor: Cursor, size: int) -> _Source:
    comments = Comment.objects.filter(record=record).order_by("-pk")
    if cursor.comment:
        comments = comments.filter(pk__lt=cursor.comment)
    said = _comments_shown(comments[: size + 1], record, reader)
    return _Source([Happening(one.at, Cursor(comment=one.id), comment=one) for one in said.values()])


def _comments_shown(comments: QuerySet[Comment], record: Record, reader: User) -> dict[int, CommentShown]:
    names = ArraySubquery(Mention.objects.filter(comment=OuterRef("pk")).values("name"))
    shown: dict[int, CommentShown] = {}
    for comment in comments.select_related("author", "withdrawn_by").defer("words").annotate(names=names):
        comment.record = record
        shown[comment.pk] = _comment_shown(comment, comment.names, reader)
    return shown


def _comment_shown(comment: Comment, names: Sequence[str], reader: User) -> CommentShown:
    """Return a comment as the reader sees it; of one that was withdrawn, nothing of its words."""
    is_withdrawn = comment.withdrawn_at is not None
    return CommentShown(
        id=comment.pk,
        author=comment.author.full_name,
        at=comment.created_at,
        html=SafeString("") if is_withdrawn else markdown_html(comment.text, tuple(names)),
        key=str(comment.key) if comment.author_id == reader.pk else "",
        edited_at=comment.edited_at,
        withdrawn_at=comment.withdrawn_at,
        withdrawn_by=comment.withdrawn_by.full_name if comment.withdrawn_by else "",
        withdrawn_because=comment.withdrawn_because,
        may_edit=can_edit(reader, comment),
        may_withdraw=can_withdraw(reader, comment),
        may_read_versions=(is_withdrawn or comment.edited_at is not None) and can_read_words(reader, comment),
    )


# The mails that went out


def _mails(record: Record, reader: User, cursor: Cursor) -> _Source:
    """Return the mails about a record, those that were written at once for the same reason together."""
    notices = Notice.objects.filter(record=record, state=NoticeState.MAILED).order_by("-pk")
    if cursor.notice:
        notices = notices.filter(pk__lt=cursor.notice)
    columns = ("kind", "created_at", "thread", "payload", "recipient__full_name", "mail__state")
    # The keys first: PostgreSQL might join all of a record's notices with their mails before it takes the newest.
    newest = Notice.objects.filter(pk__in=notices.values("pk")[:NOTICES_LOOKED_AT]).order_by("-pk")
    read = list(newest.select_related("recipient", "mail").only("recipient_id", "mail_id", *columns))
    groups = [list(group) for _key, group in groupby(read, key=_occasion)]
    rest = None
    if len(read) == NOTICES_LOOKED_AT:
        # The last group may go on beyond what was read, unless it is all that was read.
        groups = groups[:-1] or groups
        rest = Cursor(notice=groups[-1][-1].pk)
    names_all = can_name_recipients(reader, record)
    found = [
        Happening(
            group[0].created_at,
            Cursor(notice=group[-1].pk),
            moment=_mail_moment(group, reader, names_all=names_all),
        )
        for group in groups
    ]
    return _Source(found, rest)


def _occasion(notice: Notice) -> tuple[Any, ...]:
    return (notice.created_at, notice.kind, notice.thread, notice.mail.state if notice.mail else "")


def _mail_moment(group: Sequence[Notice], reader: User, *, names_all: bool) -> Moment:
    """Say to whom a mail went, and why; never what it said, which may be about other records, too."""
    people = _people({notice.recipient_id: notice.recipient.full_name for notice in group}, reader, names_all)
    return Moment(
        at=group[0].created_at,
        sentence=_mail_words(group[0].mail.state if group[0].mail else MailState.SENT)
        % {"people": people, "what": _what(group)},
        icon="mail",
    )


def _mail_words(state: str) -> str:
    match state:
        case MailState.KEPT:
            return _("Mail for %(people)s, kept here as no mail server is set up: %(what)s")
        case MailState.PARKED:
            return _("Mail to %(people)s could not be sent: %(what)s")
        case MailState.SENT:
            return _("Mail sent to %(people)s: %(what)s")
        case _:
            return _("Mail on its way to %(people)s: %(what)s")


def _what(group: Sequence[Notice]) -> str:
    """Return what it was about: in the notices' own words as far as all were told the same, else the kind of notice."""
    sentences = [str(notice.payload.get("sentence", "")) for notice in group]
    shortest = min(sentences, key=len)
    if shortest and all(sentence.startswith(shortest) for sentence in sentences):
        return shortest
    kind = group[0].kind
    known = registry.find(NoticeKind, kind)
    return str(known.label) if known else kind


def _people(names: dict[int, str], reader: User, names_all: bool) -> str:
    """Return the recipients in words: by name for whoever may know, else only whether the reader is one of them."""
    if not names_all:
        if reader.pk not in names:
            return ngettext("%(count)d person", "%(count)d people", len(names)) % {"count": len(names)}
        names = {reader.pk: names[reader.pk]} | {pk: "" for pk in names if pk != reader.pk}
    shown = sorted(name for name in names.values() if name)[:NAMES]
    others = len(names) - len(shown)
    if not others:
        return _join(shown)
    more = ngettext("%(count)d other", "%(count)d others", others) % {"count": others}
    return _join([*shown, more])


def _join(words: Collection[str]) -> str:
    *first, last = words
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last
