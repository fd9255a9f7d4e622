"""The narrow row beside each control: it says what the control says, whoever wrote that."""

from datetime import date

import pytest

from controls.choices import Effectiveness, Implementation
from controls.models import Control, ControlListing
from controls.services import control_rate
from controls.tests.factories import (
    NOW,
    TODAY,
    again,
    control_make,
    decide,
    implement,
    operating,
    revising,
    step,
)
from foundation.records.models import Record
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db


def assert_listed(control: Control) -> ControlListing:
    control = again(control)
    row = ControlListing.objects.get(pk=control.pk)
    for name in (
        "reference",
        "title",
        "state",
        "type",
        "nature",
        "is_key",
        "frequency",
        "implementation",
        "effectiveness",
        "rated_on",
        "confidentiality",
        "unit_id",
        "owner_id",
    ):
        assert getattr(row, name) == getattr(control, name), name
    assert row.due_on == (control.evidence_on if control.is_evidence_asked else None)
    assert row.is_archived == (control.archived_at is not None)
    assert row.needle == f"{control.title} {control.reference}".lower()
    return row


def test_it_follows_a_control_all_its_life(cast: Cast) -> None:
    assert assert_listed(control_make(cast)).due_on is None
    control = operating(cast, title="Windows are shut")
    assert assert_listed(control).due_on == date(2027, 2, 23)
    control_rate(
        control=control,
        effectiveness=Effectiveness.LARGELY,
        reason="Seen",
        rated_on=TODAY,
        actor=cast.ciso,
        now=NOW,
        version=control.version,
    )
    assert assert_listed(control).rated_on == TODAY
    control = revising(cast, again(control), title="Windows and gates are shut", is_key=True)
    assert assert_listed(control).title == "Windows are shut"
    control = decide(step(control, "submit_revision", cast.analyst), cast.ciso)
    assert assert_listed(control).is_key
    control = implement(control, cast.ciso, Implementation.PLANNED)
    assert assert_listed(control).due_on is None, "what is not carried out owes no evidence"
    assert_listed(step(control, "retire", cast.ciso, comment="Gone"))


def test_it_follows_whoever_writes_sql(cast: Cast) -> None:
    control = operating(cast)
    Record.objects.filter(pk=control.pk).update(title="Gates", unit=cast.units.retail, archived_at=NOW)
    Control.objects.filter(pk=control.pk).update(type="detective", evidence_on=date(2027, 5, 1))
    row = assert_listed(control)
    assert (row.due_on, row.is_archived) == (date(2027, 5, 1), True)
    assert not ControlListing.objects.visible_to(cast.ciso).unarchived().exists()
