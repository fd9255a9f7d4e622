"""Whom a comment mentions: an @, and after it a person's full name or e-mail address, as typed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.db.models.functions import Lower

from foundation.accounts.models import User
from foundation.conversation.markdown import texts_after_at
from foundation.records.models import Record
from foundation.records.selectors import people_who_see

ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
WORD = re.compile(r"[\w'’.-]+")
WORDS_OF_A_NAME = 6
LOOSE = ".'’-"
POSSESSIVE = re.compile(r"['’]s\.*$")


@dataclass(frozen=True)
class Mentioned:
    """Those whom a text mentions, each with the name as typed; and the words after an @ that name nobody, or several."""

    people: dict[User, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


def mentioned_in(text: str, *, record: Record, on: date) -> Mentioned:
    """Return whom a text mentions, of those who may see the record. One query, none for a text without an @."""
    candidates = [_names(after) for after in texts_after_at(text)]
    if not candidates:
        return Mentioned()
    wanted = {name.lower() for names in candidates for name in names}
    people = people_who_see(record, on=on).annotate(lower_name=Lower("full_name"))
    by_name: dict[str, list[User]] = defaultdict(list)
    for person in people.filter(Q(lower_name__in=wanted) | Q(email__in=wanted)):
        by_name[person.full_name.lower()].append(person)
        by_name[person.email.lower()].append(person)
    found = Mentioned()
    for names in candidates:
        name = next((name for name in names if by_name[name.lower()]), "")
        if len(by_name[name.lower()]) == 1:
            found.people.setdefault(by_name[name.lower()][0], name)
        else:
            found.unknown.append(name or next((one for one in names if "@" in one), names[-1]))
    return found


def _names(after: str) -> Sequence[str]:
    """Return what may be a name at the beginning of a text, the longest first; the last is its first word."""
    names: list[str] = []
    if address := ADDRESS.match(after):
        names.append(address[0])
    end = 0
    for word in WORD.finditer(after):
        if len(names) > 2 * WORDS_OF_A_NAME or after[end : word.start()] not in ("", " "):
            break
        end = word.end()
        names += [after[:end], after[:end].rstrip(LOOSE), POSSESSIVE.sub("", after[:end])]
    return sorted(dict.fromkeys(names), key=len, reverse=True)
