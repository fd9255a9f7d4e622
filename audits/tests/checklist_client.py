"""The page of a checklist as tests ask for it, and send it, without a browser."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.test import Client

from audits.models import Audit, Check
from audits.tests.checklist_page import checklist
from foundation.accounts.models import User

SignIn = Callable[[User], Client]
SCRIPT = {"Accept": "application/json"}


def shown(client: Client, audit: Audit, rest: str = "", **headers: str) -> str:
    """Return the page of a checklist, or the part of it that is asked for."""
    response = client.get(checklist(audit, rest), headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def send(
    client: Client,
    check: Check,
    *,
    version: int = 1,
    script: bool = True,
    reader: int | str | None = None,
    **values: Any,
) -> Any:
    """Send what is typed into a check, as the page's script does or as its form."""
    reader = client.session[SESSION_KEY] if reader is None else reader
    fields = {"result": "not_tested", "reason": "", "sample": "", "notes": ""}
    data = {"reader": reader, "version": version, **fields, **values}
    return client.post(checklist(check.audit, f"{check.pk}/"), data, headers=SCRIPT if script else {})
