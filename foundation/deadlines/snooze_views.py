"""Putting off the reminders of a date: for who must see to it."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.permissions import person_of
from foundation.deadlines.forms import SnoozeForm
from foundation.deadlines.models import Deadline
from foundation.deadlines.selectors import clock_in_force, last_snooze_day
from foundation.deadlines.services import deadline_snooze, deadline_wake
from foundation.deadlines.wording import kind_label
from foundation.ui.errors import Gone
from foundation.ui.form_pages import ConfirmPage

DESK = "desk"


class DeadlinePage(ConfirmPage):
    """A step with an open date that the reader must see to."""

    deadline: Deadline

    def prepare(self) -> None:
        """Find the date among those of records that the reader may know of; only who must see to it may go on."""
        person = person_of(self.request)
        found = Deadline.objects.visible_to(person).select_related("record", "ladder")
        self.deadline = get_object_or_404(found, pk=self.kwargs["pk"])
        if self.deadline.assignee_id != person.pk:
            raise PermissionDenied(_("Only who must see to a date may put its reminders off."))
        if self.deadline.closed_at is not None:
            words = _("This date is closed by now, so nobody is reminded of it any more.")
            raise Gone(words, way_on=self.get_cancel_url())

    def get_subtitle(self) -> str:
        """Name the date and its record."""
        return f"{kind_label(self.deadline.kind)} · {self.deadline.record.reference} {self.deadline.record.title}"

    def get_cancel_url(self) -> str:
        """Lead back to the desk, or to the record."""
        if self.request.GET.get("from") == DESK:
            return "/"
        return str(self.deadline.record.get_absolute_url())


class SnoozePage(DeadlinePage):
    """Put the reminders off until a day, for a reason."""

    form_class = SnoozeForm
    title = gettext_lazy("Snooze the reminders")
    submit_label = gettext_lazy("Snooze")

    @cached_property
    def last_day(self) -> date:
        """Return until when at the most."""
        return last_snooze_day(self.deadline, now=self.now)

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the days to offer."""
        return {"first": clock_in_force().day_of(self.now) + timedelta(days=1), "last": self.last_day}

    def get_text(self) -> str:
        """Say how far, and what goes on all the same."""
        return _(
            "%(what)s. Nobody is reminded of it until the morning of the day that you choose, %(day)s at the latest. When it "
            "is late, the manager and the CISO are told all the same."
        ) % {
            "what": self.get_subtitle(),
            "day": date_format(self.last_day),
        }

    def save(self, form: SnoozeForm) -> str:
        """Put them off."""
        deadline_snooze(
            deadline=self.deadline,
            until=form.cleaned_data["until"],
            reason=form.cleaned_data["reason"],
            actor=person_of(self.request),
            now=self.now,
        )
        messages.success(
            self.request, _("Snoozed until %(day)s") % {"day": date_format(form.cleaned_data["until"])}
        )
        return self.get_cancel_url()


class WakePage(DeadlinePage):
    """Take a snooze back."""

    form_class = forms.Form
    title = gettext_lazy("Remind again")
    submit_label = gettext_lazy("Remind again")

    def get_text(self) -> str:
        """Say what follows."""
        return _("%(what)s. Its reminders come again, as its ladder says.") % {"what": self.get_subtitle()}

    def save(self, form: Any) -> str:
        """Take it back."""
        if deadline_wake(deadline=self.deadline, actor=person_of(self.request), now=self.now):
            messages.success(self.request, _("Reminders come again"))
        return self.get_cancel_url()
