"""Lets every mail that Django itself sends (password links, "your password was changed") go through the outbox.

So none is lost when the mail server is away, no page waits for one, and an answer's time does not tell whether an
account exists.
"""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.html import format_html

from foundation import clock
from foundation.accounts.models import User
from foundation.notifications.choices import MailState
from foundation.notifications.cleaning import clean_line, shorten
from foundation.notifications.identity import mail_domain
from foundation.notifications.models import Mail

SUBJECT_LENGTH = 250


class NotAPerson(ValueError):
    """A mail is addressed to someone without an account: the outbox serves people of the portal alone."""


class OutboxBackend(BaseEmailBackend):
    """Writes a row of the outbox per recipient, in the transaction of whoever sends.

    Such mails are for their readers' eyes alone, since they may carry a link that opens an account: nobody reads them on
    the pages of the outbox, as nobody does those of restricted records.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue the messages and return how many; raise NotAPerson unless failing silently."""
        mails = [mail for message in email_messages for mail in self._mails_of(message)]
        Mail.objects.bulk_create(mails)
        return len(mails)

    def _mails_of(self, message: EmailMessage) -> list[Mail]:
        now = clock.now()
        mails = []
        for address in message.recipients():
            person = User.objects.filter(email__iexact=address).first()
            if person is None:
                if self.fail_silently:
                    continue
                raise NotAPerson(f"{address} belongs to nobody who has an account.")
            mails.append(
                Mail(
                    recipient=person,
                    address=person.email,
                    message_id=f"<{uuid4().hex}@{mail_domain()}>",
                    subject=shorten(clean_line(str(message.subject)), SUBJECT_LENGTH),
                    text=str(message.body),
                    html=_html_of(message),
                    restricted=True,
                    state=MailState.QUEUED if settings.EMAIL_URL else MailState.KEPT,
                    next_attempt_at=now,
                    created_at=now,
                )
            )
        return mails


def _html_of(message: EmailMessage) -> str:
    """Return the message's HTML, made from its text where it has none."""
    parts: list[Any] = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    for content, mimetype in parts:
        if mimetype == "text/html":
            return str(content)
    return format_html('<pre style="white-space:pre-wrap">{}</pre>', str(message.body))
