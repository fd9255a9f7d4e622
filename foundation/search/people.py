"""People, found by name or address: for whoever may see their accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.selectors import people_seen_by
from foundation.records.lexemes import fold, question_of
from foundation.registry import SearchHit

ACCENTED_LETTERS = (range(0x00C0, 0x0250), range(0x1E00, 0x1F00))
PAIRS = {"ss": "ß", "ae": "æ", "oe": "œ"}


def people_matching(*, user: User, text: str, now: datetime, limit: int) -> list[SearchHit]:
    """Return the people whom the person may see and whose name or address holds all words of a text, anywhere in it.

    Those whose account is open come first. All people are read: they are thousands at most, where records are many more.
    """
    question = question_of(text)
    if not question:
        return []
    people = people_seen_by(user)
    for term in question.terms:
        spelling = _spellings(term.word)
        people = people.filter(Q(full_name__iregex=spelling) | Q(email__iregex=spelling))
    return [
        SearchHit(
            title=person.full_name,
            url=reverse("accounts:person-detail", args=[person.pk]),
            note=_note(person),
        )
        for person in people.select_related("unit").order_by("-is_active", "full_name", "pk")[:limit]
    ]


def _note(person: User) -> str:
    parts = [person.job_title, str(person.unit or ""), "" if person.is_active else _("account closed")]
    return " · ".join(part for part in parts if part)


def _accented() -> Mapping[str, str]:
    """Return the accented letters of Latin scripts by the letter that they are folded to."""
    letters: dict[str, str] = defaultdict(str)
    for numbers in ACCENTED_LETTERS:
        for number in numbers:
            letters[fold(chr(number))] += chr(number)
    return letters


ACCENTED = _accented()


def _spellings(word: str) -> str:
    """Return a pattern for all spellings of a folded word, which holds nothing but letters, marks and digits."""
    pattern = "".join(f"[{letter}{ACCENTED[letter]}]" if letter in ACCENTED else letter for letter in word)
    for pair, letter in PAIRS.items():
        spelled = "".join(f"[{one}{ACCENTED[one]}]" if one in ACCENTED else one for one in pair)
        pattern = pattern.replace(spelled, f"({spelled}|{letter})")
    return pattern
