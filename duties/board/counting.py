"""The numbers of the duties, as far as a reader may know of what they count, and what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, reduce
from operator import or_
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from duties.board.indicators import DONE, RULES, Measure, measures_of
from duties.board.narrowing import ALL, Narrowing
from duties.choices import HEALTH_ICONS, HEALTH_TONES, Duty, Health
from duties.models import ActivityListing
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.records.choices import Confidentiality
from foundation.records.models import Withheld
from foundation.registry import Standing
from foundation.ui.components import Badge, Tone
from foundation.ui.counts import count_each

# Of what few may know: restricted, or withheld from somebody. The key of every row that is counted is its record's.
RESTRICTED = Q(confidentiality=Confidentiality.RESTRICTED) | Q(pk__in=Withheld.objects.values("record"))
# By unit: how many rows are of what many may know, and how many of what few may.
Figures = dict[int, tuple[int, int]]
MOST = 1_000  # of what other apps count, whose lists are long


@dataclass(frozen=True)
class Number:
    """What an indicator says now, to a reader, with the address of the list behind it."""

    measure: Measure
    count: int
    of: int | None
    url: str

    @property
    def is_capped(self) -> bool:
        """Tell whether there are more than were counted."""
        return not self.measure.rule and (self.count > MOST or (self.of or 0) > MOST)

    @property
    def means(self) -> Standing | None:
        """Return what it says of its duty; nothing while it is zero."""
        return self.measure.indicator.means if self.count else None

    @property
    def means_label(self) -> str:
        """Return what it says in words; nothing where that is nothing."""
        labels = {
            Standing.OVERDUE: Health.OVERDUE.label,
            Standing.ATTENTION: Health.ATTENTION.label,
            Standing.PLANNED: _("Planned"),
        }
        return str(labels[self.means]) if self.means else ""

    @property
    def tone(self) -> str:
        """Return the tone in which it is drawn."""
        return {Standing.OVERDUE: Tone.BAD, Standing.ATTENTION: Tone.ATTENTION}.get(self.means, Tone.NEUTRAL)  # type: ignore[arg-type]

    @property
    def text(self) -> str:
        """Return the number: "3", "14 of 16", "more than 1,000"."""
        counted = self._counted(self.count)
        if self.of is None:
            return counted
        return _("%(count)s of %(all)s") % {"count": counted, "all": self._counted(self.of)}

    @property
    def unit(self) -> str:
        """Return what is counted, in the number that goes with it."""
        return str(self.measure.indicator.unit_label % {"count": self.count if self.of is None else self.of})

    @property
    def words(self) -> str:
        """Return it as a sentence: "3 audits overdue"."""
        said = self.measure.indicator.said % {"count": min(self.count, MOST)}
        return _("more than %(number)s") % {"number": said} if self.count > MOST and self.is_capped else said

    @property
    def percent(self) -> int | None:
        """Return the part in percent, rounded down; None where it is of nothing, or of more than was counted."""
        return self.count * 100 // self.of if self.of and not self.is_capped else None

    def _counted(self, count: int) -> str:
        if not self.measure.rule and count > MOST:
            return _("more than %(number)s") % {"number": f"{MOST:,}"}
        return f"{count:,}"


@dataclass(frozen=True)
class DutyNumbers:
    """All numbers of a duty, and how it stands by them."""

    duty: Duty
    numbers: Sequence[Number]

    @cached_property
    def health(self) -> Health:
        """Return how the duty stands: overdue before due soon before on track; without anything planned, none of these."""
        said = {number.means for number in self.numbers}
        if Standing.OVERDUE in said:
            return Health.OVERDUE
        if Standing.ATTENTION in said:
            return Health.ATTENTION
        return Health.ON_TRACK if Standing.PLANNED in said else Health.NOTHING_PLANNED

    @property
    def badge(self) -> Badge:
        """Return how it stands, to be drawn."""
        return Badge(self.health.label, Tone(HEALTH_TONES[self.health]), HEALTH_ICONS[self.health])

    @property
    def tone(self) -> str:
        """Return the tone of how it stands."""
        return HEALTH_TONES[self.health]

    @property
    def lead(self) -> Number | None:
        """Return the greatest of the numbers that tell how it stands, or None where nothing is planned."""
        gravest = {
            Health.OVERDUE: Standing.OVERDUE,
            Health.ATTENTION: Standing.ATTENTION,
            Health.ON_TRACK: Standing.PLANNED,
        }.get(self.health)
        telling = [number for number in self.numbers if number.means and number.means is gravest]
        return max(telling, key=lambda number: number.count, default=None)

    @property
    def done(self) -> Number:
        """Return how much of what was due this year so far is done."""
        return next(number for number in self.numbers if number.measure.rule == DONE)

    def count_of(self, key: str) -> int:
        """Return the number of an indicator by its key, of whichever area."""
        return sum(number.count for number in self.numbers if number.measure.indicator.key == key)


def numbers_of(
    user: User, now: datetime, duties: Sequence[Duty] = tuple(Duty), narrowing: Narrowing = ALL
) -> dict[Duty, DutyNumbers]:
    """Return the numbers of some duties. Two queries: all activities at once, and all that other apps contribute."""
    activities = _activities_counted(user, now, duties, narrowing)
    measures = [measure for duty in duties for measure in measures_of(duty)]
    others = _others_counted(user, now, [one for one in measures if not one.rule], narrowing)
    found: dict[Duty, list[Number]] = {duty: [] for duty in duties}
    for one in measures:
        if one.rule:
            count = activities.get((one.duty, one.rule), 0)
            of = activities.get((one.duty, f"of_{one.rule}"), 0) if one.indicator.of else None
        else:
            count = others[one.indicator.rows, one.area]
            of = others[one.indicator.of, one.area] if one.indicator.of else None
        found[one.duty].append(Number(one, count, of, _address(one, now, narrowing)))
    return {duty: DutyNumbers(duty, numbers) for duty, numbers in found.items()}


def _others_counted(
    user: User, now: datetime, measures: Sequence[Measure], narrowing: Narrowing
) -> dict[tuple[Any, str], int]:
    """Return how many rows each function of some indicators counts in its area, a function that several have once."""
    wanted: dict[tuple[Any, str], Any] = {}
    for one in measures:
        for rows in (one.indicator.rows, one.indicator.of):
            if rows is not None and (rows, one.area) not in wanted:
                seen = one.indicator.seen_by(rows(one.area, now), user)
                wanted[rows, one.area] = narrowing.keep(seen)
    return dict(zip(wanted, count_each(list(wanted.values()), most=MOST + 1), strict=True))


def activities_by_unit(today: date) -> dict[tuple[Duty, str], Figures]:
    """Return how many activities each rule counts of each duty, whoever may know of them, by unit. One query."""
    rules = _rules(today)
    asked = {f"{name}_open": Count("pk", filter=rule & ~RESTRICTED) for name, rule in rules.items()}
    asked |= {f"{name}_kept": Count("pk", filter=rule & RESTRICTED) for name, rule in rules.items()}
    rows = ActivityListing.objects.unarchived().filter(_any(rules)).order_by().values("duty", "unit_id")
    found: dict[tuple[Duty, str], Figures] = {}
    for row in rows.annotate(**asked):
        for name in rules:
            if (
                numbers := (row[f"{name}_open"], row[f"{name}_kept"])
                if row[f"{name}_open"] or row[f"{name}_kept"]
                else None
            ):
                found.setdefault((Duty(row["duty"]), name), {})[row["unit_id"]] = numbers
    return found


def _activities_counted(
    user: User, now: datetime, duties: Sequence[Duty], narrowing: Narrowing
) -> dict[tuple[Duty, str], int]:
    """Return how many activities each rule counts of each duty, by one pass over those that any rule counts."""
    rules = _rules(organisation_day(now))
    rows = narrowing.keep(ActivityListing.objects.visible_to(user).unarchived())
    rows = rows.filter(_any(rules), duty__in=[duty.value for duty in duties]).order_by().values("duty")
    counted = rows.annotate(**{name: Count("pk", filter=condition) for name, condition in rules.items()})
    return {(Duty(row["duty"]), name): row[name] for row in counted for name in rules}


def _rules(today: date) -> dict[str, Q]:
    """Return what each rule counts; under `of_…` that of which it is a part."""
    rules = {name: rule.rows(today) for name, rule in RULES.items()}
    return rules | {f"of_{name}": rule.of(today) for name, rule in RULES.items() if rule.of}


def _any(rules: dict[str, Q]) -> Q:
    return reduce(or_, rules.values())


def _address(measure: Measure, now: datetime, narrowing: Narrowing) -> str:
    asked = {**measure.indicator.asked(measure.area, now), **narrowing.asked}
    address = reverse(measure.indicator.url_name)
    return f"{address}?{urlencode(asked)}" if asked else address
