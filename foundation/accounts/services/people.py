"""People: creating and changing accounts, and closing them."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import BusinessUnit, User
from foundation.accounts.services.errors import AccountsRefused
from foundation.accounts.services.grants import leaving_check
from foundation.trail.services import entry_write


@transaction.atomic
def user_create(
    *,
    email: str,
    full_name: str,
    actor: User | None,
    password: str | None = None,
    job_title: str = "",
    unit: BusinessUnit | None = None,
    manager: User | None = None,
    time_zone: str = "",
    language: str = "en",
) -> User:
    """Create a person's account. Without a password, the person sets one through the password-reset page.

    Raises AccountsRefused when the e-mail address is taken, in whatever case it is written.
    """
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                email,
                password,
                full_name=full_name,
                job_title=job_title,
                unit=unit,
                manager=manager,
                time_zone=time_zone,
                language=language,
            )
    except IntegrityError as error:
        raise AccountsRefused(_("Another person has this e-mail address."), "email") from error
    entry_write(
        action="accounts.user.created",
        actor=actor,
        subject=user.full_name,
        after={"email": user.email, "unit": unit.name if unit else None},
    )
    return user


@transaction.atomic
def user_change(*, user: User, changes: dict[str, Any], actor: User) -> User:
    """Change fields of a person; the trail keeps what they were. A change of nothing writes nothing.

    Raises AccountsRefused when a new e-mail address is taken.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    if "email" in changes:  # kept in small letters, as sign-in looks it up
        changes = {**changes, "email": changes["email"].lower()}
    for field, value in changes.items():
        old = getattr(locked, field)
        if old != value:
            before[field], after[field] = _plain(old), _plain(value)
            setattr(locked, field, value)
    if not after:
        return locked
    try:
        with transaction.atomic():
            locked.save(update_fields=list(after))
    except IntegrityError as error:
        raise AccountsRefused(_("Another person has this e-mail address."), "email") from error
    entry_write(
        action="accounts.user.changed", actor=actor, subject=locked.full_name, before=before, after=after
    )
    return locked


@transaction.atomic
def user_deactivate(*, user: User, actor: User, now: datetime, comment: str = "") -> User:
    """Close a person's account: all sessions end with the next request, and no mail goes there any more.

    What the person did, owns and is named in stays. Raises AccountsRefused for oneself, and for the last CISO or
    administrator.
    """
    if user.pk == actor.pk:
        raise AccountsRefused(_("You can't deactivate your own account."))
    leaving_check(user=user, now=now)
    return _set_active(user, active=False, actor=actor, comment=comment)


@transaction.atomic
def user_reactivate(*, user: User, actor: User, comment: str = "") -> User:
    """Open a closed account again, with the password and the role grants that it had."""
    return _set_active(user, active=True, actor=actor, comment=comment)


def _set_active(user: User, *, active: bool, actor: User, comment: str) -> User:
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.is_active == active:
        return locked
    locked.is_active = active
    locked.save(update_fields=["is_active"])
    entry_write(
        action="accounts.user.reactivated" if active else "accounts.user.deactivated",
        actor=actor,
        subject=locked.full_name,
        before={"is_active": not active},
        after={"is_active": active},
        comment=comment,
    )
    return locked


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int) else str(value)
