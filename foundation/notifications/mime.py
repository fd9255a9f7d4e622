"""A mail's row as the bytes that go to the mail server (RFC 5322, RFC 2046).

Written out by hand but for the headers that carry people's words: email.message takes some milliseconds a mail, which
would be most of the time that sending takes.
"""

import binascii
from email.headerregistry import Address
from email.policy import SMTP
from email.utils import format_datetime

from foundation.notifications.cleaning import clean_line
from foundation.notifications.identity import Sender, address_of
from foundation.notifications.models import Mail


def message_of(mail: Mail, *, origin: Sender) -> tuple[str, bytes]:
    """Return the envelope's recipient, and the whole message, plain text first.

    `Date` is when it was composed, since the distances in its text were reckoned then; a second attempt is the same
    message to the byte. Raises BadAddress for an address that no mail can be sent to, ValueError for a value that
    could break out of its header.
    """
    recipient = address_of(mail.address, clean_line(mail.recipient.full_name))
    boundary = _boundary(mail)
    head = (
        _header("From", origin.address),
        _header("To", recipient),
        _header("Subject", clean_line(mail.subject)),
        f"Date: {format_datetime(mail.created_at)}\r\n",
        f"Message-ID: {_plain(mail.message_id)}\r\n",
        f"List-Id: CISO Portal reminders <reminders.{_plain(origin.domain)}>\r\n",
        *_unsubscribe(mail.unsubscribe_url),
        "Auto-Submitted: auto-generated\r\n",
        "X-Auto-Response-Suppress: All\r\n",
        "MIME-Version: 1.0\r\n",
        f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n',
    )
    message = b"".join(
        (
            "".join(head).encode("ascii"),
            _part(mail.text, "plain", boundary),
            _part(mail.html, "html", boundary),
            f"\r\n--{boundary}--\r\n".encode("ascii"),
        )
    )
    return recipient.addr_spec, message


def _header(name: str, value: str | Address) -> str:
    """Return a header, encoded and folded; raise ValueError for a value with line breaks."""
    return SMTP.fold(*SMTP.header_store_parse(name, str(value)))


def _unsubscribe(url: str) -> tuple[str, ...]:
    """Return the headers by which a mail program ends such mails by one click (RFC 8058); none without a link."""
    if not url:
        return ()
    return f"List-Unsubscribe: <{_plain(url)}>\r\n", "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"


def _plain(value: str) -> str:
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise ValueError(f"{value!r} can't stand in a header.")
    return value


def _boundary(mail: Mail) -> str:
    """Return a line that stands in no part: quoted-printable never has `=_`."""
    return f"=_{_plain(mail.message_id).strip('<>').partition('@')[0]}"


def _part(text: str, subtype: str, boundary: str) -> bytes:
    head = (
        f"\r\n--{boundary}\r\n"
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    lines = "\r\n".join(text.splitlines()) + "\r\n"
    return head.encode("ascii") + binascii.b2a_qp(lines.encode(), istext=True)
