"""How the portal is: the few facts that a monitor asks for each minute."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection

from foundation.notifications.selectors import unsent_mails
from foundation.operations.choices import Program, State
from foundation.operations.models import Heartbeat

SILENT_AFTER = timedelta(minutes=3)  # beat sends each minute
BROKER_SECONDS = 3.0


@dataclass(frozen=True)
class SignOfLife:
    """When a background program last proved that it works.

    `is_judged` is false for a worker that nobody sends work to: its silence then says nothing of the worker.
    """

    program: Program
    at: datetime | None
    is_silent: bool
    is_judged: bool = True

    @property
    def state(self) -> State:
        return State.BAD if self.is_silent else State.OK


@dataclass(frozen=True)
class Health:
    """The parts of the portal and how they are."""

    database: State
    broker: State
    signs: dict[Program, SignOfLife]
    mail: State
    oldest_unsent_at: datetime | None

    @property
    def is_well(self) -> bool:
        states = [self.database, self.broker, self.mail, *(sign.state for sign in self.signs.values())]
        return State.BAD not in states

    def as_json(self, *, now: datetime) -> dict[str, Any]:
        """Return what `/healthz` tells anybody: states and ages, no names, addresses or messages."""
        unsent = self.oldest_unsent_at
        return {
            "status": "ok" if self.is_well else "failing",
            "web": State.OK,
            "database": self.database,
            "broker": self.broker,
            **{
                program.value: {
                    "state": sign.state if sign.is_judged else "unknown",
                    "last_sign_of_life": sign.at.isoformat(timespec="seconds") if sign.at else None,
                }
                for program, sign in self.signs.items()
            },
            "mail": {
                "state": self.mail if self.database == State.OK else "unknown",
                "oldest_unsent_seconds": int((now - unsent).total_seconds()) if unsent else None,
            },
        }


def health_read(*, now: datetime) -> Health:
    """Return how the portal is; parts that can not be asked because the database is away count as bad."""
    broker = State.BAD if broker_problem() else State.OK
    try:
        signs = signs_of_life(now=now)
        unsent = unsent_mails()
    except DatabaseError:
        connection.close()
        silent = {program: SignOfLife(program, None, is_silent=True, is_judged=False) for program in Program}
        return Health(State.BAD, broker, silent, State.BAD, None)
    mail = State.BAD if unsent.is_late(now=now) else State.OK
    return Health(State.OK, broker, signs, mail, unsent.oldest_at)


def signs_of_life(*, now: datetime) -> dict[Program, SignOfLife]:
    """Return the last sign of each background program, judged at `now`."""
    last = dict(Heartbeat.objects.values_list("name", "at"))

    def is_silent(program: Program) -> bool:
        return program not in last or now - last[program] > SILENT_AFTER

    return {
        Program.WORKER: SignOfLife(
            Program.WORKER,
            last.get(Program.WORKER),
            is_silent=is_silent(Program.WORKER),
            is_judged=not (is_silent(Program.WORKER) and is_silent(Program.BEAT)),
        ),
        Program.BEAT: SignOfLife(Program.BEAT, last.get(Program.BEAT), is_silent=is_silent(Program.BEAT)),
    }


def broker_problem() -> str:
    """Return why the broker does not answer, or an empty text."""
    seconds = {"socket_timeout": BROKER_SECONDS, "socket_connect_timeout": BROKER_SECONDS}
    try:
        with redis.Redis.from_url(settings.REDIS_URL, **seconds) as client:
            client.ping()
    except redis.RedisError as error:
        return str(error) or type(error).__name__
    return ""
