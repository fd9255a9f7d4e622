"""Ending mails of a kind: by the link in a mail, or by the one click of a mail program (RFC 8058)."""

import re
from datetime import timedelta
from email import message_from_bytes

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from foundation.accounts.models import User
from foundation.accounts.tests.factories import OrganisationFactory, UserFactory
from foundation.notifications import unsubscribing
from foundation.notifications.bell import notices_of
from foundation.notifications.choices import NoticeState, Rhythm
from foundation.notifications.identity import Sender
from foundation.notifications.mime import message_of
from foundation.notifications.models import Mail, MailPreference
from foundation.notifications.services import mails_compose
from foundation.notifications.tests.factories import NOW, NoticeFactory
from foundation.notifications.unsubscribing import UnsubscribeGone, unsubscribe_token, unsubscription_of
from foundation.registry import NoticeKind, registry
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
NEWS, REMINDER = "probe.news", "probe.reminder"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def _server(settings: Settings) -> None:
    OrganisationFactory.create(base_url="https://portal.example.com")
    settings.EMAIL_URL = "smtp://mail.example.com"


@pytest.fixture
def user() -> User:
    return UserFactory.create()


@pytest.fixture
def stranger() -> Client:
    """Return a mail program: it has no session and no token against forged requests."""
    return Client(enforce_csrf_checks=True)


def mail_to(user: User, *kinds: str) -> Mail:
    for kind in kinds:
        NoticeFactory.create(recipient=user, kind=kind)
    mails_compose(now=NOW)
    return Mail.objects.get(recipient=user)


def url_of(token: str) -> str:
    return reverse("notifications:unsubscribe", args=[token])


def test_a_mail_that_may_be_ended_says_so_in_its_head_and_at_its_end(user: User, stranger: Client) -> None:
    mail = mail_to(user, NEWS, REMINDER)
    message = message_from_bytes(message_of(mail, origin=Sender.configured())[1])
    link = re.fullmatch(r"<https://portal\.example\.com(/unsubscribe/[^>]+)>", message["List-Unsubscribe"])
    assert link is not None
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.unsubscribe_url in mail.text
    assert f'href="{mail.unsubscribe_url}"' in mail.html

    text = stranger.get(link[1]).content.decode()
    assert "News of probes" in text
    assert "Probes<" not in text, "what calls for action is not ended"
    assert not MailPreference.objects.exists(), "to look changes nothing"

    for _twice in range(2):
        answer = stranger.post(link[1], ONE_CLICK)
        assert answer.status_code == 200
        assert "You get no more mails about" in answer.content.decode()
    kept = MailPreference.objects.get()
    assert (kept.user, kept.kind, kept.rhythm, kept.in_app) == (user, NEWS, Rhythm.NEVER, True)
    assert Entry.objects.get(action="notifications.preferences.changed").after == {NEWS: "never"}


def test_a_mail_that_calls_for_action_has_no_such_link(user: User) -> None:
    mail = mail_to(user, REMINDER)
    assert mail.unsubscribe_url == ""
    assert b"List-Unsubscribe" not in message_of(mail, origin=Sender.configured())[1]
    assert "/unsubscribe/" not in mail.text + mail.html


def test_what_is_unwanted_is_shown_and_not_mailed(user: User) -> None:
    for kind in (NEWS, REMINDER):
        MailPreference.objects.create(user=user, kind=kind, rhythm=Rhythm.NEVER)
    shown = NoticeFactory.create(recipient=user, kind=NEWS)
    assert mails_compose(now=NOW) == 0
    shown.refresh_from_db()
    assert shown.state == NoticeState.SHOWN
    assert list(notices_of(user, now=NOW)) == [shown]
    mailed = NoticeFactory.create(recipient=user, kind=REMINDER)
    assert mails_compose(now=NOW) == 1, "what calls for action comes, whatever was once chosen"
    mailed.refresh_from_db()
    assert mailed.state == NoticeState.MAILED


class TestToken:
    def test_it_ends_what_it_names(self, user: User) -> None:
        assert [kind.key for kind in unsubscription_of(unsubscribe_token(user=user, kinds=[NEWS])).kinds] == [
            NEWS
        ]

    @pytest.mark.parametrize(
        "token",
        ["x", "a:b:c", ":", "٣:٣:٣", "é" * 500, "A" * 5_000, "..%2f..", None],
    )
    def test_unknown_ones_are_not_found(self, stranger: Client, token: str | None) -> None:
        if token is None:  # signed, but for nothing in particular; made here, as it holds the moment
            token = signing.dumps([1, "", [NEWS]])
        for answer in (stranger.get(url_of(token)), stranger.post(url_of(token), ONE_CLICK)):
            assert answer.status_code == 404

    def test_one_for_another_purpose_is_not_found(self, user: User, stranger: Client) -> None:
        value = [user.pk, unsubscribing._address_mark(user.email), [NEWS]]
        assert stranger.get(url_of(signing.dumps(value, salt="another"))).status_code == 404
        assert stranger.get(url_of(signing.dumps(value, salt=unsubscribing.PURPOSE))).status_code == 200

    def test_expired_ones_are_not_found(
        self, user: User, stranger: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        token = unsubscribe_token(user=user, kinds=[NEWS])
        monkeypatch.setattr(unsubscribing, "VALID_FOR", timedelta(seconds=-1))
        assert stranger.post(url_of(token), ONE_CLICK).status_code == 404
        assert not MailPreference.objects.exists()

    @pytest.mark.parametrize("change", [{"is_active": False}, {"email": "new@example.com"}])
    def test_it_ends_nothing_once_the_person_left_or_has_another_address(
        self, user: User, stranger: Client, change: dict[str, object]
    ) -> None:
        token = unsubscribe_token(user=user, kinds=[NEWS])
        User.objects.filter(pk=user.pk).update(**change)
        assert stranger.post(url_of(token), ONE_CLICK).status_code == 404
        assert not MailPreference.objects.exists()

    def test_it_ends_nothing_that_calls_for_action_by_now(self, user: User) -> None:
        token = unsubscribe_token(user=user, kinds=[NEWS, REMINDER])
        assert [kind.key for kind in unsubscription_of(token).kinds] == [NEWS]
        del registry._items[NoticeKind][NEWS]
        with pytest.raises(UnsubscribeGone):
            unsubscription_of(token)
