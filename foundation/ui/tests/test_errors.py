"""Error pages: their statuses, their looks, and that the page for 500 needs nothing that may be broken."""

from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory

from foundation.testing.cast import Cast
from foundation.ui import error_pages

KEEPS = "this tab keeps what you typed"

pytestmark = [pytest.mark.django_db, pytest.mark.urls("foundation.ui.tests.sample_pages")]


@pytest.fixture
def browser(cast: Cast, sign_in: Callable[..., Client]) -> Client:
    return sign_in(cast.analyst)


def test_a_missing_right_says_which(browser: Client) -> None:
    response = browser.get("/sample-errors/refused/")
    assert response.status_code == 403
    assert "Only the owner may do this." in response.text


def test_a_refusal_leads_back(browser: Client) -> None:
    came_from = {"Referer": "http://testserver/sample/?q=a&page=2"}
    page = browser.get("/sample-errors/refused/", headers=came_from).text
    assert 'href="/sample/?q=a&amp;page=2">Back to where you were' in page
    assert "Nothing was saved" not in page
    for elsewhere in ("http://example.org/sample/", "http://testserver/sample-errors/refused/"):
        page = browser.get("/sample-errors/refused/", headers={"Referer": elsewhere}).text
        assert "Back to" not in page


def test_the_way_back_never_leaves_the_portal(browser: Client) -> None:
    for came_from in ("http://testserver//evil.example/a?b=c", r"http://testserver/\evil.example/"):
        page = browser.get("/sample-errors/refused/", headers={"Referer": came_from}).text
        assert 'href="//' not in page
        assert r'href="/\evil' not in page
    page = browser.get(
        "/sample-errors/refused/", headers={"Referer": "http://testserver//evil.example/"}
    ).text
    assert 'href="/%2Fevil.example/">Back to where you were' in page


def test_who_sent_a_form_is_led_back_to_it_and_keeps_what_was_typed(browser: Client) -> None:
    browser.cookies["kept"] = "%2Fsample-errors%2Frefused%2F"
    response = browser.post("/sample-errors/refused/", headers={"Referer": "http://testserver/sample/new/"})
    assert 'btn-primary" href="/sample/new/">Back to the form' in response.text
    assert "Nothing was saved" in response.text
    assert KEEPS in response.text
    assert response.cookies["unsent"].value == "%2Fsample-errors%2Frefused%2F"
    assert response.cookies["unsent"]["max-age"] <= 3600


@pytest.mark.parametrize("page", ["refused", "throttled", "broken"])
@pytest.mark.parametrize("kept", [None, "%2Fsample%2Fnew%2F"])
def test_what_no_tab_kept_is_not_said_to_be_kept(browser: Client, page: str, kept: str | None) -> None:
    browser.raise_request_exception = False
    if kept:
        browser.cookies["kept"] = kept
    response = browser.post(f"/sample-errors/{page}/")
    assert response.status_code >= 400
    assert KEEPS not in response.text
    assert "unsent" not in response.cookies


def test_a_crash_says_that_what_was_typed_is_kept(browser: Client) -> None:
    browser.raise_request_exception = False
    browser.cookies["kept"] = "%2Fsample-errors%2Fbroken%2F"
    response = browser.post("/sample-errors/broken/")
    assert KEEPS in response.text
    assert response.cookies["unsent"].value == "%2Fsample-errors%2Fbroken%2F"


def test_signing_out_forgets_what_was_not_taken(browser: Client) -> None:
    browser.cookies["unsent"] = "%2Fsample%2Fnew%2F"
    assert "unsent" not in browser.get("/sample/").cookies
    response = browser.post("/account/sign-out/")
    assert response.status_code == 302
    assert response.cookies["unsent"].value == ""
    assert response.cookies["unsent"]["max-age"] == 0


def test_a_session_that_ran_out_forgets_nothing(cast: Cast, client: Client) -> None:
    client.cookies["kept"] = "%2Fsample%2Fnew%2F"
    response = client.post("/sample/new/", {"name": "x"})
    assert response.headers["Location"].startswith("/account/sign-in/?")
    assert response.cookies["unsent"].value == "%2Fsample%2Fnew%2F"
    assert "unsent" not in client.get("/account/sign-in/").cookies


def test_unknown_addresses_and_hidden_things_look_the_same(browser: Client) -> None:
    hidden, unknown = browser.get("/sample-errors/missing/"), browser.get("/no-such-page/")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.content == unknown.content


def test_too_many_requests_say_when_to_come_back(browser: Client) -> None:
    response = browser.get("/sample-errors/throttled/")
    assert (response.status_code, response["Retry-After"]) == (429, "62")
    assert "Wait 62 seconds." in response.text


def test_a_crash_is_shown_without_its_cause(browser: Client) -> None:
    browser.raise_request_exception = False
    response = browser.get("/sample-errors/broken/")
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.text
    assert "on purpose" not in response.text


def test_the_page_for_a_crash_reads_no_database(
    django_assert_num_queries: Callable[[int], object], rf: RequestFactory
) -> None:
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        response = error_pages.server_error(rf.get("/", headers={"Cookie": "theme=dark"}))
    assert 'data-bs-theme="dark"' in response.text


def test_a_form_field_that_is_too_long_is_too_large(browser: Client, settings: object) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000  # type: ignore[attr-defined]
    assert browser.post("/sample-errors/echo/", {"text": "x" * 500}).text == "500"
    browser.cookies["kept"] = "%2Fsample-errors%2Fecho%2F"
    response = browser.post("/sample-errors/echo/", {"text": "x" * 2000})
    assert response.status_code == 413
    assert "That is too large to be sent" in response.text
    assert "What is typed into a form may take 1000\xa0bytes." in response.text
    assert response.cookies["unsent"].value == "%2Fsample-errors%2Fecho%2F"


def test_too_many_fields_are_too_large(browser: Client, settings: object) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3  # type: ignore[attr-defined]
    response = browser.post("/sample-errors/echo/", dict.fromkeys("abcd", "1"))
    assert response.status_code == 413
    assert "3 entries may be sent at once." in response.text


def test_a_body_above_the_cap_is_refused_before_it_is_read(browser: Client, settings: object) -> None:
    settings.REQUEST_MAX_BYTES = 100  # type: ignore[attr-defined]
    response = browser.post("/sample-errors/echo/", b"x" * 101, content_type="application/octet-stream")
    assert response.status_code == 413
    assert "with its files, may take 100\xa0bytes." in response.text


def test_a_length_that_is_no_number_makes_no_sense(client: Client) -> None:
    response = client.post("/sample-errors/echo/", b"x", content_type="text/plain", CONTENT_LENGTH="many")
    assert response.status_code == 400


def test_a_form_from_another_session_says_that_nothing_was_saved(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.analyst)
    response = strict.post("/sample/new/", {"name": "x"})
    assert response.status_code == 403
    assert "This form has expired" in response.text
    assert 'href="/sample/new/"' in response.text
    assert KEEPS not in response.text
    strict.cookies["kept"] = "%2Fsample%2Fnew%2F"
    assert KEEPS in strict.post("/sample/new/", {"name": "x"}).text


@pytest.mark.parametrize("status", [400, 403, 404, 411, 413, 429, 500, 503])
def test_every_error_page_can_be_drawn_with_nothing_at_hand(status: int) -> None:
    response = error_pages.error_response(None, status)
    assert response.status_code == status
    assert "<h1>" in response.text
    assert "<script" not in response.text
