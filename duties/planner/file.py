"""A year of the duties as a table: a line for each date, and for what plans itself later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duties.choices import Duty
from duties.planner.year import duties_by_kind
from foundation.calendar.choices import Outcome
from foundation.calendar.querysets import CalendarDateQuerySet
from foundation.calendar.selectors import Ahead
from foundation.deadlines.wording import kind_label
from foundation.registry import RecordKind, registry

MOST_IN_FILE = 5_000
HEADER = (
    gettext_lazy("Duty"),
    gettext_lazy("Month"),
    gettext_lazy("Date"),
    gettext_lazy("What is due"),
    gettext_lazy("Reference"),
    gettext_lazy("Title"),
    gettext_lazy("Kind"),
    gettext_lazy("Assigned to"),
    gettext_lazy("Owner"),
    gettext_lazy("State"),
)
FIELDS = (
    "root_kind",
    "duty",
    "on",
    "deadline__kind",
    "due_at",
    "outcome",
    "record__reference",
    "record__title",
    "kind",
    "assignee__full_name",
    "record__owner__full_name",
)


def file_rows(
    rows: CalendarDateQuerySet, ahead: Iterable[Ahead], year: int, *, zone: tzinfo, now: datetime
) -> list[list[Any]] | None:
    """Return the lines of a year by their days, by one query; None of more than a file may hold."""
    dated: Any = rows.within(date(year, 1, 1), date(year, 12, 31), zone).order_by("due_at", "pk")
    found = list(dated.values_list(*FIELDS)[: MOST_IN_FILE + 1])
    by_kind = duties_by_kind()
    lines = [
        _line(duty or by_kind.get(kind), on, what, *words, state=_state(outcome, is_late=due_at <= now))
        for kind, duty, on, what, due_at, outcome, *words in found
    ]
    lines += [
        _line(
            one.duty or by_kind.get(one.kind),
            one.on,
            one.key,
            one.reference,
            one.title,
            one.kind,
            "",
            one.assignee,
            state=_("Not planned yet"),
        )
        for one in ahead
    ]
    return sorted(lines, key=lambda line: line[2]) if len(lines) <= MOST_IN_FILE else None


def _line(duty: int | None, on: date, what: str, *words: str, state: str) -> list[Any]:
    reference, title, kind, assignee, owner = words
    entry = registry.find(RecordKind, kind)
    return [
        Duty(duty).title if duty else "",
        f"{on:%Y-%m}",
        on,
        kind_label(what),
        reference,
        title,
        str(entry.label) if entry else kind,
        assignee,
        owner,
        state,
    ]


def _state(outcome: int, *, is_late: bool) -> str:
    if outcome == Outcome.OPEN:
        return _("Late") if is_late else _("Open")
    return _("Done") if outcome == Outcome.DONE else _("Skipped or called off")
