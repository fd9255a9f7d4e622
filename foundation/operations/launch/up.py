"""`./portal up`: services, migrations, then web, worker and beat, until Ctrl-C."""

import argparse
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from types import FrameType

from foundation.operations.embedded.folder import Folder
from foundation.operations.embedded.locks import FileLock
from foundation.operations.embedded.processes import ProcessMark, die_with_parent, stop
from foundation.operations.embedded.services import Services, services_for_up
from foundation.operations.launch.address import Address
from foundation.operations.launch.group import Group

DEFAULT_PORT = 8000
WORKER_THREADS = 2
# Celery warns root, for the sake of pickled messages; ours are JSON.
QUIETED = "ignore:You're running the worker with superuser privileges"
PROGRAMS_RECORD = "programs.json"
LEFTOVER_STEPS = ((signal.SIGTERM, 6.0), (signal.SIGKILL, 5.0))
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def main(folder: Folder, arguments: list[str]) -> int:
    """Run the portal until it is told to stop; return 0 then, and 1 when it could not start or a part failed."""
    options = _parse(arguments)
    address = Address(options.host, options.port)
    for number in STOP_SIGNALS:  # Ctrl-C too: a script may have started us with it ignored
        signal.signal(number, _interrupt)
    folder.prepare()
    lock = FileLock(folder.run / "up.lock")
    if not lock.take(wait=False):
        print(f"portal: {_already_running(lock)}", file=sys.stderr)
        return 1
    try:
        lock.write(json.dumps({"pid": os.getpid(), "url": address.url}))
        return _run(folder, address, sample=options.sample)
    except KeyboardInterrupt:
        print("portal: stopped before it was ready.")
        return 0
    finally:
        lock.write("")
        lock.free()


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./portal up", description="Run the portal until Ctrl-C.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=_port, default=DEFAULT_PORT, help="the port to listen on (default: %(default)s)"
    )
    parser.add_argument(
        "--sample", action="store_true", help="load the sample organisation, and print how to sign in"
    )
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65_535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt(signal.Signals(number).name)


def _already_running(lock: FileLock) -> str:
    try:
        holder = json.loads(lock.read())
    except ValueError:  # it has only just taken the lock
        return "already starting in this folder."
    return f"already running at {holder['url']} (pid {holder['pid']})."


def _run(folder: Folder, address: Address, *, sample: bool) -> int:
    _stop_leftover_programs(folder)
    if problem := address.problem():
        print(f"portal: {problem}", file=sys.stderr)
        return 1
    with services_for_up(folder) as services:
        environment = {"BASE_URL": address.url.rstrip("/")} | os.environ | {"PYTHONUNBUFFERED": "1"}
        prepare: list[str | Path] = [sys.executable, folder.root / "manage.py", "prepare"]
        prepared = subprocess.run(
            [*prepare, "--sample"] if sample else prepare,
            check=False,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        if prepared.returncode != 0:
            print("portal: the database could not be prepared; the reason is above.", file=sys.stderr)
            return 1
        group = _group(folder, services, address, environment | {"PYTHONWARNINGS": QUIETED})
        ready = threading.Thread(target=_tell_when_ready, args=(group, address, prepared.stdout), daemon=True)
        ready.start()
        try:
            group.loop()
        finally:
            for number in STOP_SIGNALS:
                signal.signal(number, signal.SIG_IGN)  # the services are about to stop, which takes a moment
            (folder.run / PROGRAMS_RECORD).unlink(missing_ok=True)
    if group.ended is not None:
        print(f"portal: {group.ended}", file=sys.stderr)
        return 1
    print("portal: stopped.")
    return 0


def _group(folder: Folder, services: Services, address: Address, environment: dict[str, str]) -> Group:
    web = [
        *("gunicorn", "ciso_portal.wsgi:application", "--config", "python:ciso_portal.web"),
        *("--bind", address.bind),
    ]
    worker = [
        *("celery", "--quiet", "--app", "ciso_portal", "worker"),
        *("--pool", "threads", "--concurrency", str(WORKER_THREADS), "--without-gossip", "--without-mingle"),
    ]
    beat = [
        *("celery", "--quiet", "--app", "ciso_portal", "beat"),
        *("--pidfile", "", "--schedule", str(folder.run / "beat-schedule")),
    ]
    group = Group(services, on_start=lambda marks: _record_programs(folder, marks))
    for name, command in (("web", web), ("worker", worker), ("beat", beat)):
        group.add(name, [sys.executable, "-m", *command], environment, folder.root)
    return group


def _tell_when_ready(group: Group, address: Address, how_to_begin: str) -> None:
    """Print the address, and how to begin, as soon as the web server answers there, whatever it answers."""
    while not group.is_stopping.wait(0.1):
        connection = http.client.HTTPConnection(address.reachable, address.port, timeout=30)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            continue
        finally:
            connection.close()
        group.say(f"The portal is ready: {address.url} (Ctrl-C stops it)\n{how_to_begin}")
        return


def _record_programs(folder: Folder, marks: list[ProcessMark]) -> None:
    (folder.run / PROGRAMS_RECORD).write_text(json.dumps([asdict(mark) for mark in marks]))


def _stop_leftover_programs(folder: Folder) -> None:
    """End what a killed `up` left behind: told to end with it, it may still be at it, and hold the port."""
    record = folder.run / PROGRAMS_RECORD
    try:
        marks = [ProcessMark(**mark) for mark in json.loads(record.read_text())]
    except (FileNotFoundError, ValueError, TypeError):
        return
    for mark in marks:
        process = mark.process()
        if process is not None:
            stop(process, LEFTOVER_STEPS)
    record.unlink()
