"""People: creating and changing accounts, and closing them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.accounts.models import BusinessUnit, User
from foundation.accounts.services.errors import AccountsRefused
from foundation.accounts.services.links import links_revoke
from foundation.accounts.services.locks import Guarded, lock
from foundation.accounts.services.sessions import sessions_end_others
from foundation.accounts.services.telling import ACCOUNT, tell
from foundation.accounts.versions import PERSON_FIELDS, version_check
from foundation.registry import registry
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
    """Create a person's account. Without a password, the person sets one by the link of an invitation.

    Raises AccountsRefused when the e-mail address is taken, in whatever case it is written, or the unit is archived.
    """
    _unit_open(unit)
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
def user_change(
    *,
    user: User,
    changes: dict[str, Any],
    actor: User,
    now: datetime,
    seen: str | None = None,
    shown: Sequence[str] = PERSON_FIELDS,
) -> User:
    """Change fields of a person; the trail keeps what they were. A change of nothing writes nothing.

    Whoever did not do it is told; a new e-mail address is told at the old one too, since it leads into the account.
    `seen` is the version (`versions.py`) of the fields `shown` that the changes were made on. Raises StaleEdit when that
    is no more, and AccountsRefused when a new e-mail address is taken, the unit is archived, or people would report in a circle.
    """
    # Records can name the person meanwhile: what follows from another name locks some of them.
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    version_check(locked, shown, seen)
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
    if "unit" in after:
        _unit_open(locked.unit)
    if "manager" in after:
        _no_circle(locked)
    if "email" in after:
        _tell_old_address(before["email"], after["email"], actor)
        links_revoke(user=locked, now=now)
    try:
        with transaction.atomic():
            locked.save(update_fields=list(after))
    except IntegrityError as error:
        raise AccountsRefused(_("Another person has this e-mail address."), "email") from error
    entry_write(
        action="accounts.user.changed", actor=actor, subject=locked.full_name, before=before, after=after
    )
    if "full_name" in after:
        registry.words_changed(actor=actor, now=now)
    if actor.pk != locked.pk:
        tell(
            people=[locked],
            kind=ACCOUNT,
            title=_("Your account was changed"),
            sentence=_("%(actor)s changed: %(fields)s.")
            % {"actor": actor, "fields": ", ".join(_label(name) for name in after)},
            path=reverse("accounts:profile"),
            now=now,
        )
    return locked


@transaction.atomic
def user_reactivate(*, user: User, actor: User, now: datetime, comment: str = "") -> User:
    """Open a closed account again, with the password and the role grants that it had; the person is told."""
    if User.objects.filter(pk=user.pk, is_active=True).exists():
        return user
    opened = active_set(user, active=True, actor=actor, comment=comment)
    tell(
        people=[opened],
        kind=ACCOUNT,
        title=_("Your account is open again"),
        sentence=_("%(actor)s opened it: you can sign in as before.") % {"actor": actor},
        path=reverse("accounts:profile"),
        now=now,
    )
    return opened


def active_set(
    user: User, *, active: bool, actor: User, comment: str, also: Mapping[str, Any] | None = None
) -> User:
    """Open or close an account, and write it to the trail with what else happened; it may be so already."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.is_active == active:
        return locked
    locked.is_active = active
    locked.save(update_fields=["is_active"])
    sessions_end_others(user=locked)
    entry_write(
        action="accounts.user.reactivated" if active else "accounts.user.deactivated",
        actor=actor,
        subject=locked.full_name,
        before={"is_active": not active},
        after={"is_active": active, **(also or {})},
        comment=comment,
    )
    return locked


def _unit_open(unit: BusinessUnit | None) -> None:
    if unit is None:
        return
    lock(Guarded.UNIT_TREE)  # nobody archives it meanwhile
    if BusinessUnit.objects.filter(pk=unit.pk, archived_at__isnull=False).exists():
        raise AccountsRefused(_("%(unit)s is archived.") % {"unit": unit.name}, "unit")


def _no_circle(person: User) -> None:
    """Refuse a manager who reports, over however many, to the person."""
    seen = {person.pk}
    manager_id = person.manager_id
    while manager_id is not None:
        if manager_id in seen:
            raise AccountsRefused(
                _("%(manager)s reports to %(person)s, directly or over others.")
                % {"manager": person.manager, "person": person},
                "manager",
            )
        seen.add(manager_id)
        manager_id = User.objects.values_list("manager_id", flat=True).get(pk=manager_id)


def _tell_old_address(old: str, new: str, actor: User) -> None:
    """Write to the address that an account had until now: a mail by the outbox goes to the new one."""
    text = _(
        "%(actor)s changed the e-mail address of your account to %(new)s. "
        "From now on you sign in with the new address, and mails go there.\n\n"
        "If you know nothing of this, ask whoever administers the portal."
    ) % {"actor": actor, "new": new}
    send_mail(_("The e-mail address of your account was changed"), text, None, [old])


def _label(name: str) -> str:
    return str(User._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int) else str(value)
