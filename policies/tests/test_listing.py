"""The narrow row beside each document: it says what the document says, whoever wrote that."""

import pytest
from django.db import connection

from foundation.records.models import Record
from foundation.testing.cast import Cast
from policies.models import Document, DocumentListing
from policies.selectors import coming_of
from policies.tests.factories import NOW, decide, document_make, published, revising, step

pytestmark = pytest.mark.django_db


def assert_listed(document: Document) -> DocumentListing:
    document = Document.objects.get(pk=document.pk)
    row = DocumentListing.objects.get(pk=document.pk)
    coming = coming_of(document)
    for name in (
        "reference",
        "title",
        "state",
        "type",
        "confidentiality",
        "unit_id",
        "owner_id",
        "review_on",
    ):
        assert getattr(row, name) == getattr(document, name), name
    assert row.label == (document.current.label if document.current else "")
    assert row.since == (document.current.published_at if document.current else None)
    assert row.coming == (coming.label if coming else "")
    assert row.is_archived == (document.archived_at is not None)
    return row


def test_it_follows_a_document_all_its_life(cast: Cast) -> None:
    assert assert_listed(document_make(cast)).coming == "1.0"
    document = published(cast, title="Window policy")
    assert assert_listed(document).label == "1.0"
    document = revising(cast)
    assert assert_listed(document).coming == "2.0"
    document = step(document, "submit_revision", cast.analyst)
    assert_listed(document)
    document = decide(document, cast.ciso)
    assert (assert_listed(document).label, assert_listed(document).coming) == ("2.0", "")
    assert_listed(step(document, "retire", cast.ciso, comment="Not needed"))


def test_it_follows_whoever_writes_sql(cast: Cast) -> None:
    document = published(cast)
    Record.objects.filter(pk=document.pk).update(title="Gate policy", unit=cast.units.retail, archived_at=NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE policies_document SET type = 'standard' WHERE record_ptr_id = %s", [document.pk]
        )
    row = assert_listed(document)
    assert (row.needle, row.type, row.is_archived) == (
        f"gate policy {row.reference.lower()}",
        "standard",
        True,
    )
    assert not DocumentListing.objects.visible_to(cast.ciso).unarchived().exists()
