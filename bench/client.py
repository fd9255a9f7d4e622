"""A browser's part of the benchmark: one person, signed in, who asks for pages and sends forms."""

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from foundation.accounts.models import User

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
TIMING = re.compile(r"app;dur=([\d.]+), cpu;dur=([\d.]+), db;dur=([\d.]+);desc=(\d+)")


class WrongAnswer(Exception):
    """The portal did not answer as it should, so there is nothing to measure."""


@dataclass(frozen=True)
class Answer:
    """What the portal answered, how long it took at the server (ms, of which so many on the processor), and in how many queries."""

    status: int
    body: str
    location: str
    server_ms: float
    cpu_ms: float
    queries: int


class Visitor:
    """A person's session at the server, over one connection. Sessions are made in the database, without a password."""

    def __init__(self, port: int, person: User) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        client = Client()
        client.force_login(person)
        self._cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}

    def get(self, path: str, *, status: int = 200, fills: str = "") -> Answer:
        """Ask for a page, or for what htmx fills an element with; raise WrongAnswer unless it comes with this status."""
        headers = {"HX-Request": "true", "HX-Target": fills} if fills else {}
        return self._ask("GET", path, None, status, headers)

    def post(self, path: str, fields: Mapping[str, object], *, token: str, status: int = 302) -> Answer:
        """Send a form; raise WrongAnswer unless it is answered with this status (by default: saved, go on)."""
        pairs = [(name, value) for name, values in fields.items() for value in _each(values)]
        body = urlencode([("csrfmiddlewaretoken", token), *pairs])
        return self._ask("POST", path, body, status)

    def token_in(self, answer: Answer) -> str:
        """Return the token against forgery that a page's forms carry."""
        found = TOKEN.search(answer.body)
        if found is None:
            raise WrongAnswer("The page has no form to send.")
        return found[1]

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _ask(
        self, method: str, path: str, body: str | None, status: int, more: Mapping[str, str] | None = None
    ) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookies, **(more or {})}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            # The server hangs up after some seconds of silence.
            self._connection.close()
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
        text = response.read().decode()
        for header in response.headers.get_all("Set-Cookie") or ():
            name, _equals, rest = header.partition("=")
            self._cookies[name] = rest.partition(";")[0]
        timing = TIMING.search(response.headers.get("Server-Timing", ""))
        location = response.headers.get("Location", "")
        if response.status != status or timing is None or location.startswith(settings.LOGIN_URL):
            raise WrongAnswer(
                f"{method} {path}: {response.status} {location} instead of {status}.\n{text[:2_000]}"
            )
        return Answer(response.status, text, location, float(timing[1]), float(timing[2]), int(timing[4]))


def _each(values: object) -> list[object]:
    return list(values) if isinstance(values, list | tuple) else [values]
