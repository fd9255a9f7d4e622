"""Writing a draft: the preview, pictures of the document's own files, and texts that mean no good."""

import re
from typing import Any

import pytest
from django.test import Client

from foundation.files.models import File
from foundation.files.services import file_withdraw, files_add
from foundation.files.tests.contents import picture, upload
from foundation.signs import hidden_signs
from foundation.testing.cast import Cast
from foundation.testing.forms import filled, send
from policies.models import Document
from policies.models.versions import MOST_TEXT
from policies.prose import pictures_named, prose_of
from policies.selectors import coming_of
from policies.tests.factories import NOW, decide, document_make, published, step, submitted

pytestmark = pytest.mark.django_db
KEY = "00000000-0000-4000-8000-000000000000"
PICTURE = f"![The gate](files/{KEY}/1)"


def browser_of(person: object) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def picture_added(document: Document, actor: Any, name: str = "gate.png") -> File:
    outcome = files_add(record=document, uploads=[upload(name, picture())], actor=actor, now=NOW)[0]
    assert outcome.file is not None, outcome.refusal
    return outcome.file


def shown(document: Document, reader: Any) -> str:
    return browser_of(reader).get(document.get_absolute_url()).content.decode()


def test_a_picture_is_shown_by_the_address_that_may_show_it() -> None:
    html = prose_of(PICTURE, ((f"files/{KEY}/1", "/files/x/1/page/1/"),)).html
    assert '<img src="/files/x/1/page/1/" alt="The gate" loading="lazy">' in html


@pytest.mark.parametrize(
    "source",
    [
        "https://example.com/a.png",
        "//example.com/a.png",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
        "/files/x/1/page/1/",
        f"files/{KEY}/2",
        "../files/a.png",
    ],
)
def test_no_other_picture_is_shown(source: str) -> None:
    html = prose_of(f"![Of <b>elsewhere</b>]({source})", ((f"files/{KEY}/1", "/files/x/1/page/1/"),)).html
    assert "<img" not in html
    assert not re.search(r"(src|href)=", html), "nothing is fetched, and nothing leads there"
    assert "<b>" not in html


def test_words_of_a_picture_break_out_of_nothing() -> None:
    html = prose_of(f'![" onerror="alert(1)](files/{KEY}/1)', ((f"files/{KEY}/1", "/f/"),)).html
    assert re.search(r'<img src="/f/" alt="[^"]*onerror', html)
    assert "onerror=" not in re.sub(r'"[^"]*"', "", html)


def test_signs_that_turn_the_writing_are_named() -> None:
    html = prose_of("Send to \u202emoc.elpmaxe\u202c, [\u2066x](https://example.com)").html
    assert "⟨U+202E⟩moc.elpmaxe⟨U+202C⟩" in html
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", html)
    assert hidden_signs("a\u200bb\u202e\u202e") == [("U+200B", 1), ("U+202E", 2)]


def test_hebrew_and_arabic_stay_as_they_are() -> None:
    assert "שלום עולם" in prose_of("שלום עולם").html


def test_pictures_of_a_text_are_found_and_those_in_code_are_not() -> None:
    assert pictures_named(f"a {PICTURE} `![b](c)` ![d](https://example.com/e.png)") == [
        f"files/{KEY}/1",
        "https://example.com/e.png",
    ]


def test_a_document_shows_pictures_of_its_own(cast: Cast) -> None:
    document = document_make(cast)
    file = picture_added(document, cast.analyst)
    path = f"/policies/{document.reference}/draft/"
    page = browser_of(cast.analyst).get(path).content.decode()
    assert f"![gate](files/{file.key}/1)" in page
    assert send(browser_of(cast.analyst), path, body=f"![gate](files/{file.key}/1)").status_code == 302
    assert f'<img src="/files/{file.key}/1/page/1/"' in shown(document, cast.auditor)
    assert browser_of(cast.auditor).get(f"/files/{file.key}/1/page/1/").status_code == 200
    assert browser_of(cast.outsider).get(f"/files/{file.key}/1/page/1/").status_code == 404


def test_a_document_shows_no_pictures_of_others(cast: Cast) -> None:
    other = document_make(cast, title="Other")
    file = picture_added(other, cast.analyst)
    document = document_make(cast, body=f"![secret plan](files/{file.key}/1)")
    page = shown(document, cast.ciso)
    assert "<img src=" not in page
    assert '<span class="picture-missing">secret plan</span>' in page


@pytest.mark.parametrize("source", ["https://example.com/a.png", "data:image/png;base64,AAAA"])
def test_a_picture_from_elsewhere_is_refused_with_what_was_typed(cast: Cast, source: str) -> None:
    document = document_make(cast)
    answer = send(
        browser_of(cast.analyst), f"/policies/{document.reference}/draft/", body=f"Mine ![a]({source})"
    )
    assert answer.status_code == 422
    assert "body" in answer.context["form"].errors
    assert "Mine ![a]" in answer.content.decode()
    assert coming_of(document).revision == 1


def test_what_was_approved_shows_the_pictures_that_it_had(cast: Cast) -> None:
    document = document_make(cast)
    file = picture_added(document, cast.analyst)
    send(
        browser_of(cast.analyst),
        f"/policies/{document.reference}/draft/",
        body=f"![gate](files/{file.key}/1)",
    )
    document = step(Document.objects.get(pk=document.pk), "submit", cast.analyst)
    content = document.approval_requests.get().content
    assert content["pictures"] == [f"gate.png, SHA-256 {file.versions.get().sha256}"]
    document = decide(document, cast.ciso)
    with pytest.raises(Exception, match="Version 1.0 shows it"):
        file_withdraw(file=file, reason="Old", actor=cast.analyst, now=NOW)
    assert f'<img src="/files/{file.key}/1/page/1/"' in shown(document, cast.auditor)


def test_content_without_pictures_is_what_it_was(cast: Cast) -> None:
    assert "pictures" not in submitted(cast).approval_requests.get().content


@pytest.mark.parametrize("htmx", [True, False])
def test_a_preview_shows_what_was_typed_and_saves_nothing(cast: Cast, *, htmx: bool) -> None:
    document = document_make(cast)
    browser = browser_of(cast.analyst)
    path = f"/policies/{document.reference}/draft/"
    typed = {
        **filled(browser, path, body="# New\n\n- [ ] Task\n\n<script>alert(1)</script>\u202e"),
        "preview": "1",
    }
    headers = {"HX-Request": "true", "HX-Target": "draft-preview"} if htmx else {}
    answer = browser.post(path, typed, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert '<h2 id="section-new">New</h2>' in page
    assert "☐" in page
    assert "<script>alert" not in page
    assert "U+202E × 1" in page
    assert "HTML is shown as it is typed." in page
    assert ("<form" in page) is not htmx
    if not htmx:
        assert "# New" in page, "the form keeps what was typed"
    assert coming_of(document).revision == 1


def test_a_preview_takes_the_right_to_write(cast: Cast) -> None:
    document = document_make(cast)
    answer = browser_of(cast.auditor).post(
        f"/policies/{document.reference}/draft/", {"preview": "1", "body": "x"}
    )
    assert answer.status_code == 403


def test_a_text_that_is_too_long_comes_back_whole(cast: Cast) -> None:
    document = document_make(cast)
    browser = browser_of(cast.analyst)
    path = f"/policies/{document.reference}/draft/"
    long = "word \r\n" * (MOST_TEXT // 6 + 1)
    answer = browser.post(path, filled(browser, path, body=long))
    assert answer.status_code == 422
    assert "may have 400,000" in answer.content.decode()
    assert answer.context["form"]["body"].value() == long
    assert "maxlength" not in str(answer.context["form"]["body"])
    fits = "a\r\n" * (MOST_TEXT // 2)
    assert browser.post(path, filled(browser, path, body=fits)).status_code == 302


def test_ten_megabytes_are_refused_in_words(cast: Cast) -> None:
    document = document_make(cast)
    browser = browser_of(cast.analyst)
    for more in ({}, {"preview": "1"}):
        answer = browser.post(
            f"/policies/{document.reference}/draft/",
            {"title": "x", "body": "a" * 10_000_000, "version": 1, **more},
        )
        assert answer.status_code == 413
    assert coming_of(document).revision == 1


def test_signs_that_nobody_sees_are_left_out_of_a_title(cast: Cast) -> None:
    document = document_make(cast)
    path = f"/policies/{document.reference}/draft/"
    send(browser_of(cast.analyst), path, title="Door\u202e \u200bpolicy")
    assert coming_of(document).title == "Door policy"
    answer = send(browser_of(cast.analyst), path, title="\u202e\u200b")
    assert "title" in answer.context["form"].errors


def test_a_published_document_has_contents_that_lead_to_its_sections(cast: Cast) -> None:
    document = published(cast, body="# One\n\na\n\n# Two\n\nb\n\n## Three\n\nc\n")
    page = shown(document, cast.auditor)
    assert '<a href="#section-three">Three</a>' in page
    assert 'id="section-three"' in page
