"""The page of an activity, the steps of its life, and the ticks of its checklist."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views import View

from duties.choices import FACTS, ActivityState, Duty
from duties.models import Activity, ChecklistItem
from duties.parts import day_shown
from duties.permissions import MANAGE, can_do, can_manage, doing_refusal
from duties.selectors import checklist_of, occurrences_ahead, recurrence_of, what_is_missing
from duties.services import ActivityRefused, item_tick
from duties.views.access import activity_crumbs, activity_of
from foundation import clock
from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import person_of
from foundation.accounts.requests import PersonRequest
from foundation.accounts.rights import right_missing
from foundation.approvals.choices import REQUEST_TONES, RequestState
from foundation.approvals.selectors import latest_request
from foundation.conversation.markdown import markdown_html
from foundation.lifecycle.pages import TransitionPage, record_steps, transition_actions
from foundation.records.pages import HISTORY_TAB, RecordDetailPage
from foundation.ui.components import Listing, Person, When
from foundation.ui.record_page import TabPage
from foundation.ui.structure import Action, Crumb, Fact, Step

AHEAD = 3


class ActivityPage(RecordDetailPage):
    """An activity: what is to be done, how far it is, and what came of it."""

    tabs: ClassVar[Sequence[TabPage]] = (
        TabPage("overview", lazy("Overview"), "duties/activity_overview.html", "checklist"),
        HISTORY_TAB,
    )
    record: Activity

    def get_record(self) -> Activity:
        """Return the activity, of those that the reader may know of."""
        return activity_of(self.request, self.kwargs["reference"])

    def get_tab_url(self, key: str) -> str:
        """Return the address of a tab."""
        if key == "overview":
            return self.record.get_absolute_url()
        return reverse("duties:activity-tab", args=[self.record.reference, key])

    def get_title(self) -> str:
        """Return the activity's title."""
        return self.record.title

    def get_subtitle(self) -> Any:
        """Return the reference and the duty."""
        return Listing((self.record.reference, self.record.duty_entry.title), " · ")

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return activity_crumbs(Crumb(self.record.reference))

    @property
    def may_do(self) -> bool:
        """Tell whether the reader may tick items and write the outcome, as it stands."""
        if doing_refusal(self.record):
            return False
        return can_do(person_of(self.request), self.record, organisation_day(self.now))

    def get_actions(self) -> Sequence[Action]:
        """Return the steps that the reader may take, and the ways to the forms."""
        activity, user = self.record, person_of(self.request)

        def url(name: str, *more: str) -> str:
            return reverse(f"duties:{name}", args=[activity.reference, *more])

        actions = transition_actions(activity, user, lambda name: url("activity-transition", name))
        if self.may_do:
            words = _("Change the outcome") if activity.outcome else _("Write the outcome")
            actions.insert(0, Action(words, url("activity-outcome"), icon="pencil"))
        if can_manage(user, activity):
            actions.insert(0, Action(_("Recurrence"), url("activity-recurrence"), icon="repeat"))
            if doing_refusal(activity) is None:
                actions.insert(0, Action(_("Edit"), url("activity-edit"), icon="settings"))
        return actions

    def get_steps(self) -> Sequence[Step]:
        """Return the state bar."""
        return record_steps(self.record)

    def get_facts(self) -> Sequence[Fact]:
        """Return by when it is due, who does it, and how it recurs."""
        activity = self.record
        facts = [
            Fact(_("Due"), day_shown(activity, self.now)),
            *([Fact(_("Done on"), When(activity.done_on, self.now))] if activity.done_on else []),
            *([Fact(_("Skipped on"), When(activity.skipped_on, self.now))] if activity.skipped_on else []),
            *([Fact(_("Done by"), Person(activity.done_by.full_name))] if activity.done_by else []),
            Fact(_("Owner"), Person(activity.owner.full_name)),
            Fact(_("Duty"), activity.duty_entry.title),
            Fact(_("Business unit"), activity.unit.name),
            Fact(_("Sign-off"), _("Needed") if activity.needs_sign_off else _("None")),
        ]
        if series := activity.series:
            ended = _("It does not recur any more")
            facts.append(Fact(_("Repeats"), ended if series.ended_at else recurrence_of(series).describe()))
            if activity.occurrence_on == series.last_on and (days := occurrences_ahead(series, AHEAD)):
                facts.append(Fact(_("After that"), Listing(tuple(When(day, self.now) for day in days))))
        facts.append(Fact(_("Confidentiality"), activity.get_confidentiality_display()))
        return facts

    def context_overview(self, activity: Activity) -> dict[str, Any]:
        """Return what is to be done with its ticks, what is missing, what came of it, and what came of it last time."""
        items, asked = checklist_of(activity), latest_request(activity)
        before = self._before()
        is_open = doing_refusal(activity) is None
        return {
            "meaning": FACTS[Duty(activity.duty)].meaning,
            "task": markdown_html(activity.task),
            "items": items,
            "done_count": sum(item.is_done for item in items),
            "may_do": self.may_do,
            "missing": what_is_missing(activity, items) if is_open else [],
            "outcome": markdown_html(activity.outcome),
            "is_skipped": activity.state == ActivityState.SKIPPED,
            "before": before,
            "before_outcome": markdown_html(before.outcome) if before else "",
            "request_for_approval": asked,
            "approval_tone": REQUEST_TONES[RequestState(asked.state)] if asked else "",
        }

    def _before(self) -> Activity | None:
        """Return the activity of the series before this one that was done, if the reader may know of it."""
        if self.record.series_id is None:
            return None
        earlier = Activity.objects.visible_to(self.request.user).filter(
            series_id=self.record.series_id,
            occurrence_on__lt=self.record.occurrence_on,
            state=ActivityState.DONE,
        )
        found: Activity | None = earlier.order_by("-occurrence_on").first()
        return found


class ActivityStep(TransitionPage):
    """Confirms and takes a step of an activity."""

    def get_record(self) -> Activity:
        """Return the activity, of those that the reader may know of."""
        return activity_of(self.request, self.kwargs["reference"])

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        there = Crumb(self.record.reference, self.record.get_absolute_url())
        return activity_crumbs(there, Crumb(self.step.label))


class ItemTick(View):
    """Ticks an item of a checklist, or takes the tick back; a button without a script does."""

    request: PersonRequest
    http_method_names = ["post"]

    def post(self, request: PersonRequest, reference: str, item: int) -> HttpResponse:
        """Do it, and go back to the checklist."""
        activity, now = activity_of(request, reference), clock.now()
        if not can_do(request.user, activity, organisation_day(now)):
            raise right_missing(MANAGE, activity.unit_id)
        is_done = request.POST.get("done") == "1"
        try:
            item_tick(activity=activity, item_id=item, is_done=is_done, actor=request.user, now=now)
        except ChecklistItem.DoesNotExist as error:
            raise Http404 from error
        except ActivityRefused as refused:
            messages.error(request, str(refused))
        return redirect(f"{activity.get_absolute_url()}#checklist")
