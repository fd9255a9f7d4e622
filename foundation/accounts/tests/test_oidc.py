"""Single sign-on, against a provider that answers on loopback."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client
from django.test.utils import override_settings

from foundation import clock
from foundation.accounts.checks import check_oidc
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.oidc_settings import provider_settings
from foundation.accounts.services import organisation_change, user_deactivate
from foundation.accounts.tests.factors import app_of
from foundation.accounts.tests.oidc_provider import Provider
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

START = "/account/oidc/"


def way_back(client: Client, start: str = START) -> str:
    """Go to the provider as a browser does, and return the address that it sends the browser back to."""
    there = client.get(start)["Location"]
    answer = requests.get(there, allow_redirects=False, timeout=10)
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def sign_in(start: str = START) -> tuple[Client, Any]:
    client = Client()
    return client, client.get(way_back(client, start))


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def person(user: User, **claims: Any) -> dict[str, Any]:
    return {"sub": "vale-17", "email": user.email, "email_verified": True, **claims}


def test_a_person_who_exists_signs_in(cast: Cast, provider: Provider) -> None:
    provider.sign_in(**person(cast.auditor, email=cast.auditor.email.upper()))
    page = Client().get("/account/sign-in/?next=/rights/").content.decode()
    assert f"{START}?next=%2Frights%2F" in page
    client, answer = sign_in(f"{START}?next=/rights/")
    assert answer["Location"] == "/rights/"
    assert client.session["_auth_user_id"] == str(cast.auditor.pk)
    actions = list(Entry.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["accounts.identity.linked", "accounts.session.opened"]
    assert [message.to for message in mail.outbox] == [[cast.auditor.email]]


def test_later_the_provider_s_name_for_the_person_counts(cast: Cast, provider: Provider) -> None:
    provider.sign_in(**person(cast.auditor))
    sign_in()
    provider.sign_in(**person(cast.auditor, email="new.name@example.com"))
    client, _answer = sign_in()
    assert client.session["_auth_user_id"] == str(cast.auditor.pk)
    linked = [message for message in mail.outbox if "Single sign-on" in message.subject]
    assert len(linked) == 1


def test_an_address_that_was_given_on_opens_its_new_owner_s_account_alone(
    cast: Cast, provider: Provider
) -> None:
    provider.sign_in(**person(cast.auditor))
    sign_in()
    provider.sign_in(**person(cast.auditor, sub="vale-99"))
    sign_in()
    assert list(SocialAccount.objects.values_list("uid", "user")) == [("vale-99", cast.auditor.pk)]


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "stranger@example.com"},
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": None},
        {"email": ""},
        {"email": None},
        {"email": ["odile.brandt@example.com"]},
        {"told": {"sub": "vale-18"}},
        {"told": {"sub": "vale-18", "email": "celia.moreau@example.com"}},
    ],
)
def test_nobody_else_gets_in(cast: Cast, provider: Provider, claims: dict[str, Any]) -> None:
    provider.sign_in(**person(cast.auditor, **claims))
    people = User.objects.count()
    client, answer = sign_in()
    assert answer.status_code == 403
    assert "did not let you in" in answer.content.decode()
    assert not is_in(client)
    assert User.objects.count() == people
    assert not SocialAccount.objects.exists()
    assert Entry.objects.latest("id").action == "accounts.session.refused"


def test_a_closed_account_stays_closed(cast: Cast, provider: Provider) -> None:
    provider.sign_in(**person(cast.outsider))
    sign_in()
    user_deactivate(user=cast.outsider, actor=cast.administrator, now=clock.now())
    client, _answer = sign_in()
    assert not is_in(client)


def test_an_address_may_be_trusted_by_setting(cast: Cast, provider: Provider, settings: Any) -> None:
    settings.OIDC_TRUST_EMAIL = True
    provider.sign_in(sub="vale-17", email=cast.auditor.email)
    assert is_in(sign_in()[0])


def test_the_own_second_factor_is_still_asked_for(cast: Cast, provider: Provider) -> None:
    app = app_of(cast.auditor)
    provider.sign_in(**person(cast.auditor))
    client, answer = sign_in()
    assert answer["Location"] == "/account/code/"
    assert not is_in(client)
    client.post("/account/code/", {"code": app.code()})
    assert is_in(client)


@pytest.mark.parametrize(
    ("trusted", "amr", "answer"),
    [(False, ["pwd", "mfa"], 302), (True, ["pwd"], 302), (True, ["pwd", "mfa"], 200)],
)
def test_the_provider_s_second_factor_counts_where_it_is_trusted(
    cast: Cast, provider: Provider, trusted: bool, amr: list[str], answer: int
) -> None:
    organisation_change(
        changes={"mfa_roles": [Role.AUDITOR.value]}, actor=cast.administrator, now=clock.now()
    )
    provider.sign_in(**person(cast.auditor, amr=amr))
    with override_settings(OIDC_TRUST_MFA=trusted):
        client, _answer = sign_in()
    assert client.get("/profile/").status_code == answer


def test_answers_that_nobody_asked_for_open_nothing(cast: Cast, provider: Provider) -> None:
    provider.sign_in(**person(cast.auditor))
    back = way_back(Client())
    thief = Client()
    assert thief.get(back).status_code == 403, "the state belongs to another browser"
    victim = Client()
    own = way_back(victim)
    state = parse_qs(urlsplit(own).query)["state"][0]
    for query in ("", "?code=x", f"?code=x&state={state}", "?error=access_denied", "?state=x&code[]=1"):
        assert victim.get(f"{START}return/{query}").status_code == 403
        assert not is_in(victim)


def test_a_code_opens_once(cast: Cast, provider: Provider) -> None:
    provider.sign_in(**person(cast.auditor))
    client = Client()
    back = way_back(client)
    client.get(back)
    client.post("/account/sign-out/")
    assert client.get(back).status_code == 403
    assert not is_in(client)


def test_claims_for_another_client_open_nothing(cast: Cast, provider: Provider) -> None:
    provider.sign_in(**person(cast.auditor))
    provider.audience = "another-application"
    client, answer = sign_in()
    assert answer.status_code == 403
    assert not is_in(client)


def test_whoever_calls_it_off_is_led_back(cast: Cast, provider: Provider) -> None:
    _client, answer = sign_in()
    assert answer.status_code == 403
    assert "/account/sign-in/" in answer.content.decode()


def test_a_provider_that_is_away_breaks_nothing(
    cast: Cast, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client()
    provider.sign_in(**person(cast.auditor))
    back = way_back(client)
    provider.shutdown()
    provider.server_close()
    assert client.get(START).status_code == 403
    assert client.get(back).status_code == 403
    assert "provider_failed" in caplog.text, "an administrator finds out why"


@pytest.mark.parametrize("process", ["connect", "redirect", "x"])
def test_it_signs_in_and_does_nothing_else(cast: Cast, provider: Provider, process: str) -> None:
    assert Client().get(f"{START}?process={process}&next=https://evil.example.org/").status_code == 404


def test_it_leads_nowhere_else(cast: Cast, provider: Provider) -> None:
    provider.sign_in(**person(cast.auditor))
    _client, answer = sign_in(f"{START}?next=https://evil.example.org/")
    assert answer["Location"] == "/"


def test_without_a_provider_there_is_no_such_way(client: Client, cast: Cast) -> None:
    assert client.get(START).status_code == 404
    assert "oidc" not in client.get("/account/sign-in/").content.decode()


def test_half_a_configuration_is_reported(settings: Any) -> None:
    assert check_oidc() == []
    settings.OIDC_ISSUER = "http://id.example.com"
    settings.SOCIALACCOUNT_PROVIDERS = provider_settings(
        issuer=settings.OIDC_ISSUER, client_id="x", secret="", name="ID"
    )
    assert [message.id for message in check_oidc()] == ["accounts.E009"]
    settings.PRODUCTION = True
    assert [message.id for message in check_oidc()] == ["accounts.E009", "accounts.E010"]
    settings.OIDC_TRUST_PROMPT = True
    assert [message.id for message in check_oidc()] == ["accounts.E009", "accounts.E010", "accounts.W003"]
