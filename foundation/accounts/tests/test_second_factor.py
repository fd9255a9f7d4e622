"""Second factors, as a browser meets them: setting up, signing in, being demanded, being lost."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.organisation import forget_organisation
from foundation.accounts.services import organisation_change
from foundation.accounts.services.factors import code_spend, factors_reset
from foundation.accounts.tests.factories import PASSWORD
from foundation.accounts.tests.factors import App, app_of, codes_of
from foundation.testing.cast import Cast
from foundation.testing.races import together
from foundation.trail.models import Entry

CODE = "/account/code/"
SET_UP = "/account/authenticator-app/"
DEMAND = "/second-factor/"

SignIn = Callable[[User], Client]


def type_password(user: User) -> tuple[Client, Any]:
    """Sign in by the form, and return the browser and its answer."""
    client = Client()
    return client, client.post("/account/sign-in/", {"login": user.email, "password": PASSWORD})


def type_code(client: Client, code: str) -> Any:
    return client.post(CODE, {"code": code})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def actions() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("action", flat=True))


def demand(cast: Cast, *roles: Role) -> None:
    organisation_change(
        changes={"mfa_roles": [role.value for role in roles]}, actor=cast.administrator, now=clock.now()
    )


def set_up(client: Client) -> tuple[App, Any]:
    """Set an authenticator app up by its page, and return the app and the answer."""
    page = client.get(SET_UP)
    app = App(page.context["form"].secret)
    assert app.secret in page.content.decode()
    return app, client.post(SET_UP, {"code": app.code()})


# Signing in


def test_a_password_alone_does_not_open_an_account_with_an_app(cast: Cast) -> None:
    app = app_of(cast.auditor)
    client, answer = type_password(cast.auditor)
    assert answer["Location"] == CODE
    assert not is_in(client)
    assert client.get("/profile/").status_code == 302
    assert type_code(client, app.code())["Location"] == "/"
    assert is_in(client)
    assert actions()[-1] == "accounts.session.opened"


def test_the_way_back_is_kept_through_the_second_step(cast: Cast) -> None:
    app = app_of(cast.auditor)
    client = Client()
    data = {"login": cast.auditor.email, "password": PASSWORD, "next": "/rights/"}
    client.post("/account/sign-in/", data)
    assert type_code(client, app.code())["Location"] == "/rights/"


def test_a_code_opens_once(cast: Cast) -> None:
    app = app_of(cast.auditor)
    code = app.code()
    first, _answer = type_password(cast.auditor)
    assert type_code(first, code).status_code == 302
    second, _answer = type_password(cast.auditor)
    assert "used already" in type_code(second, code).content.decode()
    assert not is_in(second)


def test_a_code_that_signed_in_confirms_nothing_and_the_other_way_round(cast: Cast) -> None:
    app = app_of(cast.auditor)
    client, _answer = type_password(cast.auditor)
    type_code(client, app.code())
    page = "/account/confirm/code/?next=/rights/"
    assert "used already" in client.post(page, {"code": app.code()}).content.decode()
    assert client.post(page, {"code": app.code(1)})["Location"] == "/rights/"
    assert "used already" in client.post(page, {"code": app.code(1)}).content.decode()
    second, _answer = type_password(cast.auditor)
    type_code(second, app.code(1))
    assert not is_in(second)


def test_a_code_opens_once_also_when_the_cache_forgets(cast: Cast) -> None:
    app = app_of(cast.auditor)
    code = app.code()
    type_code(type_password(cast.auditor)[0], code)
    cache.clear()
    second, _answer = type_password(cast.auditor)
    type_code(second, code)
    assert not is_in(second)


def test_an_older_code_opens_nothing_after_a_newer_one(cast: Cast) -> None:
    app = app_of(cast.auditor)
    now = clock.now()
    assert code_spend(user=cast.auditor, code=app.code(1), now=now)
    assert code_spend(user=cast.auditor, code=app.code(0), now=now) is None


def test_clocks_may_differ_by_one_period(cast: Cast) -> None:
    app = app_of(cast.auditor)
    now = clock.now()
    period = timedelta(seconds=30)
    code = app.code()
    assert code_spend(user=cast.auditor, code=code, now=now + 2 * period + period) is None
    assert code_spend(user=cast.auditor, code=code, now=now - 2 * period - period) is None
    assert code_spend(user=cast.auditor, code=code, now=now + period)


@pytest.mark.django_db(transaction=True)
def test_of_two_with_the_same_code_one_gets_in(committed_cast: Cast) -> None:
    app = app_of(committed_cast.auditor)
    now, code = clock.now(), app.code()

    def spend() -> bool:
        return code_spend(user=committed_cast.auditor, code=code, now=now) is not None

    assert sorted(together(spend, spend)) == [False, True]


@pytest.mark.parametrize(
    "code", ["", "000000", "12345", "abcdef", "１２３４５６", "9" * 5000, "\u202e123456"]
)
def test_what_is_no_code_is_refused(cast: Cast, code: str) -> None:
    app_of(cast.auditor)
    client, _answer = type_password(cast.auditor)
    assert type_code(client, code).status_code == 200
    assert not is_in(client)


def test_guessing_codes_is_stopped(cast: Cast) -> None:
    app = app_of(cast.auditor)
    client, _answer = type_password(cast.auditor)
    for _attempt in range(5):
        type_code(client, "000000")
    assert "Too many failed tries" in type_code(client, app.code()).content.decode()
    other, _answer = type_password(cast.auditor)
    assert "Too many failed tries" in type_code(other, app.code()).content.decode()
    assert actions().count("accounts.factor.refused") == 5


def test_the_second_step_needs_the_first(client: Client, cast: Cast) -> None:
    app = app_of(cast.auditor)
    assert type_code(client, app.code())["Location"] == "/account/sign-in/"
    assert not is_in(client)


def test_a_recovery_code_opens_once_and_its_owner_is_told(cast: Cast) -> None:
    app_of(cast.auditor)
    code = codes_of(cast.auditor)[3]
    client, _answer = type_password(cast.auditor)
    assert type_code(client, code).status_code == 302
    assert is_in(client)
    assert "accounts.recovery_codes.used" in actions()
    assert [message.subject for message in mail.outbox] == ["A recovery code was used · CISO Portal"]
    again, _answer = type_password(cast.auditor)
    type_code(again, code)
    assert not is_in(again)
    assert len(codes_of(cast.auditor)) == 9


def test_another_persons_code_opens_nothing(cast: Cast) -> None:
    app_of(cast.auditor)
    other = app_of(cast.ciso)
    client, _answer = type_password(cast.auditor)
    type_code(client, other.code())
    type_code(client, codes_of(cast.ciso)[0])
    assert not is_in(client)


# Setting up and taking away


def test_an_app_is_set_up_by_its_first_code(cast: Cast) -> None:
    client, _answer = type_password(cast.auditor)
    app, answer = set_up(client)
    assert answer["Location"] == "/account/recovery-codes/"
    assert "accounts.totp.added" in actions()
    assert [message.to for message in mail.outbox] == [[cast.auditor.email]]
    page = client.get(answer["Location"]).content.decode()
    assert all(code in page for code in codes_of(cast.auditor))
    other, _answer = type_password(cast.auditor)
    type_code(other, app.shown)
    assert not is_in(other), "the code that it was set up with is spent"


def test_a_wrong_first_code_sets_nothing_up(cast: Cast) -> None:
    client, _answer = type_password(cast.auditor)
    client.get(SET_UP)
    answer = client.post(SET_UP, {"code": "000000"})
    assert "not right" in answer.content.decode()
    assert not Authenticator.objects.exists()
    assert mail.outbox == []


def test_the_secret_is_not_kept_readable(cast: Cast) -> None:
    app = app_of(cast.auditor)
    kept = Authenticator.objects.filter(user=cast.auditor).values_list("data", flat=True)
    assert app.secret not in str(list(kept))


def test_a_replaced_secret_key_opens_nothing_and_breaks_nothing(cast: Cast, settings: Any) -> None:
    app = app_of(cast.auditor)
    code = codes_of(cast.auditor)[0]
    settings.SECRET_KEY, old = "another-secret-key-" * 4, settings.SECRET_KEY
    client, _answer = type_password(cast.auditor)
    assert type_code(client, app.code()).status_code == 200
    assert type_code(client, code).status_code == 200
    assert not is_in(client)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert code_spend(user=cast.auditor, code=app.code(), now=clock.now())


def test_changing_factors_asks_who_it_is(cast: Cast) -> None:
    app_of(cast.auditor)
    browser = Client()
    browser.force_login(cast.auditor)
    for path in (
        f"{SET_UP}remove/",
        "/account/recovery-codes/",
        "/account/recovery-codes/renew/",
        "/account/recovery-codes/download/",
    ):
        assert browser.get(path)["Location"].startswith("/account/confirm/"), path
    browser.force_login(cast.ciso)
    assert browser.get(SET_UP)["Location"].startswith("/account/confirm/")


def test_an_app_is_taken_away(cast: Cast) -> None:
    client, _answer = type_password(cast.auditor)
    set_up(client)
    assert "Take it away" in client.get("/account/security/").content.decode()
    assert client.post(f"{SET_UP}remove/")["Location"] == "/account/security/"
    assert not Authenticator.objects.exists()
    assert actions()[-1] == "accounts.totp.removed"
    assert "taken away" in mail.outbox[-1].subject


def test_new_recovery_codes_replace_the_old(cast: Cast) -> None:
    client, _answer = type_password(cast.auditor)
    set_up(client)
    old = codes_of(cast.auditor)
    assert client.post("/account/recovery-codes/renew/")["Location"] == "/account/recovery-codes/"
    assert not set(old) & set(codes_of(cast.auditor))
    assert "accounts.recovery_codes.made" in actions()
    file = client.get("/account/recovery-codes/download/")
    assert file["Content-Type"].startswith("text/plain")
    assert re.findall(r"^\d{10}$", file.content.decode(), re.MULTILINE) == codes_of(cast.auditor)


# Demanded


def test_whoever_needs_a_factor_goes_nowhere_before(cast: Cast) -> None:
    demand(cast, Role.AUDITOR)
    client, answer = type_password(cast.auditor)
    assert answer.status_code == 302
    for path in ("/", "/audits/", "/profile/", "/account/security/", "/account/password/change/", "/admin/"):
        assert client.get(path)["Location"] == DEMAND, path
    assert client.post("/profile/", {"full_name": "Someone"})["Location"] == DEMAND
    assert client.get("/audits/", headers={"HX-Request": "true"})["HX-Redirect"] == DEMAND
    page = client.get(DEMAND).content.decode()
    assert SET_UP in page
    assert 'class="side"' not in page


def test_whoever_set_the_factor_up_goes_on_to_where_they_were_going(cast: Cast) -> None:
    demand(cast, Role.AUDITOR)
    client, _answer = type_password(cast.auditor)
    client.get("/rights/?x=1")
    _app, answer = set_up(client)
    assert DEMAND in client.get(answer["Location"]).content.decode()
    assert client.get(DEMAND)["Location"] == "/rights/?x=1"
    assert client.get("/rights/?x=1").status_code == 200
    assert client.get(DEMAND)["Location"] == "/"


def test_others_are_not_asked(cast: Cast, sign_in: SignIn) -> None:
    demand(cast, Role.AUDITOR)
    assert sign_in(cast.analyst).get("/profile/").status_code == 200


def test_a_role_of_one_unit_demands_it_too(cast: Cast, sign_in: SignIn) -> None:
    demand(cast, Role.UNIT_LEAD)
    assert sign_in(cast.unit_lead).get("/profile/")["Location"] == DEMAND


@pytest.mark.parametrize("part", ["ciso", "administrator"])
def test_production_always_demands_it_of_ciso_and_administrator(
    cast: Cast, sign_in: SignIn, settings: Any, part: str
) -> None:
    person = cast.people()[part]
    assert sign_in(person).get("/profile/").status_code == 200
    settings.PRODUCTION = True
    assert sign_in(person).get("/profile/")["Location"] == DEMAND
    assert sign_in(cast.auditor).get("/profile/").status_code == 200


def test_a_session_opened_without_it_shows_it_first(cast: Cast, sign_in: SignIn) -> None:
    app = app_of(cast.auditor)
    demand(cast, Role.AUDITOR)
    browser = sign_in(cast.auditor)
    assert browser.get("/profile/")["Location"] == DEMAND
    ask = browser.get(DEMAND)["Location"]
    assert ask.startswith("/account/confirm/code/")
    assert browser.post(ask, {"code": app.code()})["Location"] == DEMAND
    assert browser.get("/profile/").status_code == 200


def test_the_last_factor_stays_where_it_is_demanded(cast: Cast) -> None:
    demand(cast, Role.AUDITOR)
    client, _answer = type_password(cast.auditor)
    set_up(client)
    page = client.get(f"{SET_UP}remove/").content.decode()
    assert "add another one" in page
    assert "btn-danger" not in page
    client.post(f"{SET_UP}remove/")
    assert Authenticator.objects.filter(type="totp").exists()


def test_which_roles_need_it_is_set_on_the_organisations_page(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.ciso)
    data = {
        "name": "Halden & Vale Bank",
        "time_zone": "Europe/Lisbon",
        "reminder_hour": "7",
        "currency": "EUR",
        "base_url": "https://portal.example.com",
        "mfa_roles": ["auditor", "executive"],
    }
    data["version"] = browser.get("/organisation/").context["form"]["version"].value()
    assert browser.post("/organisation/", data).status_code == 302
    forget_organisation()
    assert sign_in(cast.executive).get("/profile/")["Location"] == DEMAND
    entry = Entry.objects.order_by("id").last()
    assert entry
    assert (entry.before, entry.after) == (
        {"mfa_roles": []},
        {"mfa_roles": ["auditor", "executive"]},
    )
    assert browser.post("/organisation/", data | {"mfa_roles": ["king"]}).status_code == 422


# Lost


def test_lost_factors_are_taken_away_by_an_administrator(cast: Cast) -> None:
    app_of(cast.auditor)
    assert factors_reset(user=cast.auditor, actor=cast.administrator, now=clock.now())
    assert not Authenticator.objects.exists()
    assert actions() == ["accounts.factors.reset"]
    assert [message.to for message in mail.outbox] == [[cast.auditor.email]]
    assert not factors_reset(user=cast.auditor, actor=cast.administrator, now=clock.now())
    client, _answer = type_password(cast.auditor)
    assert is_in(client)


def test_the_terminal_takes_lost_factors(cast: Cast) -> None:
    app_of(cast.administrator)
    call_command("reset_second_factor", cast.administrator.email.upper(), stdout=StringIO())
    assert not Authenticator.objects.exists()
    for email in (cast.administrator.email, "nobody@example.com"):
        with pytest.raises(CommandError):
            call_command("reset_second_factor", email)
