"""A mail server for tests: takes mails, or answers as it is told to."""

import asyncio
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Event, Thread
from typing import Any, Literal

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

Phase = Literal["connect", "mail", "rcpt", "data"]
# A phase's answer: words such as "450 Later", HANG (none at all) or DROP (the connection ends).
HANG = "hang"
DROP = "drop"
TAKE_AND_DROP = "take and drop"
Reaction = Callable[[Phase, str], str | None]


@dataclass(frozen=True)
class Received:
    """A mail that was taken."""

    recipient: str
    sender: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        message = message_from_bytes(self.raw, policy=default)
        assert isinstance(message, EmailMessage)
        return message

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        assert part is not None
        return str(part.get_content())


@dataclass
class MailSink:
    """What the server took, and how it reacts: `react` is asked at each phase and answers None to let it pass."""

    react: Reaction = lambda phase, recipient: None
    mails: list[Received] = field(default_factory=list)
    connections: int = 0
    logins: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0
    arrived: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def recipients(self) -> list[str]:
        return [mail.recipient for mail in self.mails]

    def copies(self) -> Counter[str]:
        """Return how often each Message-ID was taken."""
        return Counter(str(mail.message["Message-ID"]) for mail in self.mails)

    # What aiosmtpd asks.

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        return await self._answer(server, "mail", address, self._mail(envelope, address))

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        return await self._answer(server, "rcpt", address, self._rcpt(envelope, address))

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        recipient = envelope.rcpt_tos[0]
        return await self._answer(server, "data", recipient, lambda: self._take(envelope))

    def _mail(self, envelope: Envelope, address: str) -> Callable[[], str]:
        def accept() -> str:
            envelope.mail_from = address
            return "250 OK"

        return accept

    def _rcpt(self, envelope: Envelope, address: str) -> Callable[[], str]:
        def accept() -> str:
            envelope.rcpt_tos.append(address)
            return "250 OK"

        return accept

    def _take(self, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(Received(envelope.rcpt_tos[0], envelope.mail_from or "", envelope.content))
        self.arrived.set()
        return "250 Taken"

    async def _answer(self, server: SMTP, phase: Phase, recipient: str, accept: Callable[[], str]) -> str:
        reaction = self.react(phase, recipient)
        if reaction is None:
            return accept()
        if reaction == HANG:
            await asyncio.Event().wait()
        if reaction == TAKE_AND_DROP:
            accept()
        if reaction in {DROP, TAKE_AND_DROP}:
            server.transport.abort()
            return "421 gone"
        return reaction


class _CountedSMTP(SMTP):
    """aiosmtpd's server, which tells the sink of each connection and may hang or close before its greeting."""

    def connection_made(self, transport: Any) -> None:
        sink = self.event_handler
        if not self.session or not self.session.ssl:
            sink.connections += 1
        reaction = sink.react("connect", "")
        if reaction == HANG:
            self._hanging = transport
            return
        if reaction == DROP:
            transport.abort()
            return
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if not hasattr(self, "_hanging"):
            super().data_received(data)

    def connection_lost(self, error: Exception | None) -> None:
        if not hasattr(self, "_hanging") and self.session is not None:
            super().connection_lost(error)


@contextmanager
def mail_sink(
    react: Reaction = lambda phase, recipient: None,
    *,
    port: int = 0,
    tls: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    login: tuple[str, str] | None = None,
) -> Iterator[MailSink]:
    """Run a server on a loopback port of its own while the block lasts."""
    sink = MailSink(react=react)
    loop = asyncio.new_event_loop()

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        given = (data.login.decode(), data.password.decode())
        sink.logins.append(given)
        return AuthResult(success=given == login, handled=False)

    def protocol() -> SMTP:
        return _CountedSMTP(
            sink,
            hostname="sink.example.com",
            loop=loop,
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=authenticate if login else None,
            auth_required=login is not None,
            auth_require_tls=login is not None,
        )

    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    # Made in its own thread: in the tests' own, a loop of the browser's may be running.
    opening = loop.create_server(protocol, "127.0.0.1", port, ssl=tls)
    server = asyncio.run_coroutine_threadsafe(opening, loop).result()
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:

        def stop() -> None:
            server.close()
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.call_soon(loop.stop)

        loop.call_soon_threadsafe(stop)
        thread.join(timeout=10)
        loop.close()
