"""What forms of all kinds of records share: the version that was read, and the key that lets them be sent once."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from foundation.records.models import Record
from foundation.records.selectors import last_entry_of
from foundation.ui.conflicts import Conflict, conflict_between
from foundation.ui.conflicts import send_instead as send_instead

if TYPE_CHECKING:
    BaseForm = forms.Form
else:
    BaseForm = object

NO_VERSION = -1
NOT_CONTENT = ("csrfmiddlewaretoken", "submission")


class VersionField(forms.IntegerField):
    """The version of the record that the form was filled from; what is unreadable counts as an old one."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> int:
        """Return the version."""
        try:
            return super().clean(value)
        except ValidationError:
            return NO_VERSION


class SubmissionField(forms.UUIDField):
    """The key drawn when the form was shown; one that is unreadable or missing is drawn anew."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> uuid.UUID:
        """Return the key."""
        try:
            return super().clean(value) or uuid.uuid4()
        except ValidationError:
            return uuid.uuid4()


class VersionedFormMixin(BaseForm):
    """A form that changes a record: it carries the record's version, so that a stale edit is told.

    Put it before the form's class and pass `record`. The view gives `cleaned_data["version"]` to the service; when that
    raises StaleRecord, `conflict_with(stale.record)` returns both versions for showing, and lets the form be sent again
    over the other's. Where a field is not an attribute of the record, override `current_value()`.
    """

    def __init__(self, *args: Any, record: Record, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record
        self.fields["version"] = VersionField(required=False, initial=record.version)

    def current_value(self, record: Record, name: str) -> Any:
        """Return what a field would hold now."""
        return getattr(record, name, None)

    def conflict_with(self, current: Record) -> Conflict:
        """Return the form's version beside the current one, field by field; the form then stands on the current."""
        entry = last_entry_of(current)
        return conflict_between(
            self,
            lambda name: self.current_value(current, name),
            name=current.reference,
            version=str(current.version),
            by=entry.actor_name if entry else "",
            at=entry.at if entry else None,
        )


class SubmissionFormMixin(BaseForm):
    """A form that makes a record: it carries a key, so that sending it twice makes one.

    Put it before the form's class; the view passes `cleaned_data["submission"]` and `submitted_content()` to
    `submit_once()`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["submission"] = SubmissionField(required=False, initial=uuid.uuid4)

    def submitted_content(self) -> dict[str, list[str]]:
        """Return what was sent, as it was sent."""
        lists = self.data.lists() if hasattr(self.data, "lists") else ((k, [v]) for k, v in self.data.items())
        return {
            name: [str(value) for value in values]
            for name, values in lists
            if name.removeprefix(f"{self.prefix}-" if self.prefix else "") not in NOT_CONTENT
        }

    def renew_submission(self) -> None:
        """Draw a new key, so that the form can be sent once more with what was typed."""
        send_instead(self, "submission", str(uuid.uuid4()))
