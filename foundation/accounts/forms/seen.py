"""What the forms about a person or a unit share: the version that was read, so that a stale edit is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from foundation.accounts.selectors.changes import last_change
from foundation.accounts.versions import version_of
from foundation.ui.conflicts import VERSION, Conflict, conflict_between

if TYPE_CHECKING:
    from django.db.models import Model

    BaseForm = forms.Form
else:
    BaseForm = object


class SeenFormMixin(BaseForm):
    """A form that changes a person or a unit. `see()` notes what it was filled from, which goes to the service as `seen`.

    When that raises StaleEdit, `conflict_with(stale.current)` returns both versions.
    """

    seen_fields: ClassVar[Sequence[str]]
    changed_by: ClassVar[str]

    def see(self, row: Model) -> None:
        """Note the version that the form shows; one that was not sent back counts as an old one."""
        version = version_of(row, self.seen_fields)
        self.fields[VERSION] = forms.CharField(required=False, widget=forms.HiddenInput, initial=version)

    def typed(self) -> dict[str, Any]:
        """Return what was typed, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != VERSION}

    def conflict_with(self, current: Model) -> Conflict:
        """Return what was typed beside what is there now, and who put it there; the form then stands on that."""
        entry = last_change(self.changed_by, current)
        return conflict_between(
            self,
            lambda name: getattr(current, name),
            name=str(current),
            version=version_of(current, self.seen_fields),
            by=entry.actor_name if entry else "",
            at=entry.at if entry else None,
        )
