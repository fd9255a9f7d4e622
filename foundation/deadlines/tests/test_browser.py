"""The forms in a real browser: previews while one types, with the keyboard alone, and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from foundation.deadlines.models import Ladder
from foundation.testing.browser import assert_accessible, assert_fits
from foundation.testing.cast import Cast, cast_make

STANDARD = "/deadlines/ladders/standard/"


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return cast_make()


@pytest.fixture
def page(browser_page: Page, browser_sign_in, cast: Cast) -> Page:
    browser_sign_in(cast.ciso)
    return browser_page


@pytest.fixture
def preview(page: Page):
    page.goto("/probes/new/")
    page.get_by_label("Opens on").fill("2027-01-31")
    return page.locator("#repeat-preview")


class TestLadders:
    def test_list_leads_to_the_form(self, page):
        page.goto("/deadlines/ladders/")
        assert_accessible(page)
        page.get_by_role("link", name="Standard", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Standard")

    def test_reminders_follow_what_is_typed(self, page):
        page.goto(STANDARD)
        page.get_by_label("Show the reminders of this date").fill("2027-03-30")
        example = page.locator("#ladder-preview")
        expect(example).to_contain_text("Sunday 28 February 2027, 07:00")
        page.get_by_label("Days before").fill("14")
        expect(example).to_contain_text("Tuesday 16 March 2027, 07:00")
        expect(example).not_to_contain_text("Sunday 28 February")
        page.get_by_label("Days before").fill("a fortnight")
        expect(example).to_contain_text("Once the fields are right")
        assert_accessible(page)

    def test_what_is_wrong_stands_beside_the_field(self, page, browser_problems):
        browser_problems.allow("422")
        page.goto(STANDARD)
        page.get_by_label("Days before").fill("a fortnight")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#div_id_days_before")).to_contain_text("“a” is not a number of days")
        expect(page.get_by_label("Days before")).to_have_value("a fortnight")
        assert_accessible(page)

    def test_with_the_keyboard_alone(self, page):
        page.goto(STANDARD)
        page.get_by_label("Name").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("21, 2")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Ladder “Standard” saved")).to_be_visible()
        assert Ladder.objects.get(key="standard").days_before == [21, 2]

    @pytest.mark.browser(narrow=True, dark=True)
    def test_narrow_and_dark(self, page):
        for address in ("/deadlines/ladders/", STANDARD):
            page.goto(address)
            assert_fits(page)
            assert_accessible(page)

    @pytest.mark.browser(scripts=False)
    def test_without_scripts(self, page, browser_problems):
        browser_problems.allow("422")
        page.goto(STANDARD)
        page.get_by_label("Days before").fill("14")
        page.get_by_label("Show the reminders of this date").fill("2027-03-30")
        page.get_by_role("button", name="Show the reminders").click()
        expect(page.locator("#ladder-preview")).to_contain_text("Tuesday 16 March 2027, 07:00")
        expect(page.get_by_label("Days before")).to_have_value("14")


class TestRecurrence:
    def test_dates_follow_what_is_chosen(self, page, preview):
        page.get_by_label("Repeats").select_option("Monthly")
        expect(preview).to_contain_text("Every month on day 31 (or the last day of shorter months)")
        expect(preview.get_by_role("listitem")).to_have_text(
            [
                "Sunday 28 February 2027",
                "Wednesday 31 March 2027",
                "Friday 30 April 2027",
                "Monday 31 May 2027",
                "Wednesday 30 June 2027",
            ]
        )
        page.get_by_label("On a weekday of the month").check()
        page.get_by_label("Which of the month").select_option("last")
        page.get_by_label("Weekday", exact=True).select_option("Friday")
        page.get_by_label("Every", exact=True).fill("3")
        expect(preview).to_contain_text("Every 3 months on the last Friday")
        expect(preview).to_contain_text("The start, Sunday 31 January 2027, is not one of these dates.")
        assert_accessible(page)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading")).to_have_text("FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR")

    def test_only_the_fields_that_matter_are_shown(self, page, preview):
        shown = {
            "Every": page.get_by_label("Every", exact=True),
            "weekdays": page.get_by_label("Thursday", exact=True),
            "day": page.get_by_label("On a weekday of the month"),
            "nth": page.get_by_label("Which of the month"),
            "ends": page.get_by_label("Never"),
            "until": page.get_by_label("Last date"),
            "count": page.get_by_label("Times in all"),
        }

        def visible() -> list[str]:
            return [name for name, field in shown.items() if field.is_visible()]

        assert visible() == []
        page.get_by_label("Repeats").select_option("Weekly")
        assert visible() == ["Every", "weekdays", "ends"]
        page.get_by_label("Repeats").select_option("Yearly")
        page.get_by_label("On a weekday of the month").check()
        page.get_by_label("After a number of times").check()
        assert visible() == ["Every", "day", "nth", "ends", "count"]
        page.get_by_label("On a date").check()
        page.get_by_label("Repeats").select_option("Daily")
        assert visible() == ["Every", "ends", "until"]

    def test_what_is_wrong_is_told_at_once(self, page, preview):
        page.get_by_label("Repeats").select_option("Yearly")
        page.get_by_label("Every", exact=True).fill("11")
        expect(preview).to_contain_text("Use at most 10.")

    @pytest.mark.browser(narrow=True, dark=True)
    def test_narrow_and_dark(self, page, preview):
        page.get_by_label("Repeats").select_option("Weekly")
        expect(preview).to_contain_text("Every week on Sunday")
        assert_fits(page)
        assert_accessible(page)

    @pytest.mark.browser(scripts=False)
    def test_without_scripts(self, page, preview, browser_problems):
        browser_problems.allow("422")
        page.get_by_label("Repeats").select_option("Monthly")
        page.get_by_role("button", name="Show the next dates").click()
        expect(preview).to_contain_text("Sunday 28 February 2027")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading")).to_have_text("FREQ=MONTHLY")
