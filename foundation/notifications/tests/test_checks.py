"""Is bad configuration of mail told when the portal starts?"""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.core.checks import CheckMessage
from pytest_django import Settings

from foundation.notifications import checks
from foundation.notifications.servers import BadMailServer, MailServer, Security, parse_email_url


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.com", MailServer("mail.example.com", 25)),
        ("smtp://127.0.0.1:2525/", MailServer("127.0.0.1", 2525)),
        ("smtp+tls://mail.example.com", MailServer("mail.example.com", 587, Security.STARTTLS)),
        ("smtps://mail.example.com", MailServer("mail.example.com", 465, Security.TLS)),
        ("smtp+ssl://mail.example.com:4465", MailServer("mail.example.com", 4465, Security.TLS)),
        ("smtp+tls://me%40x:p%2Fw@[::1]:99", MailServer("::1", 99, Security.STARTTLS, "me@x", "p/w")),
    ],
)
def test_urls(url: str, server: MailServer) -> None:
    assert parse_email_url(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.com",
        "http://mail.example.com",
        "smtp://",
        "smtp://:25",
        "smtp://mail.example.com:port",
        "smtp://mail.example.com:99999",
        "smtp://mail.example.com/inbox",
        "smtp://mail.example.com?tls=1",
        "smtp://user@mail.example.com",
        "smtp://us%C3%A9r:pass@mail.example.com",
        "smtp://[mail.example.com",
    ],
)
def test_a_malformed_url_is_told_without_its_password(url: str, settings: Settings) -> None:
    with pytest.raises(BadMailServer):
        parse_email_url(url)
    settings.EMAIL_URL = url.replace("://", "://user:s3cret@") if "@" not in url else url
    (problem,) = checks.check_email_url()
    assert problem.id == "notifications.E001"
    assert problem.hint
    assert "s3cret" not in problem.msg


def ids(check: Callable[..., Iterable[CheckMessage]]) -> list[Any]:
    return [message.id for message in check()]


def test_other_problems(settings: Settings) -> None:
    settings.EMAIL_URL = "smtp://user:pass@mail.example.com"
    assert ids(checks.check_email_url) == ["notifications.W001"]
    settings.EMAIL_URL = "smtp://user:pass@127.0.0.1"
    assert ids(checks.check_email_url) == []
    settings.DEFAULT_FROM_EMAIL = "nobody"
    assert ids(checks.check_sender) == ["notifications.E002"]
    settings.DEFAULT_FROM_EMAIL = "CISO Portal <portal@localhost>"
    assert ids(checks.check_sender) == []
    assert ids(checks.check_mail_in_production) == ["notifications.W004"]
    settings.EMAIL_URL = ""
    assert ids(checks.check_mail_in_production) == ["notifications.W003"]
    assert ids(checks.check_lease) == []
    settings.MAIL_LEASE_SECONDS = 10
    assert ids(checks.check_lease) == ["notifications.W002"]
