"""What people call their second factors."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.test import Client

from foundation.accounts.models import User
from foundation.accounts.tests.factors import App, app_of
from foundation.accounts.tests.test_second_factor import type_code, type_password
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

SignIn = Callable[[User], Client]


def signed_in(user: User) -> tuple[Client, App]:
    """Sign in by password and code, and return the browser and the app."""
    app = app_of(user)
    client, _answer = type_password(user)
    type_code(client, app.code())
    return client, app


def factor_of(user: User, type: Authenticator.Type) -> Authenticator:
    return Authenticator.objects.get(user=user, type=type)


def test_the_owner_names_a_factor(cast: Cast) -> None:
    client, _app = signed_in(cast.auditor)
    url = f"/account/factors/{factor_of(cast.auditor, Authenticator.Type.TOTP).pk}/name/"
    assert "Authenticator app" in client.get(url).content.decode()
    client.post(url, {"name": "Work <phone>"})
    assert "Rename: Work &lt;phone&gt;" in client.get("/account/security/").content.decode()
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.actor_name) == ("accounts.factor.renamed", cast.auditor.full_name)
    assert (entry.before, entry.after) == ({"name": "Authenticator app"}, {"name": "Work <phone>"})
    client.post(url, {"name": "Work <phone>"})
    assert Entry.objects.latest("id") == entry, "the same name is no change"


def test_a_passkey_is_named_anew(cast: Cast) -> None:
    key = Authenticator.objects.create(
        user=cast.auditor, type=Authenticator.Type.WEBAUTHN, data={"name": "Key", "credential": {}}
    )
    client, _app = signed_in(cast.auditor)
    client.post(f"/account/factors/{key.pk}/name/", {"name": "Blue key"})
    key.refresh_from_db()
    assert key.data == {"name": "Blue key", "credential": {}}


def test_a_name_is_a_short_line(cast: Cast) -> None:
    client, _app = signed_in(cast.auditor)
    url = f"/account/factors/{factor_of(cast.auditor, Authenticator.Type.TOTP).pk}/name/"
    for name in ("", " ", "x" * 61, "a\x00"):
        assert client.post(url, {"name": name}).status_code == 422


def test_what_is_kept_of_spent_codes_stays(cast: Cast) -> None:
    client, _app = signed_in(cast.auditor)
    factor = factor_of(cast.auditor, Authenticator.Type.TOTP)
    last = factor.data["last_counter"]
    client.post(f"/account/factors/{factor.pk}/name/", {"name": "Phone"})
    factor.refresh_from_db()
    assert factor.data["last_counter"] == last


def test_nobody_names_what_is_another_s(cast: Cast) -> None:
    app_of(cast.ciso)
    client, _answer = type_password(cast.auditor)
    for factor in Authenticator.objects.all():
        assert client.get(f"/account/factors/{factor.pk}/name/").status_code == 404
        assert client.post(f"/account/factors/{factor.pk}/name/", {"name": "Mine"}).status_code == 404


def test_recovery_codes_have_no_name(cast: Cast) -> None:
    client, _app = signed_in(cast.auditor)
    codes = factor_of(cast.auditor, Authenticator.Type.RECOVERY_CODES)
    assert client.get(f"/account/factors/{codes.pk}/name/").status_code == 404


def test_a_session_of_long_ago_confirms_first(cast: Cast) -> None:
    app_of(cast.auditor)
    totp = factor_of(cast.auditor, Authenticator.Type.TOTP)
    browser = Client()
    browser.force_login(cast.auditor)
    answer = browser.post(f"/account/factors/{totp.pk}/name/", {"name": "Mine"})
    assert answer["Location"].startswith("/account/confirm/")
    totp.refresh_from_db()
    assert "name" not in totp.data
