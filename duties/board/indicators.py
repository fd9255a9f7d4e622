"""Which numbers tell how a duty stands: those of its activities, and what the apps of its areas contribute."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from duties.choices import FACTS, OPEN, TO_DO, ActivityState, Duty
from duties.models import ActivityListing
from foundation.accounts.organisation import organisation_day
from foundation.records.kinds import kinds_of_duty
from foundation.registry import Better, DutyIndicator, NavigationEntry, Standing, registry
from foundation.registry.measuring import asked_soon, days_soon

ACTIVITIES = ngettext_lazy("activity", "activities", "count")


@dataclass(frozen=True)
class ActivityRule:
    """Which activities a number counts on a day, and how their list is asked for them."""

    rows: Callable[[date], Q]
    asked: Callable[[date], dict[str, str]]
    of: Callable[[date], Q] | None = None


def _this_year(today: date) -> Q:
    return Q(due_on__range=(today.replace(month=1, day=1), today))


RULES: dict[str, ActivityRule] = {
    "late": ActivityRule(lambda today: Q(late_on__lt=today), lambda today: {"late": "on"}),
    "soon": ActivityRule(
        lambda today: Q(late_on__range=days_soon(today)),
        lambda today: {"state": "to_do", **asked_soon(today, "due")},
    ),
    "sign_off": ActivityRule(
        lambda today: Q(state=ActivityState.SIGN_OFF), lambda today: {"state": ActivityState.SIGN_OFF.value}
    ),
    "open": ActivityRule(lambda today: Q(state__in=OPEN), lambda today: {}),
    "done": ActivityRule(
        lambda today: _this_year(today) & Q(state=ActivityState.DONE),
        lambda today: {
            "state": ActivityState.DONE.value,
            "due_from": today.replace(month=1, day=1).isoformat(),
            "due_until": today.isoformat(),
        },
        of=lambda today: _this_year(today) & ~Q(state=ActivityState.SKIPPED),
    ),
}
LATE, SOON_DUE, SIGN_OFF, ALL_OPEN, DONE = RULES
assert set(TO_DO) < set(OPEN)

WORDS: dict[str, tuple[Any, Any, Standing | None, Better]] = {
    LATE: (
        _("Activities overdue"),
        ngettext_lazy("%(count)s activity overdue", "%(count)s activities overdue", "count"),
        Standing.OVERDUE,
        Better.LESS,
    ),
    SOON_DUE: (
        _("Activities due within 7 days"),
        ngettext_lazy(
            "%(count)s activity due within 7 days", "%(count)s activities due within 7 days", "count"
        ),
        Standing.ATTENTION,
        Better.NEITHER,
    ),
    SIGN_OFF: (
        _("Activities waiting for sign-off"),
        ngettext_lazy(
            "%(count)s activity waiting for sign-off", "%(count)s activities waiting for sign-off", "count"
        ),
        Standing.ATTENTION,
        Better.LESS,
    ),
    ALL_OPEN: (
        _("Activities planned or under way"),
        ngettext_lazy("%(count)s activity planned", "%(count)s activities planned", "count"),
        Standing.PLANNED,
        Better.NEITHER,
    ),
    DONE: (
        _("Activities due this year so far that are done"),
        ngettext_lazy("%(count)s activity done", "%(count)s activities done", "count"),
        None,
        Better.MORE,
    ),
}


@dataclass(frozen=True)
class Measure:
    """An indicator as one of a duty's. `rule` names that of activities, which are counted for all duties at once."""

    duty: Duty
    indicator: DutyIndicator
    area: str = ""
    rule: str = ""

    @property
    def key(self) -> str:
        """Return the name under which its days are kept."""
        return ":".join((str(self.duty.value), self.indicator.key, self.area))

    @property
    def label(self) -> str:
        """Return what it counts; with the area where the duty has the same of several."""
        if self.indicator.area or not self.area or len(_areas_of(self.duty)) < 2:
            return str(self.indicator.label)
        return f"{self.indicator.label} ({registry.get(NavigationEntry, self.area).label})"

    def rows(self, now: datetime) -> Any:
        """Return what is counted, whoever asks."""
        return self.indicator.rows(self.area, now)

    def of(self, now: datetime) -> Any:
        """Return what that is a part of, or None."""
        return self.indicator.of(self.area, now) if self.indicator.of else None


@cache
def measures_of(duty: Duty) -> tuple[Measure, ...]:
    """Return the indicators of a duty, its activities first."""
    own = [Measure(duty, _of_activities(duty, name), rule=name) for name in RULES]
    others = []
    for area in _areas_of(duty):
        found = [one for one in registry.all(DutyIndicator) if one.area in ("", area)]
        others += [Measure(duty, one, area) for one in found]
    return (*own, *sorted(others, key=lambda one: one.indicator.order))


def kinds_of(duty: Duty) -> tuple[str, ...]:
    """Return the kinds of records that belong to a duty by its areas, besides activities."""
    return tuple(kind for area in _areas_of(duty) for kind in kinds_of_duty(area))


def rows_of_rule(name: str, duty: Duty, today: date) -> Any:
    """Return the activities of a duty that a rule counts."""
    return ActivityListing.objects.unarchived().filter(RULES[name].rows(today), duty=duty.value)


def _areas_of(duty: Duty) -> tuple[str, ...]:
    """Return the areas of a duty that have records in this portal."""
    return tuple(area for area in FACTS[duty].areas if kinds_of_duty(area))


def _of_activities(duty: Duty, name: str) -> DutyIndicator:
    label, said, means, better = WORDS[name]
    rule, whole = RULES[name], RULES[name].of

    def rows(_area: str, now: datetime) -> Any:
        return rows_of_rule(name, duty, organisation_day(now))

    def of(_area: str, now: datetime) -> Any:
        assert whole is not None
        return ActivityListing.objects.unarchived().filter(whole(organisation_day(now)), duty=duty.value)

    return DutyIndicator(
        key=f"activities.{name}",
        label=label,
        unit_label=ACTIVITIES,
        said=said,
        rows=rows,
        of=of if whole else None,
        url_name="duties:activity-list",
        asked=lambda _area, now: {"duty": str(duty.value), **rule.asked(organisation_day(now))},
        means=means,
        better=better,
        order=0,
    )
