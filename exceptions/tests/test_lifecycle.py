"""Every step of an exception, from every state, by everyone: walked from the table itself."""

from itertools import product

import pytest

from exceptions.choices import STATE_WAYS, ExceptionState
from exceptions.lifecycle import EXCEPTION_LIFECYCLE
from exceptions.models import PolicyException
from exceptions.tests.factories import MAKERS, NOW, exception_make, made_in, step
from foundation.lifecycle.services import TransitionForbidden, TransitionRefused, apply_transition
from foundation.lifecycle.tables import Transition
from foundation.testing.cast import Cast
from policies.tests.factories import published

pytestmark = pytest.mark.django_db
WALK = list(product(EXCEPTION_LIFECYCLE.transitions, ExceptionState.values))
WHO_MAY = {
    "submit": {"unit_lead"},
    "withdraw": {"unit_lead"},
    "revoke": {"unit_lead", "analyst", "ciso"},
}


@pytest.mark.parametrize(("transition", "state"), WALK, ids=[f"{one.name}-{state}" for one, state in WALK])
def test_no_step_is_taken_from_where_it_does_not_start_nor_without_its_decision(
    cast: Cast, transition: Transition, state: str
) -> None:
    if state in transition.sources and not transition.by_approval:
        return  # that it is taken there is the other test's
    exception = made_in(cast, state)
    for person in cast.people().values():
        with pytest.raises(TransitionRefused):
            apply_transition(record=exception, name=transition.name, actor=person, now=NOW, comment="So")
        assert PolicyException.objects.get(pk=exception.pk).state == state


@pytest.mark.parametrize("name", WHO_MAY)
def test_only_who_may_takes_a_step(cast: Cast, name: str) -> None:
    state = EXCEPTION_LIFECYCLE.transition(name).sources[0]
    document = published(cast)
    for part, person in cast.people().items():
        exception = MAKERS[ExceptionState(state)](cast, document=document)
        if part in WHO_MAY[name]:
            assert step(exception, name, person, comment="So").state != state
            continue
        with pytest.raises(TransitionForbidden):
            apply_transition(record=exception, name=name, actor=person, now=NOW, comment="So")


def test_who_asked_submits_what_another_owns(cast: Cast) -> None:
    exception = exception_make(cast, owner=cast.personnel)
    assert step(exception, "submit", cast.unit_lead).state == ExceptionState.IN_REVIEW


def test_the_database_knows_the_same_ways() -> None:
    ways = {(source, one.target) for one in EXCEPTION_LIFECYCLE.transitions for source in one.sources}
    assert ways == set(STATE_WAYS)
