"""What may be wrong with an installation, looked at piece by piece: for `./portal doctor` and the health page."""

import platform
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core import checks
from django.core.checks import run_checks
from django.db import DatabaseError, OperationalError, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.organisation import current_organisation
from foundation.notifications.identity import BadAddress, sender
from foundation.notifications.selectors import unsent_mails
from foundation.notifications.servers import BadMailServer, mail_server
from foundation.notifications.smtp import ServerFault, SmtpSession
from foundation.operations.choices import Program, State
from foundation.operations.file_findings import scanner_findings, storage_finding
from foundation.operations.findings import Finding
from foundation.operations.selectors import (
    SignOfLife,
    broker_problem,
    signs_of_life,
)
from foundation.trail.selectors import seal_state

OLDEST_POSTGRES = 15
CLOCK_MAY_DIFFER = timedelta(seconds=5)
DISK_BAD_BYTES = 500_000_000
DISK_LOW_BYTES = 2_000_000_000
BUNDLE = ("app.js", "app.css", "icons.svg")
TRAIL_TABLE = "trail_entry"


def diagnose(*, now: datetime, thorough: bool) -> Iterator[Finding]:
    """Yield a finding for each part. `thorough`: also call the servers that it names and run all checks, which takes seconds."""
    yield _python()
    yield _packages()
    yield _bundle()
    yield _disk()
    yield from _of_database(_database, gettext_lazy("Database"))
    yield from _of_database(_roles, gettext_lazy("Database roles"))
    yield from _of_database(_migrations, gettext_lazy("Migrations"))
    yield _broker()
    yield from _of_database(lambda: _clock(datetime.now(UTC)), gettext_lazy("Clock"))
    yield from _of_database(_time_zones, gettext_lazy("Time zones"))
    yield from _of_database(lambda: _programs(now), gettext_lazy("Worker and beat"))
    yield from _of_database(lambda: _outbox(now), gettext_lazy("Outbox"))
    yield from _of_database(lambda: _trail(datetime.now(UTC)), gettext_lazy("Trail"))
    yield storage_finding(thorough=thorough)
    yield from _of_database(lambda: scanner_findings(thorough=thorough), gettext_lazy("Virus scanner"))
    yield _mail(thorough=thorough)
    if thorough:
        yield _configuration()
    yield _mode()


def _of_database(look: Callable[[], Iterator[Finding]], name: str | Promise) -> Iterator[Finding]:
    """Yield what `look` finds; a database that does not answer is a finding too."""
    try:
        yield from look()
    except DatabaseError as error:
        for connection in connections.all(initialized_only=True):
            connection.close()
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        hint = (
            _("See whether the server runs, and what DATABASE_URL names.")
            if isinstance(error, OperationalError)
            else _("See whether the migrations have run: ./portal up runs them.")
        )
        yield Finding(name, State.BAD, _("can not be told: %(reason)s") % {"reason": reason}, hint)


def _python() -> Finding:
    version = platform.python_version()
    good = sys.version_info >= (3, 11)
    hint = "" if good else _("Install Python 3.11 or later, remove .venv, and start ./portal again.")
    return Finding(_("Python"), State.OK if good else State.BAD, version, hint)


def _packages() -> Finding:
    """Compare what is installed with what requirements.txt pins."""
    pins = re.findall(
        r"^([A-Za-z0-9._-]+)==([^\s\\;]+)", (settings.BASE_DIR / "requirements.txt").read_text(), re.MULTILINE
    )
    different = []
    for name, pinned in pins:
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            different.append(_("%(name)s is missing") % {"name": name})
        else:
            if installed != pinned:
                different.append(
                    _("%(name)s is %(installed)s, not %(pinned)s")
                    % {"name": name, "installed": installed, "pinned": pinned}
                )
    if not different:
        return Finding(_("Packages"), State.OK, _("all %(count)s as pinned") % {"count": len(pins)})
    shown = ", ".join(different[:3]) + (" …" if len(different) > 3 else "")
    hint = _("Remove .venv/requirements.installed and start ./portal again, which installs them.")
    return Finding(_("Packages"), State.BAD, shown, hint)


def _bundle() -> Finding:
    folder = Path(settings.BASE_DIR, "static", "dist")
    missing = [name for name in BUNDLE if not (folder / name).exists()]
    if not missing:
        return Finding(_("Style sheet and scripts"), State.OK, _("built"))
    return Finding(
        _("Style sheet and scripts"),
        State.BAD,
        _("not built: %(names)s") % {"names": ", ".join(missing)},
        _("Start ./portal up, which builds them; var/log/assets.log says what went wrong."),
    )


def _disk() -> Finding:
    folder = settings.VAR_DIR if settings.VAR_DIR.exists() else settings.BASE_DIR
    free = shutil.disk_usage(folder).free
    text = _("%(gigabytes).1f GB free") % {"gigabytes": free / 1e9}
    if free < DISK_BAD_BYTES:
        return Finding(_("Disk"), State.BAD, text, _("Make room: a full disk stops the database."))
    if free < DISK_LOW_BYTES:
        return Finding(_("Disk"), State.WARNING, text, _("Make room before the disk is full."))
    return Finding(_("Disk"), State.OK, text)


def _database() -> Iterator[Finding]:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int / 10000, current_setting('server_version'),"
            " current_setting('server_encoding'), pg_size_pretty(pg_database_size(current_database()))"
        )
        major, version, encoding, size = cursor.fetchone()
    text = _("PostgreSQL %(version)s, %(encoding)s, %(size)s") % {
        "version": version, "encoding": encoding, "size": size,
    }  # fmt: skip
    if major < OLDEST_POSTGRES:
        hint = _("The portal needs PostgreSQL %(oldest)s or later.") % {"oldest": OLDEST_POSTGRES}
        yield Finding(_("Database"), State.BAD, text, hint)
    elif encoding != "UTF8":
        yield Finding(_("Database"), State.BAD, text, _("Make the database anew with the encoding UTF8."))
    else:
        yield Finding(_("Database"), State.OK, text)


def _roles(alias: str = "default") -> Iterator[Finding]:
    """See that the role that the portal runs as can not change the trail: neither by right nor as its owner."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, to_regclass(%s) IS NOT NULL"
            " AND has_table_privilege(to_regclass(%s), 'UPDATE, DELETE, TRUNCATE')"
            " FROM pg_roles WHERE rolname = current_user",
            [TRAIL_TABLE, TRAIL_TABLE],
        )
        role, is_superuser, may_change_trail = cursor.fetchone()
    text = _("the portal runs as %(role)s") % {"role": role}
    if is_superuser or may_change_trail:
        yield Finding(
            _("Database roles"),
            State.BAD,
            _("%(role)s may change the trail") % {"role": role},
            _("Make two roles: DATABASE_URL for the portal, DATABASE_OWNER_URL for the owner of the tables."),
        )
    else:
        yield Finding(_("Database roles"), State.OK, text)


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connections["owner"])
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        text = _("%(count)s pending") % {"count": len(pending)}
        hint = _("Run: ./portal manage migrate --database owner")
        yield Finding(_("Migrations"), State.BAD, text, hint)
    else:
        yield Finding(_("Migrations"), State.OK, _("none pending"))


def _broker() -> Finding:
    problem = broker_problem()
    if problem:
        return Finding(
            _("Broker"), State.BAD, problem, _("See whether the server runs, and what REDIS_URL names.")
        )
    return Finding(_("Broker"), State.OK, _("answers"))


def _clock(now: datetime) -> Iterator[Finding]:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (there,) = cursor.fetchone()
    apart = abs(there - now)
    if apart > CLOCK_MAY_DIFFER:
        yield Finding(
            _("Clock"),
            State.BAD,
            _("%(seconds)s s apart from the database's") % {"seconds": round(apart.total_seconds())},
            _("Let both machines take their time from a time server."),
        )
    else:
        yield Finding(
            _("Clock"), State.OK, _("%(now)s, as the database's") % {"now": f"{now:%Y-%m-%d %H:%M:%S} UTC"}
        )


def _time_zones() -> Iterator[Finding]:
    organisation = current_organisation()
    name = organisation.time_zone if organisation else "Europe/Berlin"
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        yield Finding(
            _("Time zones"),
            State.BAD,
            _("%(zone)s is not known") % {"zone": name},
            _("Correct it in the organisation's settings."),
        )
    else:
        yield Finding(_("Time zones"), State.OK, _("%(zone)s is known") % {"zone": name})


def _programs(now: datetime) -> Iterator[Finding]:
    for sign in signs_of_life(now=now).values():
        yield Finding(sign.program.label, sign.state, _words_for(sign, now), _hint_for(sign))


def _words_for(sign: SignOfLife, now: datetime) -> str:
    if sign.at is None:
        return _("no sign of life yet")
    return _("last sign of life %(ago)s ago") % {"ago": timesince(sign.at, now)}


def _hint_for(sign: SignOfLife) -> str:
    if not sign.is_silent:
        return ""
    if not sign.is_judged:
        return _("Beat sends it no work; first see to beat.")
    if sign.program == Program.BEAT:
        return _("Start it with ./portal up, or see its log: nothing is sent while it is silent.")
    return _("Beat sends work and nobody does it. See the worker's log, and start it again.")


def _outbox(now: datetime) -> Iterator[Finding]:
    unsent = unsent_mails()
    if unsent.oldest_at is None:
        yield Finding(_("Outbox"), State.OK, _("no mail waits"))
        return
    late = unsent.is_late(now=now)
    text = _("the oldest unsent mail waits for %(time)s") % {"time": timesince(unsent.oldest_at, now)}
    hint = _("The outbox page shows what the mail server answered.") if late else ""
    yield Finding(_("Outbox"), State.BAD if late else State.OK, text, hint)


def _trail(now: datetime) -> Iterator[Finding]:
    """`now` is the real one, whatever PORTAL_CLOCK_OFFSET says: the database stamps the entries."""
    seal = seal_state(now=now)
    if seal.is_behind:
        text = _("entries wait for more than half an hour to be sealed")
        yield Finding(_("Trail"), State.BAD, text, _("Are worker and beat running? Their log says more."))
    elif seal.checkpoint is None:
        yield Finding(_("Trail"), State.OK, _("nothing is sealed yet"))
    else:
        signed = timesince(seal.checkpoint.signed_at, now)
        text = _("sealed up to entry %(entry)s; signed %(time)s ago") % {
            "entry": seal.entry_id,
            "time": signed,
        }
        yield Finding(_("Trail"), State.OK, text)


def _mail(*, thorough: bool) -> Finding:
    try:
        server = mail_server()
    except BadMailServer as error:
        text = _("EMAIL_URL can not be read: %(reason)s") % {"reason": error}
        return Finding(
            _("Mail server"), State.BAD, text, _("Write it like smtp+tls://user:password@host:587")
        )
    if server is None:
        return Finding(
            _("Mail server"),
            State.WARNING,
            _("none: mails are kept and shown to administrators"),
            _("Name one in EMAIL_URL, such as smtp+tls://user:password@mail.example.com:587"),
        )
    if not thorough:
        return Finding(_("Mail server"), State.OK, str(server))
    try:
        with SmtpSession(server, greeting=sender().domain, timeout=settings.EMAIL_TIMEOUT) as session:
            session.open()
    except (ServerFault, BadAddress) as error:
        return Finding(
            _("Mail server"),
            State.BAD,
            f"{server}: {error}",
            _("See what EMAIL_URL and DEFAULT_FROM_EMAIL name."),
        )
    return Finding(_("Mail server"), State.OK, _("%(server)s answers") % {"server": server})


def _configuration() -> Finding:
    """Run Django's system checks, in production those for production too."""
    messages = run_checks(include_deployment_checks=settings.PRODUCTION)
    serious = [message for message in messages if message.is_serious(checks.WARNING)]
    if not serious:
        return Finding(_("Configuration"), State.OK, _("the checks find nothing"))
    worst = max(serious, key=lambda message: message.level)
    state = State.BAD if worst.is_serious(checks.ERROR) else State.WARNING
    text = _("%(count)s remarks: %(first)s") % {"count": len(serious), "first": f"{worst.msg} ({worst.id})"}
    return Finding(
        _("Configuration"), state, text, worst.hint or _("All of them: ./portal manage check --deploy")
    )


def _mode() -> Finding:
    if settings.PRODUCTION:
        return Finding(_("Mode"), State.OK, _("production"))
    return Finding(
        _("Mode"),
        State.WARNING,
        _("not production: for this machine, or to try it out"),
        _("For real use set PORTAL_PRODUCTION=1, SECRET_KEY and ALLOWED_HOSTS, and serve it over HTTPS."),
    )
