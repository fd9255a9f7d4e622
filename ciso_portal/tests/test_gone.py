"""What is gone meanwhile: whoever has it still on screen is told, with a way on, and learns nothing of others' things."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from audits.tests.factories import NOW, audit_make
from foundation.calendar.choices import Covers
from foundation.calendar.models import CalendarFeed
from foundation.calendar.services import feed_make, feed_revoke
from foundation.conversation.services import comment_add, comment_withdraw
from foundation.deadlines.models import Deadline
from foundation.deadlines.services import deadline_close
from foundation.files.services import file_withdraw
from foundation.files.tests.contents import file_make
from foundation.links.relations import Direction
from foundation.links.services import link_add, link_remove
from foundation.lists.models import ListExport
from foundation.lists.services import export_request, view_save
from foundation.registry import RelationKind, registry
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
LIST = "audits:audit-list"


def told(browser: Client, url: str, words: str, way_on: str = "", status: int = 404) -> None:
    for answer in (browser.get(url), browser.post(url)):
        assert answer.status_code == status
        assert words in answer.text
        assert f'href="{way_on}"' in answer.text


def test_a_saved_view(cast: Cast, sign_in: SignIn) -> None:
    view = view_save(actor=cast.analyst, list_key=LIST, name="Late", query="late=on")
    urls = [reverse(f"lists:view-{step}", args=[view.pk]) for step in ("edit", "remove")]
    theirs = [sign_in(cast.ciso).get(url).text for url in urls]
    browser = sign_in(cast.analyst)
    assert browser.post(urls[1]).status_code == 302
    for url, their in zip(urls, theirs, strict=True):
        told(browser, url, "This saved view was removed, or it is not yours.", reverse("lists:view-list"))
        assert browser.get(url).text == their


def test_a_feed(cast: Cast, sign_in: SignIn) -> None:
    feed_make(user=cast.analyst, name="Mine", covers=Covers.MINE, now=NOW)
    feed = CalendarFeed.objects.get()
    feed_revoke(feed=feed, now=NOW)
    browser = sign_in(cast.analyst)
    for step in ("renew", "revoke"):
        url = reverse(f"calendar:feed-{step}", args=[feed.pk])
        told(browser, url, "This feed was revoked, or it is not yours.", reverse("calendar:feed-list"))


def test_a_file_of_a_list(cast: Cast, sign_in: SignIn) -> None:
    export = export_request(
        actor=cast.analyst,
        list_key=LIST,
        query="",
        title="Audits",
        file_name="audits.csv",
        fmt="csv",
        now=NOW,
    )
    browser = sign_in(cast.analyst)
    page = reverse("lists:export", args=[export.pk])
    early = browser.get(reverse("lists:export-file", args=[export.pk]))
    assert early.status_code == 404
    assert "it is not written yet, or was stopped" in early.text
    assert f'href="{page}"' in early.text
    ListExport.objects.all().delete()
    gone = browser.get(page)
    assert gone.status_code == 404
    assert "Files of lists are kept for eight hours" in gone.text


def test_a_link(cast: Cast, sign_in: SignIn) -> None:
    one, two = audit_make(cast), audit_make(cast)
    direction = Direction(registry.get(RelationKind, "relates"), is_back=False)
    link = link_add(record=one, other=two, direction=direction, actor=cast.analyst, now=NOW)
    link_remove(link=link, actor=cast.ciso, now=NOW)
    url = reverse("links:link-remove", args=[one.reference, link.pk])
    told(sign_in(cast.analyst), url, "This link was removed meanwhile.", one.get_tab_url("links"))


def test_a_date_whose_reminders_are_put_off(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    date = Deadline.objects.filter(record=audit, kind="audits.start").get()
    deadline_close(record=audit, kind=date.kind, now=NOW)
    url = reverse("deadlines:deadline-snooze", args=[date.pk])
    told(sign_in(date.assignee), url, "This date is closed by now", audit.get_absolute_url())


def test_a_file(cast: Cast, sign_in: SignIn) -> None:
    file = file_make(audit_make(cast), cast.analyst)
    file_withdraw(file=file, actor=cast.ciso, now=NOW, reason="The wrong one")
    browser = sign_in(cast.analyst)
    words = f"This file was withdrawn by {cast.ciso.full_name}: “The wrong one”"
    for step in ("edit", "withdraw"):
        told(browser, reverse(f"files:file-{step}", args=[file.key]), words, "/", 403)


def test_a_comment(cast: Cast, sign_in: SignIn) -> None:
    given: dict[str, Any] = {"record": audit_make(cast), "author": cast.analyst, "now": NOW}
    comment, _mentioned = comment_add(text="Too early", key=UUID(int=1), **given)
    comment_withdraw(comment=comment, actor=cast.analyst, reason="", now=NOW)
    browser = sign_in(cast.analyst)
    leads_to = browser.get(reverse("conversation:comment-detail", args=[comment.pk]), follow=True)
    assert "withdrew" in leads_to.text
    told(
        browser,
        reverse("conversation:comment-withdraw", args=[comment.pk]),
        "This comment was withdrawn.",
        "/",
        403,
    )
