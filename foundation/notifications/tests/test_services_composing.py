"""From notices to mails: who gets one, when, and what becomes of each notice."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.template.loader import render_to_string
from pytest_django import DjangoAssertNumQueries, Settings

from foundation.accounts.models import User
from foundation.accounts.tests.factories import OrganisationFactory, RoleGrantFactory, UserFactory
from foundation.notifications import content
from foundation.notifications.choices import MailState, NoticeReason, NoticeState, Rhythm
from foundation.notifications.models import Mail, MailPreference, Notice
from foundation.notifications.services import mails_compose, notices_cancel
from foundation.notifications.tests.factories import NOW, NoticeFactory, RecordFactory
from foundation.records.choices import Confidentiality
from foundation.testing.races import elsewhere, together, wait_until_blocked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _server(settings: Settings) -> None:
    OrganisationFactory.create()
    settings.EMAIL_URL = "smtp://mail.example.com"


def payload(title: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "sentence": "Report due", **more}


def states() -> dict[str, tuple[str, str]]:
    return {
        key: (state, reason)
        for key, state, reason in Notice.objects.values_list("dedupe_key", "state", "reason")
    }


def test_all_that_is_due_for_a_person_is_one_mail() -> None:
    user = UserFactory.create(email="ida@example.com")
    notices = [NoticeFactory.create(recipient=user, payload=payload(f"Audit {n}")) for n in range(3)]
    later = NoticeFactory.create(recipient=user, send_after=NOW + timedelta(seconds=1))
    other = NoticeFactory.create()

    assert mails_compose(now=NOW) == 2

    mail = Mail.objects.get(recipient=user)
    assert (mail.address, mail.state, mail.next_attempt_at, mail.attempts) == (
        "ida@example.com",
        MailState.QUEUED,
        NOW,
        0,
    )
    assert set(mail.notices.all()) == set(notices)
    assert all(f"Audit {n}" in mail.text and f"Audit {n}" in mail.html for n in range(3))
    assert set(Notice.objects.filter(state=NoticeState.MAILED)) == {*notices, other}
    later.refresh_from_db()
    assert later.state == NoticeState.PENDING
    assert mails_compose(now=NOW) == 0


def test_many_people_in_several_batches_get_a_mail_each() -> None:
    for _ in range(7):
        NoticeFactory.create()
    assert mails_compose(now=NOW, batch=3) == 7
    assert Mail.objects.values("recipient").distinct().count() == 7


def test_the_digest_waits_for_its_hour_and_is_not_lost_when_nothing_ran_then() -> None:
    user = UserFactory.create(time_zone="Asia/Tokyo")  # 9 hours ahead: seven o'clock is 22:00 UTC
    MailPreference.objects.create(user=user, kind="probe.reminder", rhythm=Rhythm.DAILY)
    for hours in (0, 3, 6):
        NoticeFactory.create(recipient=user, send_after=NOW + timedelta(hours=hours))
    assert mails_compose(now=NOW + timedelta(hours=12)) == 0
    assert mails_compose(now=NOW + timedelta(hours=20)) == 1, (
        "beat was away at the hour: goes at the next run"
    )
    assert Mail.objects.get().notices.count() == 3


def test_a_digest_takes_in_what_became_due_at_its_own_hour() -> None:
    user = UserFactory.create(time_zone="Europe/Lisbon")
    MailPreference.objects.create(user=user, kind="probe.reminder", rhythm=Rhythm.DAILY)
    seven = NOW.replace(hour=7, minute=0)
    NoticeFactory.create(recipient=user, send_after=seven, created_at=seven + timedelta(seconds=20))
    assert mails_compose(now=seven + timedelta(seconds=30)) == 1


def test_an_escalation_goes_at_once_and_leaves_the_rest_to_the_digest() -> None:
    user = UserFactory.create()
    for kind in ("probe.reminder", "probe.escalation"):
        MailPreference.objects.create(user=user, kind=kind, rhythm=Rhythm.DAILY)
    waits = NoticeFactory.create(recipient=user)
    NoticeFactory.create(recipient=user, kind="probe.escalation", payload=payload("Late audit"))
    assert mails_compose(now=NOW) == 1
    assert Mail.objects.get().notices.get().kind == "probe.escalation"
    waits.refresh_from_db()
    assert waits.state == NoticeState.PENDING


def test_of_one_matter_only_the_latest_is_told() -> None:
    user = UserFactory.create()
    for days, key in ((3, "a"), (2, "b"), (1, "c")):
        NoticeFactory.create(
            recipient=user,
            dedupe_key=key,
            thread="deadline:1",
            send_after=NOW - timedelta(days=days),
            payload=payload("Audit", sentence=f"Rung {key}"),
        )
    NoticeFactory.create(recipient=user, dedupe_key="d", thread="deadline:2", payload=payload("Other"))

    mails_compose(now=NOW)

    mail = Mail.objects.get()
    assert "Rung c" in mail.text
    assert "Rung a" not in mail.text
    assert "Rung b" not in mail.text
    assert states() == {
        "a": (NoticeState.CANCELLED, NoticeReason.SUPERSEDED),
        "b": (NoticeState.CANCELLED, NoticeReason.SUPERSEDED),
        "c": (NoticeState.MAILED, ""),
        "d": (NoticeState.MAILED, ""),
    }
    assert mail.notices.count() == 4, "the mail stands for those that it replaced"


def test_who_is_no_longer_active_gets_nothing() -> None:
    notice = NoticeFactory.create(recipient__is_active=False)
    assert mails_compose(now=NOW) == 0
    notice.refresh_from_db()
    assert (notice.state, notice.reason) == (NoticeState.CANCELLED, NoticeReason.RECIPIENT_GONE)


def test_who_may_not_see_the_record_is_not_told_of_it() -> None:
    record = RecordFactory.create(confidentiality=Confidentiality.RESTRICTED, title="Secret matter")
    analyst = UserFactory.create()
    RoleGrantFactory.create(user=analyst, role="security")
    NoticeFactory.create(recipient=record.owner, record=record, dedupe_key="owner")
    NoticeFactory.create(recipient=analyst, record=record, dedupe_key="analyst")
    NoticeFactory.create(recipient=analyst, dedupe_key="analyst, of something else")

    assert mails_compose(now=NOW) == 2

    assert states() == {
        "owner": (NoticeState.MAILED, ""),
        "analyst": (NoticeState.CANCELLED, NoticeReason.NOT_VISIBLE),
        "analyst, of something else": (NoticeState.MAILED, ""),
    }


def test_a_mail_about_a_restricted_record_says_so_of_itself_and_not_in_its_subject() -> None:
    record = RecordFactory.create(confidentiality=Confidentiality.RESTRICTED, title="Secret matter")
    NoticeFactory.create(
        recipient=record.owner, record=record, payload=payload("Secret matter", reference="INC-1")
    )
    mails_compose(now=NOW)
    mail = Mail.objects.get()
    assert mail.restricted
    assert "Secret matter" in mail.text
    assert "Secret" not in mail.subject
    assert "INC-1" not in mail.subject


POISON: list[Any] = [
    ["not", "a", "mapping"],
    "text",
    {},
    {"title": 7},
    {"title": "\u202e\u0007"},
    {"title": "A", "due_at": "tomorrow"},
    {"title": "A", "due_at": "2026-11-27T10:00:00"},
    {"title": "A", "due_at": "2026-99-27T10:00:00+00:00"},
    {"title": "A", "due_on": "2026-02-30"},
    {"title": "A", "path": "//evil.example.com/"},
    {"title": "A", "path": "@evil.example.com/"},
    {"title": "A", "path": "/a b"},
    {"title": "A", "sentence": {"nested": True}},
]


@pytest.mark.parametrize("poison", POISON)
def test_a_notice_that_cannot_be_told_is_parked_and_stands_in_nobodys_way(poison: Any) -> None:
    user = UserFactory.create()
    bad = NoticeFactory.create(recipient=user, payload=poison)
    NoticeFactory.create(recipient=user, payload=payload("Good"))
    NoticeFactory.create()
    assert mails_compose(now=NOW) == 2
    bad.refresh_from_db()
    assert (bad.state, bad.reason) == (NoticeState.PARKED, NoticeReason.FAILED)
    assert bad.detail
    assert "Good" in Mail.objects.get(recipient=user).text


def test_a_latest_notice_that_cannot_be_told_does_not_take_the_earlier_one_with_it() -> None:
    user = UserFactory.create()
    NoticeFactory.create(
        recipient=user,
        dedupe_key="a",
        thread="t",
        send_after=NOW - timedelta(days=1),
        payload=payload("Fine"),
    )
    NoticeFactory.create(recipient=user, dedupe_key="b", thread="t", payload={})
    mails_compose(now=NOW)
    assert mails_compose(now=NOW + timedelta(minutes=1)) == 1
    assert states() == {"a": (NoticeState.MAILED, ""), "b": (NoticeState.PARKED, NoticeReason.FAILED)}


def test_a_mail_that_cannot_be_written_is_parked_and_stands_in_nobodys_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write = render_to_string

    def fail_for_ida(template: str, context: dict[str, Any]) -> str:
        if context["reader"] == "Ida":
            raise ZeroDivisionError("a fault in a template")
        return write(template, context)

    monkeypatch.setattr(content, "render_to_string", fail_for_ida)
    NoticeFactory.create(recipient__full_name="Ida", dedupe_key="ida")
    NoticeFactory.create(dedupe_key="other")
    assert mails_compose(now=NOW) == 1
    assert states() == {"ida": (NoticeState.PARKED, NoticeReason.FAILED), "other": (NoticeState.MAILED, "")}
    assert "ZeroDivisionError" in Notice.objects.get(dedupe_key="ida").detail


def test_without_a_mail_server_mails_are_kept(settings: Settings) -> None:
    settings.EMAIL_URL = ""
    NoticeFactory.create()
    mails_compose(now=NOW)
    assert Mail.objects.get().state == MailState.KEPT


def test_the_message_id_follows_from_what_the_mail_carries(settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "CISO Portal <portal@mail.example.org>"
    NoticeFactory.create()
    with pytest.raises(RuntimeError, match="undo"), transaction.atomic():
        mails_compose(now=NOW)
        first = Mail.objects.get().message_id
        raise RuntimeError("undo")
    assert not Mail.objects.exists()
    mails_compose(now=NOW + timedelta(hours=1))
    mail = Mail.objects.get()
    assert mail.message_id == first
    assert mail.message_id.endswith("@mail.example.org>")


def test_it_is_written_in_the_readers_language_and_zone() -> None:
    user = UserFactory.create(language="de", time_zone="Asia/Tokyo")
    due = payload("Audit", due_at="2026-11-27T20:00:00+00:00")
    NoticeFactory.create(recipient=user, payload=due)
    NoticeFactory.create(recipient__language="xx-unknown", recipient__email="uma@example.com", payload=due)
    mails_compose(now=NOW)
    german = Mail.objects.get(recipient=user)
    assert "Samstag" in german.text
    assert "05:00" in german.text
    assert "Asia/Tokyo" in german.text or "JST" in german.text
    assert "Friday" in Mail.objects.get(address="uma@example.com").text


def test_the_cost_does_not_grow_with_people(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(20):
        record = RecordFactory.create()
        NoticeFactory.create(recipient=record.owner, record=record)
    mails_compose(now=NOW - timedelta(days=1))  # reads the organisation, which is kept
    with django_assert_num_queries(18):
        assert mails_compose(now=NOW) == 20


@pytest.mark.django_db(transaction=True)
def test_two_composers_write_each_mail_once() -> None:
    for _ in range(30):
        user = UserFactory.create()
        for _ in range(3):
            NoticeFactory.create(recipient=user)
    composed = together(*[lambda: mails_compose(now=NOW, batch=4)] * 2)
    assert sum(composed) + mails_compose(now=NOW) == 30
    assert Mail.objects.values("recipient").distinct().count() == Mail.objects.count() == 30
    assert not Notice.objects.exclude(state=NoticeState.MAILED).exists()


@pytest.mark.django_db(transaction=True)
def test_who_is_just_being_changed_waits_for_the_next_run_and_blocks_nobody() -> None:
    busy, free = NoticeFactory.create(), NoticeFactory.create()
    with transaction.atomic():
        User.objects.filter(pk=busy.recipient_id).update(is_active=False)
        assert elsewhere(lambda: mails_compose(now=NOW)).result(15) == 1
    assert Mail.objects.get().recipient_id == free.recipient_id
    assert mails_compose(now=NOW) == 0
    busy.refresh_from_db()
    assert busy.state == NoticeState.CANCELLED


@pytest.mark.django_db(transaction=True)
def test_calling_off_waits_for_a_mail_that_is_being_composed() -> None:
    record = RecordFactory.create()
    NoticeFactory.create(recipient=record.owner, record=record)
    with transaction.atomic():
        assert mails_compose(now=NOW) == 1
        cancelling = elsewhere(lambda: notices_cancel(record_id=record.pk))
        wait_until_blocked()
    assert cancelling.result(15) == 0
    assert Notice.objects.get().state == NoticeState.MAILED
