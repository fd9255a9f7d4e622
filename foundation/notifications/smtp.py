"""Handing mails to a mail server, and what its answers mean (RFC 5321)."""

import re
import smtplib
import socket
import ssl
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Self

from foundation.notifications.servers import MailServer, Security

LINE_WITH_DOT = re.compile(rb"^\.", re.MULTILINE)
SERVICE_CLOSING = 421
MAILBOX_FULL = 552  # at RCPT it is temporary: section 4.5.3.1.10
GO_AHEAD = 354
# Answers to MAIL FROM that concern this mail; any other 5xx there refuses the portal itself.
ABOUT_THE_MAIL = frozenset({552})
# Answers to RCPT TO that concern the session: bad sequence, sign-in needed, encryption needed.
ABOUT_THE_SESSION = frozenset({503, 530, 538})


class Verdict(Enum):
    """What became of a mail."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    ADDRESS_REFUSED = "address refused"
    CONTENT_REFUSED = "content refused"
    UNCLEAR = "unclear"
    SERVER_FAULT = "server fault"
    UNBUILDABLE = "unbuildable"  # not the server's verdict: there was no message to hand over


AFTER_CONTENT = {2: Verdict.ACCEPTED, 4: Verdict.DEFERRED, 5: Verdict.CONTENT_REFUSED}


@dataclass(frozen=True)
class Answer:
    """A verdict, with the server's words for people to read.

    `stuck`: the server was there, and failed at this very mail.
    """

    verdict: Verdict
    text: str = ""
    stuck: bool = False


class ServerFault(Exception):
    """The server can't be used now, whatever mail it is; the message says why."""


class _Gone(Exception):
    """The connection ended, or the answer did not come in time, before any content was handed over."""


class SmtpSession:
    """One connection to the mail server, which hands over mails one after another.

    Use as a context manager. `begin()` opens it where needed, and `finish()` ends the mail that was begun.
    """

    def __init__(self, server: MailServer, *, greeting: str, timeout: float) -> None:
        self._server = server
        self._greeting = greeting
        self._timeout = timeout
        self._connection: smtplib.SMTP | None = None
        self._answered = 0
        self._begun = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(self) -> None:
        """Connect and sign in, without a mail; raise ServerFault when that can't be done."""
        self._open()

    def close(self) -> None:
        """Say goodbye if the server still listens; a mail that was begun and not finished is not taken by it."""
        if self._begun:
            self.abandon()
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except OSError:
            connection.close()

    def begin(self, *, sender: str, recipient: str, message: bytes) -> Answer | None:
        """Hand over a mail but for its end, so that the server can't have taken it yet.

        Returns None when `finish()` is to follow, else the answer that settled it before. Never raises for what the
        server does. A server may end a connection after so many mails: then the mail goes over a new one.
        """
        while True:
            try:
                connection = self._open()
            except ServerFault as fault:
                return Answer(Verdict.SERVER_FAULT, str(fault))
            is_fresh = self._answered == 0
            try:
                answer = self._hand_over(connection, sender, recipient, message)
            except _Gone as gone:
                self._drop()
                if is_fresh:
                    return Answer(Verdict.SERVER_FAULT, str(gone), stuck=True)
                continue
            self._answered += 1
            self._begun = answer is None
            if answer is not None:
                self._reset(connection)
            return answer

    def finish(self) -> Answer:
        """End the mail that was begun, and return what the server made of it."""
        connection = self._connection
        assert connection is not None
        assert self._begun
        self._begun = False
        try:
            connection.send(b".\r\n")
            code, reply = connection.getreply()
        except OSError as error:
            self._drop()
            return Answer(Verdict.UNCLEAR, _words_of(error))
        answer = Answer(AFTER_CONTENT.get(code // 100, Verdict.UNCLEAR), f"{code} {_text(reply)}")
        if answer.verdict is Verdict.UNCLEAR:
            self._drop()
        return answer

    def abandon(self) -> None:
        """Give up the mail that was begun: the connection ends, and the server forgets it (RFC 5321, 4.1.1.4)."""
        self._begun = False
        self._drop()

    def _open(self) -> smtplib.SMTP:
        if self._connection is not None:
            return self._connection
        self._answered = 0
        server = self._server
        connection: smtplib.SMTP | None = None
        try:
            connection = self._connect()
            # The end of a mail is sent by itself, and must not wait until what went before is acknowledged.
            if connection.sock is not None:
                connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.ehlo_or_helo_if_needed()
            if server.security is Security.STARTTLS:
                connection.starttls(context=ssl.create_default_context())
                connection.ehlo_or_helo_if_needed()
            if server.user:
                connection.login(server.user, server.password)
        except OSError as error:  # smtplib's and ssl's errors are OSErrors, too
            if connection is not None:
                connection.close()
            raise ServerFault(f"{server}: {_words_of(error)}") from error
        self._connection = connection
        return connection

    def _connect(self) -> smtplib.SMTP:
        host, port = self._server.host, self._server.port
        if self._server.security is Security.TLS:
            return smtplib.SMTP_SSL(
                host,
                port,
                local_hostname=self._greeting,
                timeout=self._timeout,
                context=ssl.create_default_context(),
            )
        return smtplib.SMTP(host, port, local_hostname=self._greeting, timeout=self._timeout)

    def _hand_over(
        self, connection: smtplib.SMTP, sender: str, recipient: str, message: bytes
    ) -> Answer | None:
        steps = (
            (f"MAIL FROM:<{sender}>", _verdict_on_sender),
            (f"RCPT TO:<{recipient}>", _verdict_on_recipient),
            ("DATA", _verdict_on_data),
        )
        for command, verdict_on in steps:
            code, words = self._ask(connection, command)
            verdict = verdict_on(code)
            if verdict is not None:
                return Answer(verdict, words)
        try:
            connection.send(LINE_WITH_DOT.sub(b"..", message))
        except OSError as error:
            raise _Gone(f"{self._server}: {_words_of(error)}") from error
        return None

    def _ask(self, connection: smtplib.SMTP, command: str) -> tuple[int, str]:
        """Send a command and return the answer; raise _Gone when none comes, or one that ends the session."""
        try:
            code, reply = connection.docmd(command)
        except OSError as error:
            raise _Gone(f"{self._server}: {_words_of(error)}") from error
        words = f"{code} {_text(reply)}"
        if code == SERVICE_CLOSING or code // 100 not in {2, 3, 4, 5}:
            raise _Gone(f"{self._server}: {words}")
        return code, words

    def _reset(self, connection: smtplib.SMTP) -> None:
        """Leave the transaction that the server did not take."""
        try:
            connection.rset()
        except OSError:
            self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _verdict_on_sender(code: int) -> Verdict | None:
    if code == 250:
        return None
    if code // 100 == 5:
        return Verdict.CONTENT_REFUSED if code in ABOUT_THE_MAIL else Verdict.SERVER_FAULT
    return Verdict.DEFERRED


def _verdict_on_recipient(code: int) -> Verdict | None:
    if code in {250, 251}:
        return None
    if code in ABOUT_THE_SESSION:
        return Verdict.SERVER_FAULT
    return Verdict.ADDRESS_REFUSED if code // 100 == 5 and code != MAILBOX_FULL else Verdict.DEFERRED


def _verdict_on_data(code: int) -> Verdict | None:
    if code == GO_AHEAD:
        return None
    return Verdict.CONTENT_REFUSED if code // 100 == 5 else Verdict.DEFERRED


def _text(reply: bytes) -> str:
    return reply.decode("utf-8", "replace").replace("\n", " ").strip()


def _words_of(error: OSError) -> str:
    """Return an error's words for people: the server's where it gave any, never a password."""
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
        return f"{error.smtp_code} {_text(reply) if isinstance(reply, bytes) else reply}"
    return str(error) or type(error).__name__
