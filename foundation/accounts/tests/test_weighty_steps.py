"""What gives power or takes accounts over asks who it is, of whoever did not just sign in."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from foundation import clock
from foundation.accounts.models import (
    BusinessUnit,
    Delegation,
    OneTimeLink,
    Organisation,
    RoleGrant,
    User,
)
from foundation.accounts.services import user_deactivate
from foundation.accounts.tests.factories import PASSWORD
from foundation.accounts.tests.test_person_sign_in import confirm
from foundation.calendar.models import CalendarFeed
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
    if name.startswith("admin"):
        return admin_step_of(name, cast)
    if name == "reopened account":
        user_deactivate(user=cast.outsider, actor=cast.administrator, now=clock.now())
    if name == "invitation":
        User.objects.filter(pk=cast.outsider.pk).update(password="!")
    day = {"starts_on": "2199-01-01", "ends_on": "2199-01-31"}
    of_outsider, moved = f"/people/{cast.outsider.pk}", cast.units.payments.pk
    url, data = {
        "new person": ("/people/new/", person),
        "e-mail": (f"/people/{cast.auditor.pk}/edit/", {"email": "elsewhere@example.com"}),
        "role": (f"/people/{cast.outsider.pk}/roles/new/", {"role": "ciso", "unit": ""}),
        "dates": (f"/roles/{grant.pk}/edit/", {"ends_on": "2199-01-31"}),
        "role ended": (f"/roles/{grant.pk}/end/", {}),
        "invitation": (f"{of_outsider}/invite/", {}),
        "closed account": (f"{of_outsider}/deactivate/", {}),
        "reopened account": (f"{of_outsider}/reactivate/", {}),
        "moved unit": (f"/units/{moved}/move/", {"parent": cast.units.retail.pk}),
        "stand-in": (f"{of_outsider}/stand-in/", {"stand_in": cast.auditor.pk, **day}),
        "own stand-in": (f"/people/{cast.administrator.pk}/stand-in/", {"stand_in": cast.auditor.pk, **day}),
        "feed": ("/calendar/feeds/new/", {"name": "Phone"}),
        "organisation": ("/organisation/", {"base_url": "https://elsewhere.example.com"}),
    }[name]
    return url, fields_of(browser, url) | data


def admin_step_of(name: str, cast: Cast) -> Step:
    """Return the like of them in the admin site."""
    grant = cast.auditor.grants.get()
    chosen: dict[str, Any] = {"_selected_action": [cast.outsider.pk], "index": "0", "select_across": "0"}
    steps: dict[str, Step] = {
        "admin role": (
            "/admin/accounts/rolegrant/add/",
            {"user": cast.outsider.pk, "role": "ciso", "unit": "", "starts_on": "2026-01-01"},
        ),
        "admin role ended": (f"/admin/accounts/rolegrant/{grant.pk}/delete/", {"post": "yes"}),
        "admin accounts closed": ("/admin/accounts/user/", {"action": "close_accounts", **chosen}),
    }
    return steps[name]


def state() -> list[Any]:
    """Return all that the steps change."""
    people = User.objects.order_by("pk").values_list("email", "full_name", "is_active")
    grants = RoleGrant.objects.order_by("pk").values_list("user", "role", "ends_on")
    units = BusinessUnit.objects.order_by("pk").values_list("parent")
    others = [model.objects.count() for model in (CalendarFeed, Delegation, OneTimeLink)]
    return [*people, *grants, *units, *others, *Organisation.objects.values_list("base_url")]


STEPS = [
    "new person",
    "e-mail",
    "role",
    "dates",
    "role ended",
    "invitation",
    "closed account",
    "reopened account",
    "moved unit",
    "stand-in",
    "own stand-in",
    "feed",
    "organisation",
    "import",
    "admin role",
    "admin role ended",
    "admin accounts closed",
]


@pytest.mark.parametrize("name", STEPS)
def test_it_is_taken_after_the_password(cast: Cast, name: str) -> None:
    browser = Client()
    browser.force_login(cast.administrator)  # long ago, as far as the session tells
    url, data = step_of(name, cast, browser)
    before = state()
    asks = browser.post(url, data)
    assert state() == before
    assert confirm(browser, asks).status_code in (200, 302)
    assert state() != before, "what was sent is not lost"


@pytest.mark.parametrize("name", STEPS)
def test_who_signed_in_just_now_is_not_asked_again(cast: Cast, name: str) -> None:
    browser = Client()
    browser.post("/account/sign-in/", {"login": cast.administrator.email, "password": PASSWORD})
    url, data = step_of(name, cast, browser)
    before = state()
    answer = browser.post(url, data)
    assert "/account/" not in answer.headers.get("Location", "")
    assert state() != before


def test_other_changes_of_an_account_ask_nobody(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.administrator)
    url = f"/people/{cast.auditor.pk}/edit/"
    answer = browser.post(url, fields_of(browser, url) | {"full_name": "Anna Falk"})
    assert answer["Location"] == f"/people/{cast.auditor.pk}/"
    cast.auditor.refresh_from_db()
    assert cast.auditor.full_name == "Anna Falk"
