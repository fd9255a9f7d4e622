"""What is known of dates: their kinds, and how the calendar moves them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from foundation.registry.texts import StrOrPromise


@dataclass(frozen=True, kw_only=True)
class DeadlineKind:
    """A kind of date: what is due, and who besides the assignee is reminded of it.

    `label` says it as mails and pages do ("Fieldwork ends"); `audience` names the participants' roles; `ladder` is the key
    of the ladder that it goes by (the standard one where that is gone).
    """

    key: str
    label: StrOrPromise
    audience: tuple[str, ...] = ()
    ladder: str = "standard"


@dataclass(frozen=True, kw_only=True)
class DateMover:
    """How a whole-day date of a record is moved to another day by whoever knows no kinds, such as the calendar.

    `key` is that of the DeadlineKind. `refusal(record=…, user=…)` returns why nobody can move it as things stand, or None, and raises
    PermissionDenied for who may not. `move(record=…, to=…, version=…, actor=…, now=…)` changes the record, read at
    `version`, with the checks that its own form makes: ValidationError says what stands against the day, StaleRecord that
    somebody was faster. `note` says what moves along.
    """

    key: str
    refusal: Callable[..., str | None]
    move: Callable[..., None]
    note: StrOrPromise = ""


@dataclass(frozen=True, kw_only=True)
class DatesPage:
    """A page that shows dates, from which they are moved: whoever came from it is led back there. `key` is the name of its address."""

    key: str
    label: StrOrPromise


@dataclass(frozen=True, kw_only=True)
class PlannedAhead:
    """What recurs and is planned by itself: occurrences that have no record yet, for pages that look far ahead.

    `key` is that of the DeadlineKind which each will have. `rows(user)` returns the queryset of the records that they follow, the
    latest of each row, of those that a person may know of. The rest tells from such a record, as a field or an expression: the RFC 5545
    `rule` and the day it `starts_on`; `since`, the first day on which one may fall; `exceptions`, pairs of the day by the rule and the
    other day, which is null of what is skipped; `lead`, how many days before its day one begins; `duty`, the number of its duty where the
    kind does not say; `one_by_one`, the day of the latest one, where none is planned before the day of the one before has come.
    `kinds` are the kinds of dates that remind of it early, in time for which it is planned; with none, once the one before is over.
    """

    key: str
    rows: Callable[[Any], Any]
    rule: Any
    starts_on: Any
    since: Any
    exceptions: Any = None
    lead: Any = 0
    duty: Any = 0
    one_by_one: Any = None
    kinds: tuple[str, ...] = ()
