"""Pages of the conversation: to say something about a record, to find it again, to follow."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import refusal_reason
from foundation.accounts.requests import PersonRequest
from foundation.conversation.forms import CommentForm
from foundation.conversation.mentions import Mentioned
from foundation.conversation.models import Comment
from foundation.conversation.permissions import WRITE, can_comment
from foundation.conversation.selectors import people_to_mention
from foundation.conversation.services import comment_add, follow_set
from foundation.conversation.tabs import ACTIVITY, comment_place, draft_name
from foundation.records.models import Record
from foundation.ui.form_pages import FormPage
from foundation.ui.pages import Page
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
        self.record = visible_record(self.request, self.kwargs["reference"])
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


def visible_record(request: PersonRequest, reference: str) -> Record:
    """Return a record, of those that the reader may see."""
    visible = Record.objects.visible_to(request.user).select_related("unit")
    found: Record = get_object_or_404(visible, reference=reference)
    return found


def visible_comment(request: PersonRequest, pk: int) -> Comment:
    """Return a comment on a record that the reader may see."""
    comments = Comment.objects.filter(record__in=Record.objects.visible_to(request.user))
    return get_object_or_404(comments.select_related("record__unit", "author"), pk=pk)


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
