"""Where it stands what a session's person sent and has not confirmed yet: in a column of the session's row.

Not in the session's data, which every request writes back whole from a copy of its own: so it would come again after it
was done, or get lost when two pages are open. Each change is made under the row's lock, and whoever takes what waits
is the only one to have it.

Several things wait at once, each by its way on (the page where it goes on): the latest few, sealed. What lapsed, or gave way,
leaves a line that says so, for whoever comes by that way yet.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from foundation.accounts.models import Session
from foundation.accounts.sealing import SealBrokenError, seal, unseal

PURPOSE = "accounts.put-off"
MOST_WAITING = 3
MOST_LINES = 20


@dataclass(frozen=True, kw_only=True)
class Waits:
    """One thing that waits; `sealed` is empty once nothing is kept of it. `way` names the page and does not tell it."""

    way: str
    until: str
    sealed: str

    def is_over(self, now: datetime) -> bool:
        """Tell whether it waited too long."""
        return now >= datetime.fromisoformat(self.until)

    def content(self, now: datetime) -> dict[str, Any] | None:
        """Return what was sealed; None where it lapsed or no key opens it."""
        if not self.sealed or self.is_over(now):
            return None
        try:
            content: dict[str, Any] = json.loads(unseal(self.sealed, purpose=PURPOSE))
        except SealBrokenError:
            return None
        return content

    def emptied(self) -> "Waits":
        """Return the line that stays of it."""
        return replace(self, sealed="")


Change = Callable[[list[Waits]], list[Waits]]


def waiting_read(text: str) -> list[Waits]:
    """Return what stands in the column, oldest first."""
    return [Waits(**line) for line in json.loads(text)] if text else []


def waiting_on(waiting: list[Waits], going: str | None) -> Waits | None:
    """Return what waits by this way on, if anything does."""
    ways = {_way(going, secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)}
    return next((one for one in reversed(waiting) if going and one.way in ways), None)


def waiting_add(digest: str, *, going: str, content: dict[str, Any], until: datetime) -> None:
    """Let something wait in the session's row; what waited by the same way is replaced, and the oldest gives way."""
    sealed = seal(json.dumps(content), purpose=PURPOSE)
    new = Waits(way=_way(going, settings.SECRET_KEY), until=until.isoformat(), sealed=sealed)

    def change(waiting: list[Waits]) -> list[Waits]:
        before = waiting_on(waiting, going)
        lines = [*(one for one in waiting if one != before), new][-MOST_LINES:]
        full = [one for one in lines if one.sealed]
        gives_way = full[:-MOST_WAITING]
        return [one.emptied() if one in gives_way else one for one in lines]

    _changed(digest, change)


def waiting_take(digest: str, going: str | None) -> tuple[Waits | None, list[Waits]]:
    """Take what waits by this way out of the row, for nobody else to have it; return it, and what waits elsewhere."""
    taken: list[Waits] = []

    def change(waiting: list[Waits]) -> list[Waits]:
        found = waiting_on(waiting, going)
        taken.extend([found] if found else [])
        return [one for one in waiting if one != found]

    others = _changed(digest, change)
    return (taken[0] if taken else None), others


def waiting_give_up(digest: str, *, going: str, now: datetime) -> None:
    """Let nothing be done any more of what waits by this way; a line that says so stays while it could have been."""

    def change(waiting: list[Waits]) -> list[Waits]:
        found = waiting_on(waiting, going)
        kept = [one.emptied() if one == found else one for one in waiting]
        return [one for one in kept if one.way != (found and found.way) or not one.is_over(now)]

    _changed(digest, change)


def waiting_without_over(text: str, now: datetime) -> str:
    """Return what the column should hold, without the seals of what waited too long."""
    if not text:
        return text
    return _written([one.emptied() if one.is_over(now) else one for one in waiting_read(text)])


def _way(going: str | None, secret: str) -> str:
    return salted_hmac(PURPOSE, going or "", secret=secret, algorithm="sha256").hexdigest()


def _written(waiting: list[Waits]) -> str:
    return json.dumps([asdict(one) for one in waiting]) if waiting else ""


def _changed(digest: str, change: Change) -> list[Waits]:
    """Change what waits under the lock of the session's row, and return what waits then; without a row, nothing does."""
    rows = Session.objects.filter(pk=digest)
    with transaction.atomic():
        before = rows.select_for_update().values_list("waiting", flat=True).first() or ""
        waiting = change(waiting_read(before))
        after = _written(waiting)
        if after != before:
            rows.update(waiting=after)
    return waiting
