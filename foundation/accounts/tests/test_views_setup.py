"""The pages of the first visit."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from foundation import clock
from foundation.accounts.access import access_of
from foundation.accounts.choices import Role
from foundation.accounts.models import Organisation, SetupCode, User
from foundation.accounts.services import setup_code_issue
from foundation.registry import Registry
from foundation.testing.cast import Cast
from foundation.testing.races import together

SETUP = "/setup/"
SAMPLE = "/setup/sample/"


@pytest.fixture
def code(db: None) -> str:
    issued = setup_code_issue(now=clock.now())
    assert issued
    return issued


def filled_in(own_code: str, **changes: str) -> dict[str, str]:
    return {
        "code": own_code,
        "name": "Osprey Insurance",
        "time_zone": "Europe/Helsinki",
        "currency": "EUR",
        "base_url": "https://portal.example.org/",
        "full_name": "Mara Lind",
        "email": "Mara.Lind@example.com",
        "password": "copper-lantern-meadow-77",
        "password_again": "copper-lantern-meadow-77",
        **changes,
    }


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/audits/", "/account/sign-in/", "/admin/", "/no/such/page/"])
def test_every_page_leads_here_before_there_is_an_organisation(client: Client, path: str) -> None:
    for response in (client.get(path), client.post(path)):
        assert (response.status_code, response["Location"]) == (302, SETUP)


@pytest.mark.django_db
def test_a_monitor_is_answered_before_there_is_an_organisation(client: Client) -> None:
    assert client.get("/healthz").status_code in {200, 503}


@pytest.mark.django_db
def test_the_page_offers_both_ways(client: Client) -> None:
    response = client.get(SETUP)
    text = response.content.decode()
    assert response.status_code == 200
    assert 'action="/setup/"' in text
    assert 'action="/setup/sample/"' in text
    assert 'value="http://testserver"' in text
    assert "no-store" in response["Cache-Control"]


def test_it_works(client: Client, code: str) -> None:
    response = client.post(SETUP, filled_in(code))
    assert (response.status_code, response["Location"]) == (302, "/")
    organisation = Organisation.objects.get()
    assert (organisation.name, organisation.base_url) == ("Osprey Insurance", "https://portal.example.org")
    person = User.objects.get()
    assert person.email == "mara.lind@example.com"
    assert set(access_of(person).roles) == {Role.CISO, Role.ADMINISTRATOR}
    assert client.get("/profile/").status_code == 200
    assert client.get("/account/passkeys/new/").status_code == 200, "the password was typed just now"
    for path in (SETUP, SAMPLE):
        assert client.get(path).status_code in {404, 405}


def test_then_there_is_no_such_page(client: Client, cast: Cast) -> None:
    assert client.get(SETUP).status_code == 404
    for path in (SETUP, SAMPLE):
        response = client.post(path, {}, follow=True)
        assert response.redirect_chain == [("/account/sign-in/", 302)]
        assert "was set up meanwhile" in response.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("code", "AAAA-AAAA-AAAA-AAAA", "not the code that the terminal shows"),
        ("code", "", "required"),
        ("name", "", "required"),
        ("name", "x" * 201, "at most 200"),
        ("name", "Nul\x00", "Null characters"),
        ("time_zone", "Mars/Olympus", "valid choice"),
        ("currency", "XXX", "valid choice"),
        ("base_url", "portal", "Write the address as https://"),
        ("full_name", "", "required"),
        ("email", "mara", "valid email"),
        ("password", "short", "at least 12"),
        ("password", "mara.lind@example.com", "too similar"),
        ("password_again", "another-password", "not the same password"),
    ],
)
def test_what_is_wrong_is_told_beside_the_field_and_the_rest_is_kept(
    client: Client, code: str, field: str, value: str, told: str
) -> None:
    changes = {field: value} | ({"password_again": value} if field == "password" else {})
    response = client.post(SETUP, filled_in(code, **changes))
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert list(errors) == [field]
    assert told in str(errors[field])
    text = response.content.decode()
    assert "copper-lantern" not in text
    if field != "name":
        assert 'value="Osprey Insurance"' in text
    assert not Organisation.objects.exists()
    assert not User.objects.exists()


def test_a_form_that_is_wrong_elsewhere_costs_no_try(client: Client, code: str) -> None:
    client.post(SETUP, filled_in("WRONG", name=""))
    assert SetupCode.objects.get().failures == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_browsers_at_once_one_wins() -> None:
    code = setup_code_issue(now=clock.now()) or ""
    one, two = (filled_in(code, email=email) for email in ("one@example.com", "two@example.com"))
    responses = together(lambda: Client().post(SETUP, one), lambda: Client().post(SETUP, two))
    places = sorted(response.headers.get("Location", "told") for response in responses)
    assert places[0] == "/"
    assert places[1] in {"/account/sign-in/", "told"}
    assert (Organisation.objects.count(), User.objects.count()) == (1, 1)


@pytest.fixture
def _small_sample(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Leave out what the apps add (their own tests load it), and keep the password out of the folder."""
    monkeypatch.setattr(Registry, "sample_sets", lambda self: [])
    monkeypatch.setattr("foundation.accounts.views.setup.sign_in_keep", lambda sign_in: None)


@pytest.mark.usefixtures("_small_sample")
def test_the_sample_is_loaded_and_tells_how_to_sign_in(client: Client, code: str) -> None:
    response = client.post(SAMPLE, {"sample-code": code})
    assert response.status_code == 200
    sign_in: Any = response.context["sign_in"]
    text = response.content.decode()
    assert sign_in.password in text
    email = sign_in.accounts[0][0]
    assert email in text
    assert Organisation.objects.get().base_url == "http://testserver"
    assert not SetupCode.objects.exists()
    signed_in = client.post("/account/sign-in/", {"login": email, "password": sign_in.password})
    assert signed_in["Location"] == "/"


@pytest.mark.parametrize("typed", ["", "WRONG"])
def test_the_sample_asks_for_the_code_too(client: Client, code: str, typed: str) -> None:
    response = client.post(SAMPLE, {"sample-code": typed})
    assert response.status_code == 422
    assert response.context["sample_form"].errors
    assert not response.context["form"].is_bound
    assert not Organisation.objects.exists()
