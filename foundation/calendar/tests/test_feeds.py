"""Feeds: what calendar programs read, and who may read it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Component

from audits.models import Audit
from audits.services import audit_change
from audits.tests.factories import audit_make
from foundation import clock
from foundation.accounts.services import organisation_change, token_digest
from foundation.calendar.models import CalendarFeed
from foundation.calendar.selectors import feeds as feed_selectors
from foundation.calendar.services import MOST_FEEDS, feed_make, feed_revoke
from foundation.deadlines.models import Deadline
from foundation.deadlines.services import deadline_close, deadline_set
from foundation.records.choices import Confidentiality
from foundation.records.models import Participant, Record
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.testing.sign_in import client_of
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
START = TODAY + timedelta(days=40)

Make = Callable[..., str]


@pytest.fixture
def token(cast: Cast) -> str:
    return feed_make(user=cast.ciso, name="Phone", covers="all", now=timezone.now())


def read(token: str, **headers: str) -> Any:
    return Client().get(reverse("calendar:feed-read", args=[token]), headers=headers)


def events_of(token: str) -> dict[str, Component]:
    """Return the events of a feed by their summaries."""
    response = read(token)
    assert response.status_code == 200
    return {str(event["summary"]): event for event in Calendar.from_ical(response.content).walk("VEVENT")}


def make_feed(client: Client, **data: str) -> str:
    """Make a feed through its page, and return the token in the address shown."""
    response = client.post("/calendar/feeds/new/", {"name": "Phone", "covers": "mine", **data})
    found = re.search(r"/calendar/feed/([\w-]{43})/", response.content.decode())
    assert found
    return found[1]


def move(audit: Audit, cast: Cast, starts_on: date) -> None:
    audit.refresh_from_db()
    audit_change(
        audit=audit,
        changes={"starts_on": starts_on},
        actor=cast.analyst,
        now=timezone.now() + timedelta(minutes=1),
        version=audit.version,
    )


class TestWhatItSays:
    def test_a_whole_day_is_an_event_of_that_day(self, cast: Cast, token: str) -> None:
        audit = audit_make(cast, title="Gateway review", starts_on=START)
        event = events_of(token)[f"Fieldwork starts: {audit.reference} Gateway review"]
        assert event.decoded("dtstart") == START
        assert event.decoded("dtend") == START + timedelta(days=1)
        assert "Odile Brandt" in event["description"]
        assert str(event["transp"]) == "TRANSPARENT"
        assert event["url"].endswith(audit.get_absolute_url())

    def test_an_instant_is_given_in_utc(self, cast: Cast, token: str) -> None:
        due_at = datetime(TODAY.year + 1, 6, 1, 9, 30, tzinfo=UTC)
        audit = audit_make(cast, title="Gateway review", starts_on=START)
        deadline_set(
            record=audit,
            kind="audits.report",
            key="x",
            assignee=cast.auditor,
            due_at=due_at,
            now=timezone.now(),
        )
        text = read(token).content.decode()
        assert f"DTSTART:{due_at:%Y%m%dT%H%M%SZ}" in text

    @pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles", "Europe/Lisbon"])
    def test_a_whole_day_is_the_same_in_every_zone_of_the_organisation(
        self, cast: Cast, token: str, zone: str
    ) -> None:
        organisation_change(changes={"time_zone": zone}, actor=cast.administrator, now=timezone.now())
        audit_make(cast, title="Gateway review", starts_on=START)
        days = {event.decoded("dtstart") for event in events_of(token).values()}
        assert START in days
        assert all(type(day) is date for day in days)

    def test_what_is_restricted_says_nothing_but_that_it_is(self, cast: Cast, token: str) -> None:
        audit = audit_make(
            cast, title="Quiet matter", starts_on=START, confidentiality=Confidentiality.RESTRICTED
        )
        text = read(token).content.decode()
        assert f"SUMMARY:Restricted record {audit.reference} due" in text
        assert "CLASS:CONFIDENTIAL" in text
        for word in ("Quiet", "Odile", "Fieldwork", "Payments"):
            assert word not in text

    def test_titles_cannot_break_out_of_their_line(self, cast: Cast, token: str) -> None:
        title = "a;b,c\\n\nEND:VEVENT\r\nBEGIN:VALARM\x85 Überprüfung 監査 " + "x" * 120
        audit = audit_make(cast, starts_on=START)
        Record.objects.filter(pk=audit.pk).update(title=title)
        response = read(token)
        calendar = Calendar.from_ical(response.content)
        assert not calendar.walk("VALARM")
        assert len(calendar.walk("VEVENT")) == Deadline.objects.filter(record_id=audit.pk).count()
        assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
        assert b"\n" not in response.content.replace(b"\r\n", b"")

    def test_it_is_what_programs_expect(self, cast: Cast, token: str) -> None:
        """RFC 5545 §3.6: what is required. Then what Outlook, Google and Apple look at."""
        audit_make(cast, starts_on=START)
        response = read(token)
        assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
        calendar = Calendar.from_ical(response.content)
        assert (str(calendar["version"]), str(calendar["calscale"])) == ("2.0", "GREGORIAN")
        assert calendar["prodid"]
        assert str(calendar["method"]) == "PUBLISH"
        assert str(calendar["x-wr-calname"]) == str(calendar["name"]) == f"{cast.organisation.name}: Phone"
        assert str(calendar["x-wr-timezone"]) == cast.organisation.time_zone
        assert str(calendar["x-published-ttl"]) == "PT1H"
        assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in response.content
        events = calendar.walk("VEVENT")
        assert len({str(event["uid"]) for event in events}) == len(events) == 5
        for event in events:
            assert not event.subcomponents
            assert event.decoded("dtstamp").tzinfo is not None
            assert str(event["x-microsoft-cdo-busystatus"]) == "FREE"
        assert not calendar.errors
        assert b"VALARM" not in response.content

    def test_an_empty_feed_is_a_calendar_too(self, cast: Cast, token: str) -> None:
        assert Calendar.from_ical(read(token).content).walk("VEVENT") == []


class TestWhatFollowsAChange:
    def test_a_moved_date_is_the_same_event_in_a_later_version(self, cast: Cast, token: str) -> None:
        audit = audit_make(cast, title="Gateway review", starts_on=START)
        summary = f"Fieldwork starts: {audit.reference} Gateway review"
        before = events_of(token)[summary]
        move(audit, cast, START + timedelta(days=2))
        after = events_of(token)[summary]
        assert after["uid"] == before["uid"]
        assert after.decoded("dtstart") == START + timedelta(days=2)
        assert int(after["sequence"]) == int(before["sequence"]) + 1
        assert after.decoded("last-modified") > before.decoded("last-modified")

    def test_what_was_met_goes_and_comes_back_when_it_is_open_again(self, cast: Cast, token: str) -> None:
        audit = audit_make(cast, title="Gateway review", starts_on=START)
        summary = f"Report due: {audit.reference} Gateway review"
        before = events_of(token)[summary]
        deadline_close(record=audit, kind="audits.report", now=timezone.now())
        assert summary not in events_of(token)
        deadline_set(
            record=audit,
            kind="audits.report",
            assignee=cast.auditor,
            due_on=audit.report_due_on,
            now=timezone.now(),
        )
        after = events_of(token)[summary]
        assert after["uid"] == before["uid"]
        assert int(after["sequence"]) > int(before["sequence"])

    def test_nothing_is_sent_twice(self, cast: Cast, token: str) -> None:
        audit = audit_make(cast, starts_on=START)
        first = read(token)
        tag = first.headers["ETag"]
        again = read(token, if_none_match=tag)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == tag
        assert read(token).content == first.content
        Record.objects.filter(pk=audit.pk).update(title="Another title")
        changed = read(token, if_none_match=tag)
        assert changed.status_code == 200
        assert "Another title" in changed.content.decode().replace("\r\n ", "")


class TestWhatItHolds:
    def test_mine_is_what_is_assigned_to_me_or_i_own_or_take_part_in(self, cast: Cast) -> None:
        mine = audit_make(cast, title="Owned", starts_on=START)
        audit_make(cast, title="Foreign", owner=cast.ciso, starts_on=START)
        part = audit_make(cast, title="Part", owner=cast.ciso, starts_on=START)
        Participant.objects.create(record=part, user=cast.analyst, role="audits.auditee")
        token = feed_make(user=cast.analyst, name="Phone", covers="mine", now=timezone.now())
        text = " ".join(events_of(token))
        assert mine.reference in text
        assert "Part" in text
        assert "Foreign" not in text

    def test_it_holds_what_its_person_may_see_at_that_moment(self, cast: Cast) -> None:
        audit = audit_make(
            cast, title="Quiet matter", starts_on=START, confidentiality=Confidentiality.RESTRICTED
        )
        audit_make(cast, title="Retail matter", unit=cast.units.retail, starts_on=START)
        token = feed_make(user=cast.unit_lead, name="Phone", covers="all", now=timezone.now())
        assert events_of(token) == {}
        part = Participant.objects.create(record=audit, user=cast.unit_lead, role="audits.auditee")
        assert set(events_of(token)) == {f"Restricted record {audit.reference} due"}
        part.delete()
        assert events_of(token) == {}

    def test_it_has_an_end(self, cast: Cast, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(feed_selectors, "MOST_COMING", 3)
        monkeypatch.setattr(feed_selectors, "MOST_PAST", 2)
        audit = audit_make(cast, starts_on=START)
        Deadline.objects.all().delete()
        for days in (-400, -30, -20, -10, 1, 2, 3, 4, 800):
            deadline_set(
                record=audit,
                kind="audits.start",
                key=f"{days}",
                assignee=cast.auditor,
                due_on=TODAY + timedelta(days=days),
                now=timezone.now(),
            )
        events = Calendar.from_ical(read(token).content).walk("VEVENT")
        assert [(event.decoded("dtstart") - TODAY).days for event in events] == [-20, -10, 1, 2, 3]

    def test_it_speaks_the_language_of_its_person_and_asks_few_queries(self, cast: Cast, token: str) -> None:
        cast.ciso.language = "xx"  # one that the portal has no more
        cast.ciso.save()
        audit_make(cast, starts_on=START)
        with assert_queries("feed"):
            assert read(token).status_code == 200


class TestItsAddress:
    def test_it_is_shown_once_and_kept_nowhere(self, cast: Cast, client: Client) -> None:
        client = client_of(cast.personnel)
        token = make_feed(client)
        assert read(token).status_code == 200
        assert token not in client.get("/calendar/feeds/").content.decode()
        feed = CalendarFeed.objects.get()
        assert feed.digest == token_digest(token)
        assert token not in str([vars(row) for row in (*Entry.objects.all(), feed)])

    def test_it_says_when_it_was_read_but_does_not_write_each_time(self, cast: Cast, client: Client) -> None:
        client = client_of(cast.personnel)
        token = make_feed(client)
        assert "not yet" in client.get("/calendar/feeds/").content.decode()
        read(token)
        first = CalendarFeed.objects.get().last_used_at
        read(token)
        assert CalendarFeed.objects.get().last_used_at == first
        assert "not yet" not in client.get("/calendar/feeds/").content.decode()

    def test_unknown_revoked_renewed_and_closed_are_the_same(self, cast: Cast, client: Client) -> None:
        client = client_of(cast.personnel)
        revoked, renewed, closed = (make_feed(client, name=name) for name in ("A", "B", "C"))
        feeds = {feed.name: feed for feed in CalendarFeed.objects.all()}
        client.post(reverse("calendar:feed-revoke", args=[feeds["A"].pk]))
        response = client.post(reverse("calendar:feed-renew", args=[feeds["B"].pk]))
        fresh = re.search(r"/calendar/feed/([\w-]{43})/", response.content.decode())
        assert fresh
        assert read(fresh[1]).status_code == 200
        assert read(closed).status_code == 200
        cast.personnel.is_active = False
        cast.personnel.save()
        tried = ("x" * 43, "0", "\u202e", "../etc", revoked, renewed, closed, fresh[1])
        answers = [read(token.replace("/", "")) for token in tried]
        assert {answer.status_code for answer in answers} == {404}
        bodies = {re.sub(r'nonce="[^"]+"', "", answer.content.decode()) for answer in answers}
        assert len(bodies) == 1

    def test_it_needs_and_makes_no_session(self, cast: Cast, token: str) -> None:
        response = read(token)
        assert not response.cookies
        assert response.headers["Cache-Control"] == "private, no-cache"
        assert response.headers["X-Content-Type-Options"] == "nosniff"

    def test_who_is_signed_in_does_not_matter(self, cast: Cast, client: Client) -> None:
        audit_make(cast, title="Gateway review", starts_on=START)
        token = feed_make(user=cast.outsider, name="Phone", covers="all", now=timezone.now())
        client = client_of(cast.ciso)
        response = client.get(reverse("calendar:feed-read", args=[token]))
        assert b"VEVENT" not in response.content

    def test_it_can_be_asked_for_only_so_often(self, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
        now = timezone.now()
        monkeypatch.setattr(clock, "now", lambda: now)
        answers = [read(token).status_code for _ in range(31)]
        assert answers == [200] * 30 + [429]
        answers = [read("unknown").status_code for _ in range(31)]
        assert answers == [404] * 30 + [429]
        assert 0 < int(read(token).headers["Retry-After"]) <= 60

    def test_one_sender_asks_only_so_often(self, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
        now = timezone.now()
        monkeypatch.setattr(clock, "now", lambda: now)
        monkeypatch.setattr("foundation.calendar.views.feeds.MOST_OF_SENDER", 2)
        guesses = [read(f"guess-{number}").status_code for number in range(3)]
        assert guesses == [404, 404, 429]
        assert read(token).status_code == 429
        there = Client(REMOTE_ADDR="198.51.100.9").get(reverse("calendar:feed-read", args=[token]))
        assert there.status_code == 200

    def test_feeds_of_others_are_not_found(self, cast: Cast, client: Client, token: str) -> None:
        feed = CalendarFeed.objects.get()
        client = client_of(cast.administrator)
        for step in ("renew", "revoke"):
            assert client.post(reverse(f"calendar:feed-{step}", args=[feed.pk])).status_code == 404
        assert "Phone" not in client.get("/calendar/feeds/").content.decode()
        assert read(token).status_code == 200

    def test_there_is_an_end_to_feeds(self, cast: Cast, client: Client) -> None:
        client = client_of(cast.personnel)
        for number in range(MOST_FEEDS):
            make_feed(client, name=f"Feed {number}")
        response = client.post("/calendar/feeds/new/", {"name": "One more", "covers": "mine"})
        assert response.status_code == 422
        assert "One more" in response.content.decode()
        feed_revoke(feed=CalendarFeed.objects.first(), now=timezone.now())
        make_feed(client)

    @pytest.mark.parametrize(
        "data", [{"name": ""}, {"name": "x" * 61}, {"name": "a\x00"}, {"covers": "everything"}]
    )
    def test_what_makes_no_feed_is_told(self, cast: Cast, client: Client, data: dict[str, str]) -> None:
        client = client_of(cast.personnel)
        response = client.post("/calendar/feeds/new/", {"name": "Phone", "covers": "mine", **data})
        assert response.status_code == 422
        assert not CalendarFeed.objects.exists()

    def test_the_trail_knows(self, cast: Cast, client: Client) -> None:
        client = client_of(cast.personnel)
        make_feed(client)
        feed = CalendarFeed.objects.get()
        client.post(reverse("calendar:feed-renew", args=[feed.pk]))
        client.post(reverse("calendar:feed-revoke", args=[feed.pk]))
        entries = Entry.objects.filter(action__startswith="calendar.feed.").order_by("pk")
        assert [(entry.action.rpartition(".")[2], entry.subject) for entry in entries] == [
            ("made", "Phone"),
            ("renewed", "Phone"),
            ("revoked", "Phone"),
        ]
        assert client.post(reverse("calendar:feed-revoke", args=[feed.pk])).status_code == 404


def test_links_need_a_base_url(cast: Cast, token: str) -> None:
    audit_make(cast, starts_on=START)
    organisation_change(changes={"base_url": ""}, actor=cast.administrator, now=timezone.now())
    assert b"URL:" not in read(token).content
