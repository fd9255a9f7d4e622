"""The pages on which an audit is let recur, and one of its occurrences is skipped, moved or put back."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.forms import EndForm, MoveForm, RestoreForm, SeriesForm, SkipForm
from audits.models import Audit, AuditSeries
from audits.permissions import audited_refusal
from audits.selectors import decision_about
from audits.services import (
    SeriesRefused,
    move_bounds,
    occurrence_move,
    occurrence_restore,
    occurrence_skip,
    series_begin,
    series_change,
    series_end,
)
from foundation.accounts.forms.seen import told_if_stale
from foundation.accounts.models import User
from foundation.accounts.permissions import right_check
from foundation.ui.conflicts import VERSION
from foundation.ui.dates import full_text
from foundation.ui.form_pages import ConfirmPage, FormPage
from foundation.ui.structure import Crumb


class SeriesPage(FormPage):
    """What the pages about an audit's series have in common."""

    audit: Audit

    @property
    def actor(self) -> User:
        """Return who is signed in."""
        assert isinstance(self.request.user, User)
        return self.request.user

    def prepare(self) -> None:
        """Find the audit, of those that the reader may see, and check the right to plan it, and that they are not audited."""
        audits = Audit.objects.visible_to(self.actor).select_related("unit", "series")
        self.audit = get_object_or_404(audits, reference=self.kwargs["reference"])
        right_check(user=self.actor, right="audits.plan", unit_id=self.audit.unit_id)
        self.open_unless(audited_refusal(audit=self.audit, user=self.actor))

    def find_series(self) -> AuditSeries:
        """Return the audit's series; raise Http404 for an audit that stands alone."""
        if self.audit.series is None:
            raise Http404
        return self.audit.series

    def get_subtitle(self) -> str:
        """Name the audit."""
        return str(self.audit)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (
            Crumb(_("Audits"), reverse("audits:audit-list")),
            Crumb(self.audit.reference, self.audit.get_absolute_url()),
            Crumb(self.get_title()),
        )

    def get_title(self) -> str:
        """Say what is done."""
        return str(getattr(self, "title", ""))

    def get_cancel_url(self) -> str:
        """Return to the audit."""
        return self.audit.get_absolute_url()


class SeriesEdit(SeriesPage):
    """Lets an audit recur, or recur by another rule."""

    form_class = SeriesForm
    submit_label = lazy("Save the recurrence")

    def get_title(self) -> str:
        """Say what is done."""
        series = self.audit.series
        if series is None:
            return _("Let it recur")
        return _("Let it recur again") if series.ended_at else _("Change how it recurs")

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the audit."""
        return {"audit": self.audit}

    def save(self, form: SeriesForm) -> str:
        """Write the rule."""
        wanted = {"rrule": form.cleaned_data["recurrence"].rrule, "actor": self.actor, "now": self.now}
        try:
            with told_if_stale(form):
                if self.audit.series:
                    series_change(audit=self.audit, seen=form.cleaned_data[VERSION], **wanted)
                else:
                    series_begin(audit=self.audit, **wanted)
        except SeriesRefused as refused:
            raise ValidationError(str(refused)) from refused
        messages.success(self.request, _("The recurrence is saved"))
        return self.audit.get_absolute_url()


class SeriesEnd(SeriesPage, ConfirmPage):
    """Ends a series, with the reason."""

    form_class: ClassVar[type[BaseForm]] = EndForm
    title = lazy("End the series")
    submit_label = lazy("End the series")

    def prepare(self) -> None:
        """Find the series, too."""
        super().prepare()
        self.find_series()

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the series."""
        return {"series": self.find_series()}

    def get_text(self) -> str:
        """Say what comes of it."""
        return _("No further audit of it is planned. Those that are planned already stay.")

    def is_dangerous(self) -> bool:
        """Draw the button as a warning."""
        return True

    def save(self, form: EndForm) -> str:
        """End the series."""
        try:
            with told_if_stale(form):
                series_end(
                    audit=self.audit,
                    actor=self.actor,
                    now=self.now,
                    reason=form.cleaned_data["comment"],
                    seen=form.cleaned_data[VERSION],
                )
        except SeriesRefused as refused:
            raise ValidationError(str(refused)) from refused
        messages.success(self.request, _("The series has ended"))
        return self.audit.get_absolute_url()


class OccurrencePage(SeriesPage, ConfirmPage):
    """Decides about one occurrence, which the address names by its day."""

    occurrence_on: date

    def prepare(self) -> None:
        """Read the day."""
        super().prepare()
        self.find_series()
        try:
            self.occurrence_on = date.fromisoformat(self.kwargs["day"])
        except ValueError as error:
            raise Http404 from error

    def get_form_arguments(self) -> dict[str, Any]:
        """Return what is decided about it so far."""
        return {"decided": decision_about(self.find_series(), self.occurrence_on)}

    @property
    def day_text(self) -> str:
        """Return the day in words."""
        return full_text(self.occurrence_on)

    def decide(self, form: Any) -> str:
        """Write the decision and return what is said about it."""
        raise NotImplementedError

    def save(self, form: Any) -> str:
        """Write the decision; what stands against it is told on the form."""
        try:
            with told_if_stale(form):
                message = self.decide(form)
        except SeriesRefused as refused:
            raise ValidationError(str(refused)) from refused
        messages.success(self.request, message)
        return self.audit.get_absolute_url()


class OccurrenceSkip(OccurrencePage):
    """Lets an occurrence not take place."""

    form_class: ClassVar[type[BaseForm]] = SkipForm
    submit_label = lazy("Skip it")

    def get_title(self) -> str:
        """Name the day."""
        return _("Skip %(day)s") % {"day": self.day_text}

    def get_text(self) -> str:
        """Say what comes of it."""
        return _("No audit is planned for this occurrence; the series goes on with the next one.")

    def decide(self, form: SkipForm) -> str:
        """Skip it."""
        occurrence_skip(
            audit=self.audit,
            occurrence_on=self.occurrence_on,
            actor=self.actor,
            reason=form.cleaned_data["comment"],
            now=self.now,
            seen=form.cleaned_data[VERSION],
        )
        return _("%(day)s is skipped") % {"day": self.day_text}


class OccurrenceMove(OccurrencePage):
    """Moves an occurrence to another day."""

    form_class: ClassVar[type[BaseForm]] = MoveForm
    submit_label = lazy("Move it")
    bounds: tuple[date, date]

    def prepare(self) -> None:
        """Read between which days it may be moved."""
        super().prepare()
        self.bounds = move_bounds(self.find_series(), self.occurrence_on, now=self.now)

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the days between which it may be moved, too."""
        return {**super().get_form_arguments(), "bounds": self.bounds}

    def get_title(self) -> str:
        """Name the day."""
        return _("Move %(day)s") % {"day": self.day_text}

    def get_text(self) -> str:
        """Say between which days."""
        first, last = (full_text(day) for day in self.bounds)
        return _("From %(first)s to %(last)s, so that the occurrences stay in order.") % {
            "first": first,
            "last": last,
        }

    def decide(self, form: MoveForm) -> str:
        """Move it."""
        occurrence_move(
            audit=self.audit,
            occurrence_on=self.occurrence_on,
            to=form.cleaned_data["to"],
            actor=self.actor,
            reason=form.cleaned_data["comment"],
            now=self.now,
            seen=form.cleaned_data[VERSION],
        )
        return _("%(day)s is moved") % {"day": self.day_text}


class OccurrenceRestore(OccurrencePage):
    """Puts an occurrence that was skipped or moved back in its place."""

    form_class: ClassVar[type[BaseForm]] = RestoreForm
    submit_label = lazy("Put it back")

    def get_title(self) -> str:
        """Name the day."""
        return _("Put %(day)s back") % {"day": self.day_text}

    def get_text(self) -> str:
        """Say what comes of it."""
        return _("The occurrence takes place on the day that the rule gives.")

    def decide(self, form: RestoreForm) -> str:
        """Put it back."""
        occurrence_restore(
            audit=self.audit,
            occurrence_on=self.occurrence_on,
            actor=self.actor,
            now=self.now,
            comment=form.cleaned_data["comment"],
            seen=form.cleaned_data[VERSION],
        )
        return _("%(day)s is back in its place") % {"day": self.day_text}
