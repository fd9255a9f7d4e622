"""Stand-ins: naming one for some days, and ending it."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.accounts.models import Delegation, User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.services.errors import AccountsRefused
from foundation.accounts.services.telling import tell
from foundation.trail.services import entry_write

STAND_IN = "accounts.stand_in"
LONGEST = timedelta(days=366)


@transaction.atomic
def delegation_make(
    *, person: User, stand_in: User, starts_on: date, ends_on: date, actor: User, now: datetime
) -> Delegation:
    """Let someone stand in for a person from a day until a day; both are told.

    One stand-in at a time. An administrator may name one for someone who is away, but never themselves. Raises
    AccountsRefused for that, for days in the wrong order, over already or more than a year, for people who are not active,
    and where another stands in on one of the days.
    """
    people = User.objects.select_for_update(no_key=True).filter(pk__in=[person.pk, stand_in.pk])
    locked = {one.pk: one for one in people.order_by("pk")}
    if person.pk == stand_in.pk:
        raise AccountsRefused(_("Nobody stands in for themselves."), "stand_in")
    if actor.pk == stand_in.pk:
        raise AccountsRefused(_("Nobody names themselves as a stand-in of others."), "stand_in")
    for one in locked.values():
        if not one.is_active:
            raise AccountsRefused(_("The account of %(person)s is closed.") % {"person": one}, "stand_in")
    if ends_on < starts_on:
        raise AccountsRefused(_("It can't end before it starts."), "ends_on")
    if ends_on < organisation_day(now):
        raise AccountsRefused(_("This is over already."), "ends_on")
    if ends_on - starts_on > LONGEST:
        raise AccountsRefused(_("A stand-in is named for a year at most."), "ends_on")
    other = person.delegations.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if other:
        raise AccountsRefused(
            _("%(stand_in)s stands in from %(start)s until %(end)s.")
            % {
                "stand_in": other.stand_in,
                "start": date_format(other.starts_on),
                "end": date_format(other.ends_on),
            },
            "starts_on",
        )
    delegation = Delegation.objects.create(
        person=person,
        stand_in=stand_in,
        starts_on=starts_on,
        ends_on=ends_on,
        created_by=actor,
        created_at=now,
    )
    entry_write(
        action="accounts.delegation.made", actor=actor, subject=person.full_name, after=_plain(delegation)
    )
    _tell(
        delegation,
        actor,
        _("%(stand_in)s stands in for %(person)s from %(start)s until %(end)s: decides approvals for them."),
        now,
    )
    return delegation


@transaction.atomic
def delegation_end(*, delegation: Delegation, actor: User, now: datetime) -> None:
    """Let someone stand in no longer, at once; both are told. One that is over or gone already is no error."""
    kept = Delegation.objects.select_for_update(of=("self",)).select_related("person", "stand_in")
    found = kept.filter(pk=delegation.pk, ends_on__gte=organisation_day(now)).first()
    if found is None:
        return
    before = _plain(found)
    yesterday = organisation_day(now) - timedelta(days=1)
    if found.starts_on > yesterday:
        found.delete()
    else:
        found.ends_on = yesterday
        found.save(update_fields=["ends_on"])
    entry_write(
        action="accounts.delegation.ended", actor=actor, subject=found.person.full_name, before=before
    )
    _tell(found, actor, _("%(stand_in)s stands in for %(person)s no longer."), now)


def delegations_end_all(*, user: User, actor: User, now: datetime) -> None:
    """End all delegations of and to a person who leaves; must be called inside a transaction."""
    on = organisation_day(now)
    for delegation in [*user.delegations.filter(ends_on__gte=on), *user.stands_in.filter(ends_on__gte=on)]:
        delegation_end(delegation=delegation, actor=actor, now=now)


def _tell(delegation: Delegation, actor: User, sentence: str, now: datetime) -> None:
    words = sentence % {
        "stand_in": delegation.stand_in,
        "person": delegation.person,
        "start": date_format(delegation.starts_on),
        "end": date_format(delegation.ends_on),
    }
    tell(
        people=[one for one in (delegation.person, delegation.stand_in) if one.pk != actor.pk],
        kind=STAND_IN,
        title=_("Stand-in of %(person)s") % {"person": delegation.person},
        sentence=words,
        path=reverse("accounts:profile"),
        now=now,
    )


def _plain(delegation: Delegation) -> dict[str, str]:
    return {
        "stand_in": delegation.stand_in.full_name,
        "from": delegation.starts_on.isoformat(),
        "until": delegation.ends_on.isoformat(),
    }
