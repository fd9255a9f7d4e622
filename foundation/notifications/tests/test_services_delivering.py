"""Delivery to a real mail server that accepts, refuses, hangs and drops."""

import socket
import ssl
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from foundation.accounts.tests.factories import OrganisationFactory, RoleGrantFactory, UserFactory
from foundation.notifications.choices import MailState, NoticeReason, NoticeState, ParkReason
from foundation.notifications.models import Mail, Notice, ParkedAddress
from foundation.notifications.services import mails_compose, mails_deliver
from foundation.notifications.services.delivering import MAX_ATTEMPTS, retry_delay
from foundation.notifications.tests.certificates import certificate_for_loopback
from foundation.notifications.tests.factories import NOW, MailFactory, NoticeFactory, RecordFactory
from foundation.notifications.tests.sink import DROP, HANG, TAKE_AND_DROP, MailSink, Phase, mail_sink
from foundation.records.choices import Confidentiality
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db


def at(phase: Phase, answer: str, *, to: str = "", times: int = 10_000) -> Callable[[Phase, str], str | None]:
    """Return a reaction: this answer in this phase, for one recipient or all, so many times."""
    left = [times]

    def react(current: Phase, recipient: str) -> str | None:
        if current != phase or to not in recipient or left[0] == 0:
            return None
        left[0] -= 1
        return answer

    return react


def test_what_is_due_is_sent_over_one_connection(sink: MailSink) -> None:
    mails = MailFactory.create_batch(5)
    later = MailFactory.create(next_attempt_at=NOW + timedelta(seconds=1))
    for state, reason in (("sent", ""), ("kept", ""), ("parked", ParkReason.CONTENT_REFUSED)):
        MailFactory.create(state=state, park_reason=reason)

    tally = mails_deliver(now=NOW)

    assert (tally.sent, tally.deferred, tally.parked, tally.server_fault) == (5, 0, 0, "")
    assert sink.recipients == [mail.address for mail in mails]
    assert set(sink.copies()) == {mail.message_id for mail in mails}
    assert sink.connections == 1
    assert sink.mails[0].sender == "portal@localhost"
    sent = Mail.objects.get(pk=mails[0].pk)
    assert (sent.state, sent.attempts, sent.last_error) == (MailState.SENT, 1, "")
    assert (sent.lease_token, sent.lease_until) == (None, None)
    assert sent.sent_at is not None
    assert NOW <= sent.sent_at < NOW + timedelta(seconds=20)
    later.refresh_from_db()
    assert later.state == MailState.QUEUED
    assert mails_deliver(now=NOW).sent == 0


def test_it_sends_batch_after_batch_until_nothing_is_left(sink: MailSink) -> None:
    MailFactory.create_batch(7)
    assert mails_deliver(now=NOW, batch=3).sent == 7
    assert sink.connections == 3


def test_it_stops_when_its_time_is_spent(sink: MailSink) -> None:
    MailFactory.create_batch(3)
    assert mails_deliver(now=NOW, batch=1, budget=timedelta(0)).sent == 0


def test_text_comes_through_dots_and_all(sink: MailSink) -> None:
    MailFactory.create(text=".\n..\nPrüfung\n.end\n", html="<p>.\n.</p>")
    mails_deliver(now=NOW)
    assert sink.mails[0].text.replace("\r\n", "\n") == ".\n..\nPrüfung\n.end\n"


def test_without_a_server_nothing_is_touched(settings: Settings) -> None:
    settings.EMAIL_URL = ""
    mail = MailFactory.create()
    assert mails_deliver(now=NOW).sent == 0
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (MailState.QUEUED, 0)


@pytest.mark.parametrize("phase", ["mail", "rcpt", "data"])
def test_not_now_is_tried_again_later_each_time_after_a_longer_wait(sink: MailSink, phase: Phase) -> None:
    mail = MailFactory.create()
    sink.react = at(phase, "450 4.2.1 Try later", times=2)
    now = NOW
    for attempts, minutes in ((1, 1), (2, 2)):
        assert mails_deliver(now=now).deferred == 1
        mail.refresh_from_db()
        assert (mail.state, mail.attempts) == (MailState.QUEUED, attempts)
        assert "4.2.1 Try later" in mail.last_error
        wait = mail.next_attempt_at - now
        assert timedelta(minutes=minutes) <= wait < timedelta(minutes=minutes, seconds=50)
        assert mails_deliver(now=now + timedelta(seconds=1), budget=timedelta(seconds=5)).sent == 0
        now = mail.next_attempt_at
    assert mails_deliver(now=now).sent == 1
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, len(sink.mails)) == (MailState.SENT, 3, 1)


def test_after_so_many_attempts_it_is_parked_with_the_last_answer(sink: MailSink) -> None:
    mail = MailFactory.create(attempts=MAX_ATTEMPTS - 1)
    sink.react = at("rcpt", "451 4.7.1 Greylisted")
    assert mails_deliver(now=NOW).parked == 1
    mail.refresh_from_db()
    assert (mail.state, mail.park_reason) == (MailState.PARKED, ParkReason.TOO_MANY_TRIES)
    assert mail.attempts == MAX_ATTEMPTS
    assert "Greylisted" in mail.last_error
    assert not ParkedAddress.objects.exists()


def test_the_waits_double_up_to_six_hours_and_last_about_three_days() -> None:
    waits = [retry_delay(attempt) for attempt in range(1, MAX_ATTEMPTS)]
    assert waits[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert max(waits) == waits[-1] == timedelta(hours=6)
    assert timedelta(days=2, hours=12) < sum(waits, timedelta()) < timedelta(days=4)
    assert retry_delay(10_000) == timedelta(hours=6)


def test_an_address_that_is_refused_is_parked_with_all_that_follows(sink: MailSink) -> None:
    first, second = MailFactory.create_batch(2, address="Gone@example.com")
    fine = MailFactory.create()
    sink.react = at("rcpt", "550 5.1.1 No such person", to="one@example.com")

    assert mails_deliver(now=NOW).parked == 2

    for mail, reason in ((first, ParkReason.ADDRESS_REFUSED), (second, ParkReason.ADDRESS_PARKED)):
        mail.refresh_from_db()
        assert (mail.state, mail.park_reason) == (MailState.PARKED, reason)
    fine.refresh_from_db()
    assert fine.state == MailState.SENT
    parked = ParkedAddress.objects.get()
    assert (parked.address, parked.parked_at.date()) == ("Gone@example.com", NOW.date())
    assert "No such person" in parked.reason
    entry = Entry.objects.get(action="notifications.address.parked")
    assert (entry.actor_id, entry.subject) == (None, "Gone@example.com")

    sink.react = lambda phase, recipient: None
    later = MailFactory.create(address="gone@EXAMPLE.com")
    assert mails_deliver(now=NOW).sent == 0
    later.refresh_from_db()
    assert later.park_reason == ParkReason.ADDRESS_PARKED
    assert sink.recipients == [fine.address]


def test_a_full_mailbox_is_not_a_wrong_address(sink: MailSink) -> None:
    MailFactory.create()
    sink.react = at("rcpt", "552 5.2.2 Mailbox full")
    assert mails_deliver(now=NOW).deferred == 1
    assert not ParkedAddress.objects.exists()


def test_content_that_is_refused_parks_this_mail_alone(sink: MailSink) -> None:
    bad = MailFactory.create(address="ida@example.com")
    MailFactory.create(address="ulf@example.com")
    sink.react = at("data", "554 5.7.1 Looks like spam", to="ida")
    tally = mails_deliver(now=NOW)
    assert (tally.sent, tally.parked) == (1, 1)
    bad.refresh_from_db()
    assert (bad.state, bad.park_reason) == (MailState.PARKED, ParkReason.CONTENT_REFUSED)
    assert "spam" in bad.last_error
    assert not ParkedAddress.objects.exists()


def expect_all_put_back(count: int, *, stuck: int = 0) -> None:
    """Check that all mails wait for the next run, and none was blamed."""
    assert Mail.objects.filter(state=MailState.QUEUED, attempts=0, lease_token=None).count() == count
    soon = NOW + timedelta(minutes=3)
    assert Mail.objects.filter(
        next_attempt_at__gt=NOW + timedelta(seconds=30), next_attempt_at__lt=soon
    ).count() == (count - stuck)
    assert not ParkedAddress.objects.exists()
    assert not Mail.objects.filter(last_error="").exists()


def test_a_server_that_is_away_is_nobodys_fault(settings: Settings) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        settings.EMAIL_URL = f"smtp://127.0.0.1:{listener.getsockname()[1]}"
    MailFactory.create_batch(3)
    tally = mails_deliver(now=NOW)
    assert tally.server_fault
    assert "refused" in tally.server_fault
    expect_all_put_back(3)


@pytest.mark.parametrize("answer", [HANG, DROP])
def test_a_server_that_never_greets_is_nobodys_fault(sink: MailSink, settings: Settings, answer: str) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    sink.react = at("connect", answer)
    MailFactory.create_batch(3)
    assert mails_deliver(now=NOW).server_fault
    expect_all_put_back(3)


@pytest.mark.parametrize("phase", ["mail", "rcpt"])
@pytest.mark.parametrize("answer", [HANG, DROP, "421 4.3.2 Going down"])
def test_a_server_that_fails_before_the_content_is_nobodys_fault_but_others_go_first(
    sink: MailSink, settings: Settings, phase: Phase, answer: str
) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    stuck = MailFactory.create(address="ida@example.com")
    MailFactory.create_batch(2)
    sink.react = at(phase, answer)
    assert mails_deliver(now=NOW).server_fault
    expect_all_put_back(3, stuck=1)
    stuck.refresh_from_db()
    assert stuck.next_attempt_at > NOW + timedelta(minutes=4)

    sink.react = at("rcpt", answer, to="ida")
    assert mails_deliver(now=NOW + timedelta(minutes=1)).sent == 2
    assert "ida@example.com" not in sink.recipients


@pytest.mark.parametrize("answer", ["550 5.7.1 You may not send", "530 5.7.0 Sign in first"])
def test_a_sender_that_is_refused_is_nobodys_fault(sink: MailSink, answer: str) -> None:
    MailFactory.create_batch(2)
    sink.react = at("mail", answer)
    assert answer[4:] in mails_deliver(now=NOW).server_fault
    expect_all_put_back(2)


def test_a_server_that_takes_few_mails_a_connection_gets_them_over_several(sink: MailSink) -> None:
    MailFactory.create_batch(5)
    count = [0]

    def react(phase: Phase, recipient: str) -> str | None:
        count[0] += phase == "mail"
        return "421 4.7.0 Too many mails" if phase == "mail" and count[0] % 3 == 0 else None

    sink.react = react
    assert mails_deliver(now=NOW).sent == 5
    assert sink.connections == 3


@pytest.mark.parametrize(("answer", "copies"), [(TAKE_AND_DROP, 2), (DROP, 1)])
def test_an_unclear_end_is_tried_again_under_the_same_message_id(
    sink: MailSink, answer: str, copies: int
) -> None:
    unclear = MailFactory.create(address="ida@example.com")
    MailFactory.create_batch(2)
    sink.react = at("data", answer, to="ida", times=1)
    assert mails_deliver(now=NOW).sent == 2
    unclear.refresh_from_db()
    assert (unclear.state, unclear.attempts) == (MailState.QUEUED, 1)
    assert mails_deliver(now=unclear.next_attempt_at).sent == 1
    assert sink.copies()[unclear.message_id] == copies
    raw = {mail.raw for mail in sink.mails if mail.recipient == "ida@example.com"}
    assert len(raw) == 1


def test_a_server_that_hangs_after_the_content_is_unclear(sink: MailSink, settings: Settings) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    MailFactory.create(address="ida@example.com")
    sink.react = at("data", HANG)
    tally = mails_deliver(now=NOW)
    assert (tally.deferred, tally.server_fault) == (1, "")


def test_a_server_that_drops_one_after_another_is_left_alone(sink: MailSink) -> None:
    MailFactory.create_batch(6)
    sink.react = at("data", DROP)
    tally = mails_deliver(now=NOW)
    assert tally.deferred == 3
    assert tally.server_fault
    assert Mail.objects.filter(state=MailState.QUEUED, attempts=0).count() == 3


def test_a_mail_that_cannot_be_built_is_parked_and_stands_in_nobodys_way(sink: MailSink) -> None:
    bad = MailFactory.create(address="nobody at all")
    MailFactory.create()
    assert mails_deliver(now=NOW).sent == 1
    bad.refresh_from_db()
    assert (bad.state, bad.park_reason) == (MailState.PARKED, ParkReason.UNBUILDABLE)
    assert "BadAddress" in bad.last_error


def test_who_left_meanwhile_gets_nothing(sink: MailSink) -> None:
    mail = MailFactory.create(recipient__is_active=False)
    mails_deliver(now=NOW)
    mail.refresh_from_db()
    assert mail.park_reason == ParkReason.RECIPIENT_GONE
    assert sink.mails == []


def test_a_mail_that_waited_is_withdrawn_when_its_reader_may_not_see_the_record_any_more(
    sink: MailSink,
) -> None:
    OrganisationFactory.create()
    analyst = UserFactory.create()
    RoleGrantFactory.create(user=analyst, role="security")
    record = RecordFactory.create(title="Now secret")
    NoticeFactory.create(
        recipient=analyst, record=record, payload={"title": "Now secret"}, dedupe_key="hidden"
    )
    NoticeFactory.create(recipient=analyst, payload={"title": "Plain matter"}, dedupe_key="plain")
    mails_compose(now=NOW)
    record.confidentiality = Confidentiality.RESTRICTED
    record.save()
    later = NOW + timedelta(hours=2)

    assert mails_deliver(now=later).sent == 0
    assert Mail.objects.get().park_reason == ParkReason.NOT_VISIBLE
    mails_compose(now=later)
    assert mails_deliver(now=later).sent == 1

    assert "Plain matter" in sink.mails[0].text
    assert "Now secret" not in sink.mails[0].text
    hidden = Notice.objects.get(dedupe_key="hidden")
    assert (hidden.state, hidden.reason) == (NoticeState.CANCELLED, NoticeReason.NOT_VISIBLE)


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Make a certificate for the loopback address that this process trusts."""
    path = certificate_for_loopback(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return context


def test_starttls_and_signing_in(settings: Settings, trusted: ssl.SSLContext) -> None:
    MailFactory.create()
    with mail_sink(starttls=trusted, login=("portal@x", "p:/@ss")) as sink:
        settings.EMAIL_URL = f"smtp+tls://portal%40x:p%3A%2F%40ss@127.0.0.1:{sink.port}"
        assert mails_deliver(now=NOW).sent == 1
    assert sink.logins == [("portal@x", "p:/@ss")]


def test_tls_from_the_start(settings: Settings, trusted: ssl.SSLContext) -> None:
    MailFactory.create()
    with mail_sink(tls=trusted) as sink:
        settings.EMAIL_URL = f"smtps://127.0.0.1:{sink.port}"
        assert mails_deliver(now=NOW).sent == 1


def test_a_wrong_password_is_nobodys_fault_and_is_not_told(
    settings: Settings, trusted: ssl.SSLContext
) -> None:
    MailFactory.create()
    with mail_sink(starttls=trusted, login=("portal", "right")) as sink:
        settings.EMAIL_URL = f"smtp+tls://portal:wr0ng@127.0.0.1:{sink.port}"
        tally = mails_deliver(now=NOW)
    assert "535" in tally.server_fault
    assert "wr0ng" not in tally.server_fault
    expect_all_put_back(1)


def test_a_certificate_that_nobody_vouches_for_is_refused(settings: Settings, tmp_path: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate_for_loopback(tmp_path))
    MailFactory.create()
    with mail_sink(tls=context) as sink:
        settings.EMAIL_URL = f"smtps://127.0.0.1:{sink.port}"
        assert "certificate" in mails_deliver(now=NOW).server_fault.lower()
    assert sink.mails == []
    expect_all_put_back(1)


def test_a_server_without_starttls_gets_nothing(sink: MailSink, settings: Settings) -> None:
    settings.EMAIL_URL = sink.url.replace("smtp://", "smtp+tls://")
    MailFactory.create()
    assert "STARTTLS" in mails_deliver(now=NOW).server_fault
    assert sink.mails == []
