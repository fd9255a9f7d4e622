"""What waits until its person proved who it is: sealed in the session's row, not for long, not much, and no secrets."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client

from foundation.accounts.choices import Role
from foundation.accounts.models import Session, User
from foundation.accounts.put_off import is_secret
from foundation.accounts.sealing import SealBrokenError, seal, unseal
from foundation.accounts.tests.factories import PASSWORD, RoleGrantFactory, UserFactory
from foundation.accounts.tests.test_person_sign_in import confirm
from foundation.accounts.tests.test_sessions import row_of
from foundation.accounts.tests.test_weighty_steps import fields_of
from foundation.accounts.waiting import waiting_read
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

SignIn = Callable[[User], Client]

WORDS = "Anna Falk, on leave for her health"
WAITS = "What you sent waits for ten minutes"


@pytest.fixture
def browser(cast: Cast) -> Client:
    """Return a browser in which the administrator signed in long ago."""
    browser = Client()
    browser.force_login(cast.administrator)
    return browser


@pytest.fixture
def url(cast: Cast) -> str:
    return f"/people/{cast.personnel.pk}/sign-out/"


def kept(browser: Client) -> str:
    """Return all that the database can read in the session's row."""
    row = row_of(browser)
    return (
        f"{signing.loads(row.data, salt='django.contrib.sessions.SessionStore')} {row.data} {row.user_agent}"
        f" {row.waiting}"
    )


def again(browser: Client) -> None:
    """Let it be long ago that the person said who it is."""
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3_600
    session.save()


def was_done() -> bool:
    return Entry.objects.filter(action="accounts.sessions.ended").exists()


@pytest.fixture(autouse=True)
def theirs(cast: Cast, sign_in: SignIn) -> Client:
    """Let the person whose sessions are ended have one."""
    return sign_in(cast.personnel)


def test_the_row_keeps_what_was_typed_where_nobody_can_read_it(browser: Client, url: str) -> None:
    asks = browser.post(
        url,
        {"comment": WORDS, "csrfmiddlewaretoken": "form-token-hush"},
        headers={"Authorization": "Bearer hush", "Referer": f"http://testserver{url}?private-search"},
    )
    held = kept(browser)
    assert '"sealed"' in held, "something waits"
    for words in ("Anna", "health", "comment", "hush", url, "sign-out", "private-search"):
        assert words not in held
    assert "Anna" not in str(Session.objects.values_list()), "nor in any other row"
    assert WAITS in browser.get(asks["Location"]).content.decode()
    assert confirm(browser, asks).status_code == 302
    assert Entry.objects.get(action="accounts.sessions.ended").comment == WORDS
    assert "sealed" not in kept(browser), "done, and forgotten"


def test_the_way_on_leads_to_the_page_that_sent_it(browser: Client, cast: Cast, url: str) -> None:
    person = f"/people/{cast.personnel.pk}/"
    asks = browser.post(url, {"comment": "Lost"}, headers={"Referer": f"http://testserver{person}"})
    assert asks["Location"] == f"/account/confirm/?next=%2Fpeople%2F{cast.personnel.pk}%2F"
    assert f'href="{person}">Cancel' in browser.get(asks["Location"]).content.decode()
    confirm(browser, asks)
    assert was_done()


@pytest.mark.parametrize("page", ["http://elsewhere.example.com/x/", "http://testserver", "nonsense", "//["])
def test_a_page_elsewhere_is_no_way_on(browser: Client, url: str, page: str) -> None:
    asks = browser.post(url, {"comment": "Lost"}, headers={"Referer": page})
    assert "elsewhere" not in asks["Location"]
    confirm(browser, asks)
    assert was_done()


def test_after_ten_minutes_it_is_gone_and_that_is_said(browser: Client, url: str, settings: Any) -> None:
    asks = browser.post(url, {"comment": WORDS})
    before = kept(browser)
    settings.CLOCK_OFFSET += timedelta(minutes=10)
    assert WAITS not in browser.get(asks["Location"]).content.decode()
    sealed = re.search(r'"sealed": "([^"]+)"', before)
    assert sealed is not None
    assert sealed.group(1) not in kept(browser), "the row forgot it at the first request"
    answer = confirm(browser, asks)
    assert answer["Location"] == url
    assert not was_done()
    assert "take the step once more" in browser.get(url).content.decode()


def test_a_field_with_a_secret_lets_nothing_be_kept(browser: Client, url: str) -> None:
    browser.post(url, {"comment": "x"})
    short = len(kept(browser))
    asks = browser.post(url, {"comment": WORDS * 50, "new_password": "copper-lantern-meadow-77"})
    assert len(kept(browser)) < short + 100, "neither the secret nor what came with it"
    assert "you send it once more afterwards" in browser.get(asks["Location"]).content.decode()
    assert confirm(browser, asks)["Location"] == url
    assert not was_done()
    assert "take the step once more" in browser.get(url).content.decode()
    assert browser.post(url, {"comment": "Lost"}).status_code == 302
    assert was_done(), "confirmed is confirmed"


def test_much_text_and_files_are_not_kept(browser: Client, url: str) -> None:
    for more in ({"other": "x" * 65_536}, {"file": SimpleUploadedFile("note.txt", b"to be read")}):
        asks = browser.post(url, {"comment": WORDS, **more})
        assert len(row_of(browser).data + row_of(browser).waiting) < 3_000
        assert confirm(browser, asks)["Location"] == url
        assert not was_done()
        again(browser)


def test_what_was_given_up_is_not_done_on_another_way(browser: Client, cast: Cast, url: str) -> None:
    browser.post(url, {"comment": "Lost"})
    browser.post("/account/confirm/?next=/profile/", {"password": PASSWORD})
    assert not was_done()
    asks = browser.post(url, {"comment": "Lost"})
    assert not asks.headers.get("Location", "").startswith("/account/"), "the confirmation counts"


def test_nobody_else_goes_on_with_it(browser: Client, cast: Cast, url: str) -> None:
    """A session that came to be another person's by whatever way does not act on what its first one sent."""
    asks = browser.post(url, {"comment": "Lost"})
    session = browser.session
    colleague = UserFactory.create()
    RoleGrantFactory.create(user=colleague, role=Role.ADMINISTRATOR)
    session["_auth_user_id"] = str(colleague.pk)
    session["_auth_user_hash"] = colleague.get_session_auth_hash()
    session.save()
    assert confirm(browser, asks)["Location"] == url
    assert not was_done()


def test_what_is_wrong_with_it_is_mended_at_its_own_address(browser: Client, cast: Cast) -> None:
    """The answer comes from the page of the confirmation, so its form has to say where it belongs."""
    url = f"/people/{cast.outsider.pk}/roles/new/"
    data = fields_of(browser, url) | {"role": "auditor", "unit": ""}
    asks = browser.post(url, data)
    cast.outsider.is_active = False
    cast.outsider.save()
    answer = confirm(browser, asks)
    assert answer.status_code == 422
    assert f'action="{url}"' in answer.content.decode()


def all_forms(kind: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    for form in kind.__subclasses__():
        yield form
        yield from all_forms(form)


def test_every_password_field_of_the_portal_is_known_as_a_secret(client: Client, db: None) -> None:
    client.get("/account/sign-in/")  # lets all addresses, and so all forms, be loaded
    names = {
        name
        for form in all_forms()
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field.widget, forms.PasswordInput)
    }
    assert {"password", "password1", "oldpassword", "password_again"} <= names
    assert not {name for name in names if not is_secret(HttpRequest(), name)}


@pytest.mark.parametrize("name", ["comment", "starts_on", "role", "code", "passed_on", "shipping", "compass"])
def test_other_fields_are_none(name: str) -> None:
    assert not is_secret(HttpRequest(), name)


def test_what_a_view_calls_sensitive_is_a_secret() -> None:
    request = HttpRequest()
    request.sensitive_post_parameters = ("code",)  # type: ignore[attr-defined]
    assert is_secret(request, "code")
    request.sensitive_post_parameters = "__ALL__"  # type: ignore[attr-defined]
    assert is_secret(request, "comment")


def test_a_seal_opens_for_its_purpose_and_under_its_key_alone(settings: Any) -> None:
    sealed = seal("words", purpose="one")
    assert unseal(sealed, purpose="one") == "words"
    for wrong in (
        lambda: unseal(sealed, purpose="two"),
        lambda: unseal(sealed[:-8] + "AAAAAAA=", purpose="one"),
    ):
        with pytest.raises(SealBrokenError):
            wrong()
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-secret-key-" * 4
    with pytest.raises(SealBrokenError):
        unseal(sealed, purpose="one")
    settings.SECRET_KEY_FALLBACKS = [old]
    assert unseal(sealed, purpose="one") == "words"


def test_a_seal_that_can_t_be_opened_asks_for_the_step_again(browser: Client, url: str) -> None:
    asks = browser.post(url, {"comment": "Lost"})
    row = row_of(browser)
    (line,) = waiting_read(row.waiting)
    row.waiting = json.dumps([asdict(line) | {"sealed": seal("{}", purpose="another")}])
    row.save()
    assert confirm(browser, asks)["Location"] == url
    assert not was_done()
