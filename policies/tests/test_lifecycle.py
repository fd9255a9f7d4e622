"""Every step of a document, from every state, by everyone: walked from the table itself."""

from itertools import product

import pytest

from foundation.accounts.access import access_of
from foundation.lifecycle.services import TransitionForbidden, TransitionRefused, apply_transition
from foundation.lifecycle.tables import Transition
from foundation.records.models import Record
from foundation.testing.cast import Cast
from policies.choices import DocumentState
from policies.lifecycle import DOCUMENT_LIFECYCLE
from policies.models import Document
from policies.tests.factories import NOW, document_make, published, step, submitted

pytestmark = pytest.mark.django_db
BY_HAND = [transition for transition in DOCUMENT_LIFECYCLE.transitions if not transition.by_approval]
WALK = list(product(DOCUMENT_LIFECYCLE.transitions, DocumentState.values))


@pytest.mark.parametrize(("transition", "state"), WALK, ids=[f"{one.name}-{state}" for one, state in WALK])
def test_no_step_is_taken_from_where_it_does_not_start_nor_without_its_approval(
    cast: Cast, transition: Transition, state: str
) -> None:
    pk = document_make(cast).pk
    Record.objects.filter(pk=pk).update(state=state, owner=cast.ciso)
    if state in transition.sources and not transition.by_approval:
        return  # that it is taken there is the other test's
    for person in cast.people().values():
        document = Document.objects.get(pk=pk)
        with pytest.raises(TransitionRefused):
            apply_transition(
                record=document, name=transition.name, actor=person, now=NOW, comment="As decided"
            )
        assert Document.objects.get(pk=pk).state == state


@pytest.mark.parametrize("transition", BY_HAND, ids=lambda one: one.name)
def test_only_who_may_takes_a_step(cast: Cast, transition: Transition) -> None:
    document = document_make(cast)
    for person in cast.people().values():
        if access_of(person).has(transition.right, document.unit_id):
            continue
        Record.objects.filter(pk=document.pk).update(state=transition.sources[0], owner=cast.ciso)
        with pytest.raises(TransitionForbidden):
            apply_transition(record=document, name=transition.name, actor=person, now=NOW, comment="So")


def test_its_owner_needs_no_right(cast: Cast) -> None:
    document = document_make(cast, owner=cast.personnel)
    assert step(document, "submit", cast.personnel).state == DocumentState.IN_REVIEW


def test_its_owner_does_not_retire_it(cast: Cast) -> None:
    with pytest.raises(TransitionForbidden):
        step(published(cast), "retire", cast.analyst, comment="Old")


@pytest.mark.parametrize("name", ["approve", "return", "publish"])
def test_an_approval_is_no_step_by_hand(cast: Cast, name: str) -> None:
    with pytest.raises(TransitionRefused, match="outcome of an approval"):
        step(submitted(cast), name, cast.ciso)
