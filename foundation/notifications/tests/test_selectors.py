"""Reads of the outbox: counts, order, and who may read what."""

from typing import Any

import pytest
from django.db import connection

from foundation.accounts.models import User
from foundation.notifications import selectors
from foundation.notifications.choices import MailState, NoticeState
from foundation.notifications.selectors import mail_counts, may_read, outbox
from foundation.notifications.tests.factories import MailFactory, NoticeFactory, RecordFactory
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db


def mail_about(record: Any, reader: User, **fields: Any) -> Any:
    mail: Any = MailFactory(recipient=reader, **fields)
    NoticeFactory(recipient=reader, mail=mail, state=NoticeState.MAILED, record=record)
    return mail


def readers_of(mail: Any, cast: Cast) -> list[str]:
    """Return who may read what a mail says, of those who might be asked."""
    seen = outbox().get(pk=mail.pk)
    people = {"ciso": cast.ciso, "administrator": cast.administrator, "reader": mail.recipient}
    return [name for name, person in people.items() if may_read(user=person, mail=seen)]


def test_states_are_counted_to_a_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    MailFactory.create_batch(4, state=MailState.SENT)
    MailFactory(state=MailState.KEPT)
    monkeypatch.setattr(selectors, "COUNTED", 2)
    counts = mail_counts()
    assert {state: count.number for state, count in counts.items() if count.number} == {"sent": 3, "kept": 1}
    assert [state for state, count in counts.items() if count.is_capped] == [MailState.SENT]


@pytest.mark.parametrize("filters", [{}, {"state": MailState.SENT}])
def test_the_list_is_in_the_order_of_an_index(filters: dict[str, str]) -> None:
    with connection.cursor() as cursor:  # the few rows of a test would be sorted faster
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_seqscan = off")
    newest = outbox().filter(**filters).order_by("-created_at", "-pk")[:25]
    assert "Sort" not in newest.explain()


def test_a_mail_about_nothing_secret_is_read_by_who_manages_mail(cast: Cast) -> None:
    mail = mail_about(RecordFactory(owner=cast.analyst, unit=cast.units.retail), cast.analyst)
    assert "administrator" in readers_of(mail, cast)


def test_a_mail_about_a_restricted_record_is_read_by_who_may_know_of_it(cast: Cast) -> None:
    record = RecordFactory(
        owner=cast.analyst, unit=cast.units.retail, confidentiality=Confidentiality.RESTRICTED
    )
    assert readers_of(mail_about(record, cast.analyst, restricted=True), cast) == ["ciso", "reader"]


def test_a_record_that_became_restricted_hides_its_old_mails(cast: Cast) -> None:
    record: Any = RecordFactory(owner=cast.analyst, unit=cast.units.retail)
    mail = mail_about(record, cast.analyst)
    Record.objects.filter(pk=record.pk).update(confidentiality=Confidentiality.RESTRICTED)
    assert readers_of(mail, cast) == ["ciso", "reader"]


def test_a_password_link_is_for_its_readers_inbox_alone(cast: Cast) -> None:
    assert readers_of(MailFactory(recipient=cast.analyst, restricted=True), cast) == []
