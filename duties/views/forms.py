"""The pages that plan an activity, change what is planned, write what came of it, and say how it recurs."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from duties.choices import Duty
from duties.forms import ActivityEditForm, ActivityPlanForm, OutcomeForm, RecurrenceForm, SeriesEndForm
from duties.models import Activity, ActivitySeries
from duties.permissions import MANAGE, doing_refusal
from duties.services import (
    ActivityRefused,
    activity_change,
    activity_plan,
    outcome_write,
    series_begin,
    series_change,
    series_end,
)
from duties.views.access import OfActivity, activity_crumbs
from foundation.accounts.forms.seen import told_if_stale
from foundation.accounts.permissions import right_check_anywhere
from foundation.records.pages import RecordFormPage
from foundation.records.services import submit_once
from foundation.ui.conflicts import VERSION
from foundation.ui.form_pages import ConfirmPage
from foundation.ui.structure import Crumb

PURPOSE = "duties.activity"


class ActivityCreate(RecordFormPage):
    """Plans an activity; `?duty=5` says for which duty."""

    form_class = ActivityPlanForm
    title = lazy("Plan an activity")
    submit_label = lazy("Plan it")

    def prepare(self) -> None:
        """Check that the reader may plan somewhere; for which unit, the form's choices say."""
        right_check_anywhere(user=self.actor, right=MANAGE)

    def get_form_arguments(self) -> dict[str, Any]:
        """Return who fills the form in, when, and for which duty."""
        asked = self.request.GET.get("duty", "")
        known = asked in {str(duty.value) for duty in Duty}
        return {"user": self.actor, "now": self.now, "initial": {"duty": asked} if known else {}}

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return activity_crumbs(Crumb(self.get_title()))

    def get_cancel_url(self) -> str:
        """Return to the list."""
        return reverse("duties:activity-list")

    def save(self, form: ActivityPlanForm) -> str:
        """Plan it, once however often the form is sent."""
        activity = submit_once(
            key=form.cleaned_data["submission"],
            actor=self.actor,
            purpose=PURPOSE,
            content=form.submitted_content(),
            create=lambda: activity_plan(
                actor=self.actor,
                now=self.now,
                checklist=form.cleaned_data["items"],
                rrule=form.rrule(),
                **form.values(),
            ),
        )
        if not Activity.objects.visible_to(self.actor).filter(pk=activity.pk).exists():
            messages.info(self.request, _("It is restricted, and you do not own it: you see it no more."))
            return reverse("duties:activity-list")
        messages.success(self.request, _("%(reference)s is planned") % {"reference": activity.reference})
        return activity.get_absolute_url()


class ActivityEdit(OfActivity, RecordFormPage):
    """Changes what is planned."""

    form_class = ActivityEditForm
    title = lazy("Edit the activity")

    def prepare(self) -> None:
        """Find the activity, and check that it is to be done."""
        self.find_to_manage()
        self.open_unless(doing_refusal(self.activity))

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the activity, who changes it, and when."""
        return {"activity": self.activity, "user": self.actor, "now": self.now}

    def save(self, form: ActivityEditForm) -> str:
        """Change it."""
        activity = activity_change(
            activity=self.activity,
            changes=form.values(),
            checklist=form.cleaned_data["items"],
            actor=self.actor,
            now=self.now,
            version=form.cleaned_data["version"],
            also_next=form.cleaned_data.get("also_next", False),
        )
        messages.success(self.request, _("%(reference)s is saved") % {"reference": activity.reference})
        return self.page_of(activity)


class OutcomeWrite(OfActivity, RecordFormPage):
    """Writes down what came of it."""

    form_class = OutcomeForm
    title = lazy("Write the outcome")

    def prepare(self) -> None:
        """Find the activity, and check that the reader does it."""
        self.find_to_do()

    def save(self, form: OutcomeForm) -> str:
        """Write it."""
        outcome_write(
            activity=self.activity,
            outcome=form.cleaned_data["outcome"],
            actor=self.actor,
            now=self.now,
            version=form.cleaned_data["version"],
        )
        messages.success(self.request, _("The outcome is saved"))
        return self.activity.get_absolute_url()


class RecurrenceEdit(OfActivity):
    """Lets an activity recur, or recur by another rule."""

    form_class = RecurrenceForm
    submit_label = lazy("Save the recurrence")
    template_name = "duties/recurrence_form.html"

    def prepare(self) -> None:
        """Find the activity, and check that the reader may change it."""
        self.find_to_manage()

    def get_title(self) -> str:
        """Say what is done."""
        series = self.activity.series
        if series is None:
            return _("Let it recur")
        return _("Let it recur again") if series.ended_at else _("Change how it recurs")

    def get_extra_context(self) -> dict[str, Any]:
        """Return where the series is ended, as long as it goes on."""
        series = self.activity.series
        if series is None or series.ended_at:
            return {}
        return {"end_url": reverse("duties:activity-recurrence-end", args=[self.activity.reference])}

    def save(self, form: RecurrenceForm) -> str:
        """Write the rule."""
        wanted = {"rrule": form.cleaned_data["recurrence"].rrule, "actor": self.actor, "now": self.now}
        try:
            with told_if_stale(form):
                if self.activity.series:
                    series_change(activity=self.activity, seen=form.cleaned_data[VERSION], **wanted)
                else:
                    series_begin(activity=self.activity, **wanted)
        except ActivityRefused as refused:
            raise ValidationError(refused.errors) from refused
        messages.success(self.request, _("The recurrence is saved"))
        return self.activity.get_absolute_url()


class RecurrenceEnd(OfActivity, ConfirmPage):
    """Lets an activity recur no longer, with the reason."""

    form_class: ClassVar[type[BaseForm]] = SeriesEndForm
    title = lazy("Let it recur no longer")
    submit_label = lazy("Let it recur no longer")

    def prepare(self) -> None:
        """Find the activity and its series."""
        self.find_to_manage()
        if self.activity.series is None:
            raise Http404

    @property
    def series(self) -> ActivitySeries:
        """Return the series."""
        assert self.activity.series is not None
        return self.activity.series

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the series."""
        return {"series": self.series}

    def get_text(self) -> str:
        """Say what comes of it."""
        return _("No further one is planned. Those that are planned already stay.")

    def is_dangerous(self) -> bool:
        """Draw the button as a warning."""
        return True

    def save(self, form: SeriesEndForm) -> str:
        """End the series."""
        try:
            with told_if_stale(form):
                series_end(
                    activity=self.activity,
                    actor=self.actor,
                    now=self.now,
                    reason=form.cleaned_data["comment"],
                    seen=form.cleaned_data[VERSION],
                )
        except ActivityRefused as refused:
            raise ValidationError(refused.errors) from refused
        messages.success(self.request, _("It does not recur any more"))
        return self.activity.get_absolute_url()
