"""Mails of Django itself go through the outbox."""

from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection, send_mail
from django.db import transaction
from django.test import Client

from foundation.notifications.choices import MailState
from foundation.notifications.email_backend import NotAPerson
from foundation.notifications.models import Mail
from foundation.notifications.selectors import may_read, outbox
from foundation.testing.cast import Cast


@pytest.fixture(autouse=True)
def _outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "foundation.notifications.email_backend.OutboxBackend"
    settings.EMAIL_URL = "smtp://127.0.0.1:1"


def test_a_password_link_is_queued_for_its_reader_alone(cast: Cast) -> None:
    Client().post("/account/password/reset/", {"email": cast.ciso.email.upper()})
    mail = Mail.objects.get()
    assert (mail.recipient, mail.address, mail.state) == (cast.ciso, cast.ciso.email, MailState.QUEUED)
    assert mail.subject == "Set a new password for the CISO Portal"
    assert "https://portal.example.com/account/password/reset/" in mail.text
    assert mail.text.splitlines()[-1].startswith("Sent by the CISO Portal")
    assert 'href="https://portal.example.com/account/password/reset/' in mail.html
    for person in (cast.administrator, cast.ciso):
        assert not may_read(user=person, mail=outbox().get())


def test_without_a_mail_server_it_is_kept(cast: Cast, settings: Any) -> None:
    settings.EMAIL_URL = ""
    send_mail("Hello", "Text", None, [cast.auditor.email])
    assert Mail.objects.get().state == MailState.KEPT


def test_a_plain_text_gets_an_html_that_breaks_nothing(cast: Cast) -> None:
    send_mail("Hello", "1 < 2 & so on", None, [cast.auditor.email])
    assert "1 &lt; 2 &amp; so on" in Mail.objects.get().html


def test_each_recipient_gets_a_mail(cast: Cast) -> None:
    message = EmailMultiAlternatives("Hello", "Text", to=[cast.auditor.email], cc=[cast.analyst.email])
    message.attach_alternative("<p>Rich</p>", "text/html")
    assert message.send() == 2
    assert set(Mail.objects.values_list("recipient", "html")) == {
        (cast.auditor.pk, "<p>Rich</p>"),
        (cast.analyst.pk, "<p>Rich</p>"),
    }
    assert len(set(Mail.objects.values_list("message_id", flat=True))) == 2


def test_strangers_get_none(cast: Cast) -> None:
    with pytest.raises(NotAPerson):
        send_mail("Hello", "Text", None, ["nobody@example.org"])
    quiet = get_connection(fail_silently=True)
    assert send_mail("Hello", "Text", None, ["nobody@example.org"], connection=quiet) == 0
    assert not Mail.objects.exists()


def test_it_is_undone_with_the_fact(cast: Cast) -> None:
    with transaction.atomic():
        send_mail("Hello", "Text", None, [cast.auditor.email])
        transaction.set_rollback(True)
    assert not Mail.objects.exists()
