"""System checks: is mail configured in a way that can work?"""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from foundation.notifications.identity import BadAddress, sender
from foundation.notifications.servers import BadMailServer, Security, mail_server

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# Connecting, STARTTLS, signing in and handing over a mail are about nine answers to wait for; the lease is renewed at
# its half.
TIMEOUTS_IN_A_LEASE = 18


@register
def check_email_url(**kwargs: Any) -> list[CheckMessage]:
    """Report an EMAIL_URL that is malformed, or that sends a password in the clear."""
    try:
        server = mail_server()
    except BadMailServer as error:
        return [
            Error(
                f"EMAIL_URL can't be understood: {error}",
                hint="Use a URL such as smtp+tls://user:password@mail.example.com:587, or none to keep mails here.",
                id="notifications.E001",
            )
        ]
    if server and server.user and server.security is Security.NONE and server.host not in LOOPBACK:
        return [
            Warning(
                "EMAIL_URL sends a password over a connection that is not encrypted.",
                hint="Use smtp+tls:// (STARTTLS) or smtps:// (TLS).",
                id="notifications.W001",
            )
        ]
    return []


@register
def check_sender(**kwargs: Any) -> list[CheckMessage]:
    """Report a DEFAULT_FROM_EMAIL that is no address."""
    try:
        sender()
    except BadAddress as error:
        return [
            Error(
                f"DEFAULT_FROM_EMAIL can't be used: {error}",
                hint="Use an address such as CISO Portal <portal@example.com>.",
                id="notifications.E002",
            )
        ]
    return []


@register
def check_lease(**kwargs: Any) -> list[CheckMessage]:
    """Report a lease that a slow server could outlast: mails would then be sent twice."""
    if settings.MAIL_LEASE_SECONDS >= TIMEOUTS_IN_A_LEASE * settings.EMAIL_TIMEOUT:
        return []
    return [
        Warning(
            "MAIL_LEASE_SECONDS is short for EMAIL_TIMEOUT: a mail that is still being sent could be sent again.",
            hint=f"Make it at least {TIMEOUTS_IN_A_LEASE} times EMAIL_TIMEOUT.",
            id="notifications.W002",
        )
    ]


@register(Tags.security, deploy=True)
def check_mail_in_production(**kwargs: Any) -> list[CheckMessage]:
    """Report that no mail leaves, or that it comes from nowhere."""
    found: list[CheckMessage] = []
    if not settings.EMAIL_URL:
        found.append(
            Warning(
                "EMAIL_URL is not set: reminders are kept in the portal and reach nobody's inbox.",
                hint="Name a mail server, such as smtp+tls://user:password@mail.example.com:587.",
                id="notifications.W003",
            )
        )
    elif "." not in sender().domain:
        found.append(
            Warning(
                "DEFAULT_FROM_EMAIL has no domain of the internet, so mail servers will refuse the reminders.",
                hint="Use an address such as CISO Portal <portal@example.com>.",
                id="notifications.W004",
            )
        )
    return found
