"""Bringing a catalogue in the page: look, then accept; and everything that stands against it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from compliance.imports import ImportPlan
from compliance.imports.kept import plan_keep
from compliance.models import Edition, Framework, ReadCatalogue, ReadChange
from compliance.services import draft_begin, edition_accept, line_change
from compliance.services.reading import reading_drop
from compliance.tests.factories import NOW, framework_make
from compliance.tests.oscal import content, control, group
from compliance.tests.test_importing import second
from compliance.views import importing
from foundation import clock
from foundation.accounts.models import User
from foundation.records.imports.drafts import import_files_drop
from foundation.records.models import ImportFile
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Any]
IMPORT = "/compliance/import/"


def bring(browser: Client, data: bytes, name: str = "harbour.json", **more: Any) -> Any:
    return browser.post(IMPORT, {"file": SimpleUploadedFile(name, data), **more})


def accept(browser: Client, preview: str, against: str) -> Any:
    return browser.post(f"{preview}confirm/", {"against": against})


def main_of(page: str) -> str:
    return (
        page.split("<main", 1)[1].split("</main>", 1)[0].split("csrfmiddlewaretoken", maxsplit=1)[0]
        + page.split('id="results"', 1)[1].split("</main>", 1)[0]
    )


def text_of(response: Any) -> str:
    return response.content.decode()


def test_it_is_looked_at_and_then_accepted(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.analyst)
    preview = bring(browser, content())
    assert preview.status_code == 302
    page = text_of(browser.get(preview.url))
    assert "Accept as a new framework" in page
    assert "HB-2" in page
    assert not Framework.objects.exists(), "looking writes nothing"
    done = accept(browser, preview.url, "new")
    assert done.url == "/compliance/FRM-0001/"
    assert "Version 1.0 of FRM-0001 is accepted" in text_of(browser.get(done.url))
    assert ImportFile.objects.get().content is None
    assert accept(browser, preview.url, "new").url == done.url, "pressed twice, it is done once"
    assert Edition.objects.count() == 1


def test_a_newer_version_shows_what_changes_word_by_word(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.analyst)
    accept(browser, bring(browser, content()).url, "new")
    preview = bring(browser, second()).url
    page = text_of(browser.get(preview))
    assert "1.0 → 2.0" in page
    assert 'Keep watch<ins><span class="visually-hidden">added: </span> day and night</ins>.' in page
    assert "Taken up by HB-1." in page
    added = text_of(browser.get(f"{preview}?show=added"))
    assert "HB-3" in added
    assert "HB-2" not in added
    current = Framework.objects.get().current_id
    accept(browser, preview, f"FRM-0001/{current}")
    assert Framework.objects.get().current.label == "2.0"


def test_the_same_file_again_says_so(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.analyst)
    accept(browser, bring(browser, content()).url, "new")
    page = text_of(browser.get(bring(browser, content()).url))
    assert "This is there already, as version 1.0, and the same." in page
    assert "Accept this version" not in page


def test_what_somebody_else_accepted_meanwhile_is_told(cast: Cast, sign_in: SignIn) -> None:
    framework = framework_make(cast)
    browser = sign_in(cast.analyst)
    preview = bring(browser, content(), framework="FRM-0001").url
    stale = f"FRM-0001/{framework.current_id - 1}"
    answer = accept(browser, preview, stale)
    assert answer.status_code == 409
    assert "Somebody accepted another version meanwhile" in text_of(answer)
    assert Edition.objects.count() == 1


def test_a_bad_file_is_refused_beside_the_field(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.analyst)
    answer = bring(browser, content(group("hb", control("hb-1"), control("hb-1"))), name="two.json")
    assert answer.status_code == 422
    assert "catalog.groups[0].controls[1].id: The id “hb-1” is there twice" in text_of(answer)
    answer = bring(browser, b"Identifier,Title\nA.1,Watch\n,Nothing\n", name="a.csv", name_="x", version="1")
    assert "A table does not say which framework it is of" in text_of(answer)
    assert not ImportFile.objects.exists()


def test_a_table_becomes_a_framework_and_its_rows_are_told(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.analyst)
    asked = {"name": "Quay rules", "version": "2026", "publisher": "Harbour board"}
    form = {"file": SimpleUploadedFile("quay.csv", b"Identifier,Title\nA.1,Watch\n,Nothing\n"), **asked}
    assert "Row 3, Identifier: This must be filled in." in text_of(browser.post(IMPORT, form))
    form["file"] = SimpleUploadedFile("quay.csv", b"Identifier,Title,Stands in\nA.1,Watch,Crew\n")
    preview = browser.post(IMPORT, form).url
    accept(browser, preview, "new")
    framework = Framework.objects.get()
    assert (framework.title, framework.publisher, framework.current.source) == (
        "Quay rules",
        "Harbour board",
        "table",
    )


def test_what_was_exported_comes_back_the_same(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.analyst)
    strong = control("hb-1", prose="- by day\n- by night", controls=[control("hb-1.1")])
    accept(browser, bring(browser, content(group("hb", strong, control("hb-2")))).url, "new")
    for fmt in ("csv", "xlsx"):
        file = browser.get(f"/compliance/FRM-0001/?export={fmt}")
        data = b"".join(file.streaming_content) if file.streaming else file.content
        preview = bring(browser, data, name=f"harbour.{fmt}", framework="FRM-0001", version="1.1")
        assert preview.status_code == 302, text_of(preview)
        assert "Nothing is different." in text_of(browser.get(preview.url)), fmt


def test_templates_can_be_filled_in(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.analyst)
    for fmt in ("csv", "xlsx"):
        answer = browser.get(f"{IMPORT}template.{fmt}")
        assert answer.status_code == 200
        assert answer["Content-Disposition"] == f'attachment; filename="requirements-template.{fmt}"'


def test_a_name_that_is_taken_is_told_before_anything_is_accepted(cast: Cast, sign_in: SignIn) -> None:
    framework_make(cast, title="Other")
    browser = sign_in(cast.analyst)
    ids = {"document-ids": [{"identifier": "somewhere-else"}], "title": "OTHER"}
    preview = bring(browser, content(metadata=ids)).url
    page = text_of(browser.get(preview))
    assert "FRM-0001 is called “Other” already." in page
    assert accept(browser, preview, "new").status_code == 422
    assert Framework.objects.count() == 1


def test_the_file_is_read_once_for_all_pages_of_what_it_changes(cast: Cast, sign_in: SignIn) -> None:
    """The preview shows what was kept of the file, also where the file itself could not be read any more."""
    browser = sign_in(cast.analyst)
    accept(browser, bring(browser, content()).url, "new")
    preview = bring(browser, second()).url
    before = text_of(browser.get(preview))
    ImportFile.objects.filter(imported_at=None).update(content=b"no catalogue")
    with assert_queries("import-preview"):
        assert main_of(text_of(browser.get(preview))) == main_of(before)
    changed = text_of(browser.get(f"{preview}?show=changed"))
    assert 'Keep watch<ins><span class="visually-hidden">added: </span> day and night</ins>.' in changed
    assert "HB-3" not in changed
    assert "Taken up by HB-1." in text_of(browser.get(f"{preview}?line=hb-2"))


def test_what_is_read_again_is_shown_though_what_was_kept_is_forgotten_at_once(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it is where the file is accepted in another window, or another version is, between the keeping and the showing."""
    browser = sign_in(cast.analyst)
    accept(browser, bring(browser, content()).url, "new")
    preview = bring(browser, second()).url
    before = text_of(browser.get(preview))
    ReadCatalogue.objects.all().delete()

    def keep_and_forget(file: ImportFile, plan: ImportPlan) -> None:
        plan_keep(file, plan)
        reading_drop(file=file)

    monkeypatch.setattr(importing, "plan_keep", keep_and_forget)
    assert main_of(text_of(browser.get(preview))) == main_of(before)
    assert not ReadCatalogue.objects.exists()


def test_it_is_read_again_when_another_version_counts_by_now(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.analyst)
    accept(browser, bring(browser, content()).url, "new")
    preview = bring(browser, second()).url
    framework = Framework.objects.get()
    draft = draft_begin(framework=framework, label="1.5", actor=cast.ciso, now=NOW)
    assert "has a draft, “1.5”" in text_of(browser.get(preview)), (
        "what stands against it is looked at each time"
    )
    line = draft.texts.get(key="hb-1")
    said = {"statement": "Keep good watch."}
    line_change(line=line, said=said, actor=cast.ciso, now=NOW, digest=line.digest)
    edition_accept(edition=draft, actor=cast.ciso, now=NOW)
    page = text_of(browser.get(preview))
    assert "1.5 → 2.0" in page
    assert (
        'Keep<del><span class="visually-hidden">removed: </span> good</del> watch<ins><span class="visually-hidden">added: </span> day and night</ins>.'
        in page
    )
    assert ReadCatalogue.objects.count() == 1


def test_what_was_read_goes_with_the_acceptance_and_with_the_file(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.analyst)
    accept(browser, bring(browser, content()).url, "new")
    assert not ReadCatalogue.objects.exists()
    bring(browser, second())
    assert ReadChange.objects.count() == 3
    import_files_drop(now=clock.now() + timedelta(days=2))
    assert not ReadChange.objects.exists()
