"""What a line of a draft points to and leaves open, in the form by which it is edited."""

from collections.abc import Callable

import pytest
from django.test import Client

from compliance.catalogues import Reference
from compliance.models import Edition, RequirementText
from compliance.services import draft_begin
from compliance.tests.factories import NOW
from compliance.tests.oscal import content, control, group
from compliance.tests.test_importing import accept
from foundation.accounts.models import User
from foundation.testing.cast import Cast
from foundation.testing.forms import filled

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
DRAFT = "/compliance/FRM-0001/draft/"
ACT = {"title": "Harbour act", "citation": "HA 1911, as amended", "url": "https://example.com/act"}
BOOK = {"title": "Book of bells", "citation": "Second printing", "url": ""}


@pytest.fixture
def draft(cast: Cast) -> Edition:
    params = [{"id": "p", "label": "period", "guidelines": [{"prose": "How often a watch ends."}]}]
    rich = control("hb-1", prose="Keep watch each {{ insert: param, p }}.", params=params)
    framework = accept(cast, content(group("hb", rich, control("hb-2")))).framework
    draft = draft_begin(framework=framework, label="2.0", actor=cast.analyst, now=NOW)
    draft.texts.filter(key="hb-1").update(references=[ACT, BOOK])
    return draft


def line_of(draft: Edition, key: str = "hb-1") -> RequirementText:
    found: RequirementText = draft.texts.get(key=key)
    return found


def test_references_are_written_one_a_line(cast: Cast, sign_in: SignIn, draft: Edition) -> None:
    browser = sign_in(cast.analyst)
    path = f"{DRAFT}{line_of(draft).pk}/"
    form = filled(browser, path)
    assert form["references"] == "Harbour act https://example.com/act\nBook of bells"
    typed = "Book  of bells\r\n\r\nQuay rules http://example.com/quay\nBook of bells\nOf old"
    assert browser.post(path, {**form, "references": typed}).status_code == 302
    assert [Reference(**one) for one in line_of(draft).references] == [
        Reference("Book of bells", "Second printing"),
        Reference("Quay rules", "", "http://example.com/quay"),
        Reference("Of old"),
    ]
    assert browser.post(path, filled(browser, path, references="")).status_code == 302
    assert line_of(draft).references == []


def test_references_of_a_line_stay_when_others_of_its_words_change(
    cast: Cast, sign_in: SignIn, draft: Edition
) -> None:
    twins = [ACT, {**ACT, "citation": "Another printing"}]
    draft.texts.filter(key="hb-1").update(references=twins)
    browser = sign_in(cast.analyst)
    path = f"{DRAFT}{line_of(draft).pk}/"
    assert browser.post(path, filled(browser, path, title="Watch")).status_code == 302
    line = line_of(draft)
    assert (line.title, line.references) == ("Watch", twins)


def test_a_new_line_has_references(cast: Cast, sign_in: SignIn, draft: Edition) -> None:
    browser = sign_in(cast.analyst)
    path = f"{DRAFT}new/"
    said = {"identifier": "HB-9", "title": "Nine", "references": "Quay rules https://example.com/quay"}
    assert browser.post(path, filled(browser, path, **said)).status_code == 302
    assert line_of(draft, "hb-9").references == [
        {"title": "Quay rules", "citation": "", "url": "https://example.com/quay"}
    ]


def test_parameters_are_shown_and_stay(cast: Cast, sign_in: SignIn, draft: Edition) -> None:
    browser = sign_in(cast.analyst)
    path = f"{DRAFT}{line_of(draft).pk}/"
    page = browser.get(path).content.decode()
    assert "What is for the organisation to set" in page
    assert "How often a watch ends." in page
    parameters = line_of(draft).parameters
    assert parameters
    assert browser.post(path, filled(browser, path, title="Watch")).status_code == 302
    assert line_of(draft).parameters == parameters
    other = browser.get(f"{DRAFT}{line_of(draft, 'hb-2').pk}/").content.decode()
    assert "What is for the organisation to set" not in other
