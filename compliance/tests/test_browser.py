"""Frameworks in a real browser: every page accessible in every look; from a file to a requirement; a version by hand."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from compliance.catalogues.values import MOST_DEPTH
from compliance.models import Edition, Framework, RequirementText
from compliance.services import draft_begin
from compliance.tests.factories import NOW
from compliance.tests.oscal import OTHER_UUID, content, control, group
from compliance.tests.test_importing import accept, second
from foundation.testing.browser import Problems, SignIn, assert_accessible, assert_fits, settle
from foundation.testing.cast import Cast, cast_make

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = [
    pytest.param(wishes, marks=pytest.mark.browser(**wishes), id="-".join(wishes) or "wide")
    for wishes in ({}, {"dark": True}, {"narrow": True}, {"narrow": True, "dark": True})
]


@pytest.fixture
def players(transactional_db: None, browser_sign_in: SignIn) -> Cast:
    cast = cast_make()
    browser_sign_in(cast.analyst)
    return cast


@pytest.fixture
def framework(players: Cast) -> Framework:
    """A framework in two versions, with everything that a requirement's page can show, and a draft."""
    params = [{"id": "p", "label": "period", "guidelines": [{"prose": "How often."}]}]
    rich = control(
        "hb-1",
        prose="Keep watch each {{ insert: param, p }}.",
        params=params,
        links=[{"rel": "related", "href": "#hb-2"}, {"rel": "reference", "href": "https://example.com/act"}],
        controls=[control("hb-1.1", "Stronger watch")],
    )
    rich["parts"].append(
        {
            "name": "assessment-method",
            "props": [{"name": "method", "value": "TEST"}],
            "parts": [{"name": "assessment-objects", "prose": "the bell"}],
        }
    )
    accept(players, content(group("hb", rich, control("hb-2"))))
    made = accept(players, second()).framework
    draft_begin(framework=made, label="3.0", actor=players.analyst, now=NOW)
    return made


@pytest.mark.parametrize("looks", LOOKS)
def test_every_page_is_accessible(browser_page: Page, framework: Framework, looks: dict[str, bool]) -> None:
    line = RequirementText.objects.get(edition__label="3.0", key="hb-1")
    pages = [
        "/compliance/",
        "/compliance/new/",
        "/compliance/import/",
        "/compliance/FRM-0001/",
        "/compliance/FRM-0001/?version=1",
        "/compliance/FRM-0001/?q=watch",
        "/compliance/FRM-0001/versions/",
        "/compliance/FRM-0001/versions/2/",
        "/compliance/FRM-0001/history/",
        "/compliance/FRM-0001/edit/",
        "/compliance/FRM-0001/draft/",
        "/compliance/FRM-0001/draft/new/",
        f"/compliance/FRM-0001/draft/{line.pk}/",
        f"/compliance/FRM-0001/draft/{line.pk}/place/",
        "/compliance/FRM-0001/draft/accept/",
        *(text.get_absolute_url() for text in RequirementText.objects.filter(requirement__identifier="HB-1")),
        *(
            text.get_absolute_url()
            for text in RequirementText.objects.filter(requirement__identifier="HB-2")[1:]
        ),
    ]
    for path in pages:
        browser_page.goto(path)
        expect(browser_page.locator("h1")).to_be_visible()
        assert_accessible(browser_page)
        assert_fits(browser_page)


@pytest.mark.parametrize("looks", LOOKS[:1])
def test_from_a_file_to_a_requirement(
    browser_page: Page, players: Cast, tmp_path: Path, looks: dict[str, bool]
) -> None:
    page = browser_page
    first, newer = tmp_path / "harbour-1.json", tmp_path / "harbour-2.json"
    first.write_bytes(content())
    newer.write_bytes(second())
    page.goto("/compliance/")
    page.get_by_role("link", name="Import").first.click()
    page.get_by_label("File").set_input_files(str(first))
    page.get_by_role("button", name="Show what it would change").click()
    expect(page.get_by_role("heading", name="HB-1 Watch")).to_be_visible()
    assert_accessible(page)
    assert not Framework.objects.exists()
    page.get_by_role("button", name="Accept as a new framework").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour baseline")
    page.get_by_role("link", name="Import a version").click()
    page.get_by_label("File").set_input_files(str(newer))
    page.get_by_role("button", name="Show what it would change").click()
    expect(page.locator("ins").first).to_contain_text("day and night")
    settle(page)
    page.get_by_role("link", name="Withdrawn 1").click()
    expect(page.get_by_role("heading", name="HB-2 Log")).to_be_visible()
    page.get_by_role("button", name="Accept this version").click()
    expect(page.get_by_text("Version 2.0 of FRM-0001 is accepted")).to_be_visible()
    settle(page)
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search the portal").fill("hb-3")
    page.get_by_role("option", name="HB-3 Ring").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("HB-3 Ring")


@pytest.mark.browser
def test_a_bad_file_says_where(
    browser_page: Page, players: Cast, browser_problems: Problems, tmp_path: Path
) -> None:
    browser_problems.allow("422")
    bad = tmp_path / "bad.json"
    bad.write_bytes(content(group("hb", control("hb-1"), control("hb-1")), uuid=OTHER_UUID))
    browser_page.goto("/compliance/import/")
    browser_page.get_by_label("File").set_input_files(str(bad))
    browser_page.get_by_role("button", name="Show what it would change").click()
    expect(browser_page.get_by_text("catalog.groups[0].controls[1].id").first).to_be_visible()
    assert_accessible(browser_page)


@pytest.mark.parametrize("looks", [LOOKS[0], LOOKS[2]])
def test_what_stands_deeper_is_indented_further(
    browser_page: Page, players: Cast, looks: dict[str, bool]
) -> None:
    most = MOST_DEPTH - 1  # within the group
    deep = control(f"a-{most}")
    for place in range(most - 1, 0, -1):
        deep = control(f"a-{place}", controls=[deep])
    framework = accept(players, content(group("a", deep))).framework
    draft_begin(framework=framework, label="2.0", actor=players.analyst, now=NOW)
    for path in ("/compliance/FRM-0001/", "/compliance/FRM-0001/draft/"):
        browser_page.goto(path)
        names = browser_page.locator("li[data-level] > a:first-of-type")
        expect(names).to_have_count(most)
        starts = [box["x"] for name in names.all() if (box := name.bounding_box())]
        assert len(starts) == most
        assert starts == sorted(set(starts))
        assert_fits(browser_page)


@pytest.mark.browser
def test_a_version_is_written_by_hand(browser_page: Page, players: Cast) -> None:
    page = browser_page
    page.goto("/compliance/new/")
    page.get_by_label("Name").fill("Quay rules")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="Add a line").click()
    page.get_by_label("Kind").select_option(label="Group")
    page.get_by_label("Title").fill("Quay")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Add to Quay").click()
    page.get_by_label("Identifier").fill("QY-1")
    page.get_by_label("Title").fill("Watch")
    page.get_by_label("Text", exact=True).fill("Keep watch.")
    page.get_by_role("button", name="Save").click()
    settle(page)
    page.get_by_role("link", name="Add to Quay").click()
    page.get_by_label("Identifier").fill("QY-2")
    page.get_by_label("Title").fill("Ring")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Move up QY-2 Ring").click()
    settle(page)
    page.get_by_role("link", name="Remove QY-1 Watch").click()
    dialog = page.get_by_role("dialog")
    assert_accessible(page, within="dialog")
    dialog.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("link", name="QY-1 Watch", exact=True)).to_have_count(0)
    page.get_by_role("link", name="Look at the changes").click()
    page.get_by_role("button", name="Accept this version").click()
    expect(page.get_by_role("link", name="QY-2 Ring")).to_be_visible()
    assert Edition.objects.get().accepted_by == players.analyst
