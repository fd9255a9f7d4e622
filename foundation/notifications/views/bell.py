"""What a person was told: the latest under the bell, all of it on a page, and what of it is read."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from foundation import clock
from foundation.accounts.permissions import person_of
from foundation.notifications.bell import LATEST, BellLine, line_of, notices_of, path_of
from foundation.notifications.models import Notice
from foundation.notifications.services import notice_read, notices_read_all
from foundation.registry import NoticeKind, registry
from foundation.ui.columns import Column, QuickFilter
from foundation.ui.components import Badge, Icon, Tone, When
from foundation.ui.filters import ChoiceFilter, FilterSet
from foundation.ui.lists import ListPage
from foundation.ui.pages import Page
from foundation.ui.structure import Action, EmptyState

LONGEST_NUMBER = 18  # digits of what fits into a key
READ, UNREAD = "yes", "no"


def kind_choices() -> list[tuple[str, str]]:
    """Return the kinds of notice by what they are called."""
    return sorted(((kind.key, str(kind.label)) for kind in registry.all(NoticeKind)), key=lambda one: one[1])


class NoticeFilters(FilterSet):
    """By kind, and whether it is read."""

    kind = ChoiceFilter(choices=kind_choices, label=gettext_lazy("Kind"))
    read = ChoiceFilter(
        choices=[(UNREAD, gettext_lazy("Unread")), (READ, gettext_lazy("Read"))],
        label=gettext_lazy("Read"),
        method="by_read",
    )

    def by_read(self, notices: QuerySet[Notice], name: str, value: str) -> QuerySet[Notice]:
        """Keep what is read, or what is not."""
        return notices.filter(read_at__isnull=value == UNREAD)


class NoticePage(ListPage):
    """All that a person was told, the latest first."""

    title = gettext_lazy("Notifications")
    rows_label = gettext_lazy("Notifications")
    filterset_class = NoticeFilters
    quick_filters = (
        QuickFilter(gettext_lazy("All"), {}),
        QuickFilter(gettext_lazy("Unread"), {"read": UNREAD}),
    )
    columns = (
        Column("title", gettext_lazy("What"), is_title=True),
        Column("kind", gettext_lazy("Kind")),
        Column("told", gettext_lazy("When"), order=("pk",)),
        Column("state", gettext_lazy("State")),
    )
    default_sort = "-told"

    def get_rows(self) -> QuerySet[Notice]:
        """Return what the reader may still know of."""
        return notices_of(person_of(self.request), now=self.now).select_related("record")

    def get_actions(self) -> list[Action]:
        """Lead to the preferences, and mark all read that stands here now."""
        preferences = Action(_("Preferences"), reverse("notifications:preferences"), icon="settings")
        unread = self.get_rows().filter(read_at__isnull=True).order_by("-pk")
        latest = unread.values_list("pk", flat=True).first()
        if latest is None:
            return [preferences]
        url = reverse("notifications:notice-read-all")
        return [
            preferences,
            Action(_("Mark all read"), url, icon="checks", posts=True, fields={"up_to": latest}),
        ]

    def get_empty_state(self) -> EmptyState:
        """Say what will stand here."""
        return EmptyState(
            _("Nothing was told you yet"),
            _("Reminders, approvals and what else concerns you appear here and come by e-mail."),
            icon="bell",
        )

    def prepare_rows(self, rows: list[Any]) -> list[Any]:
        """Put the notices into words."""
        return [(notice, line_of(notice, now=self.now)) for notice in rows]

    def cell_title(self, row: tuple[Notice, BellLine]) -> SafeString:
        """Link to what it is about; what it says stands below."""
        _notice, line = row
        words = [word for word in (line.reference, line.sentence, line.due) if word]
        return format_html(
            '{}<a class="{}" href="{}">{}</a><span class="cell-note">{}</span>',
            Icon(line.icon, css="notice-icon"),
            "notice-link" if line.is_read else "notice-link is-unread",
            line.url,
            line.title,
            " · ".join(words),
        )

    def cell_kind(self, row: tuple[Notice, BellLine]) -> Any:
        """Name the kind."""
        kind = registry.find(NoticeKind, row[0].kind)
        return kind.label if kind else ""

    def cell_told(self, row: tuple[Notice, BellLine]) -> When:
        """Say since when it stands here."""
        return When(row[1].at, self.now)

    def cell_state(self, row: tuple[Notice, BellLine]) -> Any:
        """Say whether it is read, and offer to mark it read where it is not."""
        notice, line = row
        if line.is_read:
            return Badge(_("Read"), Tone.NEUTRAL)
        return format_html(
            '<form class="notice-state" method="post" action="{}">{}'
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<input type="hidden" name="query" value="{}"><button class="btn btn-sm">{}'
            '<span class="visually-hidden">: {}</span></button></form>',
            reverse("notifications:notice-read", args=[notice.pk]),
            Badge(_("Unread"), Tone.INFO, dot=True),
            get_token(self.request),
            self.request.GET.urlencode(),
            _("Mark read"),
            line.title,
        )


class LatestNotices(Page):
    """What stands under the bell."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the latest notices as a part of a page; whoever comes without a page gets the list."""
        if not request.headers.get("HX-Request"):
            return redirect("notifications:notice-page")
        found = notices_of(person_of(request), now=self.now).select_related("record").order_by("-pk")[:LATEST]
        lines = [line_of(notice, now=self.now) for notice in found]
        return render(request, "notifications/_latest.html", {"lines": lines, "now": self.now})


class OpenNotice(Page):
    """The way from a notice to what it is about."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mark a notice of the reader's own read, and go where it leads; nowhere leads back to the page of notices."""
        notice = get_object_or_404(
            notices_of(person_of(request), now=self.now).select_related("record"), pk=pk
        )
        notice_read(notice=notice, now=self.now)
        return HttpResponseRedirect(path_of(notice) or reverse("notifications:notice-page"))


@require_POST
def mark_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice of the reader's own read, and go back to where it stood."""
    now = clock.now()
    notice = get_object_or_404(notices_of(person_of(request), now=now).select_related("record"), pk=pk)
    notice_read(notice=notice, now=now)
    return _back(request)


@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    """Mark read what stood on the page that was sent."""
    asked = request.POST.get("up_to", "")
    up_to = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_NUMBER else 0
    notices_read_all(user=person_of(request), up_to=up_to, now=clock.now())
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """Return to the page of notices as it was filtered."""
    query = QueryDict(request.POST.get("query", "")[:500]).urlencode()
    return HttpResponseRedirect(f"{reverse('notifications:notice-page')}{f'?{query}' if query else ''}")
