"""Workers that deliver side by side, end in the middle, or lose the database: each mail once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from pytest_django import Settings

from foundation.notifications.choices import MailState, ParkReason
from foundation.notifications.models import Mail
from foundation.notifications.services import mails_deliver
from foundation.notifications.services.delivering import MAX_ATTEMPTS
from foundation.notifications.tests.factories import NOW, MailFactory
from foundation.notifications.tests.sink import MailSink, Phase
from foundation.testing.races import elsewhere, together

pytestmark = pytest.mark.django_db


def test_a_worker_that_is_asked_to_end_finishes_the_mail_in_hand_and_gives_the_others_back(
    sink: MailSink,
) -> None:
    MailFactory.create_batch(5)
    assert mails_deliver(now=NOW, stopping=lambda: len(sink.mails) == 2).sent == 2
    assert Mail.objects.filter(state=MailState.QUEUED, attempts=0, lease_token=None).count() == 3
    assert mails_deliver(now=NOW + timedelta(seconds=5)).sent == 3
    assert set(sink.copies().values()) == {1}


def test_a_lease_keeps_others_away_until_it_ends(sink: MailSink) -> None:
    mail = MailFactory.create(
        state=MailState.SENDING,
        lease_token=uuid4(),
        lease_until=NOW + timedelta(minutes=5),
        next_attempt_at=NOW + timedelta(minutes=5),
    )
    assert mails_deliver(now=NOW + timedelta(minutes=4)).sent == 0
    assert mails_deliver(now=NOW + timedelta(minutes=5)).sent == 1
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (MailState.SENT, 2), "the attempt of the worker that ended counts"


def test_a_mail_that_ends_every_worker_is_parked_at_last(sink: MailSink) -> None:
    MailFactory.create(
        state=MailState.SENDING, lease_token=uuid4(), lease_until=NOW, attempts=MAX_ATTEMPTS - 1
    )
    assert mails_deliver(now=NOW).parked == 1
    assert Mail.objects.get().park_reason == ParkReason.TOO_MANY_TRIES


@pytest.mark.django_db(transaction=True)
def test_who_lost_the_lease_does_not_send(sink: MailSink, settings: Settings) -> None:
    settings.MAIL_LEASE_SECONDS = 0.0  # so each mail's lease is renewed before it is sent
    mine, taken = MailFactory.create_batch(2)
    elsewhere_until = NOW + timedelta(minutes=5)

    def react(phase: Phase, recipient: str) -> str | None:
        if phase == "data" and recipient == mine.address:
            other_lease = {"lease_token": uuid4(), "next_attempt_at": elsewhere_until}
            elsewhere(lambda: Mail.objects.filter(pk=taken.pk).update(**other_lease)).result(15)
        return None

    sink.react = react
    assert mails_deliver(now=NOW).sent == 1
    assert sink.recipients == [mine.address]
    taken.refresh_from_db()
    assert (taken.state, taken.next_attempt_at) == (MailState.SENDING, elsewhere_until)


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_mail_once(sink: MailSink) -> None:
    MailFactory.create_batch(40)
    first, second = together(*[lambda: mails_deliver(now=NOW, batch=5)] * 2)
    assert first.sent + second.sent == 40
    assert set(sink.copies().values()) == {1}
    assert len(sink.mails) == 40


@pytest.mark.django_db(transaction=True)
def test_an_answer_outlives_a_broken_connection_to_the_database(sink: MailSink) -> None:
    MailFactory.create_batch(3)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()

    def end_backend() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [backend])

    def react(phase: Phase, recipient: str) -> str | None:
        if phase == "data" and len(sink.mails) == 1:
            elsewhere(end_backend).result(15)
        return None

    sink.react = react
    assert mails_deliver(now=NOW).sent == 3
    assert set(sink.copies().values()) == {1}
    assert set(Mail.objects.values_list("state", "attempts")) == {(MailState.SENT, 1)}
