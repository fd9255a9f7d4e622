"""The narrow row beside each exception: it says what the exception says, and what its document says by now, whoever wrote that."""

from datetime import date

import pytest
from django.db import transaction
from django.test import Client

from exceptions.choices import ExceptionState
from exceptions.models import ExceptionListing, PolicyException
from exceptions.selectors import exceptions_to_decide_again
from exceptions.tests.factories import END, NOW, decide, exception_make, granted, step, submitted
from foundation import clock
from foundation.records.models import Record
from foundation.testing.cast import Cast, cast_make
from foundation.testing.races import PATIENCE_SECONDS, elsewhere, wait_until_blocked
from policies.models import Document
from policies.tests.factories import decide as document_decide
from policies.tests.factories import published, revising
from policies.tests.factories import step as document_step

pytestmark = pytest.mark.django_db


def assert_listed(exception: PolicyException) -> ExceptionListing:
    exception = PolicyException.objects.get(pk=exception.pk)
    row = ExceptionListing.objects.get(pk=exception.pk)
    for name in (
        "reference",
        "title",
        "state",
        "risk",
        "confidentiality",
        "unit_id",
        "owner_id",
        "document_id",
        "starts_on",
        "expires_on",
        "replaced_on",
        "is_overtaken",
    ):
        assert getattr(row, name) == getattr(exception, name), name
    assert row.asked_by_id == exception.created_by_id
    assert row.document_title == exception.document.title
    assert row.is_archived == (exception.archived_at is not None)
    assert row.needle == f"{exception.title} {exception.reference} {exception.systems}".lower()
    for day in (date(2026, 11, 24), END, date(2027, 6, 1)):
        assert row.state_on(day) == exception.state_on(day)
        assert row.is_in_force(day) == exception.is_in_force(day)
    return row


def revised(document: Document, cast: Cast) -> Document:
    """Publish the next material version of a document."""
    document = document_step(document, "submit_revision", cast.analyst)
    return document_decide(document, cast.ciso)


def test_it_follows_an_exception_all_its_life(cast: Cast) -> None:
    assert assert_listed(exception_make(cast)).state == ExceptionState.DRAFT
    exception = submitted(cast, document=published(cast, title="Window policy"), title="Windows")
    assert assert_listed(exception).document_title == "Window policy"
    exception = decide(exception, exception.document.owner)
    assert assert_listed(exception).state == ExceptionState.GRANTED
    exception = step(exception, "revoke", cast.ciso, comment="Locks are there")
    assert assert_listed(exception).state == ExceptionState.REVOKED


def test_it_follows_its_document(cast: Cast) -> None:
    document = revising(cast)
    exception = granted(cast, document=document)
    assert not assert_listed(exception).is_overtaken
    document = revised(document, cast)
    assert assert_listed(exception).is_overtaken
    other = granted(cast, document=published(cast, title="Window policy"))
    Record.objects.filter(pk=other.document_id).update(title="Glass policy")
    assert assert_listed(other).document_title == "Glass policy"
    assert not assert_listed(other).is_overtaken
    document_step(other.document, "retire", cast.ciso, comment="Gone")
    assert assert_listed(other).is_overtaken


def test_it_follows_whoever_writes_sql(cast: Cast) -> None:
    exception = exception_make(cast)
    Record.objects.filter(pk=exception.pk).update(title="Bells", unit=cast.units.retail, archived_at=NOW)
    PolicyException.objects.filter(pk=exception.pk).update(systems="Gate 9", risk="high")
    row = assert_listed(exception)
    assert (row.unit_id, row.is_archived) == (cast.units.retail.pk, True)
    assert not ExceptionListing.objects.visible_to(cast.ciso).unarchived().exists()


def test_what_is_to_be_decided_again_is_counted_for_who_reads_records(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    document = revising(cast)
    exception = granted(cast, document=document, owner=cast.personnel, actor=cast.personnel)
    assert not exceptions_to_decide_again(cast.ciso, NOW)
    revised(document, cast)
    assert [row.pk for row in exceptions_to_decide_again(cast.ciso, NOW)] == [exception.pk]
    assert badge_of(cast.ciso) == 1
    assert badge_of(cast.personnel) == 0


def badge_of(person: object) -> int:
    browser = Client()
    browser.force_login(person)
    groups = browser.get("/exceptions/").context["navigation"]
    return next(link.badge for group in groups for link in group.links if link.url == "/exceptions/")


@pytest.mark.django_db(transaction=True)
def test_whoever_writes_it_second_reads_what_the_first_one_wrote() -> None:
    cast = cast_make()
    document = revising(cast)
    exception = granted(cast, document=document)
    with transaction.atomic():
        revised(document, cast)
        other = elsewhere(lambda: step(exception, "revoke", cast.ciso, comment="Locks are there"))
        wait_until_blocked()
    other.result(PATIENCE_SECONDS)
    row = assert_listed(exception)
    assert (row.state, row.is_overtaken) == (ExceptionState.REVOKED, True)
