"""Moving a date to another day: by a form, which dragging and the keyboard open, too; and taking that back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.permissions import person_of
from foundation.calendar.forms import MoveForm
from foundation.calendar.selectors import closed_words, date_visible
from foundation.calendar.spans import day_asked
from foundation.deadlines.models import Deadline
from foundation.deadlines.wording import kind_label
from foundation.records.models import Record
from foundation.records.services import StaleRecord
from foundation.registry import DateMover, DatesPage, registry
from foundation.ui.dates import full_text
from foundation.ui.form_pages import ASK, ConfirmPage
from foundation.ui.pages import fills
from foundation.ui.structure import Crumb

MOVED = "calendar_moved"
CALENDAR = "calendar:calendar"


@dataclass(frozen=True)
class Moved:
    """A date that was just moved: what the calendar says of it, and what takes it back."""

    deadline_id: int
    words: str
    was: str
    version: int

    @property
    def url(self) -> str:
        """Return where it is moved."""
        return reverse("calendar:date-move", args=[self.deadline_id])


def moved_last(request: HttpRequest) -> Moved | None:
    """Return what the reader moved on the way to this page, once."""
    kept = request.session.pop(MOVED, None)
    return Moved(**kept) if kept else None


class DateMove(ConfirmPage):
    """Moves a date to another day, by the service and with the checks of the record that it follows from.

    `to` of the address fills the form in (a date was dragged there: to a day, or to a month); `next` is the page of dates that it
    leads back to.
    """

    form_class = MoveForm
    title = lazy("Move a date")
    submit_label = lazy("Move")
    deadline: Deadline
    mover: DateMover | None
    refusal: str | None

    def prepare(self) -> None:
        """Find the date, of those that the reader may see, and what stands against moving it."""
        user = person_of(self.request)
        found = date_visible(user, self.kwargs["pk"])
        if found is None:
            raise Http404
        self.deadline = found
        self.mover = registry.find(DateMover, found.kind)
        if found.closed_at is not None:
            self.mover = None
            self.refusal = _("%(what)s, so it can't be moved any more.") % {
                "what": closed_words(found.closed_at, was_dropped=found.was_dropped)
            }
            return
        if self.mover is None or found.due_on is None:
            self.refusal = _("This date follows from something else, so it can't be moved by itself.")
            return
        try:
            self.refusal = self.mover.refusal(record=found.record, user=user)
        except PermissionDenied as denied:
            if not fills(self.request, ASK) or self.request.method == "POST":
                raise
            self.refusal = str(denied)  # in a dialog, where a page of its own can't say it

    def get_form_arguments(self) -> dict[str, Any]:
        """Fill the form in with the day that it was dragged to, or else its own."""
        to = day_asked(self.request.GET.get("to", ""), like=self.deadline.due_on) or self.deadline.due_on
        return {"initial": {"to": to, "version": self.deadline.record.version}}

    def get_subtitle(self) -> str:
        """Return the record."""
        return str(self.deadline.record)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        page = self._page_before() or registry.get(DatesPage, CALENDAR)
        return (Crumb(page.label, self.get_cancel_url()), Crumb(_("Move a date")))

    def get_text(self) -> Any:
        """Say what stands where, and what moves along; or why it can't be moved."""
        what = _("%(what)s of %(record)s: %(day)s.") % {
            "what": kind_label(self.deadline.kind),
            "record": self.deadline.record,
            "day": full_text(self.deadline.due_on or self.deadline.due_at),
        }
        return format_html("{} {}", what, self.refusal or (self.mover.note if self.mover else ""))

    def get_extra_context(self) -> dict[str, Any]:
        """Leave out the form of a date that can't be moved."""
        return {"is_refused": bool(self.refusal)}

    def get_cancel_url(self) -> str:
        """Return to the page of dates that led here, or to the month of the date in the calendar."""
        if self._page_before():
            return self.request.GET["next"]
        return f"{reverse(CALENDAR)}?day={self.deadline.due_on or self.deadline.due_at.date()}"

    def _page_before(self) -> DatesPage | None:
        """Return the page of dates that led here, where one did."""
        asked = self.request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
            return None
        path = urlsplit(asked).path
        return next((page for page in registry.all(DatesPage) if reverse(page.key) == path), None)

    def save(self, form: MoveForm) -> str:
        """Move it, and let the page of dates offer to take that back."""
        if self.refusal or self.mover is None or self.deadline.due_on is None:
            raise ValidationError(self.refusal or "")
        to, was = form.cleaned_data["to"], self.deadline.due_on
        try:
            self.mover.move(
                record=self.deadline.record,
                to=to,
                version=form.cleaned_data["version"],
                actor=person_of(self.request),
                now=self.now,
            )
        except StaleRecord as stale:
            self._renew(form, stale.record)
            raise ValidationError(
                _(
                    "%(record)s was changed by someone else meanwhile. The date is %(day)s now. Move it again if you still mean it."
                )
                % {"record": stale.record.reference, "day": full_text(was)}
            ) from stale
        self._tell(to, was)
        return self.get_cancel_url()

    def _tell(self, to: date, was: date) -> None:
        words = _("%(what)s of %(reference)s moved to %(day)s") % {
            "what": kind_label(self.deadline.kind),
            "reference": self.deadline.record.reference,
            "day": full_text(to),
        }
        if to == was:
            return
        if "undo" in self.request.POST:
            messages.success(self.request, words)
            return
        version = Record.objects.values_list("version", flat=True).get(pk=self.deadline.record_id)
        moved = Moved(self.deadline.pk, words, was.isoformat(), version)
        self.request.session[MOVED] = asdict(moved)

    def _renew(self, form: MoveForm, record: Record) -> None:
        """Let the form be sent again, by the version that its sender is told of now."""
        form.data = {**form.data, "to": form["to"].value(), "version": record.version}
