"""Ratings of how well controls work."""

from datetime import date, timedelta

import pytest

from controls.choices import Effectiveness, Implementation
from controls.services import ControlRefused, control_rate
from controls.tests.factories import NOW, TODAY, implement, in_force, operating, rate
from foundation.records.services import StaleRecord
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db


def test_the_latest_rating_is_the_controls(cast: Cast) -> None:
    control = rate(operating(cast), cast.auditor, Effectiveness.PARTLY, on=date(2026, 11, 1))
    control = rate(control, cast.ciso, Effectiveness.EFFECTIVE)
    assert (control.effectiveness, control.rated_on) == (Effectiveness.EFFECTIVE, TODAY)
    kept = control.ratings.values_list("effectiveness", "rated_by", "owner")
    assert list(kept) == [
        ("effective", cast.ciso.pk, cast.analyst.pk),
        ("partly", cast.auditor.pk, cast.analyst.pk),
    ]


def test_its_owner_does_not_rate_it(cast: Cast) -> None:
    with pytest.raises(ControlRefused, match="somebody else must rate"):
        rate(operating(cast), cast.analyst)


@pytest.mark.parametrize(
    ("on", "why"), [(TODAY + timedelta(days=1), "still to come"), (date(2026, 10, 1), "later day already")]
)
def test_the_day_is_one_that_can_be(cast: Cast, on: date, why: str) -> None:
    control = rate(operating(cast), cast.auditor, on=date(2026, 11, 1))
    with pytest.raises(ControlRefused, match=why):
        rate(control, cast.auditor, on=on)


def test_only_what_is_in_force_and_carried_out_is_rated(cast: Cast) -> None:
    control = in_force(cast)
    with pytest.raises(ControlRefused, match="not carried out"):
        rate(control, cast.auditor)
    control = implement(control, cast.ciso, Implementation.PARTIAL)
    assert rate(control, cast.auditor).effectiveness == Effectiveness.LARGELY


def test_a_reason_is_needed_and_a_stale_page_told(cast: Cast) -> None:
    control = operating(cast)
    asked = {"control": control, "effectiveness": "effective", "rated_on": TODAY, "now": NOW}
    with pytest.raises(ControlRefused, match="needs a reason"):
        control_rate(reason=" ", actor=cast.auditor, version=control.version, **asked)
    with pytest.raises(StaleRecord):
        control_rate(reason="x", actor=cast.auditor, version=control.version - 1, **asked)
