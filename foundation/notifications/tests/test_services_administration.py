"""What an administrator can do about stuck mails, and what stays stuck for good reason."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from pytest_django import Settings

from foundation.accounts.tests.factories import UserFactory
from foundation.notifications.choices import MailState, NoticeReason, NoticeState, ParkReason
from foundation.notifications.models import Mail, Notice, ParkedAddress
from foundation.notifications.selectors import Unsent, mail_counts, unsent_mails
from foundation.notifications.services import (
    address_unpark,
    mail_retry,
    mails_compose,
    mails_deliver,
    mails_retry_all,
    notices_retry,
)
from foundation.notifications.tests.factories import NOW, MailFactory, NoticeFactory
from foundation.notifications.tests.sink import MailSink
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _server(settings: Settings) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:1"


def parked(reason: ParkReason = ParkReason.CONTENT_REFUSED, **fields: Any) -> Mail:
    return MailFactory.create(
        **{"state": MailState.PARKED, "park_reason": reason, "attempts": 20, "last_error": "550 No"} | fields
    )


def test_a_parked_mail_is_queued_as_if_it_were_new(cast: Cast) -> None:
    mail = mail_retry(mail=parked(), actor=cast.administrator, now=NOW)
    assert (mail.state, mail.park_reason, mail.attempts, mail.next_attempt_at) == (
        MailState.QUEUED,
        "",
        0,
        NOW,
    )
    entry = Entry.objects.get(action="notifications.mail.retried")
    assert (entry.actor_id, entry.subject) == (cast.administrator.pk, mail.recipient.full_name)
    assert entry.before["reason"] == ParkReason.CONTENT_REFUSED


def test_it_goes_to_the_address_that_the_person_has_now_even_if_that_was_refused(
    cast: Cast, sink: MailSink
) -> None:
    mail = parked(ParkReason.ADDRESS_REFUSED, address="old@example.com")
    mail.recipient.email = "new@example.com"
    mail.recipient.save()
    ParkedAddress.objects.create(address="New@example.com", reason="550", parked_at=NOW)
    mail_retry(mail=mail, actor=cast.administrator, now=NOW)
    assert mails_deliver(now=NOW).sent == 1
    assert sink.recipients == ["new@example.com"]


def test_a_kept_mail_is_sent_when_an_administrator_says_so_and_not_before(cast: Cast, sink: MailSink) -> None:
    kept = MailFactory.create(state=MailState.KEPT)
    assert mails_deliver(now=NOW).sent == 0
    mail_retry(mail=kept, actor=cast.administrator, now=NOW)
    assert mails_deliver(now=NOW).sent == 1
    assert Entry.objects.filter(action="notifications.mail.released").exists()


@pytest.mark.parametrize("state", [MailState.SENT, MailState.QUEUED, MailState.SENDING])
def test_a_mail_that_is_not_stuck_is_left_alone(cast: Cast, state: MailState) -> None:
    mail = MailFactory.create(state=state)
    with pytest.raises(ValidationError, match="not parked any more"):
        mail_retry(mail=mail, actor=cast.administrator, now=NOW)
    mail.refresh_from_db()
    assert mail.state == state


def test_what_may_not_go_stays(cast: Cast, settings: Settings) -> None:
    withdrawn = parked(ParkReason.NOT_VISIBLE)
    gone = parked(recipient__is_active=False)
    with pytest.raises(ValidationError, match="withdrawn"):
        mail_retry(mail=withdrawn, actor=cast.administrator, now=NOW)
    with pytest.raises(ValidationError, match="no longer active"):
        mail_retry(mail=gone, actor=cast.administrator, now=NOW)
    assert mails_retry_all(state=MailState.PARKED, actor=cast.administrator, now=NOW) == 0
    settings.EMAIL_URL = ""
    with pytest.raises(ValidationError, match="EMAIL_URL"):
        mail_retry(mail=parked(), actor=cast.administrator, now=NOW)
    with pytest.raises(ValidationError, match="EMAIL_URL"):
        mails_retry_all(state=MailState.PARKED, actor=cast.administrator, now=NOW)


def test_all_of_a_state_at_once(cast: Cast) -> None:
    refused = parked(ParkReason.ADDRESS_REFUSED)
    ParkedAddress.objects.create(address=refused.address, reason="550", parked_at=NOW)
    ParkedAddress.objects.create(address="other@example.com", reason="550", parked_at=NOW)
    parked()
    kept = MailFactory.create(state=MailState.KEPT)
    assert mails_retry_all(state=MailState.PARKED, actor=cast.administrator, now=NOW) == 2
    kept.refresh_from_db()
    assert kept.state == MailState.KEPT
    assert list(ParkedAddress.objects.values_list("address", flat=True)) == ["other@example.com"]
    assert Entry.objects.get(action="notifications.mails.retried").after == {"mails": 2}
    assert mails_retry_all(state=MailState.KEPT, actor=cast.administrator, now=NOW) == 1
    assert Entry.objects.filter(action="notifications.mails.released").count() == 1


def test_an_address_is_freed_with_the_mails_that_waited_for_it(cast: Cast) -> None:
    user = UserFactory.create()
    waiting = [
        parked(reason, recipient=user) for reason in (ParkReason.ADDRESS_REFUSED, ParkReason.ADDRESS_PARKED)
    ]
    other = parked(ParkReason.CONTENT_REFUSED, recipient=user)
    address = ParkedAddress.objects.create(
        address=user.email.upper(), reason="550 No such person", parked_at=NOW
    )
    assert address_unpark(address=address, actor=cast.administrator, now=NOW) == 2
    assert set(Mail.objects.filter(state=MailState.QUEUED)) == set(waiting)
    other.refresh_from_db()
    assert other.state == MailState.PARKED
    assert not ParkedAddress.objects.exists()
    entry = Entry.objects.get(action="notifications.address.unparked")
    assert entry.before == {"answer": "550 No such person"}


def test_notices_are_told_once_what_was_wrong_is_mended(cast: Cast) -> None:
    notice = NoticeFactory.create(payload={})
    mails_compose(now=NOW)
    Notice.objects.update(payload={"title": "Mended"})
    assert notices_retry(notices=Notice.objects.all(), actor=cast.administrator) == 1
    assert mails_compose(now=NOW) == 1
    notice.refresh_from_db()
    assert (notice.state, notice.reason, notice.detail) == (NoticeState.MAILED, "", "")


def test_counts_and_the_oldest_that_waits() -> None:
    assert unsent_mails() == Unsent(None, None)
    assert {count.number for count in mail_counts().values()} == {0}
    MailFactory.create_batch(2)
    MailFactory.create(state=MailState.SENT, created_at=NOW.replace(year=2020))
    parked(created_at=NOW.replace(year=2021))
    assert unsent_mails().oldest_at == NOW
    counts = mail_counts()
    assert [counts[state].number for state in MailState] == [2, 0, 1, 0, 1]
    assert not counts[MailState.QUEUED].is_capped


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "parked", "park_reason": ""},
        {"state": "sent", "park_reason": ParkReason.CONTENT_REFUSED},
        {"state": "lost"},
    ],
)
def test_the_database_keeps_states_and_reasons_together(fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        MailFactory.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeFactory.create(state=NoticeState.CANCELLED)
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeFactory.create(reason=NoticeReason.FAILED)
