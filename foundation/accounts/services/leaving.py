"""Closing an account: what is open in the person's hands goes to others, in the same transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.services.delegations import delegations_end_all
from foundation.accounts.services.errors import AccountsRefused
from foundation.accounts.services.grants import leaving_check
from foundation.accounts.services.links import links_revoke
from foundation.accounts.services.people import active_set, user_change
from foundation.accounts.services.telling import tell
from foundation.registry import HandOver, HandOverRefused, Held, registry

HANDED_OVER = "accounts.work"


@dataclass(frozen=True)
class HeldWork:
    """Open work of one sort in a person's hands."""

    sort: HandOver
    held: Held

    @property
    def more(self) -> int:
        """Return how much of it is seen by the reader and not listed."""
        return self.held.count - self.held.hidden - len(self.held.shown)


def work_held(*, person: User, reader: User, now: datetime) -> list[HeldWork]:
    """Return what is open in a person's hands, by sort, in the order in which it is handed over."""
    work = [
        HeldWork(sort, sort.held(person=person, reader=reader, now=now)) for sort in registry.hand_overs()
    ]
    return [one for one in work if one.held.count]


@transaction.atomic
def user_deactivate(
    *,
    user: User,
    actor: User,
    now: datetime,
    comment: str = "",
    successor: User | None = None,
    successors: Mapping[str, User] | None = None,
) -> User:
    """Close a person's account: all sessions end, and no mail goes there any more.

    Everything open in the person's hands goes to `successor`, or to whom `successors` names for a sort (by its key), all or
    nothing; they are told. What the person did stays. Raises AccountsRefused for oneself, for the last CISO or administrator,
    when something is open and nobody takes it, and when somebody can't take it.
    """
    if user.pk == actor.pk:
        raise AccountsRefused(_("You can't deactivate your own account."))
    leaving_check(user=user, now=now)
    people = {
        user.pk,
        *([successor.pk] if successor else []),
        *(one.pk for one in (successors or {}).values()),
    }
    locked = {one.pk: one for one in User.objects.select_for_update().filter(pk__in=people).order_by("pk")}
    given: dict[User, list[str]] = {}
    for sort in registry.hand_overs():
        to = (successors or {}).get(sort.key) or successor
        if to is None:
            if sort.held(person=user, reader=actor, now=now).count:
                raise AccountsRefused(_("Say who takes over: %(what)s.") % {"what": sort.label}, "successor")
            continue
        if to.pk == user.pk or not locked[to.pk].is_active:
            raise AccountsRefused(_("%(person)s can't take anything over.") % {"person": to}, "successor")
        try:
            count = sort.hand_over(person=user, to=to, actor=actor, now=now)
        except HandOverRefused as refused:
            raise AccountsRefused(str(refused)) from refused
        if count:
            given.setdefault(to, []).append(f"{sort.label}: {count}")
    links_revoke(user=user, now=now)
    delegations_end_all(user=user, actor=actor, now=now)
    for to, what in given.items():
        tell(
            people=[to],
            kind=HANDED_OVER,
            title=_("Work of %(person)s was handed over to you") % {"person": user},
            sentence=_("%(what)s.") % {"what": "; ".join(what)},
            path="/",
            now=now,
        )
    also: dict[str, Any] = {"handed_over_to": {str(to): what for to, what in given.items()}} if given else {}
    return active_set(user, active=False, actor=actor, comment=comment, also=also)


def reports_held(*, person: User, reader: User, now: datetime) -> Held:
    """Return a preview of the people who report to a person."""
    reports = person.reports.filter(is_active=True).order_by("full_name", "pk")
    names = list(reports.values_list("full_name", flat=True))
    return Held(count=len(names), shown=tuple((name, "") for name in names[:10]))


def reports_hand_over(*, person: User, to: User, actor: User, now: datetime) -> int:
    """Let the people who report to a person report to another, and return how many.

    Whoever would thereby report to oneself, directly or over others, reports to the person's own manager.
    """
    reports = list(person.reports.filter(is_active=True).order_by("pk"))
    above = _line_of(to)
    for report in reports:
        manager = person.manager if report.pk in above else to
        user_change(user=report, changes={"manager": manager}, actor=actor, now=now)
    return len(reports)


def _line_of(person: User) -> set[int]:
    """Return the ids of a person and of everyone above, up the line of managers."""
    line: set[int] = set()
    next_id: int | None = person.pk
    while next_id is not None and next_id not in line:
        line.add(next_id)
        next_id = User.objects.values_list("manager_id", flat=True).get(pk=next_id)
    return line
