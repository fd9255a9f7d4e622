"""Who verifies a corrective action is always somebody who may: when that ends, another is asked and told."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from foundation.accounts.access import accesses_read
from foundation.accounts.models import BusinessUnit, User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.selectors import people_with_right
from foundation.actions.choices import ActionState
from foundation.actions.models import Action, ActionListing
from foundation.actions.querysets import ActionListingQuerySet
from foundation.actions.services.dates import dates_follow
from foundation.actions.services.judging import VERIFY, namers_of, verifier_for, verifier_refusal
from foundation.actions.services.telling import NOBODY_VERIFIES, TO_VERIFY, action_tell
from foundation.actions.sources import AT_ONCE, agreeing_shared, source_held_first, takes_side
from foundation.records.services import participants_set, record_update

VERIFIER = "actions.verifier"  # the part of who verifies it


def verifier_follow(
    *, action: Action, actor: User | None, now: datetime, leaving: User | None = None
) -> Action:
    """Let another verify an action whose verifier may not any more, and return it as it is then.

    Call it when its owner, its unit, what it follows from or the people there have changed. Who is named stays as long as
    possible; the trail says why it is another. Where nobody can verify it, whoever can name somebody is told.
    """
    if not action.is_corrective or action.is_settled or action.is_proposal:
        return action
    kept = action.verifier
    reason = verifier_lost(action=action, now=now, leaving=leaving)
    if kept is not None and reason is None:
        return action
    verifier = verifier_for(
        action=action,
        wanted=(action.agreed_by or action.created_by, action.source.owner),
        now=now,
        leaving=leaving,
    )
    return verifier_set(action=action, verifier=verifier, actor=actor, now=now, comment=reason or "")


def verifier_lost(*, action: Action, now: datetime, leaving: User | None = None) -> str | None:
    """Return why who is named can't verify an action any more, or None; None also where nobody is named."""
    verifier = action.verifier
    if verifier is None:
        return None
    if leaving is not None and verifier.pk == leaving.pk:
        return _("%(person)s has left, so somebody else must verify it.") % {"person": verifier}
    return verifier_refusal(action=action, verifier=verifier, now=now)


def verifier_set(
    *, action: Action, verifier: User | None, actor: User | None, now: datetime, comment: str = ""
) -> Action:
    """Let a person verify an action, or nobody, and return it as it is then: its reminders go there, and the person is told.

    Must be called inside a transaction, by who has seen to it that the person may.
    """
    before = action.verifier_id
    changed = record_update(
        record=action,
        changes={"verifier": verifier},
        actor=actor,
        version=action.version,
        comment=comment,
    )
    verifier_named(action=changed, actor=actor)
    dates_follow(action=changed, now=now)
    if changed.verifier_id != before:
        verifier_told(action=changed, actor=actor, now=now)
    return changed


def verifier_named(*, action: Action, actor: User | None) -> None:
    """Name who verifies an action in it, so that the person sees it even when it is restricted."""
    participants_set(
        record=action, role=VERIFIER, users=[action.verifier] if action.verifier else [], actor=actor
    )


def verifier_told(*, action: Action, actor: User | None, now: datetime) -> None:
    """Tell who verifies an action what waits for the person, or whoever can name somebody that nobody does."""
    if action.verifier is not None:
        waits = {
            ActionState.TO_VERIFY: _("Reported done, and waits for you to verify it."),
            ActionState.VERIFIED: _("Verified: you check whether it worked."),
        }.get(ActionState(action.state), _("Yours to verify, once it is reported done."))
        action_tell(action=action, kind=TO_VERIFY, people=[action.verifier], what=waits, actor=actor, now=now)
    elif action.is_corrective and not action.is_settled:
        action_tell(
            action=action,
            kind=NOBODY_VERIFIES,
            people=namers_of(action=action, now=now),
            what=_("Nobody can verify it now: name somebody."),
            actor=actor,
            now=now,
        )


def verifiers_lost(*, now: datetime) -> list[int]:
    """Return the keys of the actions whose verifier may not verify them any more, or that nobody verifies.

    Roles end by themselves, and people move into the unit whose work they judge. Four queries, one for the rights in each unit,
    one for each unit where somebody is to give way, and ten or so for each 500 such actions.
    """
    listed = ActionListing.objects.judged_some_day().unarchived()
    return sorted({*_without_right(listed, now), *_with_side(listed)})


def _without_right(listed: ActionListingQuerySet, now: datetime) -> Iterator[int]:
    named: dict[int, set[int | None]] = {}
    for unit_id, verifier_id in listed.order_by().values_list("unit_id", "verifier_id").distinct():
        named.setdefault(unit_id, set()).add(verifier_id)
    for unit in BusinessUnit.objects.filter(pk__in=named).order_by("pk"):
        holders = people_with_right(right=VERIFY, unit=unit, on=organisation_day(now))
        lost = named[unit.pk] - {*holders.values_list("pk", flat=True)}
        where = Q(verifier__in=[pk for pk in lost if pk is not None])
        if None in lost:
            where |= Q(verifier__isnull=True)
        if lost:
            yield from listed.filter(where, unit=unit).order_by().values_list("pk", flat=True)


def _with_side(listed: ActionListingQuerySet) -> Iterator[int]:
    named = listed.filter(verifier__isnull=False)
    people = User.objects.in_bulk(named.order_by().values_list("verifier_id", flat=True).distinct())
    accesses_read(people.values())
    actions = Action.objects.filter(pk__in=named.values("pk")).select_related("source").order_by("source")
    waiting = actions.iterator(chunk_size=AT_ONCE)
    while together := list(islice(waiting, AT_ONCE)):
        agreeing_shared(together)
        for action in together:
            if takes_side(action=action, person=people[action.verifier_id]):
                yield action.pk


@transaction.atomic
def verifier_look(*, key: int, now: datetime) -> bool:
    """Let another verify one of these actions, where somebody may, on the portal's own account; tell whether it is another now."""
    source_held_first(Action.objects.get(pk=key))
    action = Action.objects.locked().get(pk=key)
    return bool(verifier_follow(action=action, actor=None, now=now).verifier_id != action.verifier_id)
