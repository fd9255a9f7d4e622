"""Invitations: sent, taken up once, revoked, over; and that nobody is told which."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from foundation import clock
from foundation.accounts.models import OneTimeLink, Organisation, User
from foundation.accounts.organisation import forget_organisation
from foundation.accounts.services import (
    AccountsRefused,
    LinkGone,
    invitation_accept,
    invitation_revoke,
    invitation_send,
    user_change,
    user_deactivate,
)
from foundation.accounts.services.invitations import VALID_FOR
from foundation.accounts.tests.factories import PASSWORD, RoleGrantFactory, UserFactory
from foundation.notifications.models import Mail
from foundation.testing.cast import Cast
from foundation.testing.races import together
from foundation.trail.models import Entry

SignIn = Callable[[User], Client]
BOTH = {"password": PASSWORD, "password_again": PASSWORD}


@pytest.fixture
def newcomer(cast: Cast) -> User:
    return UserFactory.create(
        full_name="Nils Ek", email="nils.ek@example.com", password="!", unit=cast.units.cards
    )


def invite(person: User, actor: User, now: datetime | None = None) -> str:
    """Send an invitation and return the path of the link in its mail."""
    mail.outbox.clear()
    invitation_send(user=person, actor=actor, now=now or clock.now())
    (message,) = mail.outbox
    assert message.to == [person.email]
    found = re.search(r"https://portal\.example\.com(/invitation/[\w-]+/)", str(message.body))
    assert found
    assert found[0] in str(message.alternatives[0][0])
    return found[1]


def test_it_works_from_the_form_to_the_first_sign_in(cast: Cast, sign_in: SignIn, client: Client) -> None:
    data = {
        "full_name": "Nils Ek",
        "email": "nils.ek@example.com",
        "time_zone": "organisation",
        "language": "en",
        "invite": "on",
    }
    response = sign_in(cast.administrator).post("/people/new/", data, follow=True)
    page = response.content.decode()
    assert re.search(
        r"sent to nils\.ek@example\.com \(<span class=\"nowrap\"><time [^>]*>(today|yesterday) \d\d:\d\d</time>",
        page,
    )
    path = str(mail.outbox[0].body).split("https://portal.example.com")[1].split()[0]
    assert "Welcome, Nils Ek" in client.get(path).content.decode()
    done = client.post(path, BOTH, follow=True)
    assert done.redirect_chain == [("/account/sign-in/", 302)]
    assert "Your password is set" in done.content.decode()
    signed_in = client.post("/account/sign-in/", {"login": "nils.ek@example.com", "password": PASSWORD})
    assert signed_in.status_code == 302
    actions = Entry.objects.filter(subject="Nils Ek").order_by("id").values_list("action", flat=True)
    assert list(actions) == [
        "accounts.user.created",
        "accounts.invitation.sent",
        "accounts.invitation.accepted",
        "accounts.session.opened",
    ]


def test_the_token_is_kept_nowhere_but_in_the_mail(cast: Cast, newcomer: User, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "foundation.notifications.email_backend.OutboxBackend"
    invitation_send(user=newcomer, actor=cast.administrator, now=clock.now())
    sent = Mail.objects.get()
    assert sent.restricted  # nobody reads it on the pages of the outbox
    (token,) = set(re.findall(r"/invitation/([\w-]+)/", sent.text))
    assert len(token) == 43
    assert token not in str(OneTimeLink.objects.values())
    assert token not in str(list(Entry.objects.values()))


def test_to_look_spends_nothing(cast: Cast, newcomer: User, client: Client) -> None:
    path = invite(newcomer, cast.administrator)
    for _time in range(3):
        response = client.get(path)
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
    assert client.post(path, BOTH).status_code == 302


def test_unknown_used_revoked_and_over_are_alike(cast: Cast, newcomer: User, client: Client) -> None:
    others = UserFactory.create_batch(4, password="!")
    used = invite(newcomer, cast.administrator)
    client.post(used, BOTH)
    revoked = invite(others[0], cast.administrator)
    invitation_revoke(user=others[0], actor=cast.administrator, now=clock.now())
    over = invite(others[1], cast.administrator, clock.now() - VALID_FOR - timedelta(seconds=1))
    replaced = invite(others[2], cast.administrator)
    invite(others[2], cast.administrator)
    closed = invite(others[3], cast.administrator)
    user_deactivate(user=others[3], actor=cast.administrator, now=clock.now())
    unknown = f"/invitation/{'x' * 43}/"
    pages: dict[str, set[str]] = {"GET": set(), "POST": set()}
    for path in (used, revoked, over, replaced, closed, unknown, "/invitation/%00/", "/invitation/ä☃/"):
        for response in (client.get(path), client.post(path, BOTH)):
            assert response.status_code == 404
            drawn = re.sub(r'nonce="[^"]+"', "", response.content.decode())
            pages[str(response.wsgi_request.method)].add(drawn)
    assert [len(drawn) for drawn in pages.values()] == [1, 1]


def test_a_link_dies_with_the_address_that_it_was_sent_to(cast: Cast, newcomer: User, client: Client) -> None:
    path = invite(newcomer, cast.administrator)
    user_change(
        user=newcomer, changes={"email": "nils@example.org"}, actor=cast.administrator, now=clock.now()
    )
    assert client.get(path).status_code == 404


def test_a_link_dies_when_a_password_was_set_otherwise(cast: Cast, newcomer: User, client: Client) -> None:
    path = invite(newcomer, cast.administrator)
    newcomer.set_password(PASSWORD)
    newcomer.save()
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"password": PASSWORD, "password_again": "other"}, "password_again"),
        ({"password": "short", "password_again": "short"}, "password"),
        ({"password": "nils.ek@example.com", "password_again": "nils.ek@example.com"}, "password"),
        ({"password": "", "password_again": ""}, "password"),
        ({"password": "x" * 1001, "password_again": "x" * 1001}, "password"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_stays(
    cast: Cast, newcomer: User, client: Client, data: dict[str, str], field: str
) -> None:
    path = invite(newcomer, cast.administrator)
    response = client.post(path, data)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert client.get(path).status_code == 200


def test_whoever_else_is_signed_in_there_is_signed_out(cast: Cast, newcomer: User, sign_in: SignIn) -> None:
    browser = sign_in(cast.administrator)
    browser.post(invite(newcomer, cast.administrator), BOTH)
    assert browser.get("/profile/").status_code == 302


def test_who_has_a_password_or_is_closed_gets_none(cast: Cast, newcomer: User) -> None:
    with pytest.raises(AccountsRefused, match="has a password"):
        invitation_send(user=cast.analyst, actor=cast.administrator, now=clock.now())
    User.objects.filter(pk=newcomer.pk).update(is_active=False)
    with pytest.raises(AccountsRefused, match="closed"):
        invitation_send(user=newcomer, actor=cast.administrator, now=clock.now())


def test_without_an_address_of_the_portal_nothing_is_made(
    cast: Cast, sign_in: SignIn, settings: Settings
) -> None:
    settings.BASE_URL = ""
    Organisation.objects.update(base_url="")
    forget_organisation()
    data = {
        "full_name": "Nils Ek",
        "email": "n@example.com",
        "time_zone": "organisation",
        "language": "en",
        "invite": "on",
    }
    response = sign_in(cast.administrator).post("/people/new/", data)
    assert response.status_code == 422
    assert "Set the base URL first" in response.content.decode()
    assert not User.objects.filter(email="n@example.com").exists()


def test_who_administers_a_unit_invites_its_people_alone(cast: Cast, newcomer: User, sign_in: SignIn) -> None:
    person = UserFactory.create(unit=cast.units.retail)
    RoleGrantFactory.create(user=person, role="administrator", unit=cast.units.retail)
    assert sign_in(person).post(f"/people/{newcomer.pk}/invite/").status_code == 404
    assert sign_in(cast.unit_lead).post(f"/people/{newcomer.pk}/invite/").status_code == 403
    assert not mail.outbox


def test_it_is_sent_again_and_revoked_on_the_page(cast: Cast, newcomer: User, sign_in: SignIn) -> None:
    browser, page = sign_in(cast.administrator), f"/people/{newcomer.pk}/"
    assert "No invitation was sent" in browser.get(page).content.decode()
    browser.post(f"{page}invite/")
    browser.post(f"{page}invite/")
    assert "An invitation was sent" in browser.get(page).content.decode()
    assert OneTimeLink.objects.filter(revoked_at__isnull=True).count() == 1
    browser.post(f"{page}invite/revoke/")
    assert "was revoked" in browser.get(page).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_sets_the_password(committed_cast: Cast) -> None:
    person = UserFactory.create(email="nils.ek@example.com", password="!")
    token = invite(person, committed_cast.administrator).split("/")[2]
    outcomes = together(
        lambda: invitation_accept(token=token, password=PASSWORD, now=clock.now()),
        lambda: invitation_accept(token=token, password=PASSWORD + "x", now=clock.now()),
    )
    assert sum(isinstance(outcome, LinkGone) for outcome in outcomes) == 1
