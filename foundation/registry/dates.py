"""What is known of dates: their kinds, and how the calendar moves them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
