"""The tab with a record's activity, on the page of every record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.requests import PersonRequest
from foundation.conversation.choices import Show
from foundation.conversation.cursor import Cursor
from foundation.conversation.forms import CommentForm
from foundation.conversation.models import Comment
from foundation.conversation.permissions import can_comment
from foundation.conversation.selectors import activity_of, is_following
from foundation.records.models import Record
from foundation.ui.structure import Action, Tab

ACTIVITY = "activity"
SHOW, BEFORE = "show", "before"


def activity_context(*, record: Record, request: PersonRequest, now: datetime) -> Mapping[str, Any]:
    """Return what the tab shows: a form for who may comment, and a part of the activity."""
    asked = request.GET.get(SHOW, "")
    show = Show(asked) if asked in Show.values else Show.ALL
    before = request.GET.get(BEFORE, "")
    activity = activity_of(record, request.user, show=show, since=Cursor.parse(before))
    tab_url = record.get_tab_url(ACTIVITY)
    chosen = {SHOW: show.value} if show else {}
    return {
        "comment_form": CommentForm() if can_comment(request.user, record) else None,
        "comment_form_url": reverse("conversation:comment-create", args=[record.reference]),
        "people_url": reverse("conversation:people", args=[record.reference]),
        "follow_actions": [_follow_action(record, request.user)],
        "draft": draft_name(record, request.user),
        "activity": activity,
        "shows": [
            Tab(one.label, f"{tab_url}?{SHOW}={one.value}" if one else tab_url, one is show) for one in Show
        ],
        "older_url": _url(tab_url, {**chosen, BEFORE: str(activity.older)}) if activity.older else "",
        "newest_url": _url(tab_url, chosen) if before else "",
    }


def _follow_action(record: Record, reader: User) -> Action:
    """Return the button by which the reader follows a record, or no longer does."""
    follows = is_following(reader, record)
    return Action(
        label=_("Unfollow") if follows else _("Follow"),
        url=reverse("conversation:follow", args=[record.reference]),
        icon="eye-off" if follows else "eye",
        posts=True,
        fields={"follows": "" if follows else "1"},
    )


def comment_place(comment: Comment, reader: User) -> str:
    """Return where a comment stands on its record's page: in the newest part, or among the older comments."""
    newest = activity_of(comment.record, reader).happenings
    if any(one.comment and one.comment.id == comment.pk for one in newest):
        return f"{comment.record.get_tab_url(ACTIVITY)}#comment-{comment.pk}"
    return comment_url(comment)


def comment_url(comment: Comment) -> str:
    """Return where a comment stands among the comments of its record, whatever was said since. No query."""
    return comment_url_on(comment.record.get_absolute_url(), comment.pk)


def comment_url_on(record_url: str, comment_pk: int) -> str:
    """Return the same for a comment by its key, on the record with this page."""
    from_it_on = {SHOW: Show.COMMENTS.value, BEFORE: str(Cursor(comment=comment_pk + 1))}
    return f"{_url(f'{record_url}{ACTIVITY}/', from_it_on)}#comment-{comment_pk}"


def draft_name(record: Record, user: User) -> str:
    """Return what the browser keeps an unsent comment under: one for each person and record."""
    return f"comment:{user.pk}:{record.pk}"


def _url(path: str, parameters: Mapping[str, str]) -> str:
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    return f"{path}?{query}" if query else path
