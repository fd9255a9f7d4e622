"""The bell: what a person was told, what of it is read, and that nobody is told what is no longer theirs to know."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from foundation import clock
from foundation.accounts.models import User
from foundation.notifications.bell import line_of, notices_of, path_of, unread_of
from foundation.notifications.choices import NoticeReason, NoticeState
from foundation.notifications.models import MailPreference, Notice
from foundation.notifications.services import record_notices_read
from foundation.notifications.tests.factories import NOW, NoticeFactory, RecordFactory
from foundation.records.choices import Confidentiality
from foundation.records.models import Participant
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.ui.counts import count_each

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
PAGE = reverse("notifications:notice-page")
LATEST = reverse("notifications:notice-latest")


@pytest.fixture
def analyst(cast: Cast, sign_in: SignIn) -> Client:
    """Return a browser in which the analyst is signed in."""
    return sign_in(cast.analyst)


def text_of(client: Client, url: str, **headers: Any) -> str:
    answer = client.get(url, headers=headers)
    assert answer.status_code == 200
    return str(answer.content.decode())


class TestPage:
    def test_it_shows_what_was_told_and_counts_what_is_unread(self, analyst: Client, cast: Cast) -> None:
        NoticeFactory.create(
            recipient=cast.analyst, payload={"title": "Card data audit", "reference": "AUD-0001"}
        )
        NoticeFactory.create(recipient=cast.analyst, payload={"title": "Read long ago"}, read_at=NOW)
        NoticeFactory.create(recipient=cast.auditor, payload={"title": "Of another"})
        analyst.get(PAGE)
        with assert_queries("notice-page"):
            text = text_of(analyst, PAGE)
        assert "Card data audit" in text
        assert "AUD-0001" in text
        assert "Read long ago" in text
        assert "Of another" not in text
        assert "Notifications: 1 unread" in text

    def test_it_filters_by_kind_and_by_what_is_read(self, analyst: Client, cast: Cast) -> None:
        NoticeFactory.create(recipient=cast.analyst, payload={"title": "Probe one"})
        NoticeFactory.create(
            recipient=cast.analyst, kind="probe.escalation", payload={"title": "Late two"}, read_at=NOW
        )
        assert "Late two" not in text_of(analyst, f"{PAGE}?kind=probe.reminder")
        assert "Probe one" not in text_of(analyst, f"{PAGE}?read=yes")
        text = text_of(analyst, f"{PAGE}?read=no")
        assert "Probe one" in text
        assert "Late two" not in text
        assert "was left out" in text_of(analyst, f"{PAGE}?kind=nonsense&read=perhaps")

    def test_whoever_was_told_nothing_reads_what_will_come(self, analyst: Client) -> None:
        text = text_of(analyst, PAGE)
        assert "Nothing was told you yet" in text
        assert "Notifications: none unread" in text

    def test_what_was_written_late_was_told_late(self, cast: Cast) -> None:
        late = NoticeFactory.create(recipient=cast.analyst, send_after=NOW - timedelta(days=2))
        early = NoticeFactory.create(recipient=cast.analyst, send_after=NOW + timedelta(hours=2))
        now = NOW + timedelta(days=1)
        assert line_of(late, now=now).at == NOW
        assert line_of(early, now=now).at == NOW + timedelta(hours=2)

    def test_the_latest_stand_under_the_bell(self, analyst: Client, cast: Cast) -> None:
        for number in range(10):
            NoticeFactory.create(recipient=cast.analyst, payload={"title": f"Title {number}"})
        analyst.get(PAGE)
        with assert_queries("notice-latest"):
            text = text_of(analyst, LATEST, HX_Request="true")
        assert "Title 9" in text
        assert "Title 2" in text
        assert "Title 1<" not in text
        assert analyst.get(LATEST).headers["Location"] == PAGE


def unread(person: User) -> int:
    """What stands beside the bell."""
    return count_each([unread_of(person, clock.now())])[0]


class TestShown:
    def test_what_is_not_due_or_was_called_off_is_not_shown(self, cast: Cast) -> None:
        shown = NoticeFactory.create(recipient=cast.analyst, state=NoticeState.MAILED)
        NoticeFactory.create(recipient=cast.analyst, send_after=NOW + timedelta(seconds=1))
        NoticeFactory.create(
            recipient=cast.analyst, state=NoticeState.CANCELLED, reason=NoticeReason.CALLED_OFF
        )
        NoticeFactory.create(recipient=cast.analyst, state=NoticeState.PARKED, reason=NoticeReason.FAILED)
        assert list(notices_of(cast.analyst, now=NOW)) == [shown]

    def test_restricted_records_vanish_with_the_part_in_them(self, analyst: Client, cast: Cast) -> None:
        record = RecordFactory.create(unit=cast.units.root, confidentiality=Confidentiality.RESTRICTED)
        part = Participant.objects.create(record=record, user=cast.analyst, role="probe")
        notice = NoticeFactory.create(
            recipient=cast.analyst, record=record, payload={"title": "Secret inquiry", "path": "/trail/"}
        )
        assert "Secret inquiry" in text_of(analyst, PAGE)
        part.delete()
        for url, headers in ((PAGE, {}), (LATEST, {"HX_Request": "true"})):
            text = text_of(analyst, url, **headers)
            assert "Secret inquiry" not in text
            assert record.title not in text
        assert unread(cast.analyst) == 0
        assert analyst.get(reverse("notifications:notice-open", args=[notice.pk])).status_code == 404
        assert analyst.post(reverse("notifications:notice-read", args=[notice.pk])).status_code == 404

    def test_who_may_know_of_all_records_is_told_of_them_as_well(self, cast: Cast) -> None:
        about = NoticeFactory.create(recipient=cast.ciso, record=RecordFactory.create(unit=cast.units.root))
        of_none = NoticeFactory.create(recipient=cast.ciso)
        assert set(notices_of(cast.ciso, now=NOW)) == {about, of_none}

    def test_a_kind_is_not_shown_to_who_wants_none_of_it_unless_it_calls_for_action(self, cast: Cast) -> None:
        for kind in ("probe.news", "probe.reminder"):
            MailPreference.objects.create(user=cast.analyst, kind=kind, in_app=False)
            NoticeFactory.create(recipient=cast.analyst, kind=kind)
            NoticeFactory.create(recipient=cast.auditor, kind=kind)
        assert [one.kind for one in notices_of(cast.analyst, now=NOW)] == ["probe.reminder"]
        assert notices_of(cast.auditor, now=NOW).count() == 2

    @pytest.mark.parametrize(
        "payload",
        [
            [],
            "words",
            {"title": 5, "sentence": None, "due_on": "2026-02-31", "path": "https://example.com/"},
            {"title": "", "due_at": "2026-01-01T00:00", "path": "//example.com"},
        ],
    )
    def test_faulty_content_stands_in_nobodys_way(self, analyst: Client, cast: Cast, payload: Any) -> None:
        notice = NoticeFactory.create(recipient=cast.analyst, payload=payload)
        assert "Probes" in text_of(analyst, PAGE)
        assert line_of(notice, now=NOW).title == "Probes"
        assert path_of(notice) == ""
        answer = analyst.get(reverse("notifications:notice-open", args=[notice.pk]))
        assert answer.headers["Location"] == PAGE


class TestReading:
    def test_opening_a_notice_marks_it_read_and_leads_on(self, analyst: Client, cast: Cast) -> None:
        notice = NoticeFactory.create(recipient=cast.analyst, payload={"title": "T", "path": "/audits/?q=1"})
        answer = analyst.get(reverse("notifications:notice-open", args=[notice.pk]))
        assert answer.headers["Location"] == "/audits/?q=1"
        notice.refresh_from_db()
        assert notice.read_at is not None

    def test_marking_one_read_goes_back_to_the_list_as_it_was(self, analyst: Client, cast: Cast) -> None:
        notice, other = NoticeFactory.create_batch(2, recipient=cast.analyst)
        url = reverse("notifications:notice-read", args=[notice.pk])
        answer = analyst.post(url, {"query": "read=no&next=//example.com"})
        assert answer.headers["Location"] == f"{PAGE}?read=no&next=%2F%2Fexample.com"
        assert list(notices_of(cast.analyst, now=clock.now()).filter(read_at=None)) == [other]
        assert unread(cast.analyst) == 1

    def test_marking_all_read_leaves_what_came_later_and_what_is_of_others(
        self, analyst: Client, cast: Cast
    ) -> None:
        seen = NoticeFactory.create_batch(3, recipient=cast.analyst)
        others = NoticeFactory.create(recipient=cast.auditor)
        later = NoticeFactory.create(recipient=cast.analyst)
        analyst.post(reverse("notifications:notice-read-all"), {"up_to": str(seen[-1].pk)})
        assert set(Notice.objects.filter(read_at__isnull=True)) == {others, later}

    @pytest.mark.parametrize("up_to", ["", "-1", "x", "9" * 30, "²", "1e5"])
    def test_marking_all_read_bears_any_number(self, analyst: Client, cast: Cast, up_to: str) -> None:
        NoticeFactory.create(recipient=cast.analyst)
        assert analyst.post(reverse("notifications:notice-read-all"), {"up_to": up_to}).status_code == 302
        assert unread(cast.analyst) == 1

    def test_looking_at_a_record_reads_what_was_told_of_it(self, cast: Cast) -> None:
        record = RecordFactory.create(unit=cast.units.root)
        told = NoticeFactory.create(recipient=cast.analyst, record=record)
        coming = NoticeFactory.create(
            recipient=cast.analyst, record=record, send_after=NOW + timedelta(days=1)
        )
        of_another = NoticeFactory.create(recipient=cast.auditor, record=record)
        elsewhere = NoticeFactory.create(recipient=cast.analyst)
        record_notices_read(record=record, user=cast.analyst, now=NOW)
        assert set(Notice.objects.filter(read_at__isnull=True)) == {coming, of_another, elsewhere}
        assert Notice.objects.get(pk=told.pk).read_at == NOW
