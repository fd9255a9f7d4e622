"""Makes notices, mails and the records that they speak of, for tests."""

from datetime import UTC, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from foundation.accounts.tests.factories import BusinessUnitFactory, UserFactory
from foundation.notifications.models import Mail, Notice
from foundation.records.models import Record

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


class RecordFactory(DjangoModelFactory[Record]):
    """A record of no particular kind."""

    class Meta:
        model = Record

    kind = "probe"
    reference = factory.Sequence(lambda n: f"PRB-{n:04d}")
    title = factory.Sequence(lambda n: f"Probe {n}")
    owner = factory.SubFactory(UserFactory)
    unit = factory.SubFactory(BusinessUnitFactory)
    created_by = factory.SelfAttribute("owner")
    state = "open"


class NoticeFactory(DjangoModelFactory[Notice]):
    """A notice that has just become due."""

    class Meta:
        model = Notice

    recipient = factory.SubFactory(UserFactory)
    kind = "probe.reminder"
    dedupe_key = factory.Sequence(lambda n: f"probe:{n}")
    payload: Any = factory.LazyAttribute(
        lambda notice: {"title": "Card data audit", "sentence": "Report due"}
    )
    send_after = NOW
    created_at = NOW


class MailFactory(DjangoModelFactory[Mail]):
    """A mail that waits to be sent."""

    class Meta:
        model = Mail

    recipient = factory.SubFactory(UserFactory)
    address = factory.SelfAttribute("recipient.email")
    message_id = factory.Sequence(lambda n: f"<mail-{n}@example.com>")
    subject = "PRB-0001 Card data audit: due tomorrow"
    text = "Card data audit\nDue tomorrow\n"
    html = "<p>Card data audit</p>"
    next_attempt_at = NOW
    created_at = NOW
