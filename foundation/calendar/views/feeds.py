"""Calendar feeds: a person's own, and what a calendar program reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from foundation import clock
from foundation.accounts.confirmation import show_first
from foundation.accounts.models import User
from foundation.accounts.organisation import base_url, current_organisation
from foundation.accounts.permissions import person_of
from foundation.accounts.services import token_digest
from foundation.calendar.forms import FeedForm
from foundation.calendar.ical import CONTENT_TYPE, feed_tag, feed_text
from foundation.calendar.models import CalendarFeed
from foundation.calendar.selectors import feed_dates, feed_of_token, feeds_of
from foundation.calendar.services import feed_make, feed_note_use, feed_renew, feed_revoke
from foundation.ui.columns import Column, Table
from foundation.ui.components import Link, Listing, When
from foundation.ui.errors import Gone, found_or_gone
from foundation.ui.form_pages import ConfirmPage, FormPage
from foundation.ui.limits import limit_check, sender_of
from foundation.ui.pages import Page
from foundation.ui.structure import Action, Crumb, EmptyState

# A whole office may share one address; a program asks for its feed a few times an hour.
MOST_OF_SENDER = 600
MOST_OF_FEED = 30
A_MINUTE = 60


@require_safe
@login_not_required
def feed_read(request: HttpRequest, token: str) -> HttpResponse:
    """Return a feed to the program that knows its token; whoever else is signed in here does not matter.

    A token that is unknown or revoked, or whose person's account is closed, is not found, whichever of these it is.
    """
    now = clock.now()
    limit_check(
        what="feeds-of-sender", key=sender_of(request), most=MOST_OF_SENDER, seconds=A_MINUTE, now=now
    )
    limit_check(what="feed", key=token_digest(token), most=MOST_OF_FEED, seconds=A_MINUTE, now=now)
    feed, organisation = feed_of_token(token), current_organisation()
    if feed is None or organisation is None:
        raise Http404
    language = feed.user.language
    with translation.override(language if translation.check_for_language(language) else None):
        dates = feed_dates(feed, now=now)
        tag = feed_tag(feed, dates, organisation)
        response = get_conditional_response(request, etag=tag)
        if response is None:
            response = HttpResponse(feed_text(feed, dates, organisation), content_type=CONTENT_TYPE)
            response.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    feed_note_use(feed=feed, now=now)
    return response


class FeedPage(FormPage):
    """What the pages of a person's own feeds have in common."""

    @property
    def actor(self) -> User:
        """Return who is signed in."""
        return person_of(self.request)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (
            Crumb(_("Calendar"), reverse("calendar:calendar")),
            Crumb(_("Calendar feeds"), reverse("calendar:feed-list")),
            Crumb(self.get_title()),
        )

    def get_cancel_url(self) -> str:
        """Return to the feeds."""
        return reverse("calendar:feed-list")

    def show_address(self, token: str) -> HttpResponse:
        """Return the page with the feed's address: made and shown now, kept nowhere."""
        path = reverse("calendar:feed-read", args=[token])
        address = f"{base_url()}{path}" if base_url() else self.request.build_absolute_uri(path)
        context = {
            "title": _("The address of your feed"),
            "crumbs": self.get_crumbs(),
            "address": address,
            "subscribe_url": f"webcal://{address.partition('://')[2]}",
            "done_url": self.get_cancel_url(),
        }
        return render(self.request, "calendar/feed_address.html", context)


class FeedCreate(FeedPage):
    """Makes a feed and shows its address, once."""

    form_class = FeedForm
    title = lazy("New calendar feed")
    submit_label = lazy("Make the feed")

    def get_subtitle(self) -> str:
        """Say what it is for."""
        return _("An address from which your calendar program reads your dates.")

    def save(self, form: FeedForm) -> str:
        """Ask who it is, make the feed, and return its token: whoever has that reads on without signing in."""
        show_first(self.request)
        return feed_make(user=self.actor, now=self.now, **form.cleaned_data)

    def go_on(self, token: str) -> HttpResponse:
        """Show the address."""
        return self.show_address(token)


class OwnFeedPage(FeedPage, ConfirmPage):
    """A page about one of the reader's feeds that work."""

    form_class = forms.Form
    feed: CalendarFeed

    def prepare(self) -> None:
        """Find the feed."""
        gone = Gone(_("This feed was revoked, or it is not yours."), way_on=reverse("calendar:feed-list"))
        self.feed = found_or_gone(feeds_of(self.actor), gone, pk=self.kwargs["pk"])


class FeedRenew(OwnFeedPage):
    """Gives a feed another address and shows it, once."""

    title = lazy("Renew the address")
    submit_label = lazy("Renew the address")

    def get_text(self) -> str:
        """Say what it means."""
        return _(
            "“%(name)s” gets another address, which you put into your calendar program. The one it has stops working at once."
        ) % {"name": self.feed.name}

    def save(self, form: forms.Form) -> str:
        """Ask who it is, renew the address, and return the new token."""
        show_first(self.request)
        return feed_renew(feed=self.feed, now=self.now)

    def go_on(self, token: str) -> HttpResponse:
        """Show the address."""
        return self.show_address(token)


class FeedRevoke(OwnFeedPage):
    """Lets a feed work no more."""

    title = lazy("Revoke the feed")
    submit_label = lazy("Revoke the feed")

    def get_text(self) -> str:
        """Say what it means."""
        return _("Whatever reads “%(name)s” gets no more dates from it, for good.") % {"name": self.feed.name}

    def is_dangerous(self) -> bool:
        """Warn."""
        return True

    def save(self, form: forms.Form) -> str:
        """Revoke it."""
        feed_revoke(feed=self.feed, now=self.now)
        messages.success(self.request, _("Feed “%(name)s” revoked") % {"name": self.feed.name})
        return self.get_cancel_url()


class FeedList(Page):
    """A person's own feeds."""

    columns = (
        Column("name", lazy("Name"), is_title=True),
        Column("covers", lazy("Holds")),
        Column("made", lazy("Made")),
        Column("used", lazy("Last read")),
        Column("steps", lazy("Change"), at_end=True),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        rows = [self._row(feed) for feed in feeds_of(person_of(request))]
        title = _("Calendar feeds")
        make = Action(_("New feed"), reverse("calendar:feed-create"), icon="plus", primary=True)
        context = {
            "title": title,
            "subtitle": _("Addresses from which your calendar programs read your dates"),
            "crumbs": [Crumb(_("Calendar"), reverse("calendar:calendar")), Crumb(title)],
            "actions": [make] if rows else [],
            "table": Table(title, self.columns, rows) if rows else None,
            "empty": EmptyState(
                _("No feeds"),
                _(
                    "Make one, and put its address into Outlook, Google Calendar, Apple Calendar or another program."
                ),
                "calendar-repeat",
                (make,),
            ),
        }
        return render(request, "calendar/feed_list.html", context)

    def _row(self, feed: CalendarFeed) -> list[Any]:
        steps = (
            Link(_("Renew the address"), reverse("calendar:feed-renew", args=[feed.pk])),
            Link(_("Revoke"), reverse("calendar:feed-revoke", args=[feed.pk])),
        )
        return [
            feed.name,
            feed.get_covers_display(),
            When(feed.renewed_at or feed.created_at, self.now),
            When(feed.last_used_at, self.now) if feed.last_used_at else _("not yet"),
            Listing(steps, " · "),
        ]
