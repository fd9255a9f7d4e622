"""What forms share that change something: the version that was read, so that a stale edit is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from foundation.accounts.selectors.changes import last_change
from foundation.accounts.versions import StaleEdit, version_of
from foundation.ui.conflicts import VERSION, Conflict, EditConflict, conflict_between

if TYPE_CHECKING:
    BaseForm = forms.Form
else:
    BaseForm = object


class SeenFormMixin(BaseForm):
    """A form that changes a row. `see()` notes what it was filled from, which goes to the service as `seen`.

    When that raises StaleEdit, `conflict_with(stale.current)` returns both versions. `changed_by` is the action by which
    the trail tells who changed it, where that is not always the reader. What is told apart by more (or less) than fields
    of a row overrides `version_now`.
    """

    seen_fields: ClassVar[Sequence[str]] = ()
    changed_by: ClassVar[str] = ""

    def version_now(self, current: Any) -> str:
        """Return the version of what the form shows."""
        return version_of(current, self.seen_fields)

    def see(self, row: Any) -> None:
        """Note the version that the form shows; one that was not sent back counts as an old one."""
        version = self.version_now(row)
        self.fields[VERSION] = forms.CharField(required=False, widget=forms.HiddenInput, initial=version)

    def typed(self) -> dict[str, Any]:
        """Return what was typed, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != VERSION}

    def name_of(self, current: Any) -> str:
        """Return what is told to have been changed."""
        return str(current)

    def subject_of(self, current: Any) -> str:
        """Return the name by which the trail knows the row."""
        return str(current)

    def current_value(self, current: Any, name: str) -> Any:
        """Return what is there now for a field of the form."""
        return getattr(current, name)

    def conflict_with(self, current: Any) -> Conflict:
        """Return what was typed beside what is there now, and who put it there; the form then stands on that."""
        subject = self.subject_of(current)
        entry = last_change(self.changed_by, current, subject=subject) if self.changed_by else None
        return conflict_between(
            self,
            lambda name: self.current_value(current, name),
            name=self.name_of(current),
            version=self.version_now(current),
            by=entry.actor_name if entry else "",
            at=entry.at if entry else None,
        )


@contextmanager
def told_if_stale(form: SeenFormMixin) -> Iterator[None]:
    """Let a stale edit that a service refuses in the block be shown with both versions."""
    try:
        yield
    except StaleEdit as stale:
        raise EditConflict(form.conflict_with(stale.current)) from stale
