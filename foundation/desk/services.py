"""Clearing the desk."""

from datetime import datetime

from django.db import transaction

from foundation.accounts.models import User
from foundation.desk.models import FirstStepsDismissal
from foundation.trail.services import entry_write


@transaction.atomic
def first_steps_dismiss(*, user: User, now: datetime) -> None:
    """Show a person no first steps any more; once more changes nothing."""
    _kept, is_new = FirstStepsDismissal.objects.get_or_create(user=user, defaults={"at": now})
    if is_new:
        entry_write(action="desk.first_steps.dismissed", actor=user)
