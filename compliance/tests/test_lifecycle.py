"""Every step of a framework, from every state, by everyone: walked from the table itself."""

from itertools import product

import pytest

from compliance.choices import FrameworkState
from compliance.lifecycle import FRAMEWORK_LIFECYCLE
from compliance.models import Framework
from compliance.tests.factories import NOW, framework_make
from foundation.accounts.access import access_of
from foundation.lifecycle.services import TransitionForbidden, TransitionRefused, apply_transition
from foundation.lifecycle.tables import Transition
from foundation.records.models import Record
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
WALK = list(product(FRAMEWORK_LIFECYCLE.transitions, FrameworkState.values))


@pytest.mark.parametrize(("step", "state"), WALK, ids=[f"{step.name}-{state}" for step, state in WALK])
def test_who_may_take_which_step_from_where(cast: Cast, step: Transition, state: str) -> None:
    pk = framework_make(cast).pk
    for person in cast.people().values():
        Record.objects.filter(pk=pk).update(state=state, owner=cast.ciso)
        framework = Framework.objects.get(pk=pk)
        may = access_of(person).has(step.right, framework.unit_id)
        try:
            apply_transition(record=framework, name=step.name, actor=person, now=NOW, comment="As decided")
        except TransitionForbidden:
            assert not may
        except TransitionRefused:
            assert state not in step.sources
        else:
            assert may
            assert state in step.sources
            assert Framework.objects.get(pk=pk).state == step.target


def test_a_step_needs_its_reason(cast: Cast) -> None:
    with pytest.raises(TransitionRefused):
        apply_transition(record=framework_make(cast), name="retire", actor=cast.ciso, now=NOW, comment="")
