"""What browsers are told with every answer."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from foundation.testing.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.urls("foundation.ui.tests.sample_pages")]


@pytest.fixture
def browser(cast: Cast, sign_in: Callable[..., Client]) -> Client:
    return sign_in(cast.analyst)


def policy_of(response: object) -> dict[str, str]:
    header = response["Content-Security-Policy"]  # type: ignore[index]
    return {name: " ".join(values) for name, *values in map(str.split, header.split(";"))}


def test_the_policy_allows_nothing_but_what_is_named(cast: Cast, sign_in: Callable[..., Client]) -> None:
    policy = policy_of(sign_in(cast.analyst).get("/sample/"))
    nonce = policy.pop("script-src")
    assert re.fullmatch(r"'nonce-[A-Za-z0-9+/=]{20,}'", nonce)
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    }


def test_every_page_has_a_nonce_of_its_own_and_all_scripts_carry_it(
    cast: Cast, sign_in: Callable[..., Client]
) -> None:
    browser = sign_in(cast.analyst)
    first, second = browser.get("/sample/"), browser.get("/sample/")
    nonce = policy_of(first)["script-src"]
    assert nonce != policy_of(second)["script-src"]
    scripts = re.findall(r"<script[^>]*>", first.text)
    assert scripts
    assert all(f'nonce="{nonce[7:-1]}"' in script and " src=" in script for script in scripts)


def test_pages_carry_no_style_of_their_own(cast: Cast, sign_in: Callable[..., Client]) -> None:
    cast.administrator.is_staff = True
    cast.administrator.save()
    text = sign_in(cast.administrator).get("/ui/style-guide/").text
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text)


def test_the_other_headers(client: Client) -> None:
    headers = client.get("/sample-errors/missing/").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "publickey-credentials-get=(self)" in headers["Permissions-Policy"]


@pytest.mark.parametrize(("path", "size"), [("/healthz", 0), ("/sample/", 10**12)])
def test_answers_from_above_carry_them_too(client: Client, path: str, size: int) -> None:
    """A monitor is answered, and a body that is too large refused, before anything else runs."""
    method = "POST" if size else "GET"
    response = client.generic(method, path, b"x", CONTENT_LENGTH=str(size))
    assert response.status_code in ((413,) if size else (200, 503)), "503: no worker runs in a test"
    policy = policy_of(response)
    assert (policy["default-src"], policy["frame-ancestors"]) == ("'none'", "'none'")
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_pages_of_people_who_are_signed_in_are_kept_nowhere(
    cast: Cast, sign_in: Callable[..., Client]
) -> None:
    assert sign_in(cast.analyst).get("/sample/")["Cache-Control"] == "no-store, private"


def test_the_theme_is_kept_in_a_cookie_out_of_scripts_reach(browser: Client) -> None:
    response = browser.post("/ui/theme/", {"theme": "dark", "next": "/sample/"})
    assert response["Location"] == "/sample/"
    cookie = browser.cookies["theme"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("dark", True, "Lax")


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_the_theme_leads_nobody_to_another_site(browser: Client, back: str) -> None:
    assert browser.post("/ui/theme/", {"theme": "light", "next": back})["Location"] == "/"


def test_an_unknown_theme_makes_no_sense(browser: Client) -> None:
    assert browser.post("/ui/theme/", {"theme": "<b>"}).status_code == 400
    browser.cookies["theme"] = '"><script>'
    assert "<script>" not in browser.get("/sample-errors/missing/").text
