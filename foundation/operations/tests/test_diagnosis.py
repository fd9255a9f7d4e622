"""What doctor finds, and how it says so."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import Settings

from foundation import clock
from foundation.accounts.models import Organisation
from foundation.notifications.tests.factories import MailFactory
from foundation.notifications.tests.sink import mail_sink
from foundation.operations import diagnosis
from foundation.operations.choices import Program, State
from foundation.operations.diagnosis import diagnose
from foundation.operations.findings import Finding
from foundation.operations.services import heartbeat_record
from foundation.trail import selectors
from foundation.trail.services import entry_write, seal_entries

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def findings(*, thorough: bool = False) -> dict[str, Finding]:
    return {str(finding.name): finding for finding in diagnose(now=clock.now(), thorough=thorough)}


def test_this_installation_is_well() -> None:
    found = findings()
    well = (
        "Python",
        "Packages",
        "Disk",
        "Database",
        "Database roles",
        "Migrations",
        "Broker",
        "Clock",
        "Time zones",
    )
    assert {name: found[name].state for name in (*well, "Outbox")} == dict.fromkeys(
        (*well, "Outbox"), State.OK
    )
    assert "runs as ciso_app" in found["Database roles"].text


def test_packages_that_differ_from_the_pins_are_named(tmp_path: Path, settings: Settings) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "requirements.txt").write_text(
        "django==0.95 \\\n    --hash=sha256:00\nno-such-package==1.0 \\\n    --hash=sha256:00\n"
    )
    found = findings()["Packages"]
    assert found.state == State.BAD
    assert "django is " in found.text
    assert "not 0.95" in found.text
    assert "no-such-package is missing" in found.text


def test_assets_that_are_not_built_are_named(tmp_path: Path, settings: Settings) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "requirements.txt").touch()
    assert findings()["Style sheet and scripts"].state == State.BAD


def test_a_role_that_may_change_the_trail_is_wrong() -> None:
    found = next(diagnosis._roles("owner"))
    assert found.state == State.BAD
    assert "may change the trail" in found.text
    assert "DATABASE_OWNER_URL" in found.hint


def test_pending_migrations_are_counted() -> None:
    recorder = MigrationRecorder(connections["owner"])
    recorder.record_unapplied("operations", "0001_heartbeat")
    found = findings()["Migrations"]
    assert (found.state, found.text) == (State.BAD, "1 pending")
    assert "migrate --database owner" in found.hint


def test_a_clock_that_differs_is_wrong() -> None:
    now = datetime.now(UTC)
    assert next(diagnosis._clock(now + timedelta(seconds=1))).state == State.OK
    found = next(diagnosis._clock(now - timedelta(seconds=90)))
    assert (found.state, found.text) == (State.BAD, "90 s apart from the database's")


def test_a_time_zone_that_this_machine_does_not_know_is_wrong() -> None:
    Organisation.objects.create(pk=1, name="Quillhaven Bank", time_zone="Atlantis/Main_Island")
    assert findings()["Time zones"].state == State.BAD


def test_silence_is_told_with_what_to_do() -> None:
    long_ago = clock.now() - timedelta(minutes=30)
    heartbeat_record(program=Program.WORKER, now=long_ago)
    heartbeat_record(program=Program.BEAT, now=clock.now())
    found = findings()
    assert found["Beat"].state == State.OK
    assert found["Worker"].state == State.BAD
    assert "30" in found["Worker"].text
    assert "nobody does it" in found["Worker"].hint
    heartbeat_record(program=Program.BEAT, now=long_ago)
    assert "first see to beat" in findings()["Worker"].hint


def test_a_mail_that_waits_long_is_wrong() -> None:
    hours_ago = clock.now() - timedelta(hours=2)
    mail = MailFactory.create(created_at=hours_ago, next_attempt_at=hours_ago)
    assert findings()["Outbox"].state == State.BAD
    mail.next_attempt_at = clock.now() + timedelta(hours=1)
    mail.attempts = 6
    mail.save()
    found = findings()["Outbox"]
    assert (found.state, found.hint) == (State.OK, "")
    assert "2\xa0hours" in found.text


@pytest.mark.parametrize(
    ("url", "state"),
    [("", State.WARNING), ("smtp://127.0.0.1:1", State.BAD), ("carrier-pigeon://loft", State.BAD)],
)
def test_mail_that_can_not_leave_is_told(settings: Settings, url: str, state: State) -> None:
    settings.EMAIL_URL = url
    settings.DEFAULT_FROM_EMAIL = "portal@example.com"
    assert findings(thorough=True)["Mail server"].state == state


def test_a_mail_server_that_answers_is_well(settings: Settings) -> None:
    with mail_sink() as sink:
        settings.EMAIL_URL = sink.url
        found = findings(thorough=True)["Mail server"]
        assert sink.connections == 1
        assert sink.mails == []
    assert (found.state, found.text) == (State.OK, f"127.0.0.1:{sink.port} answers")


def test_what_the_checks_say_is_passed_on(settings: Settings) -> None:
    settings.EMAIL_URL = "carrier-pigeon://loft"
    found = findings(thorough=True)["Configuration"]
    assert found.state == State.BAD
    assert "notifications.E001" in found.text


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_table_that_is_missing_is_a_finding_and_not_a_failure() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE operations_heartbeat RENAME TO elsewhere")
    try:
        found = findings()
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO operations_heartbeat")
    assert found["Worker and beat"].state == State.BAD
    assert "operations_heartbeat" in found["Worker and beat"].text
    assert found["Database"].state == found["Outbox"].state == State.OK


def test_doctor_says_what_is_wrong_and_fails() -> None:
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", stdout=said)
    assert ended.value.code == 1
    assert "WRONG  Beat" in said.getvalue()
    assert "→ Start it with ./portal up" in said.getvalue()


def test_doctor_is_content_when_nothing_is(settings: Settings) -> None:
    for program in Program:
        heartbeat_record(program=program, now=clock.now())
    said = StringIO()
    call_command("doctor", stdout=said)
    assert said.getvalue().endswith("nothing wrong\n")


def test_a_trail_that_nobody_seals_is_told(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    settings.TRAIL_CHECKPOINT_DIR = tmp_path
    assert findings()["Trail"].text == "nothing is sealed yet"
    entry = entry_write(action="tests.thing.done", actor=None)
    assert findings()["Trail"].state == State.OK
    monkeypatch.setattr(selectors, "LONGEST_WAIT", timedelta(minutes=-5))
    assert findings()["Trail"].state == State.BAD
    seal_entries(now=datetime.now(UTC))
    assert findings()["Trail"].state == State.OK
    assert findings()["Trail"].text.startswith(f"sealed up to entry {entry.pk}; signed ")
