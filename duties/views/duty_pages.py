"""The page of a duty, and the form that names who answers for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from duties.board.ahead import LATE, NEXT, dates_of_duty
from duties.board.counting import DutyNumbers, Number, numbers_of
from duties.board.done import done_in_year, met_in_year, years_of
from duties.board.posts import posts_of
from duties.board.trends import trends_of
from duties.choices import FACTS, ActivityState, Duty
from duties.forms.posts import PostsForm
from duties.permissions import MANAGE
from duties.services import posts_set
from duties.trend_lines import Change, TrendLine
from duties.views.access import duty_crumbs
from foundation.accounts.access import access_of
from foundation.accounts.forms.seen import told_if_stale
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import person_of, right_check_anywhere
from foundation.accounts.rights import right_missing
from foundation.deadlines.wording import kind_label
from foundation.ui.columns import Chip
from foundation.ui.components import Person
from foundation.ui.conflicts import VERSION
from foundation.ui.form_pages import FormPage
from foundation.ui.pages import Page
from foundation.ui.structure import Action, Crumb, Fact

SHOWN = 8


def duty_of(number: int) -> Duty:
    """Return a duty by its number; raise Http404 for any other number."""
    try:
        return Duty(number)
    except ValueError as error:
        raise Http404 from error


@dataclass(frozen=True)
class Row:
    """An indicator on the page of its duty: what it says now, and how it went."""

    number: Number
    line: TrendLine | None
    change: Change | None


class DutyPage(Page):
    """A duty: what it means, who answers for it, its numbers, what is late and next, and what was done, per year."""

    duty: Duty

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Return the page; the rows are those of records that the reader may know of."""
        right_check_anywhere(user=self.user, right="records.view")
        self.duty = duty_of(number)
        numbers = numbers_of(self.user, self.now, [self.duty])[self.duty]
        facts = FACTS[self.duty]
        context = {
            "title": self.duty.title,
            "crumbs": duty_crumbs(Crumb(self.duty.title)),
            "subtitle": facts.meaning,
            "actions": self._actions(),
            "duty": self.duty,
            "numbers": numbers,
            **self._rows(numbers),
            "facts": self._facts(),
            "posts_url": self._posts_url(),
            "late": dates_of_duty(self.user, self.now, self.duty, LATE, most=SHOWN + 1),
            "next": dates_of_duty(self.user, self.now, self.duty, NEXT, most=SHOWN + 1),
            "shown": SHOWN,
            "now": self.now,
            **self._year(),
        }
        return render(request, "duties/duty.html", context)

    @cached_property
    def user(self) -> User:
        """Return who is signed in."""
        return person_of(self.request)

    def _actions(self) -> Sequence[Action]:
        asked = f"?{urlencode({'duty': self.duty.value})}"
        pack = Action(_("Evidence pack"), reverse("duties:pack-list") + asked, icon="download")
        if not self.may(MANAGE):
            return (pack,)
        return (
            pack,
            Action(_("Starter plan"), reverse("duties:starter-plan") + asked, icon="list-check"),
            Action(
                _("Plan an activity"), reverse("duties:activity-create") + asked, icon="plus", primary=True
            ),
        )

    def _rows(self, numbers: DutyNumbers) -> dict[str, Any]:
        trends = trends_of(self.user, [one.measure for one in numbers.numbers], self.now)
        rows = [
            Row(one, TrendLine(trend), Change(trend))
            if (trend := trends.get(one.measure))
            else Row(one, None, None)
            for one in numbers.numbers
        ]
        days = [trend.latest.day for trend in trends.values() if trend.latest and trend.is_stale]
        return {"rows": rows, "stale": max(days, default=None)}

    def _facts(self) -> Sequence[Fact]:
        posts = posts_of(self.duty)
        responsible = Person(posts.responsible.full_name) if posts.responsible else _("Nobody is named")
        deputies = ", ".join(one.full_name for one in posts.deputies)
        return (Fact(_("Responsible"), responsible), Fact(_("Deputies"), deputies or _("None")))

    def _posts_url(self) -> str:
        may = access_of(self.user).has(MANAGE)
        return reverse("duties:duty-posts", args=[self.duty.value]) if may else ""

    def _year(self) -> dict[str, Any]:
        this_year = organisation_day(self.now).year
        years = years_of(self.user, self.duty, this_year)
        asked = self.request.GET.get("year", "")
        year = next((one for one in years if str(one) == asked), this_year)
        return {
            "year": year,
            "years": [Chip(str(one), f"?year={one}#done", one == year) for one in years],
            "done_url": self._done_url(year),
            "done": done_in_year(self.user, self.duty, year),
            "met": [(kind_label(one.kind), one) for one in met_in_year(self.user, self.duty, year)],
        }

    def _done_url(self, year: int) -> str:
        asked = {
            "duty": str(self.duty.value),
            "state": ActivityState.DONE.value,
            "done_from": date(year, 1, 1).isoformat(),
            "done_until": date(year, 12, 31).isoformat(),
        }
        return f"{reverse('duties:activity-list')}?{urlencode(asked)}"


class PostsEdit(FormPage):
    """Names who answers for a duty, and who its deputies are."""

    form_class = PostsForm
    title = lazy("Who answers for it")
    duty: Duty

    def prepare(self) -> None:
        """Check that the reader may name people for the whole organisation."""
        self.duty = duty_of(self.kwargs["number"])
        if not access_of(person_of(self.request)).has(MANAGE):
            raise right_missing(MANAGE, None)

    def get_form_arguments(self) -> dict[str, Any]:
        """Return who answers for it now."""
        return {"posts": posts_of(self.duty)}

    def get_subtitle(self) -> str:
        """Return the duty."""
        return self.duty.title

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return duty_crumbs(Crumb(self.duty.title, self.get_cancel_url()), Crumb(str(self.title)))

    def get_cancel_url(self) -> str:
        """Return to the duty."""
        return reverse("duties:duty-detail", args=[self.duty.value])

    def save(self, form: PostsForm) -> str:
        """Name them."""
        typed = form.typed()
        with told_if_stale(form):
            posts_set(
                duty=self.duty,
                responsible=typed["responsible"],
                deputies=typed["deputies"],
                actor=person_of(self.request),
                now=self.now,
                seen=form.cleaned_data[VERSION],
            )
        messages.success(self.request, _("The people of the duty are saved"))
        return self.get_cancel_url()
