"""The register as a file: what is in force, for whom, who approved it, and what is late."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from django.test import Client

from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from policies.models import Document
from policies.tests.factories import document_make, filed, published

pytestmark = pytest.mark.django_db


def rows_of(client: Client, person: object) -> list[dict[str, str]]:
    client.force_login(person)
    answer = client.get("/policies/?export=csv&state=any")
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_it_says_what_is_in_force_and_who_approved_it(client: Client, cast: Cast) -> None:
    document = published(cast, audience=[cast.units.payments.pk], audience_roles=["executive"])
    document_make(cast, title="=cmd|' /C calc'!A0")
    Document.objects.filter(pk=document.pk).update(review_on=date(2020, 1, 1))
    first, second = sorted(rows_of(client, cast.auditor), key=lambda row: row["Reference"])
    assert first["Title"] == "Door policy"
    assert first["In force"] == "1.0"
    assert first["Approved by"] == "Celia Moreau"
    assert first["Audience"] == "Payments, role Executive"
    assert first["Review"] == "2020-01-01"
    assert first["Review overdue"] == "yes"
    assert first["SHA-256 of what was approved"] == document.current.digest
    assert first["Owner"] == "Anders Falk"
    assert second["Approved by"] == ""
    assert second["Review overdue"] == "no"
    assert not second["Title"].startswith("=")


def test_a_file_that_holds_is_named(client: Client, cast: Cast) -> None:
    filed(cast)
    assert rows_of(client, cast.auditor)[0]["File"] == "Doors.docx"


def test_it_holds_what_its_reader_may_know_of_alone(client: Client, cast: Cast) -> None:
    published(cast)
    published(cast, title="Secret policy", confidentiality=Confidentiality.RESTRICTED, owner=cast.ciso)
    assert [row["Title"] for row in rows_of(client, cast.auditor)] == ["Door policy"]
    assert rows_of(client, cast.outsider) == []


def test_as_a_workbook_it_says_the_same(client: Client, cast: Cast) -> None:
    published(cast)
    client.force_login(cast.auditor)
    answer = client.get("/policies/?export=xlsx&state=any")
    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    heads, cells = list(book.worksheets[0].iter_rows(values_only=True))[:2]
    line = dict(zip(heads, cells, strict=True))
    assert line["Approved by"] == "Celia Moreau"


def test_its_columns_are_shown_too_and_cost_two_queries(client: Client, cast: Cast) -> None:
    for number in range(4):
        published(cast, title=f"Policy {number}", audience=[cast.units.payments.pk])
    client.force_login(cast.auditor)
    path = "/policies/?columns=approvers&columns=audience"
    client.get(path)
    with assert_queries("document-list-approvers"):
        page = client.get(path).content.decode()
    assert "Celia Moreau" in page
    assert "Payments" in page
