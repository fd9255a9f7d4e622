"""The pages of documents: the list, a document, its versions, and the forms."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from foundation.testing.cast import Cast
from foundation.testing.forms import filled, send
from foundation.testing.queries import assert_queries
from policies.choices import DocumentState, VersionState
from policies.models import Document, DocumentVersion
from policies.selectors import coming_of
from policies.tests.factories import NOW, document_make, published, revising, submitted

pytestmark = pytest.mark.django_db


def browser_of(client: Client, person: object) -> Client:
    client.force_login(person)
    return client


def test_the_list_shows_what_is_in_force(client: Client, cast: Cast) -> None:
    published(cast)
    document_make(cast, title="Gate policy")
    browser = browser_of(client, cast.auditor)
    browser.get("/policies/")
    with assert_queries("document-list"):
        page = browser.get("/policies/").content.decode()
    assert "Door policy" in page
    assert "Gate policy" in page
    cells = re.findall(r'data-label="Since"[^>]*>(.*?)</td>', page, re.DOTALL)
    assert len(cells) == 2
    words = [re.sub(r"<[^>]+>", "", cell) for cell in cells]
    assert not any(":" in word for word in words), "it holds since a day"


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("state=in_force", {"Door policy", "Window policy"}),
        ("state=writing", {"Gate policy", "Window policy"}),
        ("state=deciding", {"Key policy"}),
        ("state=retired", set()),
        ("q=key", {"Key policy"}),
        ("type=standard", {"Gate policy"}),
    ],
)
def test_the_list_is_narrowed(client: Client, cast: Cast, query: str, shown: set[str]) -> None:
    published(cast)
    document_make(cast, title="Gate policy", type="standard")
    submitted(cast, title="Key policy")
    Document.objects.filter(pk=revising(cast).pk).update(title="Window policy")
    page = browser_of(client, cast.auditor).get(f"/policies/?{query}").content.decode()
    titles = {"Door policy", "Gate policy", "Key policy", "Window policy"}
    assert {title for title in titles if title in page} == shown


def test_the_page_shows_the_text_in_force(client: Client, cast: Cast) -> None:
    document = revising(cast)
    browser = browser_of(client, cast.auditor)
    browser.get(document.get_absolute_url())
    with assert_queries("document-detail"):
        page = browser.get(document.get_absolute_url()).content.decode()
    assert "Keep doors shut." in page
    assert "And windows." not in page
    assert 'id="section-rules"' in page


def test_a_draft_is_called_one(client: Client, cast: Cast) -> None:
    document = document_make(cast)
    page = browser_of(client, cast.auditor).get(document.get_absolute_url()).content.decode()
    assert "Nothing of it holds until it is approved" in page


def test_the_versions_are_told_with_their_ends(client: Client, cast: Cast) -> None:
    document = revising(cast)
    browser = browser_of(client, cast.auditor)
    browser.get(document.get_tab_url("versions"))
    with assert_queries("document-tab"):
        page = browser.get(document.get_tab_url("versions")).content.decode()
    assert "Version 2.0" in page
    assert "Version 1.0" in page
    assert "Windows, too" in page


def test_a_version_says_who_approved_it_and_leads_to_the_record(client: Client, cast: Cast) -> None:
    document = revising(cast)
    client.force_login(cast.analyst)
    page = client.get(document.get_tab_url("versions")).content.decode()
    request = document.approval_requests.get()
    assert page.count("Approved by") == 1, "the draft is approved by nobody"
    assert cast.ciso.full_name in page.split("Approved by")[1]
    assert reverse("approvals:request-record", args=[request.pk]) in page


def test_the_history_says_verdicts_in_words(client: Client, cast: Cast) -> None:
    client.force_login(cast.analyst)
    page = client.get(published(cast).get_tab_url("history")).content.decode()
    assert "Approve" in page.split("Verdict")[1][:300]


def test_a_version_is_read_as_it_is(client: Client, cast: Cast) -> None:
    document = revising(cast)
    browser = browser_of(client, cast.auditor)
    browser.get(f"/policies/{document.reference}/versions/2/")
    with assert_queries("version-detail"):
        page = browser.get(f"/policies/{document.reference}/versions/2/").content.decode()
    assert "And windows." in page
    assert browser.get(f"/policies/{document.reference}/versions/3/").status_code == 404


def test_a_document_starts_from_a_text(client: Client, cast: Cast) -> None:
    browser = browser_of(client, cast.analyst)
    answer = send(browser, "/policies/new/", start="backup-and-recovery-policy", unit=cast.units.root.pk)
    document = Document.objects.get()
    assert answer.url == f"/policies/{document.reference}/draft/"
    assert (document.title, document.type) == ("Backup and recovery policy", "policy")
    body = coming_of(document).body
    assert cast.organisation.name in body
    assert "[organisation]" not in body


def test_an_empty_page_needs_a_title_and_a_type(client: Client, cast: Cast) -> None:
    answer = send(browser_of(client, cast.analyst), "/policies/new/", unit=cast.units.root.pk)
    assert answer.status_code == 422
    assert {"title", "type"} <= answer.context["form"].errors.keys()
    assert not Document.objects.exists()


def test_the_draft_is_written(client: Client, cast: Cast) -> None:
    document = document_make(cast)
    answer = send(
        browser_of(client, cast.analyst),
        f"/policies/{document.reference}/draft/",
        body="Shut\r\nthe gate.",
        effective_on="2099-01-01",
        audience=[cast.units.payments.pk],
    )
    assert answer.status_code == 302
    draft = coming_of(document)
    assert (draft.body, draft.effective_on, draft.audience) == (
        "Shut\nthe gate.",
        date(2099, 1, 1),
        [cast.units.payments.pk],
    )


def test_a_stale_draft_is_shown_beside_what_was_typed(client: Client, cast: Cast) -> None:
    document = document_make(cast)
    browser = browser_of(client, cast.analyst)
    path = f"/policies/{document.reference}/draft/"
    mine = filled(browser, path, body="Mine, and long")
    send(browser, path, body="Theirs")
    answer = browser.post(path, mine)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Mine, and long" in page
    assert "Theirs" in page
    assert coming_of(document).body == "Theirs"
    again = {**mine, "version": answer.context["form"]["version"].value()}
    assert browser.post(path, again).status_code == 302
    assert coming_of(document).body == "Mine, and long"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"effective_on": "2020-01-01"}, "effective_on"),
        ({"effective_on": "soon"}, "effective_on"),
        ({"body": "x" * 400_001}, "body"),
        ({"body": "a\x00b"}, "body"),
        ({"title": ""}, "title"),
        ({"audience": ["9999999"]}, "audience"),
    ],
)
def test_what_is_wrong_with_a_draft_is_told(
    client: Client, cast: Cast, typed: dict[str, Any], field: str
) -> None:
    document = document_make(cast)
    answer = send(browser_of(client, cast.analyst), f"/policies/{document.reference}/draft/", **typed)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert coming_of(document).revision == 1


def test_what_waits_for_approval_opens_no_form_but_gives_back_what_was_typed(
    client: Client, cast: Cast
) -> None:
    document = submitted(cast)
    browser = browser_of(client, cast.analyst)
    path = f"/policies/{document.reference}/draft/"
    refused = browser.get(path)
    assert refused.status_code == 403
    assert "withdraw the request first" in refused.content.decode()
    answer = browser.post(path, {"title": "Gates", "body": "Typed meanwhile", "version": 1})
    assert answer.status_code == 422
    assert "Typed meanwhile" in answer.content.decode()


def test_what_is_published_opens_no_form(client: Client, cast: Cast) -> None:
    document = published(cast)
    browser = browser_of(client, cast.analyst)
    path = f"/policies/{document.reference}/draft/"
    assert browser.get(path).status_code == 403
    assert browser.post(path, {"title": "x", "body": "y", "version": 1}).status_code == 403
    assert DocumentVersion.objects.get().state == VersionState.PUBLISHED


def test_its_details_are_changed(client: Client, cast: Cast) -> None:
    document = published(cast)
    browser = browser_of(client, cast.analyst)
    path = f"/policies/{document.reference}/edit/"
    assert send(browser, path, owner=cast.ciso.pk, cadence_months=6).status_code == 302
    document.refresh_from_db()
    assert (document.owner, document.cadence_months) == (cast.ciso, 6)
    assert document.state == DocumentState.PUBLISHED


def test_a_month_too_many_is_told(client: Client, cast: Cast) -> None:
    document = published(cast)
    path = f"/policies/{document.reference}/edit/"
    answer = send(browser_of(client, cast.analyst), path, cadence_months=61)
    assert "cadence_months" in answer.context["form"].errors


def test_the_way_from_a_text_to_what_is_in_force_goes_through_the_pages(client: Client, cast: Cast) -> None:
    document = document_make(cast)
    browser = browser_of(client, cast.analyst)
    assert browser.post(f"/policies/{document.reference}/steps/submit/").status_code == 302
    page = browser.get(document.get_absolute_url()).content.decode()
    assert "What was asked, and who decides" in page
    request = document.approval_requests.get()
    deciding = browser_of(Client(), cast.ciso).get(f"/approvals/{request.pk}/").content.decode()
    assert "Keep doors shut." in deciding
    assert "Everyone" in deciding
    assert request.requested_at > NOW
