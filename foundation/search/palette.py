"""What the palette offers: the way to anything, in a few keystrokes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.records.lexemes import Question, holds_all, question_of
from foundation.records.models import Record
from foundation.records.names import RecordName
from foundation.registry import Command, registry
from foundation.search.lines import section_of
from foundation.search.selectors import recent_records, records_by_key, records_matching, sources_for
from foundation.ui.navigation import entries_for

RECORDS = 7
COMMANDS = 5
PAGES = 5
HITS = 3  # of each source


@dataclass(frozen=True)
class Offer:
    """One way to go."""

    title: Any
    url: str
    icon: str
    reference: str = ""
    note: Any = ""


@dataclass(frozen=True)
class Group:
    """Ways of one kind, under a heading."""

    key: str
    label: Any
    offers: Sequence[Offer]


def palette_of(request: HttpRequest, user: User, text: str, *, now: datetime) -> tuple[Question, list[Group]]:
    """Return what is offered for a text: records, commands, pages, what the sources find, and the search page.

    Without words: the records that the person opened last, commands and pages.
    """
    question = question_of(text)
    if question:
        records = records_by_key(records_matching(user, text).keys[:RECORDS])
        first = Group("records", _("Records"), [_of_record(record) for record in records])
    else:
        seen = [visit.record for visit in recent_records(user, limit=RECORDS)]
        first = Group("recent", _("Recently opened"), [_of_record(record) for record in seen])
    groups = [first, _commands(user, question), _pages(request, question)]
    if question:
        groups += _hits(user, text, now=now)
        everything = _("All results for “%(text)s”") % {"text": text}
        url = f"{reverse('search:search')}?{urlencode({'q': text})}"
        groups.append(Group("all", _("Search"), [Offer(everything, url, "search")]))
    return question, [group for group in groups if group.offers]


def _of_record(record: Record | RecordName) -> Offer:
    kind = record.kind_entry
    return Offer(record.title, record.get_absolute_url(), kind.icon, record.reference, kind.label)


def _commands(user: User, question: Question) -> Group:
    access = access_of(user)
    offers = [
        Offer(command.label, reverse(command.url_name), command.icon)
        for command in sorted(registry.all(Command), key=lambda command: command.order)
        if command.right is None or access.has_anywhere(command.right)
        if _answers(question, command.label, command.also)
    ]
    return Group("commands", _("Commands"), offers[:COMMANDS])


def _pages(request: HttpRequest, question: Question) -> Group:
    offers = [
        Offer(entry.label, reverse(entry.url_name), entry.icon)
        for entry in entries_for(request)
        if _answers(question, entry.label)
    ]
    return Group("pages", _("Pages"), offers[:PAGES])


def _hits(user: User, text: str, *, now: datetime) -> Iterable[Group]:
    for source in sources_for(user):
        section = section_of(source, user, text, limit=HITS, now=now)
        offers = [
            Offer(
                hit.title,
                hit.url,
                source.icon,
                hit.record.reference if hit.record else "",
                hit.record.title if hit.record else hit.note,
            )
            for hit in section.hits
        ]
        yield Group(f"source-{source.key}", source.label, offers)


def _answers(question: Question, *words: Any) -> bool:
    return not question or holds_all(" ".join(str(word) for word in words), question)
