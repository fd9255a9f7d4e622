"""My profile."""

from collections.abc import Callable

import pytest
from django.test import Client

from foundation.accounts.models import User
from foundation.testing.cast import Cast
from foundation.testing.forms import send
from foundation.trail.models import Entry

PAGE = "/profile/"

SignIn = Callable[[User], Client]


def test_it_works(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.unit_lead)
    text = browser.get(PAGE).content.decode()
    assert "As the organisation: Europe/Lisbon" in text
    assert "Payments and all below it" in text
    sent = send(browser, PAGE, full_name="Ulrike Sommer-Ruiz", time_zone="America/Lima")
    assert sent["Location"] == PAGE
    person = User.objects.get(pk=cast.unit_lead.pk)
    assert (person.full_name, person.time_zone) == ("Ulrike Sommer-Ruiz", "America/Lima")
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.before) == (
        "accounts.user.changed",
        {"full_name": "Ulrike Sommer", "time_zone": ""},
    )


def test_the_zone_goes_back_to_the_organisations(cast: Cast, sign_in: SignIn) -> None:
    User.objects.filter(pk=cast.analyst.pk).update(time_zone="Asia/Tokyo")
    send(sign_in(cast.analyst), PAGE, time_zone="organisation")
    assert User.objects.get(pk=cast.analyst.pk).time_zone == ""


def test_a_page_runs_in_the_persons_own_zone(cast: Cast, sign_in: SignIn) -> None:
    User.objects.filter(pk=cast.analyst.pk).update(time_zone="Asia/Tokyo")
    response = sign_in(cast.analyst).get(PAGE)
    assert str(response.wsgi_request.user.time_zone) == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("field", "value"), [("full_name", ""), ("time_zone", "Mars/Olympus"), ("language", "xx")]
)
def test_what_is_wrong_is_told(cast: Cast, sign_in: SignIn, field: str, value: str) -> None:
    data = {"full_name": "Anders Falk", "time_zone": "organisation", "language": "en", field: value}
    response = sign_in(cast.analyst).post(PAGE, data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_nobody_writes_more_than_the_form_has(cast: Cast, sign_in: SignIn) -> None:
    data = {
        "full_name": "Anders Falk",
        "time_zone": "organisation",
        "language": "en",
        "is_superuser": "on",
        "is_staff": "on",
        "email": "other@example.com",
    }
    sign_in(cast.analyst).post(PAGE, data)
    person = User.objects.get(pk=cast.analyst.pk)
    assert (person.is_superuser, person.is_staff, person.email) == (False, False, "anders.falk@example.com")


def test_requires_sign_in(client: Client, cast: Cast) -> None:
    assert client.get(PAGE)["Location"] == "/account/sign-in/?next=/profile/"
