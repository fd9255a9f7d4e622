"""The mail server that EMAIL_URL names."""

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from django.conf import settings


class BadMailServer(ValueError):
    """EMAIL_URL can't be understood; the message says what is wrong, without the password."""


class Security(StrEnum):
    """How the connection is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp": (Security.NONE, 25),
    "smtp+tls": (Security.STARTTLS, 587),
    "smtps": (Security.TLS, 465),
    "smtp+ssl": (Security.TLS, 465),
}


@dataclass(frozen=True)
class MailServer:
    """Where mails are handed over, and as whom."""

    host: str
    port: int
    security: Security = Security.NONE
    user: str = ""
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def parse_email_url(url: str) -> MailServer:
    """Return the server that a URL such as `smtp+tls://user:password@mail.example.com:587` names.

    `smtp` sends in the clear, `smtp+tls` insists on STARTTLS, `smtps` (or `smtp+ssl`) speaks TLS from the start; both
    check the server's certificate. User and password are percent-encoded. Raises BadMailServer.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise BadMailServer("It is not a URL, or its port is not a number.") from error
    if parts.scheme not in SCHEMES:
        raise BadMailServer(f"It starts with {parts.scheme!r}, not with one of: {', '.join(SCHEMES)}.")
    if not parts.hostname:
        raise BadMailServer("It names no host.")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise BadMailServer("It has something after the host; percent-encode special characters.")
    security, usual_port = SCHEMES[parts.scheme]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise BadMailServer("It has a user without a password, or a password without a user.")
    if not (user + password).isascii():
        raise BadMailServer(
            "Its user or password has characters beyond ASCII, which sign-in by SMTP can't carry."
        )
    return MailServer(parts.hostname, port or usual_port, security, user, password)


def mail_server() -> MailServer | None:
    """Return the configured server, or None when mails are kept; raise BadMailServer."""
    return parse_email_url(settings.EMAIL_URL) if settings.EMAIL_URL else None
