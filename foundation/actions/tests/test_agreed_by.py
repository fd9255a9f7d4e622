"""Who agreed on an action, and when, is kept and shown, whether somebody proposed it or not."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from audits.tests.factories import NOW
from foundation.accounts.models import User
from foundation.actions.models import Action
from foundation.actions.tests.factories import step, task_make
from foundation.actions.tests.proposals import propose
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def test_who_agrees_on_an_action_directly_is_kept_and_shown(cast: Cast, sign_in: SignIn) -> None:
    action = task_make(cast)
    assert (action.agreed_by, action.agreed_at) == (cast.analyst, NOW)
    page = sign_in(cast.auditor).get(action.get_absolute_url()).content.decode()
    said = page.partition(">Agreed on<")[2][:900]
    assert "Anders Falk" in said
    assert "2026-11-23T" in said


def test_whoever_owns_an_action_may_have_agreed_on_it_where_nobody_proposed_it(cast: Cast) -> None:
    action = task_make(cast, owner=cast.analyst)
    assert action.agreed_by == action.owner


def test_who_agrees_on_a_proposal_is_kept_with_the_day(cast: Cast) -> None:
    action = step(propose(cast), "agree", cast.auditor)
    assert (action.agreed_by, action.agreed_at) == (cast.auditor, NOW)


def test_a_proposal_is_agreed_on_by_nobody_yet(cast: Cast) -> None:
    action = propose(cast)
    assert (action.agreed_by, action.agreed_at) == (None, None)


def test_the_database_keeps_both_or_none(cast: Cast) -> None:
    rows = Action.objects.filter(pk=task_make(cast).pk)
    with pytest.raises(IntegrityError, match="action_agreed_once"), transaction.atomic():
        rows.update(agreed_at=None)


def test_the_database_keeps_who_proposed_it(cast: Cast) -> None:
    proposal = propose(cast)
    agreed = step(propose(cast), "agree", cast.auditor)
    of_nobody = task_make(cast)
    for action, person in ((proposal, None), (agreed, None), (agreed, cast.ciso), (of_nobody, cast.ciso)):
        with pytest.raises(IntegrityError, match="Who proposed action"), transaction.atomic():
            Action.objects.filter(pk=action.pk).update(proposed_by=person)


def test_so_nobody_agrees_on_an_own_proposal_by_hand(cast: Cast) -> None:
    action = propose(cast)
    with pytest.raises(IntegrityError, match="action_agreed_by_another"), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(agreed_by=action.proposed_by, agreed_at=NOW)
