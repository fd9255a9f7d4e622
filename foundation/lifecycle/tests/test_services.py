"""Taking steps: what is refused to whom, what is written, and two people at once."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import transaction

from foundation.accounts.choices import Role
from foundation.accounts.rights import RIGHTS
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.lifecycle.contributions import state_words
from foundation.lifecycle.pages import record_steps
from foundation.lifecycle.services import (
    TransitionForbidden,
    TransitionRefused,
    apply_transition,
    available_transitions,
)
from foundation.lifecycle.tables import Lifecycle, Transition
from foundation.lifecycle.tests.conftest import TRANSITIONS, PleaState, table
from foundation.records.models import Participant, Record
from foundation.registry import registry
from foundation.testing.races import elsewhere, together, wait_until_blocked
from foundation.trail.models import Entry

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def _take(record, name, actor, comment="Because", **options):
    return apply_transition(record=record, name=name, actor=actor, now=NOW, comment=comment, **options)


def _steps(record) -> list[str]:
    actions = Entry.objects.filter(record_id=record.pk, action__startswith="records.plea.").order_by("pk")
    return [action.rpartition(".")[2] for action in actions.values_list("action", flat=True)]


def test_a_step_writes_state_version_trail_and_what_follows(cast, plea):
    record = plea(cast.analyst, state="sent")
    taken = _take(record, "judge", cast.ciso, comment="  Fair enough  ")
    record.refresh_from_db()
    assert (record.state, record.version, taken.state) == ("judged", 2, "judged")
    entry = Entry.objects.get(action="records.plea.judge")
    assert (entry.actor_id, entry.before, entry.after, entry.comment) == (
        cast.ciso.pk,
        {"state": "sent"},
        {"state": "judged"},
        "Fair enough",
    )
    assert Participant.objects.get(record=record).user_id == cast.ciso.pk


@pytest.mark.parametrize("state", PleaState.values)
@pytest.mark.parametrize(
    "step", [step for step in TRANSITIONS if not step.by_approval], ids=lambda step: step.name
)
def test_state_by_transition(cast, plea, state, step):
    record = plea(cast.analyst, state=state)
    if state in step.sources:
        assert _take(record, step.name, cast.ciso).state == step.target
        return
    with pytest.raises(TransitionRefused, match=f"PLE-0001 is now “{PleaState(state).label}”"):
        _take(record, step.name, cast.ciso)
    record.refresh_from_db()
    assert (record.state, record.version, _steps(record)) == (state, 1, ["created"])


@pytest.mark.parametrize("role", [*Role, None])
@pytest.mark.parametrize(
    "step", [step for step in TRANSITIONS if not step.by_approval], ids=lambda step: step.name
)
@pytest.mark.parametrize("place", ["own unit", "unit above", "other unit", "everywhere"])
def test_right_by_unit(cast, plea, role, step, place):
    person = UserFactory.create(unit=cast.units.cards)
    units = {
        "own unit": cast.units.cards,
        "unit above": cast.units.payments,
        "other unit": cast.units.retail,
        "everywhere": None,
    }
    if role:
        RoleGrantFactory.create(user=person, role=role, unit=units[place])
    record = plea(cast.analyst, state=step.sources[0], unit=cast.units.cards)
    may = role in RIGHTS[step.right].roles and place != "other unit"
    offered = {offer.transition.name for offer in available_transitions(record, person)}
    assert (step.name in offered) is may
    if may:
        assert _take(record, step.name, person).state == step.target
        return
    with pytest.raises(TransitionForbidden):
        _take(record, step.name, person)
    record.refresh_from_db()
    assert (record.state, _steps(record)) == (step.sources[0], ["created"])


def test_the_owner_takes_a_step_that_owners_may_take(cast, plea):
    record = plea(cast.personnel)
    assert [offer.transition.name for offer in available_transitions(record, cast.personnel)] == ["send"]
    assert _take(record, "send", cast.personnel).state == "sent"
    with pytest.raises(TransitionForbidden):
        _take(record, "withdraw", cast.personnel)


def test_no_right_gives_what_is_its_owners_alone(cast, plea, monkeypatch):
    own = replace(TRANSITIONS[0], right="")
    monkeypatch.setitem(registry._items[Lifecycle], "plea", table(transitions=(own, *TRANSITIONS[1:])))
    record = plea(cast.personnel)
    assert "send" not in {offer.transition.name for offer in available_transitions(record, cast.ciso)}
    with pytest.raises(TransitionForbidden, match=f"up to {cast.personnel} alone"):
        _take(record, "send", cast.ciso)
    assert _take(record, "send", cast.personnel).state == "sent"


def test_a_deactivated_owner_takes_none(cast, plea):
    record = plea(cast.personnel)
    cast.personnel.is_active = False
    with pytest.raises(TransitionForbidden):
        _take(record, "send", cast.personnel)


def test_an_unknown_step_is_refused(cast, plea):
    with pytest.raises(TransitionRefused, match="no such step"):
        _take(plea(cast.analyst), "burn", cast.ciso)


@pytest.mark.parametrize("comment", ["", "   ", "\n\t"])
def test_a_step_that_needs_a_reason_is_refused_without_one(cast, plea, comment):
    record = plea(cast.analyst)
    with pytest.raises(TransitionRefused, match="needs a reason"):
        _take(record, "withdraw", cast.ciso, comment=comment)
    assert _steps(record) == ["created"]
    assert _take(record, "withdraw", cast.ciso, comment="Not needed").state == "withdrawn"


def test_what_stands_against_a_step_is_told(cast, plea):
    record = plea(cast.ciso, state="sent")
    with pytest.raises(TransitionRefused, match="own plea"):
        _take(record, "judge", cast.ciso)
    offers = {offer.transition.name: offer.refusal for offer in available_transitions(record, cast.ciso)}
    assert offers == {"judge": "Nobody judges the own plea.", "withdraw": None}
    record.refresh_from_db()
    assert record.state == "sent"


def test_a_step_of_an_approval_is_taken_by_its_outcome_alone(cast, plea):
    record = plea(cast.analyst, state="sent")
    assert "settle" not in {offer.transition.name for offer in available_transitions(record, cast.ciso)}
    with pytest.raises(TransitionRefused, match="approval"):
        _take(record, "settle", cast.ciso)
    with pytest.raises(TransitionRefused, match="approval"):
        _take(record, "judge", cast.ciso, by_approval=True)
    assert _take(record, "settle", cast.outsider, by_approval=True).state == "judged"


def test_a_step_that_does_not_apply_is_neither_offered_nor_taken(cast, plea, monkeypatch):
    of_the_ciso = Transition(
        name="hurry",
        label="Hurry",
        sources=("draft",),
        target="sent",
        right="audits.plan",
        applies=lambda record: record.owner_id == cast.ciso.pk,
    )
    monkeypatch.setitem(registry._items[Lifecycle], "plea", table(transitions=(of_the_ciso,)))
    record, other = plea(cast.ciso), plea(cast.analyst)
    assert [offer.transition.name for offer in available_transitions(record, cast.analyst)] == ["hurry"]
    assert available_transitions(other, cast.analyst) == []
    with pytest.raises(TransitionRefused, match="This step is not one that PLE-0002 takes."):
        _take(other, "hurry", cast.analyst)
    assert _steps(other) == ["created"]
    assert _take(record, "hurry", cast.analyst).state == "sent"


def test_records_of_a_kind_may_go_different_ways(cast, plea, monkeypatch):
    ways = table(
        path_of=lambda record: ("draft", "judged") if record.owner_id == cast.ciso.pk else ("draft",)
    )
    monkeypatch.setitem(registry._items[Lifecycle], "plea", ways)
    assert [str(one.label) for one in record_steps(plea(cast.ciso))] == ["Draft", "Judged"]
    assert [str(one.label) for one in record_steps(plea(cast.analyst, state="sent"))] == ["Draft", "Sent"]


def test_a_consequence_that_fails_leaves_nothing(cast, plea, monkeypatch):
    record = plea(cast.analyst, state="sent")

    def fail(moment):
        Participant.objects.create(record=moment.record, role="judge", user=moment.actor)
        raise RuntimeError("no room")

    broken = Transition(
        name="judge", label="", sources=("sent",), target="judged", right="audits.close", consequence=fail
    )
    monkeypatch.setitem(registry._items[Lifecycle], "plea", table(transitions=(broken,)))
    with pytest.raises(RuntimeError):
        _take(record, "judge", cast.ciso)
    record.refresh_from_db()
    assert (record.state, record.version, _steps(record)) == ("sent", 1, ["created"])
    assert not Participant.objects.exists()


def test_of_two_people_on_one_step_one_wins_and_the_other_is_told(committed_cast, plea):
    record = plea(committed_cast.analyst, state="sent")
    with transaction.atomic():
        _take(record, "judge", committed_cast.ciso)
        second = elsewhere(lambda: _take(Record.objects.get(pk=record.pk), "judge", committed_cast.ciso))
        wait_until_blocked()
        assert not second.done()
    refusal = second.exception(15)
    assert isinstance(refusal, TransitionRefused)
    assert "is now “Judged”" in str(refusal)
    assert _steps(record) == ["created", "judge"]


def test_of_two_people_on_two_steps_one_wins_and_the_other_is_told(committed_cast, plea):
    record = plea(committed_cast.analyst, state="sent")
    answers = together(
        lambda: _take(record, "judge", committed_cast.ciso).state,
        lambda: _take(record, "withdraw", committed_cast.auditor).state,
    )
    won = [answer for answer in answers if isinstance(answer, str)]
    told = [answer for answer in answers if isinstance(answer, TransitionRefused)]
    record.refresh_from_db()
    assert (len(won), len(told)) == (1, 1)
    assert record.state == won[0]
    assert len(_steps(record)) == record.version == 2


def test_when_the_first_fails_the_second_takes_the_step(committed_cast, plea):
    record = plea(committed_cast.analyst, state="sent")
    transaction.set_autocommit(False)
    try:
        _take(record, "withdraw", committed_cast.ciso)
        second = elsewhere(lambda: _take(record, "judge", committed_cast.ciso).state)
        wait_until_blocked()
        transaction.rollback()
    finally:
        transaction.set_autocommit(True)
    assert second.result(15) == "judged"
    assert _steps(record) == ["created", "judge"]


def test_a_table_that_names_unknown_states_is_refused():
    lost = Transition(name="lose", label="", sources=("draft",), target="lost", right="audits.plan")
    with pytest.raises(ValueError, match="unknown states: \\['lost'\\]"):
        table(transitions=(lost,))
    with pytest.raises(KeyError):
        table().transition("lose")


def test_states_have_words(pleas):
    assert state_words("plea", "judged") == "Judged"
    assert state_words("plea", "unheard of") is None
    assert state_words("no kind", "judged") is None
