"""Changing what is said of a file, and withdrawing it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.models import User
from foundation.accounts.permissions import right_missing
from foundation.accounts.requests import PersonRequest
from foundation.files.forms import FileEditForm
from foundation.files.models import File
from foundation.files.permissions import changing_refusal, has_changing_right
from foundation.files.services import StaleDescription, file_describe, file_withdraw
from foundation.files.views.places import TAB, visible_file, withdrawn_words
from foundation.ui.conflicts import EditConflict, conflict_between
from foundation.ui.form_pages import CommentForm, ConfirmPage, FormPage
from foundation.ui.structure import Crumb


def _check_may_change(user: User, file: File) -> None:
    if file.is_withdrawn:
        raise PermissionDenied(withdrawn_words(file))
    if not has_changing_right(user, file):
        raise right_missing("files.manage", file.record.unit_id)


class FileEdit(FormPage):
    """Says what a file shows in other words; who read others is shown both."""

    request: PersonRequest
    form_class = FileEditForm
    title = lazy("Say what the file shows")
    file: File

    def prepare(self) -> None:
        """Find the file and check who edits it."""
        self.file = visible_file(self.request, self.kwargs["key"])
        _check_may_change(self.request.user, self.file)
        if refusal := changing_refusal(self.request.user, self.file, self.now):
            raise PermissionDenied(refusal)

    def get_form_arguments(self) -> dict[str, Any]:
        """Fill the form from the file."""
        return {"initial": {"description": self.file.description, "version": self.file.description}}

    def get_subtitle(self) -> str:
        """Return the newest version's name."""
        return str(self.file.versions.first())

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        record = self.file.record
        return (
            Crumb(str(record), record.get_absolute_url()),
            Crumb(_("Files"), record.get_tab_url(TAB)),
            Crumb(self.get_subtitle(), self.file.get_absolute_url()),
        )

    def get_cancel_url(self) -> str:
        """Return to the file."""
        return self.file.get_absolute_url()

    def save(self, form: FileEditForm) -> str:
        """Save the words, or let both versions be shown."""
        words = form.cleaned_data
        try:
            file_describe(
                file=self.file,
                actor=self.request.user,
                now=self.now,
                description=words["description"],
                read=words["version"],
            )
        except StaleDescription as stale:
            now = stale.description
            conflict = conflict_between(form, lambda _name: now, name=self.get_subtitle(), version=now)
            raise EditConflict(conflict) from stale
        messages.success(self.request, _("Saved"))
        return self.file.get_absolute_url()


class FileWithdraw(ConfirmPage):
    """Withdraws a file, for a reason."""

    request: PersonRequest
    title = lazy("Withdraw the file")
    submit_label = lazy("Withdraw")
    file: File

    def prepare(self) -> None:
        """Find the file and check who withdraws it."""
        self.file = visible_file(self.request, self.kwargs["key"])
        _check_may_change(self.request.user, self.file)
        if refusal := changing_refusal(self.request.user, self.file, self.now, by_withdrawing=True):
            raise PermissionDenied(refusal)

    def get_form_arguments(self) -> dict[str, Any]:
        """Ask for the reason."""
        return {"needs_comment": True, "comment_label": _("Why")}

    def get_text(self) -> str:
        """Say what it means."""
        return _(
            "The file stays listed with your reason, and nobody can open it any more. Nothing is deleted."
        )

    def is_dangerous(self) -> bool:
        """Draw the button as a warning: there is no way back."""
        return True

    def get_cancel_url(self) -> str:
        """Return to the file."""
        return self.file.get_absolute_url()

    def save(self, form: CommentForm) -> str:
        """Withdraw it."""
        reason = form.cleaned_data["comment"]
        file_withdraw(file=self.file, actor=self.request.user, now=self.now, reason=reason)
        messages.success(self.request, _("File withdrawn"))
        return self.file.record.get_tab_url(TAB)
