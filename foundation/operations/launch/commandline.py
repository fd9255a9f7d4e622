"""The one way in: `manage.py` and so `./portal` come here first."""

import sys
from pathlib import Path

import environ

from foundation.operations.embedded.errors import EmbeddedError
from foundation.operations.embedded.folder import Folder
from foundation.operations.embedded.services import services_for_command
from foundation.operations.launch import testrun, up

ROOT = Path(__file__).resolve().parents[3]

# Commands of Django's that touch neither database nor broker.
WITHOUT_SERVICES = {
    *("", "help", "-h", "--help", "version", "--version"),
    *("check", "collectstatic", "compilemessages", "makemessages", "diffsettings", "findstatic"),
}


def run(arguments: list[str]) -> int:
    """Run the command that `arguments` (as in `sys.argv`) name; return its exit code."""
    environ.Env.read_env(ROOT / ".env")
    folder = Folder.of_installation(ROOT)
    command = arguments[1] if len(arguments) > 1 else ""
    try:
        if command == "up":
            return up.main(folder, arguments[2:])
        if command == "test":
            return testrun.main(folder, arguments[2:])
        if command in WITHOUT_SERVICES:
            return _django(arguments)
        with services_for_command(folder):
            return _django(arguments)
    except EmbeddedError as error:
        print(f"portal: {error}", file=sys.stderr)
        return 1


def _django(arguments: list[str]) -> int:
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - `up` does without its memory

    execute_from_command_line(arguments)
    return 0
