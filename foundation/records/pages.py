"""The page of a form about a record: told what is stale, sent once, and nothing lost of what was typed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from foundation.records.conflicts import Conflict
from foundation.records.services import StaleRecord, SubmissionReused
from foundation.ui.components import Reference
from foundation.ui.form_pages import FormPage, add_error

CONFLICT = 409
UNPROCESSABLE = 422


class RecordFormPage(FormPage):
    """A form page whose `save` may raise StaleRecord or SubmissionReused.

    Its form mixes in VersionedFormMixin when it changes a record, SubmissionFormMixin when it makes one. A stale edit is
    answered with both versions side by side, and the form as it was typed, to be saved over the other's or given up.
    """

    template_name = "records/record_form.html"

    conflict: Conflict | None = None
    note: Any = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the form and go on, or show it again with what is wrong."""
        self.prepare()
        form: Any = self.form_class(request.POST, request.FILES, **self.get_form_arguments())
        if not form.is_valid():
            return self.show(form, status=UNPROCESSABLE)
        try:
            return self.go_on(self.save(form))
        except ValidationError as error:
            add_error(form, error)
            return self.show(form, status=UNPROCESSABLE)
        except StaleRecord as stale:
            self.conflict = form.conflict_with(stale.record)
        except SubmissionReused as reused:
            form.renew_submission()
            self.note = self._note_of(reused)
        return self.show(form, status=CONFLICT)

    def get_context(self, form: Any) -> dict[str, Any]:
        """Return what the template needs."""
        context = {**super().get_context(form), "conflict": self.conflict, "note": self.note}
        if self.conflict:
            context["submit_label"] = _("Save my version over it")
        return context

    def _note_of(self, reused: SubmissionReused) -> Any:
        if reused.record is None:
            return _("This form was sent before. Send it again if you mean it.")
        link = Reference(reused.record.reference, reused.record.get_absolute_url())
        return format_html(
            _("This form made {record} before. Send it again to make another one with what stands here now."),
            record=link,
        )
