"""Who decides on a document reads exactly what is signed: its text, its file, its pictures."""

from datetime import date

import pytest
from django.test import Client

from foundation.approvals.models import ApprovalRequest
from foundation.documents.tests.test_extraction import docx
from foundation.testing.cast import Cast
from policies.models import Document
from policies.services import DocumentRefused, document_change
from policies.tests.factories import NOW, decide, document_make, step, submitted
from policies.tests.test_uploading import sent

pytestmark = pytest.mark.django_db


def page_of(document: Document, cast: Cast) -> str:
    client = Client()
    client.force_login(cast.ciso)
    request = ApprovalRequest.objects.get(record_id=document.pk)
    return client.get(f"/approvals/{request.pk}/").text


def test_signs_that_turn_the_direction_are_named_and_turn_nothing(cast: Cast) -> None:
    document = submitted(
        cast, title="Door policy", body="# Rules\n\nNever \u202eyawa nur\u202c, and\u200b stay.\n"
    )
    page = page_of(document, cast)
    assert "\u202e" not in page
    assert "Never ⟨U+202E⟩yawa nur⟨U+202C⟩" in page
    assert "U+200B (1), U+202C (1), U+202E (1)" in page


def test_the_file_that_is_signed_can_be_opened_there(cast: Cast) -> None:
    document = document_make(cast)
    assert sent(document, cast.analyst, docx()).status_code == 302
    document = step(Document.objects.get(pk=document.pk), "submit", cast.analyst)
    version = document.versions.get().file
    assert version is not None
    page = page_of(document, cast)
    assert f'href="{version.get_absolute_url()}"' in page
    client = Client()
    client.force_login(cast.ciso)
    assert client.get(version.get_absolute_url()).status_code == 200


def test_what_was_approved_for_a_unit_and_waits_for_its_day_goes_to_no_other_unit(cast: Cast) -> None:
    document = decide(submitted(cast, effective_on=date(2027, 1, 1)), cast.ciso)
    change = {"actor": cast.analyst, "now": NOW, "version": document.version}
    with pytest.raises(DocumentRefused, match="waits for its day"):
        document_change(document=document, changes={"unit": cast.units.payments}, **change)
    document_change(document=document, changes={"cadence_months": 6}, **change)
