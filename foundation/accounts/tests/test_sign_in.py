"""Sign-in, sign-out and passwords, as a browser meets them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from foundation.accounts.models import User
from foundation.accounts.services import user_deactivate
from foundation.accounts.tests.factories import PASSWORD
from foundation.accounts.tests.test_grants import NOW
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

SIGN_IN = "/account/sign-in/"
NEW_PASSWORD = "copper-lantern-meadow-77"

SignIn = Callable[[User], Client]


def type_in(client: Client, email: str, password: str, **query: str) -> Any:
    return client.post(SIGN_IN, {"login": email, "password": password, **query})


def last_entry() -> Entry:
    return Entry.objects.latest("id")


def test_it_works_and_is_kept_in_the_trail(client: Client, cast: Cast) -> None:
    response = type_in(client, cast.auditor.email, PASSWORD)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/profile/").status_code == 200
    assert (last_entry().action, last_entry().actor_id) == ("accounts.session.opened", cast.auditor.pk)
    assert last_entry().ip_address == "127.0.0.1"


def test_the_address_may_be_written_in_any_case(client: Client, cast: Cast) -> None:
    assert type_in(client, " Odile.BRANDT@example.com", PASSWORD).status_code == 302


def test_the_session_gets_a_new_key_at_sign_in(client: Client, cast: Cast) -> None:
    planted = client.session
    planted["planted"] = True
    planted.save()
    type_in(client, cast.auditor.email, PASSWORD)
    assert client.session.session_key != planted.session_key
    assert not type(planted)().exists(planted.session_key)
    assert client.session["_auth_user_id"] == str(cast.auditor.pk)


def test_the_session_ends_with_the_browser(client: Client, cast: Cast) -> None:
    type_in(client, cast.auditor.email, PASSWORD)
    cookie = client.cookies["sessionid"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_known_and_an_unknown_address_are_answered_alike(cast: Cast) -> None:
    answers = []
    for email in (cast.auditor.email, "nobody@example.com"):
        response = type_in(Client(), email, "wrong-password-here")
        text = response.content.decode().replace(email, "ADDRESS")
        answers.append(
            (response.status_code, re.sub(r'(nonce|csrfmiddlewaretoken" value)="[^"]+"', "", text))
        )
    assert answers[0] == answers[1]
    assert "is not right" in answers[0][1]


def test_a_refused_sign_in_names_whom_it_was_for_but_never_what_was_typed(client: Client, cast: Cast) -> None:
    type_in(client, cast.auditor.email, "wrong-password-here")
    assert (last_entry().action, last_entry().actor_id) == ("accounts.session.refused", None)
    assert last_entry().subject == "Odile Brandt"
    type_in(client, "my-secret-password@example.com", "x")
    assert last_entry().subject == ""
    assert "my-secret-password" not in str(Entry.objects.values_list())


def test_guessing_one_persons_password_is_stopped(cast: Cast) -> None:
    for host in range(5):
        type_in(Client(REMOTE_ADDR=f"192.0.2.{host}"), cast.auditor.email, "wrong-password-here")
    response = type_in(Client(REMOTE_ADDR="192.0.2.99"), cast.auditor.email, PASSWORD)
    assert "Too many failed tries" in response.content.decode()
    assert type_in(Client(REMOTE_ADDR="192.0.2.99"), cast.ciso.email, PASSWORD).status_code == 302


def test_another_host_header_is_no_way_round(cast: Cast, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    for number in range(5):
        type_in(Client(headers={"host": f"h{number}.example.com"}), cast.auditor.email, "wrong-password")
    response = type_in(Client(headers={"host": "h9.example.com"}), cast.auditor.email, PASSWORD)
    assert response.status_code == 200


def test_a_flood_from_one_address_gets_the_page_for_it(cast: Cast, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "3/m/ip"}
    client = Client()
    codes = [type_in(client, "", "").status_code for _attempt in range(4)]
    assert codes == [200, 200, 200, 429]
    response = type_in(client, "", "")
    assert "base_plain.html" in [template.name for template in response.templates]
    assert response["Retry-After"]


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example.org/",
        "//evil.example.org/",
        "/\\evil.example.org",
        "javascript:alert(1)",
        "https:///evil.example.org",
    ],
)
def test_it_leads_nowhere_else(client: Client, cast: Cast, url: str) -> None:
    assert type_in(client, cast.auditor.email, PASSWORD, next=url)["Location"] == "/"


def test_it_leads_back_to_where_one_came_from(client: Client, cast: Cast) -> None:
    asked = client.get("/rights/?x=1")
    assert asked["Location"] == f"{SIGN_IN}?next=/rights/%3Fx%3D1"
    page = client.get(asked["Location"]).content.decode()
    assert '<input type="hidden" name="next" value="/rights/?x=1">' in page
    response = type_in(client, cast.auditor.email, PASSWORD, next="/rights/?x=1")
    assert response["Location"] == "/rights/?x=1"


def test_who_is_signed_in_is_led_on(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.auditor).get(SIGN_IN)["Location"] == "/"


def test_a_closed_account_is_told_so_only_with_its_password(client: Client, cast: Cast) -> None:
    user_deactivate(user=cast.auditor, actor=cast.administrator, now=NOW)
    assert type_in(client, cast.auditor.email, "wrong-password").status_code == 200
    response = type_in(client, cast.auditor.email, PASSWORD)
    assert response["Location"] == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


def test_without_a_cache_one_still_signs_in(client: Client, cast: Cast, dead_cache: None) -> None:
    assert type_in(client, cast.auditor.email, PASSWORD).status_code == 302


def test_without_a_cache_guessing_is_still_stopped(client: Client, cast: Cast, dead_cache: None) -> None:
    for _attempt in range(5):
        type_in(client, cast.auditor.email, "wrong-password")
    assert "Too many failed tries" in type_in(client, cast.auditor.email, PASSWORD).content.decode()


def test_sign_out_asks_first(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.auditor)
    assert browser.get("/account/sign-out/").status_code == 200
    assert "_auth_user_id" in browser.session
    response = browser.post("/account/sign-out/")
    assert response["Location"] == SIGN_IN
    assert "_auth_user_id" not in browser.session
    assert (last_entry().action, last_entry().actor_id) == ("accounts.session.closed", cast.auditor.pk)


@pytest.mark.parametrize("path", ["signup/", "email/", "confirm-email/", "login/code/confirm/", "login/"])
def test_pages_that_are_not_meant_do_not_exist(cast: Cast, sign_in: SignIn, path: str) -> None:
    for prefix in ("account", "accounts"):
        assert sign_in(cast.auditor).get(f"/{prefix}/{path}").status_code == 404


def test_pages_are_kept_by_no_cache(client: Client, cast: Cast, sign_in: SignIn) -> None:
    assert "no-store" in client.get(SIGN_IN)["Cache-Control"]
    assert "no-store" in sign_in(cast.auditor).get("/profile/")["Cache-Control"]


def test_a_form_without_its_secret_is_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    response = type_in(client, cast.auditor.email, PASSWORD)
    assert response.status_code == 403
    assert "form has expired" in response.content.decode()


# Passwords


def change(browser: Client, old: str, new: str, again: str = "") -> Any:
    data = {"oldpassword": old, "password1": new, "password2": again or new}
    return browser.post("/account/password/change/", data)


def test_a_password_is_changed_and_other_sessions_end(cast: Cast, sign_in: SignIn) -> None:
    here, elsewhere = sign_in(cast.auditor), sign_in(cast.auditor)
    assert change(here, PASSWORD, NEW_PASSWORD)["Location"] == "/account/security/"
    assert here.get("/profile/").status_code == 200
    assert elsewhere.get("/profile/").status_code == 302
    assert User.objects.get(pk=cast.auditor.pk).check_password(NEW_PASSWORD)
    assert last_entry().action == "accounts.password.changed"
    assert [message.to for message in mail.outbox] == [[cast.auditor.email]]
    assert NEW_PASSWORD not in str(mail.outbox[0].message())


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("wrong", NEW_PASSWORD), "not your current password"),
        ((PASSWORD, "short"), "at least 12"),
        ((PASSWORD, "password1234"), "too common"),
        ((PASSWORD, "odile.brandt1"), "too similar"),
        ((PASSWORD, "928374655647382910"), "entirely numeric"),
        ((PASSWORD, NEW_PASSWORD, "copper-lantern-meadow-78"), "same password"),
    ],
)
def test_what_a_password_may_not_be(cast: Cast, sign_in: SignIn, typed: tuple[str, ...], told: str) -> None:
    response = change(sign_in(cast.auditor), *typed)
    assert response.status_code == 200
    assert told in response.content.decode()
    assert User.objects.get(pk=cast.auditor.pk).check_password(PASSWORD)


def ask_for_link(email: str, **headers: str) -> Any:
    return Client(headers=headers).post("/account/password/reset/", {"email": email})


def link_of(message: Any) -> str:
    found = re.search(r"https?://\S+", message.body)
    assert found
    return found.group()


def test_a_forgotten_password_is_set_by_mail_once(client: Client, cast: Cast, sign_in: SignIn) -> None:
    elsewhere = sign_in(cast.auditor)
    assert ask_for_link(cast.auditor.email)["Location"] == "/account/password/reset/sent/"
    message = mail.outbox[0]
    assert message.to == [cast.auditor.email]
    assert [part.mimetype for part in message.alternatives] == ["text/html"]
    link = link_of(message)
    assert link.startswith("https://portal.example.com/account/password/reset/")
    path = link.removeprefix("https://portal.example.com")
    form = client.get(path, follow=True)
    assert "Set a new password" in form.content.decode()
    kept = form.redirect_chain[-1][0]
    assert path not in kept  # the secret does not stay in the address bar
    data = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    response = client.post(kept, data)
    assert response["Location"] == "/account/password/reset/changed/"
    assert User.objects.get(pk=cast.auditor.pk).check_password(NEW_PASSWORD)
    assert elsewhere.get("/profile/").status_code == 302
    assert (last_entry().action, last_entry().subject) == ("accounts.password.reset", "Odile Brandt")
    assert "was changed" in mail.outbox[1].body
    assert "no longer works" in Client().get(path, follow=True).content.decode()


def test_strangers_and_closed_accounts_get_no_mail_and_the_same_answer(cast: Cast) -> None:
    user_deactivate(user=cast.analyst, actor=cast.administrator, now=NOW)
    answers = {
        (response.status_code, response["Location"])
        for response in (
            ask_for_link(email) for email in (cast.auditor.email, "nobody@example.com", cast.analyst.email)
        )
    }
    assert answers == {(302, "/account/password/reset/sent/")}
    assert [message.to for message in mail.outbox] == [[cast.auditor.email]]


def test_a_forged_host_does_not_get_into_the_link(cast: Cast, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    ask_for_link(cast.auditor.email, host="evil.example.org")
    assert "evil" not in str(mail.outbox[0].message())


def test_links_are_asked_for_a_few_times_at_most(cast: Cast) -> None:
    codes = [ask_for_link(cast.auditor.email).status_code for _attempt in range(4)]
    assert codes == [302, 302, 302, 429]
    assert len(mail.outbox) == 3


def test_unknown_cut_off_used_and_expired_links_are_alike(cast: Cast, settings: Any) -> None:
    def path_for(email: str) -> str:
        ask_for_link(email)
        return link_of(mail.outbox[-1]).removeprefix("https://portal.example.com")

    used, expired, closed = (path_for(one.email) for one in (cast.auditor, cast.analyst, cast.outsider))
    client = Client()
    form = client.get(used, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    user_deactivate(user=cast.outsider, actor=cast.administrator, now=NOW)
    settings.PASSWORD_RESET_TIMEOUT = -1
    root = "/account/password/reset/"
    unknown = [f"{root}1-x/", f"{root}zzzzzz-abc/", f"{root}0-set-password/", f"{root}x-%00/"]
    answers = [Client().get(path) for path in (used, expired, closed, expired[:-4] + "/", *unknown)]
    assert {answer.status_code for answer in answers} == {404}
    pages = {re.sub(r'nonce="[^"]+"', "", answer.content.decode()) for answer in answers}
    assert len(pages) == 1
    assert "no longer works" in pages.pop()
