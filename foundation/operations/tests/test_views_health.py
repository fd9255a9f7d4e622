"""What a monitor and an administrator are told of the portal."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from foundation import clock
from foundation.accounts.models import User
from foundation.notifications.selectors import MAIL_LATE_AFTER
from foundation.notifications.tests.factories import MailFactory
from foundation.operations.choices import Program, State
from foundation.operations.selectors import SILENT_AFTER, health_read
from foundation.operations.services import heartbeat_record
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NO_BROKER = "redis://127.0.0.1:1/0"


@pytest.fixture
def lively() -> None:
    """Worker and beat gave their signs just now."""
    for program in Program:
        heartbeat_record(program=program, now=clock.now())


@pytest.mark.usefixtures("lively")
def test_all_is_well(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    told = answer.json()
    assert told["status"] == told["web"] == told["database"] == told["broker"] == "ok"
    assert told["worker"]["state"] == told["beat"]["state"] == "ok"
    assert told["mail"] == {"state": "ok", "oldest_unsent_seconds": None}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.usefixtures("lively")
def test_a_broker_that_is_away_is_told(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = NO_BROKER
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["broker"]) == (503, "bad")


@pytest.mark.usefixtures("lively")
@pytest.mark.parametrize(
    ("silent", "told"),
    [
        ([Program.WORKER], {"worker": "bad", "beat": "ok"}),
        ([Program.BEAT], {"worker": "ok", "beat": "bad"}),
        ([Program.WORKER, Program.BEAT], {"worker": "unknown", "beat": "bad"}),
    ],
)
def test_who_is_silent_is_told(client: Client, silent: list[Program], told: dict[str, str]) -> None:
    for program in silent:
        heartbeat_record(program=program, now=clock.now() - SILENT_AFTER - timedelta(seconds=1))
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert {name: answer.json()[name]["state"] for name in told} == told


@pytest.mark.usefixtures("lively")
def test_mail_that_waits_long_is_told_by_its_age() -> None:
    now = clock.now()
    MailFactory(created_at=now - MAIL_LATE_AFTER, next_attempt_at=now - MAIL_LATE_AFTER)
    health = health_read(now=now)
    assert (health.mail, health.is_well) == (State.OK, True)
    late_since = now - MAIL_LATE_AFTER - timedelta(seconds=5)
    MailFactory(created_at=late_since, next_attempt_at=late_since)
    health = health_read(now=now)
    assert (health.mail, health.is_well) == (State.BAD, False)
    assert health.as_json(now=now)["mail"]["oldest_unsent_seconds"] == 1805


@pytest.mark.usefixtures("lively")
def test_mail_that_a_server_puts_off_is_no_fault_but_a_server_that_takes_none_is() -> None:
    now = clock.now()
    days_ago, soon = now - timedelta(days=2), now + timedelta(hours=1)
    MailFactory(created_at=days_ago, next_attempt_at=soon, attempts=5, last_error="451 Try again later")
    MailFactory(created_at=days_ago, next_attempt_at=now)  # was kept, and has just been let go
    health = health_read(now=now)
    assert (health.mail, health.is_well) == (State.OK, True)
    assert health.as_json(now=now)["mail"]["oldest_unsent_seconds"] == 2 * 24 * 3600
    MailFactory(created_at=days_ago, next_attempt_at=soon, last_error="Connection refused")
    assert health_read(now=now).mail == State.BAD


@pytest.mark.usefixtures("lively")
def test_a_monitor_learns_of_no_person_and_no_address(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "redis://:hidden-password@127.0.0.1:1/0"
    mail = MailFactory()
    told = json.dumps(client.get("/healthz").json())
    for secret in (
        mail.address,
        mail.subject,
        "hidden-password",
        "127.0.0.1",
        settings.DATABASES["default"]["NAME"],
    ):
        assert secret not in told


def test_only_looking_is_allowed(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


@pytest.mark.usefixtures("lively")
def test_the_page_shows_each_part_and_what_to_do(
    cast: Cast, sign_in: Callable[[User], Client], settings: Settings
) -> None:
    settings.REDIS_URL = NO_BROKER
    page = sign_in(cast.administrator).get("/health/").content.decode()
    assert "PostgreSQL" in page
    assert "See whether the server runs, and what REDIS_URL names." in page


def test_the_page_is_for_those_with_the_right(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    assert sign_in(cast.analyst).get("/health/").status_code == 403
    assert Client().get("/health/").status_code == 302
