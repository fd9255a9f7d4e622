"""What a kind of record asks of the actions that follow from its records."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.actions.choices import NOT_AGREED, SETTLED, ActionNature, ActionState
from foundation.actions.models import Action
from foundation.records.models import Record
from foundation.records.services import record_hold
from foundation.registry import registry

Agreeing = Callable[[User], str | None]  # tells why a person agrees on nothing somewhere, or None
AT_ONCE = 500  # actions whose sources are read together


@dataclass(frozen=True, kw_only=True)
class ActionSource:
    """The nature that actions have which follow from records of a kind (`key`), unless another is chosen.

    `settled(source)` returns why nothing more is agreed on there as it stands, or None. `agreeing(sources)` reads who has a side
    in each, by a few queries whatever their number, and returns by the key of the source a function that tells why a person so
    agrees on nothing there, changes nothing that was agreed on, and judges nothing of it, or None.
    Where those who see to the source propose actions, `proposing(source=…, person=…)` returns why a person proposes nothing,
    `proposers(source_id)` who may propose there, `owning(source=…, person=…)` why a person is not to own what is done there, and
    `deciders(source_ids)` by the key of the source who is to agree, or to return it, the first who may (`decider_of()`).

    `opened_again(source=…, action=…, actor=…, now=…, comment=…)` is called, in the transaction of the step, when an action
    that was thought to be settled is open again: it did not work, or was reopened; it opens the source in the states of `opens`. `moved(source=…, actor=…, now=…)` is called,
    in the transaction, when an action was proposed, agreed on, returned, done, verified, cancelled, or turned into one of another nature. `locks_first(source_id)` locks what the source
    belongs to, before the source is held and then the action locked (`source_held_first()`).
    """

    key: str
    nature: ActionNature
    settled: Callable[[Record], str | None] | None = None
    agreeing: Callable[[Collection[Record]], Mapping[int, Agreeing]] | None = None
    proposing: Callable[..., str | None] | None = None
    proposers: Callable[[int], list[User]] | None = None
    owning: Callable[..., str | None] | None = None
    deciders: Callable[[Collection[int]], Mapping[int, list[User]]] | None = None
    opened_again: Callable[..., None] | None = None
    opens: frozenset[str] = frozenset()
    moved: Callable[..., None] | None = None
    locks_first: Callable[[int], None] | None = None


def usual_nature(source: Record) -> ActionNature:
    """Return the nature that an action has which follows from a record, unless another is chosen."""
    entry = registry.find(ActionSource, source.kind)
    return entry.nature if entry else ActionNature.TASK


def agreeing_refusal(*, source: Record, person: User, action: Action | None = None) -> str | None:
    """Return why a person agrees on no action there as it stands, or None. The right is another matter.

    Of an action in hand, who has a side there is read once. What follows from an action is agreed on by the rule of where the chain of actions starts, and only once that is agreed on itself.
    """
    if source.kind == "action" and source.state in NOT_AGREED:
        return _("Nobody agreed on %(reference)s, so nothing follows from it.") % {
            "reference": source.reference
        }
    if refusal := _above_refusal(source):
        return refusal
    entry, root = _entry_of(source)
    if entry is None:
        return None
    if entry.settled and (refusal := entry.settled(root)):
        return refusal
    if action is not None:
        return agreed_side_refusal(action=action, person=person)
    return entry.agreeing([root])[root.pk](person) if entry.agreeing else None


def opening_refusal(*, action: Action) -> str | None:
    """Return why nothing is opened again where the chain of actions starts as it stands, or None: as nothing more is agreed on there.

    But for what an action opens again itself, when it follows from that directly. Nothing is opened below what is settled.
    """
    entry, root = _entry_of(action.source)
    opens = entry is not None and root.pk == action.source_id and root.state in entry.opens
    settled = entry.settled(root) if entry and entry.settled and not opens else None
    return settled or _above_refusal(action.source)


def _above_refusal(source: Record) -> str | None:
    """Return why nothing is to be done below an action that is settled, or None."""
    if source.kind != "action" or source.state not in SETTLED:
        return None
    return _("%(reference)s is “%(state)s”, so nothing more is done below it. Reopen it first.") % {
        "reference": source.reference,
        "state": ActionState(source.state).label,
    }


def agreed_side_refusal(*, action: Action, person: User) -> str | None:
    """Return why a person with a side where the chain of actions starts agrees on nothing there, or None. Read once for each action in hand."""
    if action.agreeing is None:
        agreeing_shared([action])
    assert action.agreeing is not None
    return action.agreeing(person)


def agreeing_shared(actions: Collection[Action]) -> None:
    """Let actions in hand read together who has a side there, when one is first asked: a few queries, whatever their number."""
    sources = {action.source_id: action.source for action in actions}
    read = cache(lambda: _agreeing_at(sources))
    for action in actions:
        action.agreeing = partial(_tell, read, action.source_id)


def _tell(read: Callable[[], Mapping[int, Agreeing]], source_id: int, person: User) -> str | None:
    return read()[source_id](person)


def _agreeing_at(sources: Mapping[int, Record]) -> dict[int, Agreeing]:
    """Read who has a side where the chains of actions start that go on from sources; by the key of the source."""
    roots = _roots_of({key: source.kind for key, source in sources.items()})
    asked: dict[str, ActionSource] = {}
    for _key, kind in roots.values():
        entry = registry.find(ActionSource, kind)
        if entry and entry.agreeing:
            asked[kind] = entry
    above = [key for key, kind in roots.values() if kind in asked and key not in sources]
    found: dict[int, Record] = {**sources, **(Record.objects.in_bulk(above) if above else {})}
    told: dict[int, Agreeing] = {}
    for kind, entry in asked.items():
        assert entry.agreeing is not None
        told |= entry.agreeing([found[key] for key in {key for key, of in roots.values() if of == kind}])
    return {key: told.get(root, _agrees) for key, (root, _kind) in roots.items()}


def _agrees(person: User) -> str | None:
    return None


def _entry_of(source: Record) -> tuple[ActionSource | None, Record]:
    """Return what is asked where the chain of actions starts that goes on from a source, and the record there: unread, where nothing is asked."""
    root_id, kind = _root_of(source.pk, source.kind)
    entry = registry.find(ActionSource, kind)
    is_read = root_id == source.pk or entry is None
    return entry, source if is_read else Record.objects.get(pk=root_id)


def proposing_refusal(*, source: Record, person: User) -> str | None:
    """Return why a person proposes no action there, or None."""
    entry = registry.find(ActionSource, source.kind)
    if entry is None or entry.proposing is None:
        return _("Nobody proposes actions here: they are agreed on.")
    return entry.proposing(source=source, person=person)


def proposers_of(source: Record) -> list[User]:
    """Return who may propose actions there, and revise what was returned."""
    entry = registry.find(ActionSource, source.kind)
    return entry.proposers(source.pk) if entry and entry.proposers else []


def owning_refusal(*, source: Record, person: User) -> str | None:
    """Return why a person can't own what is to be done there, directly or over other actions, or None."""
    entry, root = _entry_of(source)
    return entry.owning(source=root, person=person) if entry and entry.owning else None


def deciders_wanted(sources: Iterable[Record]) -> dict[int, list[User]]:
    """Return who is to agree on what was proposed there, or to return it, in this order, at least one: whether they may is another matter.

    By the key of the source; a few queries for each kind, whatever the number.
    """
    by_kind: dict[str, dict[int, Record]] = {}
    for source in sources:
        by_kind.setdefault(source.kind, {})[source.pk] = source
    wanted: dict[int, list[User]] = {}
    for kind, found in by_kind.items():
        entry = registry.find(ActionSource, kind)
        named = entry.deciders(list(found)) if entry and entry.deciders else {}
        wanted |= {key: named.get(key) or [source.owner] for key, source in found.items()}
    return wanted


def takes_side(*, action: Action, person: User) -> bool:
    """Tell whether a person has a side in what an action follows from, directly or over other actions. Read once for each action in hand."""
    return agreed_side_refusal(action=action, person=person) is not None


def _root_of(source_id: int, kind: str) -> tuple[int, str]:
    """Return the key and the kind of where the chain of actions starts that goes on from a source."""
    return _roots_of({source_id: kind})[source_id]


def _roots_of(kinds: Mapping[int, str]) -> dict[int, tuple[int, str]]:
    """Return the keys and the kinds of where the chains of actions start that go on from sources; one query for each link of the longest."""
    roots = {key: (key, kind) for key, kind in kinds.items()}
    while links := {key: root for key, (root, kind) in roots.items() if kind == "action"}:
        rows = Action.objects.filter(pk__in=links.values()).values_list("pk", "source_id", "source__kind")
        above = {pk: (source_id, kind) for pk, source_id, kind in rows}
        roots |= {key: above[root] for key, root in links.items()}
    return roots


def source_opened_again(*, action: Record, source: Record, actor: User, now: datetime, comment: str) -> None:
    """Let the kind of record where the chain of actions starts that leads to this one know that it is open again."""
    entry, root = _entry_of(source)
    if entry and entry.opened_again:
        entry.opened_again(source=root, action=action, actor=actor, now=now, comment=comment)


def source_moved(*, source: Record, actor: User, now: datetime) -> None:
    """Let the kind of record where the chain of actions starts know that there is one more, or that one is done, verified, cancelled or of another nature."""
    entry, root = _entry_of(source)
    if entry and entry.moved:
        entry.moved(source=root, actor=actor, now=now)


def source_held(source: Record) -> None:
    """Hold what actions are to follow from, before that where the chain of actions starts, and first what that belongs to.

    Until the transaction ends nothing of it is settled, changes its unit, or becomes restricted, past an action just agreed on or proposed.
    """
    root_id = _root_held(source.pk, source.kind)
    if root_id != source.pk:
        record_hold(source.pk, alone=True)


def source_held_first(action: Record) -> None:
    """Hold where the chain of actions starts that leads to this one, and before that what this belongs to.

    Call it before the action is locked, as all lock in this order: then what it follows from is not settled while the action
    is opened again, and may itself be opened again by it.
    """
    assert isinstance(action, Action)
    _root_held(action.source_id, Record.objects.values_list("kind", flat=True).get(pk=action.source_id))


def _root_held(source_id: int, kind: str) -> int:
    root_id, kind = _root_of(source_id, kind)
    entry = registry.find(ActionSource, kind)
    if entry and entry.locks_first:
        entry.locks_first(root_id)
    # Alone from the start: two who held it beside each other, and then both wrote it, would wait for each other for ever.
    record_hold(root_id, alone=True)
    return root_id
