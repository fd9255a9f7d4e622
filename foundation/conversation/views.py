"""Pages of the conversation: to say something about a record, to find it again, to follow."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import right_missing
from foundation.accounts.requests import PersonRequest
from foundation.conversation.forms import CommentEditForm, CommentForm, WithdrawForm
from foundation.conversation.mentions import Mentioned
from foundation.conversation.models import Comment
from foundation.conversation.permissions import (
    VIEW_WITHDRAWN,
    WITHDRAW,
    WRITE,
    can_comment,
    can_edit,
    can_read_words,
    can_withdraw,
)
from foundation.conversation.selectors import people_to_mention, versions_of
from foundation.conversation.services import (
    StaleComment,
    comment_add,
    comment_edit,
    comment_withdraw,
    follow_set,
)
from foundation.conversation.tabs import ACTIVITY, comment_place, draft_name
from foundation.records.models import Record
from foundation.records.pages import visible_record
from foundation.ui.form_pages import ConfirmPage, FormPage
from foundation.ui.pages import Page
from foundation.ui.structure import Crumb

CONFLICT = 409


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
        self.record = visible_record(self.request, self.kwargs["reference"])
        if not can_comment(self.request.user, self.record):
            raise right_missing(WRITE, self.record.unit_id)

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
        return {
            "draft": draft_name(self.record, self.request.user),
            "people_url": reverse("conversation:people", args=[self.record.reference]),
        }

    def save(self, form: CommentForm) -> str:
        """Say it, and go to where it stands."""
        comment, mentioned = comment_add(
            record=self.record,
            author=self.request.user,
            text=form.cleaned_data["text"],
            key=form.cleaned_data["submission"],
            now=self.now,
        )
        warn_of_unknown(self.request, mentioned)
        return comment_place(comment, self.request.user)


class CommentPage(Page):
    """Leads to a comment, wherever it stands in the activity by now."""

    request: PersonRequest

    def get(self, request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Go there."""
        return redirect(comment_place(visible_comment(request, kwargs["pk"]), request.user))


class CommentEditPage(FormPage):
    """Says a comment in other words; who read others is shown both."""

    request: PersonRequest
    form_class = CommentEditForm
    title = lazy("Edit the comment")
    template_name = "conversation/comment_edit.html"
    comment: Comment
    stale: Comment | None = None

    def prepare(self) -> None:
        """Find the comment, and check that it is the reader's own."""
        self.comment = visible_comment(self.request, self.kwargs["pk"])
        if not can_edit(self.request.user, self.comment):
            raise PermissionDenied(_("A comment is edited by who wrote it, until it is withdrawn."))

    def get_form_arguments(self) -> dict[str, Any]:
        """Fill the form from the comment."""
        return {"initial": {"text": self.comment.text, "revision": self.comment.revision}}

    def get_subtitle(self) -> str:
        """Return the record."""
        return str(self.comment.record)

    def get_cancel_url(self) -> str:
        """Return to the comment."""
        return self.comment.get_absolute_url()

    def get_extra_context(self) -> dict[str, Any]:
        """Return what the comment says by now, where that is not what was read."""
        people_url = reverse("conversation:people", args=[self.comment.record.reference])
        return {"people_url": people_url, "stale": self.stale}

    def save(self, form: CommentEditForm) -> str:
        """Say it in other words, and go to where it stands."""
        comment, mentioned = comment_edit(
            comment=self.comment,
            text=form.cleaned_data["text"],
            actor=self.request.user,
            revision=form.cleaned_data["revision"],
            now=self.now,
        )
        warn_of_unknown(self.request, mentioned)
        return comment.get_absolute_url()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the form and go on, or show it again with what is wrong."""
        try:
            return super().post(request, *args, **kwargs)
        except StaleComment as stale:
            self.stale = stale.comment
        sent = request.POST.copy()
        sent["revision"] = str(self.stale.revision)
        return self.show(self.form_class(sent), status=CONFLICT)


class CommentWithdrawPage(ConfirmPage):
    """Takes a comment back."""

    request: PersonRequest
    form_class = WithdrawForm
    title = lazy("Withdraw the comment?")
    submit_label = lazy("Withdraw")
    comment: Comment

    def prepare(self) -> None:
        """Find the comment, and check that the reader may withdraw it."""
        self.comment = visible_comment(self.request, self.kwargs["pk"])
        if not can_withdraw(self.request.user, self.comment):
            if self.comment.withdrawn_at:
                raise PermissionDenied(_("This comment was withdrawn."))
            raise right_missing(WITHDRAW, self.comment.record.unit_id)

    def get_form_arguments(self) -> dict[str, Any]:
        """Ask for a reason from whoever withdraws what somebody else wrote."""
        return {"needs_reason": self.comment.author_id != self.request.user.pk}

    def get_text(self) -> str:
        """Say what it means."""
        return _(
            "Its place will say who withdrew it, when and why. The words are kept as evidence, for its author and for "
            "who has the right to read them."
        )

    def is_dangerous(self) -> bool:
        """Draw the button as a warning."""
        return True

    def get_cancel_url(self) -> str:
        """Return to the comment."""
        return self.comment.get_absolute_url()

    def save(self, form: WithdrawForm) -> str:
        """Take it back."""
        comment_withdraw(
            comment=self.comment,
            actor=self.request.user,
            reason=form.cleaned_data["reason"],
            now=self.now,
        )
        return self.comment.get_absolute_url()


class CommentVersionsPage(Page):
    """All that a comment said, newest first, each with the SHA-256 that the trail keeps of it."""

    request: PersonRequest

    def get(self, request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show them to who may read them."""
        comment = visible_comment(request, kwargs["pk"])
        if not can_read_words(request.user, comment):
            raise right_missing(VIEW_WITHDRAWN, comment.record.unit_id)
        context = {
            "title": _("Versions of a comment"),
            "subtitle": comment.record,
            "crumbs": [
                Crumb(comment.record.reference, comment.record.get_absolute_url()),
                Crumb(_("Comment"), comment.get_absolute_url()),
                Crumb(_("Versions")),
            ],
            "now": self.now,
            "comment": comment,
            "versions": versions_of(comment),
        }
        return render(request, "conversation/comment_versions.html", context)


class FollowPage(Page):
    """Follows a record, or no longer does."""

    request: PersonRequest

    def post(self, request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep the reader's wish."""
        record = visible_record(request, kwargs["reference"])
        follow_set(record=record, user=request.user, follows=bool(request.POST.get("follows")), now=self.now)
        return redirect(record.get_tab_url(ACTIVITY))


class PeoplePage(Page):
    """Suggests whom a comment may mention, while the name is being typed."""

    request: PersonRequest

    def get(self, request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return some of those who may see the record."""
        people = people_to_mention(
            request.GET.get("q", ""),
            record=visible_record(request, kwargs["reference"]),
            author=request.user,
            on=organisation_day(self.now),
        )
        return JsonResponse({"items": [asdict(person) for person in people]})


def visible_comment(request: PersonRequest, pk: int) -> Comment:
    """Return a comment on a record that the reader may see."""
    comments = Comment.objects.filter(record__in=Record.objects.visible_to(request.user))
    return get_object_or_404(comments.select_related("record__unit", "author", "withdrawn_by"), pk=pk)


def warn_of_unknown(request: PersonRequest, mentioned: Mentioned) -> None:
    """Say which words after an @ told nobody."""
    if mentioned.unknown:
        names = get_text_list([f"“@{name}”" for name in dict.fromkeys(mentioned.unknown)][:5], _("and"))
        messages.warning(
            request,
            _(
                "%(names)s: nobody who may see this goes by that name alone, so nobody was told. Mention people by "
                "their full name or their e-mail address."
            )
            % {"names": names},
        )
