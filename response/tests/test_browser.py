"""Incident response on a phone: whom the plan calls, confirmed; an exercise, with a lesson that becomes an action."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from foundation import clock
from foundation.accounts.organisation import organisation_day
from foundation.actions.models import Action
from foundation.testing.browser import SignIn, assert_accessible, assert_fits, focused_name, tab_to
from foundation.testing.cast import Cast, cast_make
from policies.models import Document
from response.choices import ExerciseState
from response.models import Contact, Exercise
from response.tests.factories import contact_make, exercise_make, plan_make

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = [
    pytest.param(wishes, marks=pytest.mark.browser(**wishes), id="-".join(wishes) or "wide")
    for wishes in ({}, {"narrow": True, "dark": True})
]


@pytest.fixture
def cast(transactional_db: None, browser_sign_in: SignIn) -> Cast:
    """The cast, before the analyst, who owns the plan."""
    made = cast_make()
    browser_sign_in(made.analyst)
    return made


@pytest.fixture
def plan(cast: Cast) -> Document:
    """A plan, in force for some days, that calls the CISO, whom somebody has to confirm by now, and a clerk who left."""
    now = clock.now()
    made = plan_make(cast, now=now - timedelta(days=200))
    contact_make(
        cast, plan=made, phone="+44 (0)20 7946 0958 x12", cadence_months=1, now=now - timedelta(days=60)
    )
    contact_make(cast, plan=made, position=2, role="Tills", person=cast.personnel, now=now)
    type(cast.personnel).objects.filter(pk=cast.personnel.pk).update(is_active=False)
    return made


@pytest.mark.browser(narrow=True)
def test_whom_the_plan_calls_is_confirmed_on_a_phone(browser_page: Page, cast: Cast, plan: Document) -> None:
    page = browser_page
    page.goto(plan.get_absolute_url())
    page.get_by_role("tab", name="Contacts").or_(page.get_by_role("link", name="Contacts")).first.press(
        "Enter"
    )
    expect(page.get_by_text("1 contact was to be confirmed by now")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="Sheet to print").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Contacts")
    number = page.get_by_role("link", name="+44 (0)20 7946 0958 x12")
    expect(number).to_have_attribute("href", "tel:+442079460958;ext=12")
    expect(page.get_by_text("Has left")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="Confirm", exact=True).first.press("Enter")
    expect(page.get_by_text("You made sure that this is right")).to_be_visible()
    page.get_by_label("How you made sure").fill("Called: she answered")
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Confirm").press("Enter")
    expect(page.get_by_text("Commander: Celia Moreau is confirmed")).to_be_visible()
    confirmed = Contact.objects.get(role="Commander")
    assert (confirmed.confirmed_by, confirmed.confirmed_on) == (cast.analyst, organisation_day(clock.now()))


@pytest.mark.browser(narrow=True)
def test_a_lesson_of_an_exercise_becomes_an_action(browser_page: Page, cast: Cast, plan: Document) -> None:
    page, today = browser_page, organisation_day(clock.now())
    page.goto(f"{plan.get_absolute_url()}exercises/")
    page.get_by_role("link", name="Plan an exercise").first.press("Enter")
    page.get_by_label("Title").fill("Ransom on a Friday")
    page.get_by_label("Planned on").fill(today.isoformat())
    page.get_by_label("Objectives").fill("All are reached")
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Plan it").press("Enter")
    expect(page.get_by_text("The exercise is planned")).to_be_visible()
    page.get_by_role("link", name="It was held").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="It was held").press("Enter")
    page.get_by_role("link", name="Write it up").press("Enter")
    page.get_by_label("What happened").fill("The clerk had left: nobody answered for the tills.")
    page.get_by_label("All are reached").select_option("not_met")
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("It is written down")).to_be_visible()
    page.get_by_role("link", name="Agree on an action").press("Enter")
    page.get_by_label("What is to be done").fill("Name who answers for the tills")
    tab_to(page, lambda: focused_name(page).startswith("owner"))
    page.keyboard.type("Anders")
    expect(page.get_by_role("option", name="Anders Falk")).to_be_visible()
    page.keyboard.press("Enter")
    page.locator("#id_due_on").fill((today + timedelta(days=30)).isoformat())
    page.get_by_role("button", name="Agree").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Name who answers for the tills")
    exercise = Exercise.objects.get()
    assert Action.objects.get().source_id == exercise.pk
    page.goto(exercise.get_absolute_url())
    expect(page.get_by_role("link", name="Name who answers for the tills")).to_be_visible()
    page.get_by_role("link", name="Close", exact=True).press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Close", exact=True).last.press("Enter")
    expect(page.get_by_text(": Close")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    assert Exercise.objects.get().state == ExerciseState.CLOSED


@pytest.mark.parametrize("wishes", LOOKS)
def test_the_list_and_the_tab_of_a_plan_are_read(
    browser_page: Page, cast: Cast, plan: Document, wishes: dict[str, bool]
) -> None:
    exercise_make(cast, plan=plan)
    for path in ("/response/", f"{plan.get_absolute_url()}exercises/"):
        browser_page.goto(path)
        expect(browser_page.get_by_role("link", name="Ransom on a Friday")).to_be_visible()
        assert_accessible(browser_page)
        assert_fits(browser_page)
