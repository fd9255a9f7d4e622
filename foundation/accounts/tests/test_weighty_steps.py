"""What gives power or takes accounts over asks who it is, of whoever did not just sign in."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from foundation.accounts.models import Organisation, RoleGrant, User
from foundation.accounts.tests.factories import PASSWORD
from foundation.accounts.tests.test_person_sign_in import confirm
from foundation.enrolment.tests.tables import table
from foundation.testing.cast import Cast

# A step: where it is taken, and what is sent.
Step = tuple[str, dict[str, Any]]


def fields_of(browser: Client, url: str) -> dict[str, Any]:
    """Return what the form at this address sends when nothing is changed."""
    form = browser.get(url).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in sent.items() if value is not None}


def step_of(name: str, cast: Cast, browser: Client) -> Step:
    """Return a step that is filled in rightly."""
    person = {"full_name": "Nils Ek", "email": "nils.ek@example.com", "unit": cast.units.retail.pk}
    person["language"] = "en"
    grant = cast.auditor.grants.get()
    if name == "import":
        brought = browser.post("/people/import/", {"file": SimpleUploadedFile("people.csv", table({}))})
        return f"{brought['Location']}confirm/", {}
    url, data = {
        "new person": ("/people/new/", person),
        "e-mail": (f"/people/{cast.auditor.pk}/edit/", {"email": "elsewhere@example.com"}),
        "role": (f"/people/{cast.outsider.pk}/roles/new/", {"role": "ciso", "unit": ""}),
        "dates": (f"/roles/{grant.pk}/edit/", {"ends_on": "2199-01-31"}),
        "organisation": ("/organisation/", {"base_url": "https://elsewhere.example.com"}),
    }[name]
    return url, fields_of(browser, url) | data


def state() -> list[Any]:
    """Return all that the steps change."""
    people = User.objects.order_by("pk").values_list("email", "full_name")
    grants = RoleGrant.objects.order_by("pk").values_list("user", "role", "ends_on")
    return [*people, *grants, *Organisation.objects.values_list("base_url")]


STEPS = ["new person", "e-mail", "role", "dates", "organisation", "import"]


@pytest.mark.parametrize("name", STEPS)
def test_it_is_taken_after_the_password(cast: Cast, name: str) -> None:
    browser = Client()
    browser.force_login(cast.administrator)  # long ago, as far as the session tells
    url, data = step_of(name, cast, browser)
    before = state()
    asks = browser.post(url, data)
    assert state() == before
    assert confirm(browser, asks).status_code == 302
    assert state() != before, "what was sent is not lost"


@pytest.mark.parametrize("name", STEPS)
def test_who_signed_in_just_now_is_not_asked_again(cast: Cast, name: str) -> None:
    browser = Client()
    browser.post("/account/sign-in/", {"login": cast.administrator.email, "password": PASSWORD})
    url, data = step_of(name, cast, browser)
    before = state()
    answer = browser.post(url, data)
    assert "/account/" not in answer["Location"]
    assert state() != before


def test_other_changes_of_an_account_ask_nobody(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.administrator)
    url = f"/people/{cast.auditor.pk}/edit/"
    answer = browser.post(url, fields_of(browser, url) | {"full_name": "Anna Falk"})
    assert answer["Location"] == f"/people/{cast.auditor.pk}/"
    cast.auditor.refresh_from_db()
    assert cast.auditor.full_name == "Anna Falk"
