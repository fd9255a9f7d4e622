"""Pages of the conversation: to say something about a record."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.permissions import refusal_reason
from foundation.accounts.requests import PersonRequest
from foundation.conversation.forms import CommentForm
from foundation.conversation.permissions import WRITE, can_comment
from foundation.conversation.services import comment_add
from foundation.conversation.tabs import ACTIVITY, comment_url, draft_name
from foundation.records.models import Record
from foundation.ui.form_pages import FormPage
from foundation.ui.structure import Crumb


class CommentCreatePage(FormPage):
    """Says something about a record: what the tab's form is sent to, and a page of its own where that was refused."""

    request: PersonRequest
    form_class = CommentForm
    title = lazy("Comment")
    submit_label = lazy("Comment")
    template_name = "conversation/comment_form.html"
    record: Record

    def prepare(self) -> None:
        """Find the record, of those that the reader may see, and check that they may comment on it."""
        visible = Record.objects.visible_to(self.request.user)
        self.record = get_object_or_404(visible, reference=self.kwargs["reference"])
        if not can_comment(self.request.user, self.record):
            raise PermissionDenied(refusal_reason(WRITE))

    def get_subtitle(self) -> str:
        """Return the record."""
        return str(self.record)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path to the record."""
        return (Crumb(self.record.reference, self.record.get_absolute_url()), Crumb(self.title))

    def get_cancel_url(self) -> str:
        """Return to the activity."""
        return self.record.get_tab_url(ACTIVITY)

    def get_extra_context(self) -> dict[str, Any]:
        """Return what a draft is kept under."""
        return {"draft": draft_name(self.record, self.request.user)}

    def save(self, form: CommentForm) -> str:
        """Say it, and go to where it stands."""
        comment = comment_add(
            record=self.record,
            author=self.request.user,
            text=form.cleaned_data["text"],
            key=form.cleaned_data["submission"],
            now=self.now,
        )
        return comment_url(comment)
