"""Two windows of one browser: what waits in one is done on its own way, once, and what is not done is said."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client

from foundation.accounts.models import Session, User
from foundation.accounts.tests.factories import PASSWORD, UserFactory
from foundation.accounts.tests.test_person_sign_in import confirm
from foundation.accounts.tests.test_sessions import row_of
from foundation.accounts.waiting import MOST_LINES, MOST_WAITING, waiting_read
from foundation.testing.cast import Cast, cast_make
from foundation.testing.races import PATIENCE_SECONDS, elsewhere, wait_until_blocked
from foundation.trail.models import Entry

SignIn = Callable[[User], Client]

ASKS = "/account/authenticator-app/"
STILL_WAITS = "Something else that you sent still waits"
ONCE_MORE = "take the step once more"
WAITS = "What you sent waits for ten minutes"


@pytest.fixture
def browser(cast: Cast) -> Client:
    """Return a browser in which the administrator signed in long ago."""
    browser = Client()
    browser.force_login(cast.administrator)
    return browser


def step_of(person: User) -> str:
    """Return the address that ends the sessions of a person, who has one."""
    Client().force_login(person)
    return f"/people/{person.pk}/sign-out/"


def send(browser: Client, url: str, *, page: str = "", comment: str = "Lost") -> Any:
    headers = {"Referer": f"http://testserver{page}"} if page else {}
    return browser.post(url, {"comment": comment}, headers=headers)


def done() -> list[str]:
    """Return the words that came with what was done, in order."""
    entries = Entry.objects.filter(action="accounts.sessions.ended").order_by("id")
    return list(entries.values_list("comment", flat=True))


def told(browser: Client) -> str:
    return browser.get("/profile/").content.decode()


def test_a_page_that_asks_in_another_window_takes_nothing_away(browser: Client, cast: Cast) -> None:
    asks = send(browser, step_of(cast.personnel))
    other = browser.get(ASKS)
    assert other["Location"].startswith("/account/confirm/")
    assert WAITS in browser.get(asks["Location"]).content.decode()
    confirm(browser, asks)
    assert done() == ["Lost"]
    assert STILL_WAITS not in told(browser)


def test_what_two_windows_sent_is_done_in_each(browser: Client, cast: Cast) -> None:
    first = send(browser, step_of(cast.personnel), comment="First")
    second = send(browser, step_of(cast.outsider), comment="Second")
    confirm(browser, first)
    assert done() == ["First"]
    assert STILL_WAITS in told(browser)
    assert WAITS in browser.get(second["Location"]).content.decode()
    confirm(browser, second)
    assert done() == ["First", "Second"]
    assert STILL_WAITS not in told(browser)


def test_who_confirms_on_another_way_is_told_that_it_waits(browser: Client, cast: Cast) -> None:
    asks = send(browser, step_of(cast.personnel))
    assert confirm(browser, browser.get(ASKS))["Location"] == ASKS
    assert done() == []
    assert STILL_WAITS in told(browser)
    confirm(browser, asks)
    assert done() == ["Lost"]


def test_of_two_steps_from_one_page_the_later_is_done_and_the_other_named(
    browser: Client, cast: Cast
) -> None:
    first = send(browser, step_of(cast.personnel), page="/people/", comment="First")
    second = send(browser, step_of(cast.outsider), page="/people/", comment="Second")
    assert first["Location"] == second["Location"]
    confirm(browser, second)
    assert done() == ["Second"]
    assert "had sent from the same page before is not done" in told(browser)


def test_the_same_step_sent_once_more_is_nothing_else(browser: Client, cast: Cast) -> None:
    url = step_of(cast.personnel)
    send(browser, url, comment="Mistyped")
    confirm(browser, send(browser, url))
    assert done() == ["Lost"]
    assert "is not done" not in told(browser)


def test_who_opens_the_page_anew_gave_up_what_was_sent_from_it(browser: Client, cast: Cast) -> None:
    asks = send(browser, step_of(cast.personnel), page=ASKS)
    assert browser.get(ASKS)["Location"] == asks["Location"]
    assert WAITS not in browser.get(asks["Location"]).content.decode()
    assert confirm(browser, asks)["Location"] == ASKS
    assert done() == []
    assert ONCE_MORE in told(browser)


def test_the_oldest_of_too_many_gives_way_and_that_is_said(browser: Client, cast: Cast) -> None:
    people = [cast.personnel, *UserFactory.create_batch(MOST_WAITING)]
    asks = [send(browser, step_of(person), comment=str(number)) for number, person in enumerate(people)]
    assert sum(bool(one.sealed) for one in waiting_read(row_of(browser).waiting)) == MOST_WAITING
    assert WAITS not in browser.get(asks[0]["Location"]).content.decode()
    confirm(browser, asks[0])
    assert done() == []
    assert ONCE_MORE in told(browser)
    for one in asks[1:]:
        confirm(browser, one)
    assert done() == [str(number) for number in range(1, MOST_WAITING + 1)]


def test_not_even_the_lines_grow_without_end(browser: Client, cast: Cast) -> None:
    url = step_of(cast.personnel)
    for number in range(MOST_LINES + 3):
        send(browser, url, page=f"/people/?page={number}")
    assert len(waiting_read(row_of(browser).waiting)) == MOST_LINES


def test_a_request_that_began_before_does_not_bring_it_again(browser: Client, cast: Cast) -> None:
    """Each request writes the session's data from a copy of its own; what waits stands beside."""
    asks = send(browser, step_of(cast.personnel))
    slow = browser.session
    assert slow["_auth_user_id"]
    confirm(browser, asks)
    slow["seen"] = True
    slow.save()
    assert waiting_read(row_of(browser).waiting) == []


def test_what_waits_goes_along_when_the_session_gets_another_key(browser: Client, cast: Cast) -> None:
    asks = send(browser, step_of(cast.personnel))
    session = browser.session
    session.cycle_key()
    browser.cookies["sessionid"] = str(session.session_key)
    assert WAITS in browser.get(asks["Location"]).content.decode()
    session.flush()
    assert not Session.objects.exclude(waiting="").exists()


def test_an_earlier_key_finds_what_waits(browser: Client, cast: Cast, settings: Any) -> None:
    asks = send(browser, step_of(cast.personnel))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-key-" * 4
    confirm(browser, asks)
    assert done() == ["Lost"]


FEED = "/calendar/feeds/new/"  # nothing hinders anybody from making two


@pytest.fixture
def waiting_feed(transactional_db: None) -> Client:
    """Return a browser in which a feed waits to be made, and other connections see it."""
    browser = Client()
    browser.force_login(cast_make().administrator)
    browser.post(FEED, {"name": "Phone", "covers": "mine"})
    return browser


def confirm_elsewhere(browser: Client) -> Any:
    """Let a window of the browser confirm on a thread of its own, and return the answer to come."""
    window = Client()
    window.cookies = browser.cookies
    page = f"/account/confirm/?{urlencode({'next': FEED})}"
    return elsewhere(lambda: window.post(page, {"password": PASSWORD}))


def feeds_made() -> int:
    return Entry.objects.filter(action="calendar.feed.made").count()


def test_of_two_confirmations_at_once_one_does_it(waiting_feed: Client) -> None:
    """Both requests hold the step in their own copy of the session before either takes it."""
    with transaction.atomic():
        Session.objects.select_for_update().get(pk=row_of(waiting_feed).pk)
        answers = [confirm_elsewhere(waiting_feed), confirm_elsewhere(waiting_feed)]
        wait_until_blocked(2)
    assert sorted(answer.result(PATIENCE_SECONDS).status_code for answer in answers) == [200, 302]
    assert feeds_made() == 1


def test_who_comes_second_is_told_so(waiting_feed: Client) -> None:
    with transaction.atomic():
        Session.objects.select_for_update().get(pk=row_of(waiting_feed).pk)
        answer = confirm_elsewhere(waiting_feed)
        wait_until_blocked()
        Session.objects.filter(pk=row_of(waiting_feed).pk).update(waiting="")
    assert answer.result(PATIENCE_SECONDS)["Location"] == FEED
    assert feeds_made() == 0
    assert "was taken up already, by another confirmation" in told(waiting_feed)
