"""Passwords that are set for somebody."""

from datetime import datetime

from django.db import transaction

from foundation.accounts.models import User
from foundation.accounts.security_mail import SecurityNotice, security_mail_send
from foundation.accounts.services.sessions import sessions_end_others
from foundation.trail.services import entry_write


@transaction.atomic
def password_set(*, user: User, password: str, now: datetime) -> None:
    """Set a person's password, which was checked before, on behalf of whoever owns the machine.

    It is in the trail, ends every session of the person, and is told by mail.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    locked.set_password(password)
    locked.save(update_fields=["password"])
    sessions_end_others(user=locked)
    entry_write(action="accounts.password.set", actor=None, subject=locked.full_name)
    security_mail_send(user=locked, notice=SecurityNotice.PASSWORD_SET, now=now)
