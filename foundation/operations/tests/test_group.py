"""The group that web, worker and beat run in, tried with small programs in their place."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[3]

# Runs a group of the programs named on the command line; prints why it ended.
RUN = """
import os, sys
from pathlib import Path
from foundation.operations.embedded.folder import Folder
from foundation.operations.embedded.services import Services
from foundation.operations.launch.group import Group
here = Path(os.getcwd())
services = Services(Folder(root=here, var=here))
if sys.argv[1] == "server-ends":
    services.ended = lambda: ("postgres", 1)
group = Group(services, on_start=lambda marks: print("marks", *[mark.name for mark in marks], flush=True))
for number, program in enumerate(sys.argv[2:]):
    group.add(f"p{number}", [sys.executable, "-u", "-c", program], os.environ, here)
group.loop()
print("ended:", group.ended, "code:", group.returncode, flush=True)
"""

WAITS = "import time; print('waiting'); time.sleep(60)"
# Opening a pipe by name waits for its other end: the one that fails does so only after the other one spoke.
SPEAKS_FIRST = "import time; print('waiting'); open({pipe!r}, 'w').close(); time.sleep(60)"
FAILS_THEN = "import sys; open({pipe!r}).close(); print('first line'); print('no such table'); sys.exit(3)"
IS_KILLED = "import os; print('about to die'); os.kill(os.getpid(), 9)"
NOISY = r"import sys, time; sys.stdout.buffer.write(b'caf\xe9 \xff\n'); sys.stdout.flush(); time.sleep(60)"


def start(*programs: str, how: str = "plain") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, how, *programs],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="surrogateescape",
        start_new_session=True,
    )


def read_until(process: subprocess.Popen[str], text: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if text in line:
            return
    pytest.fail(f"it never said {text!r}")


def test_one_that_fails_stops_the_rest_and_is_named_with_its_last_lines(tmp_path: Path) -> None:
    pipe = str(tmp_path / "has spoken")
    os.mkfifo(pipe)
    programs = SPEAKS_FIRST.format(pipe=pipe), FAILS_THEN.format(pipe=pipe)
    said, _none = start(*programs).communicate(timeout=30)
    assert "marks p0 p1" in said
    assert "p0     | waiting" in said
    assert (
        "ended: p1 ended with exit code 3; everything was stopped. Its last lines:\nfirst line\nno such table"
        in said
    )


def test_one_that_is_killed_is_named_with_the_signal() -> None:
    said, _none = start(WAITS, IS_KILLED).communicate(timeout=30)
    assert "ended: p1 was ended by SIGKILL" in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_it_stops_all_and_blames_nobody(number: signal.Signals) -> None:
    process = start(WAITS, WAITS)
    read_until(process, "waiting")
    process.send_signal(number)
    said, _none = process.communicate(timeout=30)
    assert "ended: None" in said


def test_a_server_that_ends_stops_the_group() -> None:
    said, _none = start(WAITS, how="server-ends").communicate(timeout=30)
    assert "ended: postgres ended with exit code 1" in said


def test_output_in_no_known_encoding_does_no_harm() -> None:
    process = start(NOISY)
    read_until(process, "caf")
    process.send_signal(signal.SIGTERM)
    said, _none = process.communicate(timeout=30)
    assert "ended: None" in said


def test_programs_end_with_a_group_that_is_killed() -> None:
    telling = "import os, time; print('pid', os.getpid()); time.sleep(60)"
    process = start(telling)
    assert process.stdout is not None
    number = next(int(line.split()[-1]) for line in process.stdout if "| pid" in line)
    process.kill()
    process.communicate()
    try:
        program = psutil.Process(number)
    except psutil.NoSuchProcess:
        return
    psutil.wait_procs([program], timeout=20)
    assert not program.is_running() or program.status() == psutil.STATUS_ZOMBIE
