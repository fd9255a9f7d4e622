"""The board of the thirteen duties."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from duties.board.ahead import Coming, counted_within_30_days, first_of_duties, within_30_days
from duties.board.counting import MOST, DutyNumbers, numbers_of
from duties.board.narrowing import BoardFilters, Narrowing, narrowing_of
from duties.choices import FACTS, HEALTH_ICONS, HEALTH_TONES, Duty, Health
from duties.models import ActivityListing
from duties.permissions import MANAGE
from foundation.accounts.filters import PEOPLE_FOUND
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import person_of, right_check_anywhere
from foundation.approvals.selectors import queue_of
from foundation.desk.shelves import DUE, LATE, SHOWN, shelves_of
from foundation.ui.counts import count_each
from foundation.ui.pages import Page
from foundation.ui.structure import Action

WAITING, AHEAD = 6, 8


@dataclass(frozen=True)
class Card:
    """A duty on the board."""

    duty: Duty
    numbers: DutyNumbers
    first: Coming | None
    url: str

    @property
    def icon(self) -> str:
        """Return the duty's icon."""
        return FACTS[self.duty].icon

    @property
    def meaning(self) -> Any:
        """Return what the duty means."""
        return FACTS[self.duty].meaning


@dataclass(frozen=True)
class Waiting:
    """Something that the reader must see to."""

    what: str
    title: str
    reference: str
    url: str
    due: date | datetime | None


class DutyBoard(Page):
    """Thirteen duties: how each stands, what it needs next, and what waits for the reader."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page; the rows are those of records that the reader may know of."""
        right_check_anywhere(user=self.user, right="records.view")
        narrowing = narrowing_of(self.filters.form.cleaned_data if self.filters.form.is_valid() else {})
        context = {
            "title": _("Duties"),
            "actions": self._actions(),
            "filters": self.filters,
            "fields": [self.filters.form[name] for name in ("unit", "owner")],
            "is_narrowed": bool(narrowing.asked),
            "cut_at": PEOPLE_FOUND if narrowing.is_cut else 0,
            "now": self.now,
            **self._duties(narrowing),
            **self._ahead(narrowing),
            "waiting": waiting_for(self.user, self.now),
        }
        return render(request, "duties/board.html", context)

    @cached_property
    def user(self) -> User:
        """Return who is signed in."""
        return person_of(self.request)

    @cached_property
    def filters(self) -> BoardFilters:
        """Return the form that the board is narrowed by."""
        filters = BoardFilters(
            self.request.GET, queryset=ActivityListing.objects.none(), request=self.request
        )
        for name, css in (("unit", "form-select"), ("owner", "form-control")):
            filters.form.fields[name].widget.attrs["class"] = css
        return filters

    def _actions(self) -> Sequence[Action]:
        actions = [
            Action(_("Year planner"), reverse("duties:year-planner"), icon="calendar-stats"),
            Action(_("All activities"), reverse("duties:activity-list"), icon="checklist"),
            Action(_("Evidence pack"), reverse("duties:pack-list"), icon="download"),
        ]
        if self.may(MANAGE):
            actions.append(
                Action(_("Plan an activity"), reverse("duties:activity-create"), icon="plus", primary=True)
            )
        return actions

    def _duties(self, narrowing: Narrowing) -> dict[str, Any]:
        numbers = numbers_of(self.user, self.now, narrowing=narrowing)
        first = first_of_duties(self.user, self.now, narrowing=narrowing)
        cards = [
            Card(duty, numbers[duty], first.get(duty), reverse("duties:duty-detail", args=[duty.value]))
            for duty in Duty
        ]
        stands = Counter(card.numbers.health for card in cards)
        totals = [(state, stands[state], HEALTH_TONES[state], HEALTH_ICONS[state]) for state in Health]
        return {
            "cards": cards,
            "totals": [total for total in totals if total[1]],
            "nothing_planned": stands[Health.NOTHING_PLANNED] == len(Duty),
            "may_plan": self.may(MANAGE),
        }

    def _ahead(self, narrowing: Narrowing) -> dict[str, Any]:
        within, reminded = count_each(counted_within_30_days(self.user, self.now, narrowing), most=MOST + 1)
        return {
            "within": within,
            "reminded": reminded,
            "most": MOST,
            "ahead": within_30_days(self.user, self.now, most=AHEAD, narrowing=narrowing),
            "as_of": date_format(localtime(self.now), "DATETIME_FORMAT"),
        }


@dataclass(frozen=True)
class WaitingList:
    """What a person must see to, the earliest first, and how much of it there is; `is_capped`: there is more than was counted."""

    first: Sequence[Waiting]
    count: int
    is_capped: bool


def waiting_for(user: User, now: datetime) -> WaitingList:
    """Return what a person must see to: decisions, and dates that are late or due within 30 days. Those without a date come last."""
    queue = queue_of(user, size=SHOWN)
    decisions = [
        Waiting(
            _("Decide"),
            request.record.title,
            request.record.reference,
            reverse("approvals:request-detail", args=[request.pk]),
            request.due_on,  # type: ignore[attr-defined]
        )
        for request in queue.requests
    ]
    shelves = [shelf for name, shelf in shelves_of(user, now).items() if name in (LATE, DUE)]
    dates = [
        Waiting(str(row.what), row.title, row.reference, row.url, row.due)
        for shelf in shelves
        for row in shelf.rows
    ]
    found = sorted(decisions + dates, key=_by_day)
    is_capped = queue.next_after is not None or any(shelf.more for shelf in shelves)
    return WaitingList(found[:WAITING], len(found), is_capped)


def _by_day(waiting: Waiting) -> date:
    if waiting.due is None:
        return date.max
    return organisation_day(waiting.due) if isinstance(waiting.due, datetime) else waiting.due
