"""The pages of a plan's contacts."""

from typing import Any

import pytest
from django.test import Client

from foundation.accounts.models import User
from foundation.testing.cast import Cast
from foundation.testing.forms import filled, send
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry
from policies.tests.factories import published
from response.forms import ContactForm
from response.models import Contact
from response.parts import dialled
from response.tests.factories import contact_make, plan_make

pytestmark = pytest.mark.django_db


def browser_of(person: object) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def test_the_sheet_names_whom_to_call(cast: Cast) -> None:
    plan = plan_make(cast)
    contact_make(cast, plan=plan)
    contact_make(cast, plan=plan, role="Forensics", person=None, outside="Brookmere duty desk", position=2)
    browser, path = browser_of(cast.auditor), f"/response/plans/{plan.reference}/contacts/"
    browser.get(path)
    with assert_queries("contact-list"):
        page = browser.get(path).content.decode()
    assert page.index("Commander") < page.index("Brookmere duty desk")
    assert "tel:+3515550100" in page
    assert "/edit/" not in page


def test_a_plan_has_the_tab_and_no_other_document(cast: Cast) -> None:
    contact = contact_make(cast)
    browser = browser_of(cast.auditor)
    browser.get(f"{contact.plan.get_absolute_url()}contacts/")
    with assert_queries("document-tab-contacts"):
        page = browser.get(f"{contact.plan.get_absolute_url()}contacts/").content.decode()
    assert "Celia Moreau" in page
    policy = published(cast)
    assert browser.get(f"{policy.get_absolute_url()}contacts/").status_code == 404


def test_the_sheet_is_taken_along_and_the_trail_says_so(cast: Cast) -> None:
    contact = contact_make(cast)
    path = f"/response/plans/{contact.plan.reference}/contacts/?export=csv"
    text = browser_of(cast.auditor).get(path).getvalue().decode()
    assert "+351 555 0100" in text
    assert Entry.objects.filter(action="response.contact.exported", record_id=contact.plan_id).exists()


def test_a_contact_is_added_edited_confirmed_and_removed(cast: Cast) -> None:
    plan = plan_make(cast)
    browser, path = browser_of(cast.analyst), f"/response/plans/{plan.reference}/contacts/"
    answer = send(browser, f"{path}new/", role="Commander", person=cast.ciso.pk, phone="+351 555 0100")
    assert answer.status_code == 302
    contact = Contact.objects.get()
    assert send(browser, f"{path}{contact.pk}/edit/", phone="+351 555 0111").status_code == 302
    assert send(browser, f"{path}{contact.pk}/confirm/", comment="He answered").status_code == 302
    assert Entry.objects.get(action="response.contact.confirmed").comment == "He answered"
    contact.refresh_from_db()
    assert (contact.phone, contact.revision) == ("+351 555 0111", 3)
    assert browser.post(f"{path}{contact.pk}/remove/", {"comment": ""}).status_code == 302
    assert browser.get(f"{path}{contact.pk}/edit/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"phone": "call me"}, "phone"),
        ({"phone": "+ ( ) -"}, "phone"),
        ({"phone": "x12"}, "phone"),
        ({"phone": "", "email": ""}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"outside": "Somebody else"}, "person"),
        ({"position": "0"}, "position"),
        ({"cadence_months": "13"}, "cadence_months"),
    ],
)
def test_what_is_wrong_is_told(cast: Cast, typed: dict[str, Any], field: str) -> None:
    plan = plan_make(cast)
    said = {"role": "Commander", "person": cast.ciso.pk, "phone": "+351 555 0100", **typed}
    answer = send(browser_of(cast.analyst), f"/response/plans/{plan.reference}/contacts/new/", **said)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_a_stale_edit_is_shown_beside_what_was_typed(cast: Cast) -> None:
    contact = contact_make(cast)
    browser = browser_of(cast.analyst)
    path = f"/response/plans/{contact.plan.reference}/contacts/{contact.pk}/edit/"
    mine = filled(browser, path, phone="1")
    send(browser, path, phone="22")
    answer = browser.post(path, mine)
    assert answer.status_code == 409
    assert "22" in answer.content.decode()


def test_nobody_confirms_what_they_did_not_see(cast: Cast) -> None:
    contact = contact_make(cast)
    browser = browser_of(cast.analyst)
    path = f"/response/plans/{contact.plan.reference}/contacts/{contact.pk}/"
    seen = filled(browser, f"{path}confirm/")
    send(browser, f"{path}edit/", phone="22")
    answer = browser.post(f"{path}confirm/", seen)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "changed this contact meanwhile" in page
    assert "Commander: Celia Moreau, 22" in page
    seen["version"] = answer.context["form"]["version"].value()
    assert browser.post(f"{path}confirm/", seen).status_code == 302


def test_who_left_is_marked_on_the_sheet(cast: Cast) -> None:
    contact = contact_make(cast, person=cast.personnel)
    pages = (
        f"/response/plans/{contact.plan.reference}/contacts/",
        f"{contact.plan.get_absolute_url()}contacts/",
    )
    browser = browser_of(cast.analyst)
    for path in pages:
        assert "Has left" not in browser.get(path).content.decode()
    User.objects.filter(pk=cast.personnel.pk).update(is_active=False)
    for path in pages:
        assert "Has left" in browser.get(path).content.decode()
    answer = send(browser, f"{pages[0]}{contact.pk}/edit/", phone="1")
    assert answer.status_code == 422
    assert "name who takes the role now" in answer.content.decode()


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("+351 555 0100", "tel:+3515550100"),
        ("+44 (0)20 7946 0958", "tel:+442079460958"),
        ("+44 ( 0 ) 20 7946 0958 x12", "tel:+442079460958;ext=12"),
        ("0044 (0)20 7946 0958", "tel:00442079460958"),
        ("(020) 7946 0958 ext. 7", "tel:02079460958;ext=7"),
        ("(0) 20 7946", "tel:0207946"),
        ("020/7946.09-58 Extension 120", "tel:02079460958;ext=120"),
    ],
)
def test_a_phone_dials_the_number_as_people_write_it(written: str, address: str) -> None:
    assert dialled(written) == address
    assert ContactForm.base_fields["phone"].clean(written) == written
