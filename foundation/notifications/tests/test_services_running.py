"""One run of the outbox: write what became due, compose, send; whatever fails keeps no other step from its work."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from pytest_django import Settings

from foundation.accounts.models import User
from foundation.accounts.tests.factories import OrganisationFactory, UserFactory
from foundation.notifications.models import Mail
from foundation.notifications.services import NoticeDraft, notices_write, outbox_run
from foundation.notifications.services.running import COMPOSING_LOCK
from foundation.notifications.tasks import deliver
from foundation.notifications.tests.factories import NOW, MailFactory, NoticeFactory
from foundation.notifications.tests.sink import MailSink
from foundation.registry import NoticeSource, registry
from foundation.testing.races import elsewhere

pytestmark = pytest.mark.django_db

AddSource = Callable[[Callable[..., int]], None]


@pytest.fixture
def add_source() -> Iterator[AddSource]:
    """Return a function that registers a source of notices in place of the portal's own."""
    sources = registry._items.setdefault(NoticeSource, {})
    before = dict(sources)
    sources.clear()
    yield lambda write: registry.register(NoticeSource(key=f"probe{len(sources)}", write=write))
    sources.clear()
    sources.update(before)


@pytest.fixture
def reader() -> User:
    OrganisationFactory.create()
    return UserFactory.create()


def test_what_all_sources_write_is_one_mail(sink: MailSink, add_source: AddSource, reader: User) -> None:
    def source(key: str) -> Callable[..., int]:
        def write(*, now: datetime) -> int:
            draft = NoticeDraft(
                recipient_id=reader.pk, kind="probe.reminder", dedupe_key=key, payload={"title": key}
            )
            return notices_write(notices=[draft], now=now)

        return write

    add_source(source("first"))
    add_source(source("second"))
    assert outbox_run(now=NOW).sent == 1
    assert "first" in sink.mails[0].text
    assert "second" in sink.mails[0].text
    assert outbox_run(now=NOW + timedelta(minutes=1)).sent == 0


def test_a_source_that_fails_is_told_after_all_else_was_done(
    sink: MailSink, add_source: AddSource, reader: User
) -> None:
    def fail(*, now: datetime) -> int:
        raise LookupError("a fault in a source")

    add_source(fail)
    NoticeFactory.create(recipient=reader)
    MailFactory.create()
    with pytest.raises(LookupError, match="a fault in a source"):
        outbox_run(now=NOW)
    assert len(sink.mails) == 2


@pytest.mark.django_db(transaction=True)
def test_while_another_composes_this_one_sends(sink: MailSink, add_source: AddSource) -> None:
    OrganisationFactory.create()
    asked: list[datetime] = []

    def ask(*, now: datetime) -> int:
        asked.append(now)
        return 0

    add_source(ask)
    NoticeFactory.create()
    MailFactory.create()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [COMPOSING_LOCK])
    assert elsewhere(lambda: outbox_run(now=NOW)).result(15).sent == 1
    assert not asked
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [COMPOSING_LOCK])
    assert elsewhere(lambda: outbox_run(now=NOW)).result(15).sent == 1
    assert asked == [NOW]
    assert outbox_run(now=NOW).sent == 0, "the turn was given back"
    assert asked == [NOW, NOW]


def test_the_task_reads_the_portals_clock(
    sink: MailSink, add_source: AddSource, reader: User, settings: Settings
) -> None:
    settings.CLOCK_OFFSET = timedelta(days=365 * 20)
    NoticeFactory.create(recipient=reader, send_after=NOW + timedelta(days=365 * 15))
    deliver()
    assert len(sink.mails) == 1
    assert Mail.objects.get().created_at > NOW + timedelta(days=365 * 15)
