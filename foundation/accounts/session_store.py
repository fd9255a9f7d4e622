"""Sessions in a table of the portal's own: of whom, from where, since when, and until when.

Both limits stand in the row: `expires_at` is the earlier of "so long after the last request" and "so long after sign-in",
so a session that is over is not found, and looking costs no query more. Kept is the SHA-256 of the browser's key: who
reads the table, or a page that lists it, can open no session.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from foundation import clock
from foundation.accounts.models import Session
from foundation.accounts.rows import read_row
from foundation.accounts.waiting import Waits, waiting_read, waiting_without_over

# The session's key of when its person signed in: unlike the row, the session keeps it when it gets another key.
OPENED = "_opened_at"

# How old "last seen" may be before a request renews it: one write a minute at most.
SEEN_AGAIN_AFTER = timedelta(minutes=1)
# How long a browser is remembered in which nobody is signed in (yet).
STRANGER_LASTS = timedelta(hours=1)
USER_AGENT_LENGTH = 300


class SessionStore(SessionBase):
    """What Django asks for at `request.session`."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._row: Session | None = None
        self._client: tuple[str | None, str] | None = None

    @property
    def digest(self) -> str:
        """Return the key of the session's row, empty for a session that was not kept."""
        return digest_of(self.session_key) if self.session_key else ""

    @property
    def waiting(self) -> list[Waits]:
        """Return what waited for a confirmation of its person when the session was loaded (`waiting.py` changes it)."""
        self._get_session()  # type: ignore[attr-defined]
        return waiting_read(self._row.waiting) if self._row else []

    def load(self) -> dict[str, Any]:
        """Return what is kept for the browser's key, or nothing where that is unknown or over."""
        now = clock.now()
        found = read_row(Session, "session_key = %s AND expires_at > %s", [self.digest, now])
        if found is None:
            self._session_key = None
            return {}
        self._row = found
        if (waiting := waiting_without_over(found.waiting, now)) != found.waiting:
            Session.objects.filter(pk=found.pk, waiting=found.waiting).update(waiting=waiting)
        return self.decode(found.data)

    def exists(self, session_key: str) -> bool:
        """Tell whether the key is taken."""
        return Session.objects.filter(pk=digest_of(session_key)).exists()

    def create(self) -> None:
        """Keep an empty session under a new key."""
        self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Write the session; raise UpdateError when it was ended meanwhile."""
        if self.session_key is None:
            self.create()
            return
        now = clock.now()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        user_id = data.get(SESSION_KEY)
        if user_id and OPENED not in data:
            data[OPENED] = now.isoformat()
        opened_at = datetime.fromisoformat(data[OPENED]) if user_id else now
        values: dict[str, Any] = {
            "data": self.encode(data),
            "user_id": user_id,
            "opened_at": opened_at,
            "last_seen_at": now,
            "expires_at": expiry(opened_at, now) if user_id else now + STRANGER_LASTS,
        }
        if self._client:
            values["ip_address"], values["user_agent"] = self._client
        elif must_create and self._row:  # the same browser under a new key
            values["ip_address"], values["user_agent"] = self._row.ip_address, self._row.user_agent
        if must_create and self._row:  # as it is now: of a session that was flushed, nothing waits any more
            before = Session.objects.filter(pk=self._row.pk).values_list("waiting", flat=True)
            values["waiting"] = before.first() or ""
        if must_create:
            self._insert(values)
        elif not Session.objects.filter(pk=self.digest).update(**values):
            raise UpdateError

    def _insert(self, values: dict[str, Any]) -> None:
        try:
            with transaction.atomic():
                Session.objects.create(session_key=self.digest, **values)
        except IntegrityError as error:
            raise CreateError from error

    def delete(self, session_key: str | None = None) -> None:
        """End the session of this key, by default the own."""
        key = session_key or self.session_key
        if key:
            Session.objects.filter(pk=digest_of(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Remove the rows of sessions that are over."""
        Session.objects.filter(expires_at__lte=clock.now()).delete()

    def note_client(self, *, ip_address: str | None, user_agent: str) -> None:
        """Keep from where the session is opened; written with the session."""
        printable = "".join(character for character in user_agent if character.isprintable())
        self._client = (ip_address, printable[:USER_AGENT_LENGTH])
        self.modified = True

    def note_seen(self, *, now: datetime, ip_address: str | None) -> None:
        """Let the session last on from now; a write at most once a minute."""
        row = self._row
        if row is None or now - row.last_seen_at < SEEN_AGAIN_AFTER:
            return
        Session.objects.filter(pk=row.pk).update(
            last_seen_at=now, ip_address=ip_address, expires_at=expiry(row.opened_at, now)
        )


def store_of(request: HttpRequest) -> SessionStore:
    """Return the request's session as what it is here."""
    return cast(SessionStore, request.session)


def digest_of(session_key: str) -> str:
    """Return the key of the row of a browser's key."""
    return sha256(session_key.encode()).hexdigest()


def expiry(opened_at: datetime, seen_at: datetime) -> datetime:
    """Return when a session is over, unless it is seen again before."""
    return min(
        seen_at + timedelta(seconds=settings.SESSION_IDLE_SECONDS),
        opened_at + timedelta(seconds=settings.SESSION_COOKIE_AGE),
    )


_current: ContextVar[SessionStore | None] = ContextVar("accounts_session", default=None)


@contextmanager
def acting_in(session: SessionStore) -> Iterator[None]:
    """Let the block know in which session it acts, so that ending a person's others spares it."""
    token = _current.set(session)
    try:
        yield
    finally:
        _current.reset(token)


def current_digest() -> str:
    """Return the key of the row of the session that the current code acts in; empty for a task or a command."""
    session = _current.get()
    return session.digest if session else ""
