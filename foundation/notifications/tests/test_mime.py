"""The message as it goes out."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from pytest_django import Settings

from foundation.accounts.models import User
from foundation.accounts.tests.factories import OrganisationFactory
from foundation.notifications.identity import BadAddress, Sender, address_of, mail_domain
from foundation.notifications.mime import message_of
from foundation.notifications.models import Mail
from foundation.notifications.tests.factories import NOW

TEXT = "Prüfung “Karten”\n.\n..two dots\nFrom here on\n" + "x" * 3000 + "\n=end \n"
HTML = "<p>Prüfung</p>\n" + "<b>y</b>" * 500


@pytest.fixture(autouse=True)
def _sender(settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "CISO Portal <portal@mail.example.org>"


def mail(**fields: object) -> Mail:
    values = {
        "recipient": User(full_name="Ida Berg", email="ida@example.com"),
        "address": "ida@example.com",
        "message_id": "<abc@mail.example.org>",
        "subject": "Audit: in 4 days",
        "text": TEXT,
        "html": HTML,
        "created_at": NOW,
    }
    return Mail(**values | fields)


def built(row: Mail) -> EmailMessage:
    message = message_from_bytes(message_of(row, origin=Sender.configured())[1], policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_headers() -> None:
    message = built(mail())
    assert message["From"] == "CISO Portal <portal@mail.example.org>"
    assert message["To"] == "Ida Berg <ida@example.com>"
    assert message["Subject"] == "Audit: in 4 days"
    assert message["Message-ID"] == "<abc@mail.example.org>"
    assert message["Date"] == "Mon, 23 Nov 2026 09:30:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "<reminders.mail.example.org>" in message["List-Id"]
    assert not message.defects


def test_parts_come_back_as_they_were_and_plain_text_is_first() -> None:
    message = built(mail())
    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().replace("\r\n", "\n") == TEXT
    assert html.get_content().replace("\r\n", "\n") == HTML + "\n"


def test_lines_are_as_long_as_mail_may_have_them() -> None:
    _recipient, raw = message_of(mail(), origin=Sender.configured())
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert raw.isascii()


def test_a_second_attempt_is_the_same_to_the_byte() -> None:
    origin = Sender.configured()
    assert message_of(mail(), origin=origin) == message_of(mail(), origin=origin)


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n", "\u2028", "\x0b"])
def test_no_value_can_add_a_header(line_end: str) -> None:
    hostile = f"A{line_end}Bcc: eve@example.com"
    message = built(mail(subject=hostile, recipient=User(full_name=hostile)))
    assert message["Bcc"] is None
    assert "Bcc: eve@example.com" in message["Subject"]
    assert message["To"].addresses[0].addr_spec == "ida@example.com"


def test_a_name_in_any_script_and_a_domain_with_umlauts() -> None:
    recipient, raw = message_of(
        mail(recipient=User(full_name='Ülkü "Q" 山田, <x>'), address="ida@bücher.example"),
        origin=Sender.configured(),
    )
    assert recipient == "ida@xn--bcher-kva.example"
    message = message_from_bytes(raw, policy=default)
    assert message["To"].addresses[0].display_name == 'Ülkü "Q" 山田, <x>'
    assert message["To"].addresses[0].addr_spec == "ida@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ida",
        "@example.com",
        "ida@",
        "i\nda@example.com",
        "i da@example.com",
        "ïda@example.com",
    ],
)
def test_an_address_that_mail_cannot_be_sent_to_is_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        address_of(address)


def test_an_odd_address_is_quoted() -> None:
    assert address_of("a> RCPT@example.com".replace(" ", "")).addr_spec == '"a>RCPT"@example.com'


@pytest.mark.django_db
def test_the_domain_is_the_senders_or_else_the_portals(settings: Settings) -> None:
    assert mail_domain() == "mail.example.org"
    settings.DEFAULT_FROM_EMAIL = "CISO Portal <portal@localhost>"
    assert mail_domain() == "ciso-portal.invalid"
    OrganisationFactory.create(base_url="https://portal.example.com:8443/x")
    assert mail_domain() == "portal.example.com"
