"""What recurs: a rule, the day it starts from, and the occurrences that were skipped or moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

from django.utils.translation import gettext as _

from foundation.deadlines.recurrence_words import describe
from foundation.deadlines.rules import (
    FIRST_START,
    HORIZON_YEARS,
    LAST_START,
    RecurrenceError,
    Rule,
    rule_read,
)

LAST_DAY = date(LAST_START.year + HORIZON_YEARS, 12, 31)
ONE_DAY = timedelta(days=1)
LOOKED_AT = 60  # occurrences at once, of which some may be skipped


class Occurrence(NamedTuple):
    """One time that something takes place: the day by the rule, and the day it really does (None: skipped)."""

    by_rule: date
    on: date | None


@dataclass(frozen=True)
class Recurrence:
    """An RFC 5545 rule over whole days, with its exceptions.

    Months and years without the day that the rule falls on take their last day: monthly from 31 January gives
    28 February (29 in a leap year) and 31 March. `skipped` are days by the rule on which nothing takes place (EXDATE);
    `moved` maps days by the rule to other days. Exceptions of days on which the rule does not fall have no effect.
    Raises RecurrenceError for what can't be read, makes no sense or never occurs; `rrule` is kept in one spelling.
    """

    rrule: str
    starts_on: date
    skipped: frozenset[date] = frozenset()
    moved: tuple[tuple[date, date], ...] = ()
    rule: Rule = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        rule = rule_read(self.rrule)
        if not FIRST_START <= self.starts_on <= LAST_START:
            raise RecurrenceError(
                _("A rule starts between %(first)d and %(last)d.")
                % {"first": FIRST_START.year, "last": LAST_START.year}
            )
        if rule.until and rule.until < self.starts_on:
            raise RecurrenceError(_("The rule ends before it starts."))
        moved = dict(self.moved)
        if len(moved) != len(self.moved) or self.skipped & moved.keys():
            raise RecurrenceError(_("An occurrence is skipped, or moved once."))
        if not all(FIRST_START <= to <= LAST_DAY for to in moved.values()):
            raise RecurrenceError(_("An occurrence was moved to a date of another age."))
        object.__setattr__(self, "rrule", str(rule))
        object.__setattr__(self, "rule", rule)
        object.__setattr__(self, "moved", tuple(sorted(moved.items())))
        if next(self._by_rule(self.starts_on), None) is None:
            raise RecurrenceError(_("The rule falls on no date at all."))

    def occurrences(self, after: date, count: int) -> list[date]:
        """Return the next days, strictly after a day, on which something takes place; fewer when it ends before.

        In order, each once. To take in the start, ask for what comes after the day before it.
        """
        moved = dict(self.moved)
        kept = (
            day
            for day in self._by_rule(max(after, self.starts_on))
            if day > after and day not in self.skipped and day not in moved
        )
        days = set(islice(kept, count))
        days.update(to for day, to in moved.items() if to > after and self.falls_on(day))
        return sorted(days)[:count]

    def schedule(self, after: date, count: int) -> list[Occurrence]:
        """Return the next occurrences whose day by the rule is strictly after a day, skipped and moved ones, too."""
        moved = dict(self.moved)
        days = islice((day for day in self._by_rule(max(after, self.starts_on)) if day > after), count)
        return [Occurrence(day, None if day in self.skipped else moved.get(day, day)) for day in days]

    def taking_place(self, after: date, count: int) -> list[Occurrence]:
        """Return the next occurrences by the rule after a day that do take place; skipped ones are left out."""
        found: list[Occurrence] = []
        while len(found) < count:
            batch = self.schedule(after, LOOKED_AT)
            found += [one for one in batch if one.on is not None]
            if len(batch) < LOOKED_AT:
                break
            after = batch[-1].by_rule
        return found[:count]

    def within(self, first: date, last: date, *, since: date) -> list[date]:
        """Return the days from one to another on which something takes place, of the occurrences by the rule from `since` on."""
        moved = dict(self.moved)
        by = min(last, LAST_DAY)
        kept = {
            day
            for day in self.rule.dates(self.starts_on, by=by)
            if max(since, first) <= day <= last and day not in self.skipped and day not in moved
        }
        kept.update(
            to for day, to in moved.items() if day >= since and first <= to <= last and self.falls_on(day)
        )
        return sorted(kept)

    def falls_on(self, day: date) -> bool:
        """Tell whether a day is one by the rule, whatever the exceptions."""
        return any(each == day for each in self.rule.dates(self.starts_on, by=min(day, LAST_DAY)))

    def skip(self, day: date) -> Recurrence:
        """Return the same without the occurrence that takes place on a day; raise RecurrenceError if none does."""
        by_rule = self._by_rule_of(day)
        moved = tuple(pair for pair in self.moved if pair[0] != by_rule)
        return replace(self, skipped=self.skipped | {by_rule}, moved=moved)

    def move(self, day: date, to: date) -> Recurrence:
        """Return the same with the occurrence of a day moved to another; raise RecurrenceError if that is taken."""
        by_rule = self._by_rule_of(day)
        if to == day:
            return self
        if to in self.occurrences(to - ONE_DAY, 1):
            raise RecurrenceError(_("There is an occurrence on that day already."))
        moved = {**dict(self.moved), by_rule: to}
        if to == by_rule:
            del moved[by_rule]
        return replace(self, moved=tuple(moved.items()))

    def restore(self, by_rule: date) -> Recurrence:
        """Return the same with the occurrence of a day by the rule neither skipped nor moved."""
        moved = tuple(pair for pair in self.moved if pair[0] != by_rule)
        return replace(self, skipped=self.skipped - {by_rule}, moved=moved)

    def with_rule(self, rrule: str, starts_on: date) -> Recurrence:
        """Return another rule with those of the exceptions that still concern it."""
        other = Recurrence(rrule, starts_on)
        return replace(
            other,
            skipped=frozenset(day for day in self.skipped if other.falls_on(day)),
            moved=tuple(pair for pair in self.moved if other.falls_on(pair[0])),
        )

    def describe(self) -> str:
        """Return a sentence for people, in the language in force: "Every 3 months on the first Monday, 8 times"."""
        return describe(self.rule, self.starts_on, skipped=len(self.skipped), moved=len(self.moved))

    def _by_rule(self, near: date) -> Iterator[date]:
        """Yield the days by the rule from its start on, as far as HORIZON_YEARS behind a day."""
        if near > LAST_DAY:
            return iter(())
        by = min(date(near.year + HORIZON_YEARS, 12, 31), LAST_DAY)
        return self.rule.dates(self.starts_on, by=by)

    def _by_rule_of(self, day: date) -> date:
        """Return the day by the rule of the occurrence that takes place on a day."""
        for by_rule, to in self.moved:
            if to == day and self.falls_on(by_rule):
                return by_rule
        if day in self.skipped or day in dict(self.moved) or not self.falls_on(day):
            raise RecurrenceError(_("There is no occurrence on that day."))
        return day
