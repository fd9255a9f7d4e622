"""What whoever owns the machine does at the terminal, in the trail's sight."""

from collections.abc import Callable, Iterable
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command, get_commands
from django.test import Client

from foundation.accounts.models import User
from foundation.accounts.tests.factories import PASSWORD
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

NEW = "nine-herons-above-the-weir"


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let these be what is typed at the prompts."""

    def typed(*words: str) -> None:
        answers: Iterable[str] = iter(words)
        monkeypatch.setattr("getpass.getpass", lambda prompt="": next(iter(answers)))

    return typed


def change(email: str) -> str:
    out = StringIO()
    call_command("changepassword", email, stdout=out, stderr=out)
    return out.getvalue()


def test_the_portal_s_own_commands_stand_before_django_s() -> None:
    commands = get_commands()
    assert commands["changepassword"] == commands["createsuperuser"] == "foundation.accounts.commands"


def test_a_new_password_is_kept_told_and_ends_sessions(
    cast: Cast, sign_in: Callable[[User], Client], type_in: Callable[..., None]
) -> None:
    there, other = sign_in(cast.auditor), sign_in(cast.ciso)
    type_in(NEW, NEW)
    assert "Password of Odile Brandt set" in change(cast.auditor.email.upper())
    assert there.get("/profile/").status_code == 302, "signed out"
    assert other.get("/profile/").status_code == 200
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.actor_name, entry.subject) == ("accounts.password.set", "", "Odile Brandt")
    assert [message.to for message in mail.outbox] == [[cast.auditor.email]]
    assert "set a new password for your account" in mail.outbox[0].body
    assert NEW not in mail.outbox[0].body
    for password, place in ((PASSWORD, 200), (NEW, 302)):
        sent = {"login": cast.auditor.email, "password": password}
        assert Client().post("/account/sign-in/", sent).status_code == place


def test_a_password_that_would_not_do_is_refused(cast: Cast, type_in: Callable[..., None]) -> None:
    type_in("short", "short", NEW, NEW + "x", "odile.brandt", "odile.brandt")
    with pytest.raises(CommandError):
        change(cast.auditor.email)
    cast.auditor.refresh_from_db()
    assert cast.auditor.check_password(PASSWORD)
    assert not Entry.objects.exists()
    assert not mail.outbox


def test_nobody_is_told_so(cast: Cast) -> None:
    with pytest.raises(CommandError, match="Nobody"):
        change("nobody@example.com")


def test_there_are_no_superusers(cast: Cast) -> None:
    people = User.objects.count()
    with pytest.raises(CommandError, match="no superusers"):
        call_command("createsuperuser", noinput=True, email="root@example.com")
    assert User.objects.count() == people
