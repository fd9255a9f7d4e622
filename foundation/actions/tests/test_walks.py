"""Whatever people do to a corrective action, one thing after another: who owns it never judges it, and the trail knows every step.

Each walk is a sequence of things that people try; what is refused changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from audits.tests.factories import NOW
from foundation.accounts.models import User
from foundation.accounts.services import AccountsRefused, user_deactivate
from foundation.actions.choices import SETTLED, ActionNature, ActionState
from foundation.actions.models import Action, ActionListing
from foundation.actions.services import VERIFIER, action_change, verifier_look, verifiers_lost
from foundation.actions.services.agreeing import USUAL_EFFECTIVENESS_DAYS
from foundation.actions.tests.factories import corrective_make
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import TransitionRefused, apply_transition
from foundation.records.services import StaleRecord
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db

PEOPLE = ("ciso", "analyst", "auditor", "personnel", "unit_lead")
STEPS = (
    "report_done",
    "verify",
    "send_back",
    "confirm_effective",
    "not_effective",
    "cancel",
    "reopen",
)
REFUSALS = (TransitionRefused, ValidationError, AccountsRefused, StaleRecord)
Deed = tuple[str, str, str]  # what is done, by whom, to or for whom

people = st.sampled_from(PEOPLE)
deeds = st.one_of(
    st.tuples(st.sampled_from(STEPS), people, st.just("")),
    st.tuples(st.sampled_from(("owner", "verifier", "task", "leave")), people, people),
)
# Mostly the way forward, so that walks come far; now and then anything.
ways = st.lists(
    st.one_of(
        st.tuples(st.just("report_done"), st.just("owner"), st.just("")),
        st.tuples(st.sampled_from(STEPS[1:5]), st.just("verifier"), st.just("")),
        deeds,
    ),
    min_size=3,
    max_size=10,
)


@dataclass
class Walk:
    """A corrective action on its way, with what was done to it."""

    cast: Cast
    action: Action
    now: datetime = NOW
    taken: list[str] = field(default_factory=list)

    def person(self, name: str) -> User:
        """Return one of the cast, or whoever owns or verifies the action now."""
        action = Action.objects.select_related("owner", "verifier").get(pk=self.action.pk)
        if name == "owner":
            return action.owner
        found: User = action.verifier or action.owner if name == "verifier" else getattr(self.cast, name)
        return User.objects.get(pk=found.pk)

    def do(self, deed: Deed) -> bool:
        """Try something; tell whether it was done."""
        what, by, to = deed
        self.now += timedelta(days=1)
        self.action = Action.objects.get(pk=self.action.pk)
        tried: dict[str, Callable[[], object]] = {
            "owner": lambda: self.change(by, owner=self.person(to)),
            "verifier": lambda: self.change(by, verifier=self.person(to)),
            "task": lambda: self.change(by, nature=ActionNature.TASK),
            "leave": lambda: user_deactivate(
                user=self.person(by), actor=self.cast.administrator, now=self.now, successor=self.person(to)
            ),
        }
        try:
            with transaction.atomic():
                if what in STEPS:
                    self.take(what, by)
                else:
                    tried[what]()
        except REFUSALS:
            return False
        if what in STEPS:
            self.taken.append(f"actions.action.{what}")
        return True

    def take(self, name: str, by: str) -> None:
        if name == "confirm_effective":
            self.now += timedelta(days=USUAL_EFFECTIVENESS_DAYS)
        apply_transition(
            record=self.action, name=name, actor=self.person(by), now=self.now, comment=f"So says {by}"
        )

    def change(self, by: str, **changes: object) -> None:
        action_change(
            action=self.action,
            changes=changes,
            actor=self.person(by),
            now=self.now,
            version=self.action.version,
        )

    def last_actor(self) -> int | None:
        """Return the key of who took the last step."""
        return Entry.objects.filter(record_id=self.action.pk, action=self.taken[-1]).latest("pk").actor_id

    def check(self) -> None:
        """Hold what must be true after whatever was done."""
        connection.check_constraints()
        action = Action.objects.select_related("owner", "verifier").get(pk=self.action.pk)
        own = {action.owner_id, action.done_by_id}
        entries = list(Entry.objects.filter(record_id=action.pk).order_by("pk"))
        taken = [one.action for one in entries if one.action.rpartition(".")[2] in STEPS]
        assert taken == self.taken, "the trail has each step, and no other"
        listed = ActionListing.objects.get(pk=action.pk)
        assert (listed.owner_id, listed.verifier_id, listed.state) == (
            action.owner_id,
            action.verifier_id,
            action.state,
        )
        if action.nature == ActionNature.TASK:
            assert action.verifier is None
            assert not {"actions.action.report_done"} & set(self.taken), "what was reported is no task"
            return
        if action.state not in SETTLED:
            assert action.verifier_id not in own
            assert action.verifier is None or action.verifier.is_active, "who left is not asked"
            assert action.owner.is_active
        named = set(action.participants.filter(role=VERIFIER).values_list("user_id", flat=True))
        assert named == ({action.verifier_id} - {None})
        if action.state == ActionState.EFFECTIVE:
            assert action.outcome, "a closed one has its proof"
            assert action.verification
            assert action.effect
            assert action.verified_by is not None
            assert action.verified_by_id != action.done_by_id
            assert action.effect_checked_by_id not in own
        waits = list(Deadline.objects.open().filter(record=action))
        assert len(waits) == (action.state not in SETTLED), "one date waits, until it is settled"
        if action.state == ActionState.OPEN:
            assert waits[0].assignee == action.owner
        elif waits and action.verifier:
            assert waits[0].assignee == action.verifier


@pytest.fixture
def walk(cast: Cast) -> Walk:
    """A corrective action of the clerk's, agreed on by the analyst, which the auditor verifies."""
    return Walk(cast, corrective_make(cast))


def walk_through(walk: Walk, deeds: list[Deed]) -> Walk:
    """Do one thing after another, and look after each."""
    for deed in deeds:
        owned_by = Action.objects.get(pk=walk.action.pk).owner_id
        done = walk.do(deed)
        walk.check()
        if done and deed[0] in STEPS[1:5]:
            assert walk.last_actor() != owned_by, "nobody judges an own action"
    for key in verifiers_lost(now=walk.now):
        verifier_look(key=key, now=walk.now)
    walk.check()
    return walk


@example(
    way=[
        ("report_done", "owner", ""),
        ("verify", "verifier", ""),
        ("leave", "personnel", "auditor"),
        ("confirm_effective", "auditor", ""),
        ("confirm_effective", "verifier", ""),
    ]
)
@example(
    way=[
        ("report_done", "owner", ""),
        ("leave", "analyst", "auditor"),
        ("leave", "auditor", "ciso"),
        ("leave", "personnel", "ciso"),
        ("verify", "ciso", ""),
        ("verify", "verifier", ""),
    ]
)
@example(
    way=[
        ("report_done", "owner", ""),
        ("verify", "verifier", ""),
        ("not_effective", "verifier", ""),
        ("owner", "analyst", "auditor"),
        ("owner", "analyst", "analyst"),
        ("task", "analyst", "analyst"),
        ("cancel", "analyst", ""),
        ("cancel", "auditor", ""),
        ("reopen", "ciso", ""),
        ("report_done", "owner", ""),
    ]
)
@given(way=ways)
@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_walk_lets_an_owner_judge(walk: Walk, way: list[Deed]) -> None:
    with transaction.atomic():
        saved = transaction.savepoint()
        walk_through(replace(walk, taken=[]), way)
        transaction.savepoint_rollback(saved)


def test_walks_come_to_the_end(walk: Walk) -> None:
    way = [("report_done", "owner", ""), ("verify", "verifier", ""), ("confirm_effective", "verifier", "")]
    walk = walk_through(walk, way)
    assert Action.objects.get(pk=walk.action.pk).state == ActionState.EFFECTIVE
    assert len(walk.taken) == 3
