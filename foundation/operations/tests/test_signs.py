"""Signs of life: who leaves them, and what their absence says."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings
from django.db import connections

from foundation.operations.beat import FIRST_ENTRY, HeartbeatScheduler
from foundation.operations.choices import Program, State
from foundation.operations.models import Heartbeat
from foundation.operations.selectors import SILENT_AFTER, signs_of_life
from foundation.operations.services import heartbeat_record
from foundation.operations.tasks import worker_heartbeat

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LONG_AGO = NOW - SILENT_AFTER - timedelta(seconds=1)

pytestmark = pytest.mark.django_db

# Beat closes old connections before it writes, and with them the transaction that tests usually run in.
OWN_CONNECTIONS = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def signs(*, worker: datetime | None, beat: datetime | None) -> dict[Program, tuple[bool, bool]]:
    for program, at in ((Program.WORKER, worker), (Program.BEAT, beat)):
        if at is not None:
            heartbeat_record(program=program, now=at)
    return {program: (sign.is_silent, sign.is_judged) for program, sign in signs_of_life(now=NOW).items()}


def test_only_the_last_sign_is_kept() -> None:
    heartbeat_record(program=Program.WORKER, now=NOW)
    heartbeat_record(program=Program.WORKER, now=NOW + timedelta(minutes=1))
    assert Heartbeat.objects.get().at == NOW + timedelta(minutes=1)


def test_both_are_well() -> None:
    at = NOW - SILENT_AFTER
    assert signs(worker=at, beat=at) == {Program.WORKER: (False, True), Program.BEAT: (False, True)}


def test_a_silent_worker_is_told_from_a_silent_beat() -> None:
    assert signs(worker=LONG_AGO, beat=NOW) == {Program.WORKER: (True, True), Program.BEAT: (False, True)}


def test_a_worker_that_nobody_sends_work_to_is_not_judged() -> None:
    assert signs(worker=LONG_AGO, beat=LONG_AGO) == {
        Program.WORKER: (True, False),
        Program.BEAT: (True, True),
    }


def test_without_any_sign_both_are_silent() -> None:
    found = signs_of_life(now=NOW)
    assert [sign.state for sign in found.values()] == [State.BAD, State.BAD]
    assert [sign.at for sign in found.values()] == [None, None]


def test_the_worker_leaves_its_sign_by_working() -> None:
    worker_heartbeat()
    assert Heartbeat.objects.get().name == Program.WORKER


@pytest.fixture
def beat_of(tmp_path: Path) -> Iterator[Callable[[str], HeartbeatScheduler]]:
    """Return a function that starts a beat with the portal's schedule and a broker of its own."""
    started: list[HeartbeatScheduler] = []

    def start(broker: str) -> HeartbeatScheduler:
        app = Celery("probe", broker=broker, set_as_current=False)
        app.conf.update(beat_schedule=settings.CELERY_BEAT_SCHEDULE, task_publish_retry=False)
        started.append(HeartbeatScheduler(app=app, schedule_filename=str(tmp_path / "schedule")))
        return started[-1]

    yield start
    for scheduler in started:
        scheduler.close()


def send(scheduler: HeartbeatScheduler) -> None:
    """Let beat send a task as it does when one is due, as if some time had passed since its last sign."""
    scheduler._next_sign = 0.0
    scheduler.apply_entry(scheduler.schedule[FIRST_ENTRY])


@OWN_CONNECTIONS
def test_beat_leaves_its_sign_as_soon_as_it_sends(beat_of: Callable[[str], HeartbeatScheduler]) -> None:
    scheduler = beat_of("memory://")
    assert Heartbeat.objects.get().name == Program.BEAT
    Heartbeat.objects.all().delete()
    send(scheduler)
    assert Heartbeat.objects.get().name == Program.BEAT


@OWN_CONNECTIONS
def test_beat_that_reaches_no_broker_leaves_no_sign(beat_of: Callable[[str], HeartbeatScheduler]) -> None:
    send(beat_of("redis://127.0.0.1:1/0"))
    assert not Heartbeat.objects.exists()


def rename(table: str, *, to: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {to}")


@OWN_CONNECTIONS
def test_beat_goes_on_when_the_database_does_not(
    beat_of: Callable[[str], HeartbeatScheduler], caplog: pytest.LogCaptureFixture
) -> None:
    scheduler = beat_of("memory://")
    rename("operations_heartbeat", to="elsewhere")
    try:
        send(scheduler)
    finally:
        rename("elsewhere", to="operations_heartbeat")
    assert "did not take beat's sign of life" in caplog.text
