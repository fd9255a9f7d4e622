"""`/healthz` while the database is away: asked of a web process of its own, whose database is nowhere."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ASK = """
import django
django.setup()
from django.test import Client
answer = Client(raise_request_exception=False).get("/healthz", headers={"host": "localhost"})
print(answer.status_code, answer.content.decode())
"""


def test_it_is_told_and_nothing_breaks() -> None:
    nowhere = "postgres://nobody@127.0.0.1:1/nothing"
    asked = subprocess.run(
        [sys.executable, "-c", ASK],
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
    assert status == "503"
    assert json.loads(told)["database"] == "bad"
    assert json.loads(told)["worker"] == {"state": "unknown", "last_sign_of_life": None}
    assert json.loads(told)["mail"]["state"] == "unknown"
