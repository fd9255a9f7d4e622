"""Role grants: giving and ending them."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.accounts.choices import Role
from foundation.accounts.models import BusinessUnit, RoleGrant, User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.selectors import lasting_holders
from foundation.accounts.services.errors import AccountsRefused
from foundation.accounts.services.locks import Guarded, lock
from foundation.accounts.services.sessions import sessions_end_others
from foundation.accounts.services.telling import ROLES, tell
from foundation.accounts.versions import GRANT_DATES, version_check
from foundation.trail.services import entry_write

NOT_HELD = "not held"  # the version of a role that nobody saw held
# Without one of each, nobody could run the office or let people in.
INDISPENSABLE = (Role.CISO, Role.ADMINISTRATOR)


@transaction.atomic
def grant_give(
    *,
    user: User,
    role: Role,
    unit: BusinessUnit | None,
    actor: User | None,
    now: datetime,
    starts_on: date | None = None,
    ends_on: date | None = None,
    founding: bool = False,
    seen: str | None = None,
) -> RoleGrant:
    """Let a person hold a role for the whole organisation (no unit), or for a unit and all below it.

    A grant that exists gets the new dates. The person's sessions end. The person is told; of a CISO or administrator,
    those who are it already too. Nobody gives a role to themselves, nor changes their own, but the first person of a
    portal (`founding`): who lets people in shall not decide alone what they themselves may do. Raises AccountsRefused
    for that, dates in the wrong order, an archived unit, a person who was deactivated, or an end that would leave the
    organisation without a CISO or an administrator.
    `seen` is the version (`versions.py`) of the dates that the change was made on, NOT_HELD when the role seemed to be new;
    raises StaleEdit when they are others by now, AccountsRefused when the role ended, or is held already.
    """
    if actor and actor.pk == user.pk and not founding:
        raise AccountsRefused(
            _("Nobody gives roles to themselves. Ask someone else who administers the portal.")
        )
    lock(Guarded.GRANTS)
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        raise AccountsRefused(
            _("%(person)s is deactivated and can't be given a role.") % {"person": user}, "user"
        )
    if starts_on and ends_on and ends_on < starts_on:
        raise AccountsRefused(_("It can't end before it starts."), "ends_on")
    kept = RoleGrant.objects.filter(user=user, role=role, unit=unit).first()
    if seen not in (None, NOT_HELD):
        if kept is None:
            raise AccountsRefused(_("This role was ended meanwhile. Give it anew, if it shall hold."))
        version_check(kept, GRANT_DATES, seen)
    if unit and not kept and BusinessUnit.objects.filter(pk=unit.pk, archived_at__isnull=False).exists():
        raise AccountsRefused(_("%(unit)s is archived.") % {"unit": unit.name}, "unit")
    grant = kept or RoleGrant(user=user, role=role, unit=unit)
    before = _plain(grant) if kept else {}
    grant.starts_on, grant.ends_on, grant.granted_by = starts_on, ends_on, actor
    if kept and before == _plain(grant):
        return kept
    if kept and seen == NOT_HELD:
        kept.refresh_from_db()
        raise AccountsRefused(
            _("%(person)s holds the role %(grant)s already. Change its dates on the person's page.")
            % {"person": user, "grant": grant_words(kept)}
        )
    if kept and not _lasts(grant, organisation_day(now)):
        _keep_a_holder(role, without=user, now=now)
    grant.save()
    sessions_end_others(user=user)
    entry_write(
        action="accounts.grant.changed" if kept else "accounts.grant.given",
        actor=actor,
        subject=user.full_name,
        before=before,
        after=_plain(grant),
    )
    sentence = (
        _("%(actor)s changed the role %(grant)s of %(person)s.")
        if kept
        else _("%(actor)s gave the role %(grant)s to %(person)s.")
    )
    _tell(grant, sentence, actor, now)
    return grant


@transaction.atomic
def grant_end(*, grant: RoleGrant, actor: User, now: datetime, comment: str = "") -> None:
    """Take a role from a person at once. Raises AccountsRefused for the last CISO or administrator.

    The row goes, so that it counts nowhere; what it said stays in the trail. The person's sessions end. One that is gone
    already is no error.
    """
    lock(Guarded.GRANTS)
    kept = RoleGrant.objects.select_related("user", "unit").filter(pk=grant.pk).first()
    if kept is None:
        return
    if kept.unit_id is None:
        _keep_a_holder(Role(kept.role), without=kept.user, now=now)
    before = _plain(kept)
    kept.delete()
    sessions_end_others(user=kept.user)
    entry_write(
        action="accounts.grant.ended",
        actor=actor,
        subject=kept.user.full_name,
        before=before,
        comment=comment,
    )
    _tell(kept, _("%(actor)s took the role %(grant)s from %(person)s."), actor, now)


def leaving_check(*, user: User, now: datetime) -> None:
    """Raise AccountsRefused when the organisation would lose its last CISO or administrator with this person.

    Must be called inside a transaction: until it ends, no grant changes.
    """
    lock(Guarded.GRANTS)
    for role in INDISPENSABLE:
        _keep_a_holder(role, without=user, now=now)


def _keep_a_holder(role: Role, *, without: User, now: datetime) -> None:
    if role not in INDISPENSABLE:
        return
    holders = lasting_holders(role, on=organisation_day(now))
    if holders.filter(pk=without.pk).exists() and not holders.exclude(pk=without.pk).exists():
        raise AccountsRefused(
            _(
                "%(person)s is the only one who holds the role %(role)s for good: give it to someone else first."
            )
            % {"person": without, "role": role.label}
        )


def _tell(grant: RoleGrant, sentence: str, actor: User | None, now: datetime) -> None:
    """Tell the person, and of the weightiest roles everyone who holds one in the whole organisation, but never who did it."""
    if actor is None:
        return
    words = sentence % {"actor": actor, "grant": grant_words(grant), "person": grant.user}
    if grant.user_id != actor.pk:
        tell(
            people=[grant.user],
            kind=ROLES,
            title=_("Your roles changed"),
            sentence=words,
            path=reverse("accounts:profile"),
            now=now,
        )
    if Role(grant.role) in INDISPENSABLE:
        holders = {
            person
            for role in INDISPENSABLE
            for person in lasting_holders(role, on=organisation_day(now))
            if person.pk not in (actor.pk, grant.user_id)
        }
        tell(
            people=holders,
            kind=ROLES,
            title=_("Roles of %(person)s changed") % {"person": grant.user},
            sentence=words,
            path=reverse("accounts:person-detail", args=[grant.user_id]),
            now=now,
        )


def grant_words(grant: RoleGrant) -> str:
    """Return a grant in words: which role, where, and from when until when."""
    words = _("“%(role)s” for %(where)s") % {
        "role": grant.get_role_display(),
        "where": _("%(unit)s and all below it") % {"unit": grant.unit.name}
        if grant.unit
        else _("the whole organisation"),
    }
    if grant.starts_on:
        words = _("%(words)s from %(day)s") % {"words": words, "day": date_format(grant.starts_on)}
    if grant.ends_on:
        words = _("%(words)s until %(day)s") % {"words": words, "day": date_format(grant.ends_on)}
    return words


def _lasts(grant: RoleGrant, today: date) -> bool:
    return (
        grant.unit_id is None
        and grant.ends_on is None
        and (grant.starts_on is None or grant.starts_on <= today)
    )


def _plain(grant: RoleGrant) -> dict[str, Any]:
    """Return a grant as the trail keeps it."""
    return {
        "role": str(grant.role),
        "unit": grant.unit.name if grant.unit else None,
        "from": grant.starts_on.isoformat() if grant.starts_on else None,
        "until": grant.ends_on.isoformat() if grant.ends_on else None,
    }
