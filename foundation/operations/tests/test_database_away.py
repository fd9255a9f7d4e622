"""`/healthz` and other pages while the database is away: asked of a web process of its own, whose database is nowhere."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ASK = """
import sys
import django
django.setup()
from django.test import Client
answer = Client(raise_request_exception=False).get(sys.argv[1], headers={"host": "localhost"})
print(answer.status_code, answer.content.decode())
"""


def ask(path: str) -> tuple[str, str]:
    """Return the status and the body of the answer."""
    nowhere = "postgres://nobody@127.0.0.1:1/nothing"
    asked = subprocess.run(
        [sys.executable, "-c", ASK, path],
        cwd=ROOT,
        env=os.environ
        | {
            "DATABASE_URL": nowhere,
            "DATABASE_OWNER_URL": nowhere,
            "DJANGO_SETTINGS_MODULE": "ciso_portal.settings",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    status, _blank, told = asked.stdout.strip().partition(" ")
    return status, told


def test_a_page_says_that_it_will_be_back() -> None:
    status, told = ask("/")
    assert status == "503"
    assert "The portal cannot be reached just now" in told


def test_it_is_told_and_nothing_breaks() -> None:
    status, told = ask("/healthz")
    assert status == "503"
    assert json.loads(told)["database"] == "bad"
    assert json.loads(told)["worker"] == {"state": "unknown", "last_sign_of_life": None}
    assert json.loads(told)["mail"]["state"] == "unknown"
