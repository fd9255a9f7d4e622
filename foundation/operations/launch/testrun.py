"""`./portal test`: pytest on a real PostgreSQL and a real Valkey that last as long as the run."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from foundation.operations.embedded.folder import PASS_THROUGH, Folder
from foundation.operations.embedded.processes import die_with_parent
from foundation.operations.embedded.services import Need, Services, start_services
from foundation.operations.launch.chromium import VARIABLE, ChromiumMissingError, ensure_chromium
from foundation.operations.launch.testdatabase import start_with_template

MOST_WORKERS = 4
ALONE = ("-n", "--numprocesses", "-s", "--pdb", "--trace", "--update-baselines")


def main(folder: Folder, arguments: list[str]) -> int:
    """Run pytest with `arguments` and return its exit code; nothing of the installation's own data is touched."""
    try:
        os.environ[VARIABLE] = ensure_chromium()
    except ChromiumMissingError as error:
        print(f"portal: {error}", file=sys.stderr)
        return 1
    scratch = Path(tempfile.mkdtemp(prefix="ciso-portal-test-"))
    scratch.chmod(PASS_THROUGH)
    services: Services | None = None
    try:
        throwaway = Folder(root=folder.root, var=scratch)
        throwaway.prepare()
        need = Need.of_environment()

        def start() -> Services:
            return start_services(throwaway, need, throwaway=True)

        services = (
            start_with_template(folder.root, folder.var, throwaway, start) if need.database else start()
        )
        os.environ.update(services.environment)
        os.environ["PORTAL_VAR_DIR"] = str(scratch)
        return _pytest(folder, arguments)
    finally:
        if services is not None:
            services.stop()
        shutil.rmtree(scratch, ignore_errors=True)


def _spread(arguments: list[str]) -> list[str]:
    """Return the options that spread a run of all tests over the processors; each process makes a database of its own.

    A selection stays in one process, which is sooner at its first test; so does what stops at a prompt or writes baselines.
    """
    if any(not argument.startswith("-") or argument.startswith(ALONE) for argument in arguments):
        return []
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    if workers == 1:
        return []
    return ["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"]


def _pytest(folder: Folder, arguments: list[str]) -> int:
    """Run pytest from where the user is, on the project's tests unless `arguments` name others."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--rootdir",
        str(folder.root),
        "-c",
        str(folder.root / "pytest.ini"),
    ]
    process = subprocess.Popen(
        [*command, *_spread(arguments), *arguments],
        cwd=folder.root,
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - no other threads yet
    )
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # pytest heard it too, and says how far it came
