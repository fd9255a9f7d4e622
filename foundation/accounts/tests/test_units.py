"""The tree of business units."""

from datetime import UTC, datetime

import pytest

from foundation.accounts.access import access_of
from foundation.accounts.models import BusinessUnit
from foundation.accounts.services import AccountsRefused, unit_change, unit_create, unit_move
from foundation.accounts.services.units import PATH_LENGTH
from foundation.accounts.tests.factories import BusinessUnitFactory, UserFactory
from foundation.testing.cast import Cast
from foundation.testing.races import together
from foundation.trail.models import Entry

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def path_of(unit: BusinessUnit) -> str:
    return BusinessUnit.objects.get(pk=unit.pk).path


def assert_tree_is_whole() -> None:
    """Each path is that of the parent and the own number, all the way up."""
    for unit in BusinessUnit.objects.select_related("parent"):
        assert unit.path == f"{unit.parent.path if unit.parent else ''}{unit.pk}/"


def test_a_new_unit_stands_below_its_parent(cast: Cast) -> None:
    unit = unit_create(
        name="Wallets", code="WAL", parent=cast.units.cards, country="PT", actor=cast.administrator
    )
    assert path_of(unit) == f"{path_of(cast.units.cards)}{unit.pk}/"
    entry = Entry.objects.latest("id")
    assert entry.action == "accounts.unit.created"
    assert (entry.subject, entry.actor_name) == ("Wallets", "Ada Nyberg")
    assert entry.after == {"name": "Wallets", "code": "WAL", "part_of": "Cards"}


def test_only_the_first_unit_has_no_parent(cast: Cast) -> None:
    with pytest.raises(AccountsRefused) as refused:
        unit_create(name="Second root", code="TWO", parent=None, actor=cast.administrator)
    assert refused.value.field == "parent"


def test_a_code_is_given_once(cast: Cast) -> None:
    with pytest.raises(AccountsRefused) as refused:
        unit_create(name="Payments 2", code="PAY", parent=cast.units.root, actor=cast.administrator)
    assert refused.value.field == "code"
    with pytest.raises(AccountsRefused):
        unit_change(
            unit=cast.units.cards, name="Cards", code="PAY", country="", actor=cast.administrator, now=NOW
        )


def test_a_change_keeps_what_was(cast: Cast) -> None:
    unit_change(
        unit=cast.units.cards,
        name="Card Services",
        code="CRD",
        country="ES",
        actor=cast.administrator,
        now=NOW,
    )
    entry = Entry.objects.latest("id")
    assert entry.before == {"name": "Cards", "country": ""}
    assert entry.after == {"name": "Card Services", "country": "ES"}
    unit_change(
        unit=cast.units.cards,
        name="Card Services",
        code="CRD",
        country="ES",
        actor=cast.administrator,
        now=NOW,
    )
    assert Entry.objects.latest("id") == entry


def test_a_move_takes_all_below_along_and_rights_with_it(cast: Cast) -> None:
    wallets = BusinessUnitFactory.create(parent=cast.units.cards)
    unit_move(unit=cast.units.cards, parent=cast.units.retail, actor=cast.administrator)
    assert path_of(cast.units.cards) == f"{path_of(cast.units.retail)}{cast.units.cards.pk}/"
    assert path_of(wallets) == f"{path_of(cast.units.cards)}{wallets.pk}/"
    assert_tree_is_whole()
    assert access_of(cast.unit_lead).scope("records.view").unit_ids == {cast.units.payments.pk}
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.before, entry.after) == (
        "accounts.unit.moved",
        {"part_of": "Payments"},
        {"part_of": "Retail Banking"},
    )


@pytest.mark.parametrize("target", ["payments", "cards"])
def test_a_circle_is_refused(cast: Cast, target: str) -> None:
    before = path_of(cast.units.payments)
    with pytest.raises(AccountsRefused, match="part of itself"):
        unit_move(unit=cast.units.payments, parent=getattr(cast.units, target), actor=cast.administrator)
    assert path_of(cast.units.payments) == before


def test_a_tree_too_deep_is_refused(cast: Cast) -> None:
    unit = cast.units.cards
    with pytest.raises(AccountsRefused, match="too deep"):
        for number in range(PATH_LENGTH):
            unit = unit_create(name=f"Level {number}", code=f"L{number}", parent=unit, actor=cast.ciso)
    assert_tree_is_whole()


@pytest.mark.django_db(transaction=True)
def test_two_moves_that_would_make_a_circle_together() -> None:
    root = BusinessUnitFactory.create()
    one, two = BusinessUnitFactory.create(parent=root), BusinessUnitFactory.create(parent=root)
    actor = UserFactory.create()
    outcomes = together(
        lambda: unit_move(unit=one, parent=two, actor=actor),
        lambda: unit_move(unit=two, parent=one, actor=actor),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AccountsRefused", "BusinessUnit"]
    assert_tree_is_whole()
