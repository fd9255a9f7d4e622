"""The kit in a real browser: with the keyboard, by day and by night, wide and narrow, with scripts and without."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from foundation.testing.browser import Problems, SignIn, assert_accessible, assert_fits
from foundation.testing.cast import Cast, cast_make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("foundation.ui.tests.sample_pages")]


@pytest.fixture
def players(transactional_db: None, browser_sign_in: SignIn) -> Cast:
    cast = cast_make()
    cast.administrator.is_staff = True
    cast.administrator.save()
    browser_sign_in(cast.administrator)
    return cast


def make_groups(count: int) -> None:
    Group.objects.bulk_create([Group(name=f"Group {number:03}") for number in range(count)])


@pytest.mark.parametrize(
    "looks",
    [
        pytest.param(wishes, marks=pytest.mark.browser(**wishes), id="-".join(wishes) or "wide")
        for wishes in ({}, {"dark": True}, {"narrow": True}, {"narrow": True, "dark": True})
    ],
)
def test_every_part_is_accessible(browser_page: Page, players: Cast, looks: dict[str, bool]) -> None:
    browser_page.goto("/ui/style-guide/")
    expect(browser_page.locator("html")).to_have_css("color-scheme", "light dark")
    assert_accessible(browser_page)
    assert_fits(browser_page)
    browser_page.get_by_role("button", name="Save").click()
    expect(browser_page.get_by_role("alert")).to_contain_text("things to correct")
    assert_accessible(browser_page)


@pytest.mark.browser
def test_typing_filters_the_list_in_place(browser_page: Page, players: Cast) -> None:
    make_groups(60)
    browser_page.goto("/sample/?sort=-name")
    browser_page.get_by_label("Search", exact=True).press_sequentially("Group 01")
    expect(browser_page.get_by_role("status").first).to_have_text("Groups: 10")
    expect(browser_page).to_have_url("/sample/?sort=-name&q=Group%2001")
    expect(browser_page.get_by_role("row")).to_have_count(11)
    expect(browser_page.get_by_role("row").nth(1)).to_contain_text("Group 019")
    assert_accessible(browser_page)


@pytest.mark.browser
def test_the_keyboard_sorts_and_turns_pages(browser_page: Page, players: Cast) -> None:
    make_groups(60)
    browser_page.goto("/sample/")
    heading = browser_page.get_by_role("link", name="Name")
    heading.focus()
    browser_page.keyboard.press("Enter")
    expect(browser_page.get_by_role("row").nth(1)).to_contain_text("Group 059")
    expect(heading).to_be_focused()
    expect(browser_page.get_by_role("columnheader").first).to_have_attribute("aria-sort", "descending")
    browser_page.get_by_role("link", name="Next").press("Enter")
    expect(browser_page.get_by_role("row").nth(1)).to_contain_text("Group 034")
    browser_page.go_back()
    expect(browser_page.get_by_role("row").nth(1)).to_contain_text("Group 059")


@pytest.mark.browser
def test_a_link_opens_in_another_tab_when_asked_to(browser_page: Page, players: Cast) -> None:
    make_groups(60)
    browser_page.goto("/sample/")
    with browser_page.context.expect_page() as opened:
        browser_page.get_by_role("link", name="Next").click(modifiers=["ControlOrMeta"])
    expect(opened.value.get_by_role("row").nth(1)).to_contain_text("Group 025")
    expect(browser_page.get_by_role("row").nth(1)).to_contain_text("Group 000")


@pytest.mark.browser(narrow=True)
def test_rows_are_cards_on_a_narrow_screen(browser_page: Page, players: Cast) -> None:
    make_groups(30)
    browser_page.goto("/sample/")
    assert_fits(browser_page)
    assert_accessible(browser_page)
    cell = browser_page.get_by_role("row").nth(1).get_by_role("cell").nth(1)
    browser_page.get_by_text("Sort", exact=True).click()
    assert_accessible(browser_page)
    browser_page.get_by_role("link", name="Name ascending").click()
    expect(browser_page.get_by_role("row").first).to_contain_text("Group 029")
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == '"Letters"'


@pytest.mark.browser(scripts=False)
def test_a_list_works_without_scripts(browser_page: Page, players: Cast) -> None:
    make_groups(60)
    browser_page.goto("/sample/")
    browser_page.get_by_label("Search", exact=True).fill("Group 01")
    browser_page.get_by_role("button", name="Filter").click()
    expect(browser_page.get_by_role("row")).to_have_count(11)
    browser_page.get_by_role("link", name="Clear all").click()
    browser_page.get_by_role("link", name="Next").click()
    expect(browser_page.get_by_role("row").nth(1)).to_contain_text("Group 025")


@pytest.mark.browser
def test_a_step_is_confirmed_in_a_dialog(
    browser_page: Page, players: Cast, browser_problems: Problems
) -> None:
    browser_problems.allow("422")
    group = Group.objects.create(name="One")
    browser_page.goto(f"/sample/{group.pk}/")
    button = browser_page.get_by_role("link", name="Close", exact=True)
    button.press("Enter")
    dialog = browser_page.get_by_role("dialog", name="Close the group")
    expect(dialog.get_by_label("Why")).to_be_focused()
    assert_accessible(browser_page)
    browser_page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    button.press("Enter")
    dialog.get_by_role("button", name="Close it").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Why: This field is required.")
    assert_accessible(browser_page)
    dialog.get_by_label("Why").fill("No longer needed")
    dialog.get_by_role("button", name="Close it").click()
    expect(browser_page.get_by_role("status")).to_contain_text("Closed: No longer needed")


@pytest.mark.browser(scripts=False)
def test_a_step_is_confirmed_on_a_page_without_scripts(browser_page: Page, players: Cast) -> None:
    group = Group.objects.create(name="One")
    browser_page.goto(f"/sample/{group.pk}/")
    browser_page.get_by_role("link", name="Close", exact=True).click()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Close the group")
    browser_page.get_by_label("Why").fill("No longer needed")
    browser_page.get_by_role("button", name="Close it").click()
    expect(browser_page.get_by_role("status")).to_contain_text("Closed: No longer needed")


@pytest.mark.browser
def test_errors_lead_to_their_fields_and_keep_what_was_typed(
    browser_page: Page, players: Cast, browser_problems: Problems
) -> None:
    browser_problems.allow("422")
    Group.objects.create(name="Taken")
    browser_page.goto("/sample/new/")
    browser_page.get_by_label("Name").fill("Taken")
    browser_page.get_by_role("button", name="Save").click()
    summary = browser_page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Size").click()
    expect(browser_page.get_by_label("Small")).to_be_focused()
    browser_page.get_by_label("Large").check()
    browser_page.get_by_role("button", name="Save").click()
    expect(summary).to_contain_text("Name: This name is taken.")
    expect(browser_page.get_by_label("Name")).to_have_value("Taken")
    expect(browser_page.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    expect(browser_page.get_by_label("Large")).to_be_checked()
    assert_accessible(browser_page)


@pytest.mark.browser
def test_a_long_select_is_searched_by_typing(browser_page: Page, players: Cast) -> None:
    browser_page.goto("/ui/style-guide/")
    field = browser_page.get_by_role("combobox", name="Lead auditor")
    field.press_sequentially("Person 27")
    expect(browser_page.get_by_role("option", name="Sample Person 27")).to_be_visible()
    assert_accessible(browser_page)
    field.press("Enter")
    expect(browser_page.locator("#id_lead")).to_have_value("27")


@pytest.mark.browser
def test_a_select_takes_what_was_typed_however_fast(browser_page: Page, players: Cast) -> None:
    browser_page.goto("/ui/style-guide/")
    field = browser_page.get_by_role("combobox", name="Lead auditor")
    field.focus()
    browser_page.evaluate(
        """field => {
            field.value = "Person 27";
            field.dispatchEvent(new Event("input", { bubbles: true }));
            field.dispatchEvent(new KeyboardEvent("keydown", { keyCode: 13, bubbles: true, cancelable: true }));
        }""",
        field.element_handle(),
    )
    expect(browser_page.locator("#id_lead")).to_have_value("27")
    expect(browser_page.locator("#id_lead-ts-dropdown")).to_be_hidden()


@pytest.mark.browser
def test_the_theme_changes_at_once_and_is_kept(browser_page: Page, players: Cast) -> None:
    browser_page.goto("/sample/")
    browser_page.get_by_role("button", name="Light or dark").press("Enter")
    with browser_page.expect_response("**/ui/theme/"):
        browser_page.get_by_role("button", name="Dark", exact=True).press("Enter")
    expect(browser_page.locator("html")).to_have_css("color-scheme", "dark")
    browser_page.reload()
    expect(browser_page.locator("html")).to_have_css("color-scheme", "dark")


@pytest.mark.browser(scripts=False)
def test_the_theme_is_kept_without_scripts(browser_page: Page, players: Cast) -> None:
    browser_page.goto("/sample/?q=a")
    browser_page.get_by_role("button", name="Light or dark").click()
    browser_page.get_by_role("button", name="Dark", exact=True).click()
    expect(browser_page).to_have_url("/sample/?q=a")
    expect(browser_page.locator("html")).to_have_css("color-scheme", "dark")


@pytest.mark.browser(narrow=True, scripts=False)
def test_the_side_bar_opens_on_a_narrow_screen_without_scripts(browser_page: Page, players: Cast) -> None:
    browser_page.goto("/sample/")
    side = browser_page.get_by_role("navigation", name="Main")
    expect(side).to_be_hidden()
    browser_page.get_by_role("button", name="Open the menu").press("Enter")
    expect(side).to_be_visible()
    browser_page.keyboard.press("Escape")
    expect(side).to_be_hidden()


@pytest.mark.browser
def test_the_first_tab_stop_skips_to_the_content(browser_page: Page, players: Cast) -> None:
    browser_page.goto("/sample/")
    browser_page.keyboard.press("Tab")
    expect(browser_page.get_by_role("link", name="Skip to the content")).to_be_focused()
    browser_page.keyboard.press("Enter")
    expect(browser_page.locator("main")).to_be_focused()


@pytest.mark.browser
def test_the_admin_site_runs_its_own_scripts(browser_page: Page, players: Cast) -> None:
    browser_page.goto("/admin/")
    expect(browser_page.locator("html")).to_have_attribute("data-theme", "auto")


@pytest.mark.browser(dark=True)
@pytest.mark.parametrize("address", ["refused", "missing", "throttled", "broken"])
def test_error_pages_are_accessible(
    browser_page: Page, players: Cast, browser_problems: Problems, address: str
) -> None:
    browser_problems.allow("Failed to load resource", "answer 500")
    browser_page.goto(f"/sample-errors/{address}/")
    expect(browser_page.get_by_role("link", name="Go to the start page")).to_be_visible()
    assert_accessible(browser_page)


@pytest.mark.browser(narrow=True)
def test_a_locked_select_shows_its_long_name_whole(browser_page: Page, players: Cast) -> None:
    browser_page.goto("/ui/style-guide/")
    room = browser_page.locator("#id_lead").evaluate(
        """(select) => {
            select.tomselect.setValue("27");
            select.tomselect.disable();
            const item = select.tomselect.control.querySelector(".item");
            item.textContent = "Maximiliane-Alexandra von Hohenzollern-Sigmaringen und Württemberg";
            const arrow = getComputedStyle(select.tomselect.control, "::after").display;
            return [arrow, item.scrollWidth - item.clientWidth, item.clientHeight];
        }"""
    )
    assert room[0] == "none"
    assert room[1] == 0
    assert room[2] > 30  # in two lines at least


@pytest.mark.browser(narrow=True)
def test_words_that_run_from_the_right_stand_at_the_right(browser_page: Page, players: Cast) -> None:
    group = Group.objects.create(name="تقييم ضوابط الوصول المميز إلى أنظمة الدفع الأساسية في البنك")
    ends_at = """(place) => {
        const words = document.createRange();
        words.selectNodeContents(place);
        const line = [...words.getClientRects()].at(-1);
        return place.getBoundingClientRect().right - line.right;
    }"""
    browser_page.goto(f"/sample/{group.pk}/")
    title = browser_page.get_by_role("heading", level=1)
    assert title.evaluate("(place) => place.getBoundingClientRect().height") > 60  # in two lines at least
    assert title.evaluate(ends_at) < 1
    assert_accessible(browser_page)
    browser_page.goto("/sample/")
    assert browser_page.locator("tbody .is-title").first.evaluate(ends_at) < 1
    assert_fits(browser_page)
