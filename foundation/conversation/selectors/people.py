"""Who follows a record, and whom a comment on it may mention.

Followers are its owner and participants, and whoever wishes to; but for those who do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.db.models.functions import Lower

from foundation.accounts.models import User
from foundation.conversation.models import Follow
from foundation.conversation.permissions import is_named_in
from foundation.records.models import Record
from foundation.records.selectors import pairs_that_see, people_who_see

SUGGESTED = 8
LONGEST_QUERY = 80


def is_following(user: User, record: Record) -> bool:
    """Tell whether a person follows a record."""
    wish = Follow.objects.filter(record=record, user=user).values_list("is_following", flat=True).first()
    return is_named_in(user, record) if wish is None else wish


def followers_of(record: Record, *, on: date) -> set[int]:
    """Return the ids of the active people who follow a record and may know of it on a day."""
    wishes = dict(Follow.objects.filter(record=record).values_list("user_id", "is_following"))
    named = {record.owner_id, *record.participants.values_list("user_id", flat=True)}
    following = {pk for pk in named | wishes.keys() if wishes.get(pk, pk in named)}
    return {user_id for _record_id, user_id in pairs_that_see({(record.pk, pk) for pk in following}, on=on)}


@dataclass(frozen=True)
class Suggestion:
    """A person to mention: the name, what tells namesakes apart, and what to write after the @."""

    name: str
    note: str
    written: str


def people_to_mention(text: str, *, record: Record, author: User, on: date) -> list[Suggestion]:
    """Return some of those who may see a record and whose name or address has a word that begins so. Two queries.

    For no text, the owner and the participants. Of namesakes the address is written, since the name would name nobody.
    """
    who_see = people_who_see(record, on=on)
    begun = text.strip()[:LONGEST_QUERY]
    if begun:
        matching = who_see.filter(
            Q(full_name__istartswith=begun)
            | Q(full_name__icontains=f" {begun}")
            | Q(email__istartswith=begun)
        )
    else:
        matching = who_see.filter(Q(pk=record.owner_id) | Q(pk__in=record.participants.values("user_id")))
    people = list(matching.exclude(pk=author.pk)[:SUGGESTED])
    names = {person.full_name.lower() for person in people}
    known = list(
        who_see.annotate(lower_name=Lower("full_name"))
        .filter(lower_name__in=names)
        .values_list("lower_name", flat=True)
    )
    return [
        Suggestion(
            name=person.full_name,
            note=person.job_title or person.email,
            written=person.full_name if known.count(person.full_name.lower()) == 1 else person.email,
        )
        for person in people
    ]
