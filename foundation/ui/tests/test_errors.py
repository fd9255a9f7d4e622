"""Error pages: their statuses, their looks, and that the page for 500 needs nothing that may be broken."""

from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory

from foundation.testing.cast import Cast
from foundation.ui import error_pages

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


def test_who_sent_a_form_is_led_back_to_it_and_keeps_what_was_typed(browser: Client) -> None:
    response = browser.post("/sample-errors/refused/", headers={"Referer": "http://testserver/sample/new/"})
    assert 'btn-primary" href="/sample/new/">Back to the form' in response.text
    assert "Nothing was saved" in response.text
    assert response.cookies["unsent"].value == "1"


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
    response = browser.post("/sample-errors/echo/", {"text": "x" * 2000})
    assert response.status_code == 413
    assert "That is too large to be sent" in response.text
    assert "What is typed into a form may take 1000\xa0bytes." in response.text
    assert response.cookies["unsent"].value == "1"


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


@pytest.mark.parametrize("status", [400, 403, 404, 411, 413, 429, 500, 503])
def test_every_error_page_can_be_drawn_with_nothing_at_hand(status: int) -> None:
    response = error_pages.error_response(None, status)
    assert response.status_code == status
    assert "<h1>" in response.text
    assert "<script" not in response.text
