"""What a year's page counts: load, coverage, conflicts and slippage, through the database and for its reader alone."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from audits.choices import AuditState, CheckResult
from audits.models import Audit, AuditListing, Check
from audits.selectors.year import (
    Conflict,
    Covered,
    conflicts_of,
    cycle_years,
    framework_coverage,
    load_of,
    slippage_of,
    teams_of,
    unit_coverage,
    units_by_tree,
    year_audits,
)
from audits.selectors.year.load import working_days
from audits.tests.factories import NOW, TODAY, audit_make
from compliance.models import Framework, RequirementText
from compliance.tests.factories import edition_make, framework_make
from foundation.accounts.choices import Role
from foundation.accounts.models import Delegation, RoleGrant, User
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def visible(user: User) -> Any:
    return year_audits(AuditListing.objects.visible_to(user).unarchived())


def step_to(audit: Audit, state: str) -> None:
    Audit.objects.filter(pk=audit.pk).update(state=state)


def test_the_units_come_in_the_order_of_the_tree(cast: Cast) -> None:
    assert [unit.name for unit in units_by_tree().values()] == [
        "Halden & Vale Bank",
        "Payments",
        "Cards",
        "Retail Banking",
    ]


def test_audits_are_cut_by_their_start_and_say_so(cast: Cast) -> None:
    for number in range(3):
        audit_make(cast, title=f"Number {number}", starts_on=date(2027, 3 - number, 1))
    rows = AuditListing.objects.all()
    cut = year_audits(rows, most=2)
    assert [audit.title for audit in cut.audits] == ["Number 2", "Number 1"]
    assert cut.is_cut
    assert not year_audits(rows, most=3).is_cut


# Load


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2027, 1, 18), date(2027, 1, 22), 5),
        (date(2027, 1, 23), date(2027, 1, 24), 0),
        (date(2027, 1, 22), date(2027, 1, 25), 2),
        (date(2027, 1, 1), date(2027, 12, 31), 261),
        (date(2027, 1, 2), date(2027, 1, 1), 0),
    ],
)
def test_working_days_are_monday_to_friday(first: date, last: date, days: int) -> None:
    assert working_days(first, last) == days


def test_load_counts_what_is_led_and_taken_part_in_by_month(cast: Cast) -> None:
    audit_make(cast, starts_on=date(2027, 1, 28), team=[cast.analyst])  # Thursday to Monday
    audit_make(cast, starts_on=date(2027, 5, 3), unit=cast.units.retail)
    cancelled = audit_make(cast, starts_on=date(2027, 6, 7))
    step_to(cancelled, AuditState.CANCELLED)
    audits = visible(cast.ciso).audits
    lead, helper = load_of(audits, teams=teams_of(audits), year=2027)
    assert (lead.auditor.name, len(lead.led), len(lead.in_team)) == ("Odile Brandt", 2, 0)
    assert lead.days == [2, 1, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0]
    assert (helper.auditor.name, len(helper.led), len(helper.in_team), helper.total_days) == (
        "Anders Falk",
        0,
        1,
        3,
    )


def test_days_of_other_years_are_not_of_this_one(cast: Cast) -> None:
    audit_make(cast, starts_on=date(2027, 12, 30))  # Thursday, to Monday the third of January
    audits = visible(cast.ciso).audits
    (load,) = load_of(audits, teams={}, year=2027)
    assert load.total_days == 2


def test_two_fieldworks_in_one_week_overlap(cast: Cast) -> None:
    one = audit_make(cast, starts_on=date(2027, 1, 18))
    two = audit_make(cast, starts_on=date(2027, 1, 22))  # the Friday of the same week
    audit_make(cast, starts_on=date(2027, 2, 1))
    audits = visible(cast.ciso).audits
    (load,) = load_of(audits, teams={}, year=2027)
    ((monday, both),) = [(one.monday, one.audits) for one in load.overlaps]
    assert monday == date(2027, 1, 18)
    assert {audit.pk for audit in both} == {one.pk, two.pk}


# Slippage


def test_slippage_sums_what_moved_and_tells_what_is_late(cast: Cast) -> None:
    starts = (TODAY - 5 * DAY, TODAY + 30 * DAY, TODAY + 40 * DAY, TODAY + 50 * DAY, TODAY - 40 * DAY)
    audits = [audit_make(cast, starts_on=day) for day in starts]
    for audit, moved in zip(audits, (10, -4, 0), strict=False):
        Audit.objects.filter(pk=audit.pk).update(approved_starts_on=audit.starts_on - moved * DAY)
    step_to(audits[4], AuditState.REPORTING)
    slippage = slippage_of(visible(cast.ciso).audits, today=TODAY)
    assert (slippage.days, slippage.average) == (6, 2.0)
    assert (len(slippage.measured), slippage.added) == (3, 2)
    assert [audit.pk for audit in slippage.moved] == [audits[0].pk, audits[1].pk], "the furthest first"
    assert (slippage.later, slippage.earlier) == (1, 1)
    assert [audit.pk for audit in slippage.late_starts] == [audits[0].pk]
    assert [audit.pk for audit in slippage.late_reports] == [audits[4].pk]


def test_what_was_cancelled_has_not_slipped(cast: Cast) -> None:
    audit = audit_make(cast)
    Audit.objects.filter(pk=audit.pk).update(approved_starts_on=date(2026, 12, 1), state="cancelled")
    slippage = slippage_of(visible(cast.ciso).audits, today=TODAY)
    assert (slippage.measured, slippage.average) == ([], None)


# Conflicts


def conflicts(cast: Cast, now: datetime = NOW) -> list[Conflict]:
    audits = visible(cast.ciso).audits
    return conflicts_of(audits, teams=teams_of(audits), units=units_by_tree(), now=now, today=TODAY)


def test_an_audit_whose_people_may_has_no_conflict(cast: Cast) -> None:
    audit_make(cast, team=[cast.analyst])
    assert conflicts(cast) == []


@pytest.mark.parametrize("unit", ["payments", "cards"])
def test_who_moved_to_the_audited_unit_is_a_conflict(cast: Cast, unit: str) -> None:
    audit_make(cast, team=[cast.analyst])
    audit_make(cast, type="external")
    User.objects.filter(pk__in=[cast.auditor.pk, cast.analyst.pk]).update(unit=getattr(cast.units, unit))
    found = conflicts(cast)
    assert [(one.auditor.name, one.is_lead) for one in found] == [
        ("Odile Brandt", True),
        ("Anders Falk", False),
    ]
    assert "nobody audits their own unit" in found[0].reason
    assert found[0].remedy == "Choose another lead auditor: the fieldwork can't start until then."
    assert found[1].remedy == "Take Anders Falk out of the team."


def test_a_lead_who_lost_the_right_is_a_conflict_and_one_for_the_unit_is_none(cast: Cast) -> None:
    audit_make(cast)
    RoleGrant.objects.filter(user=cast.auditor).delete()
    (found,) = conflicts(cast)
    assert found.reason == "Odile Brandt may not run audits of Payments."
    RoleGrantFactory.create(user=cast.auditor, role=Role.AUDITOR, unit=cast.units.payments)
    assert conflicts(cast) == []


def test_who_left_is_a_conflict(cast: Cast) -> None:
    audit_make(cast, team=[cast.analyst])
    User.objects.filter(pk__in=[cast.auditor.pk, cast.analyst.pk]).update(is_active=False)
    assert [one.reason for one in conflicts(cast)] == [
        "Odile Brandt is no longer active.",
        "Anders Falk is no longer active.",
    ]


@pytest.mark.parametrize(
    ("starts", "ends", "is_away"),
    [
        (date(2027, 1, 22), date(2027, 1, 30), True),
        (date(2027, 1, 10), date(2027, 1, 18), True),
        (date(2027, 1, 23), date(2027, 1, 30), False),
        (date(2027, 1, 10), date(2027, 1, 17), False),
    ],
)
def test_who_is_away_in_the_fieldwork_is_a_conflict(
    cast: Cast, starts: date, ends: date, is_away: bool
) -> None:
    audit_make(cast)  # in the field from the 18th to the 22nd
    Delegation.objects.create(
        person=cast.auditor,
        stand_in=cast.analyst,
        starts_on=starts,
        ends_on=ends,
        created_by=cast.auditor,
        created_at=NOW,
    )
    found = conflicts(cast)
    assert bool(found) is is_away
    if found:
        assert "Anders Falk stands in" in found[0].reason


def test_what_is_over_has_no_conflict(cast: Cast) -> None:
    audit = audit_make(cast)
    User.objects.filter(pk=cast.auditor.pk).update(is_active=False)
    step_to(audit, AuditState.CLOSED)
    assert conflicts(cast) == []


# Coverage


def test_the_cycle_ends_begins_or_lies_around_the_year() -> None:
    assert cycle_years(2026, ahead=0) == (2024, 2025, 2026)
    assert cycle_years(2026, ahead=2) == (2026, 2027, 2028)
    assert cycle_years(2100, ahead=2) == (2098, 2099, 2100)
    assert cycle_years(2000, ahead=0) == (2000, 2001, 2002)


def covered(cast: Cast, user: User) -> dict[str, list[tuple[int, int]]]:
    rows = unit_coverage(user=user, units=units_by_tree(), years=(2026, 2027, 2028))
    return {row.unit.name: [(year.audited, year.planned) for year in row.years] for row in rows}


def test_units_are_audited_planned_or_never(cast: Cast) -> None:
    over, _planned = audit_make(cast), audit_make(cast)
    step_to(over, AuditState.FOLLOW_UP)
    step_to(audit_make(cast, unit=cast.units.retail), AuditState.CANCELLED)
    found = covered(cast, cast.ciso)
    assert found["Payments"] == [(0, 0), (1, 1), (0, 0)]
    assert found["Retail Banking"] == found["Cards"] == [(0, 0)] * 3, "cancelled, and below another"
    rows = unit_coverage(user=cast.ciso, units=units_by_tree(), years=(2026, 2027, 2028))
    payments = next(row for row in rows if row.unit.name == "Payments")
    assert [year.covered for year in payments.years] == [Covered.NOT, Covered.AUDITED, Covered.NOT]
    assert payments.years[1].audited_names == (over.reference,)
    assert {row.unit.name for row in rows if row.is_never} == {
        "Cards",
        "Halden & Vale Bank",
        "Retail Banking",
    }


def test_hidden_audits_are_in_no_number(cast: Cast) -> None:
    audit_make(cast, owner=cast.ciso, lead_auditor=cast.ciso, confidentiality=Confidentiality.RESTRICTED)
    assert covered(cast, cast.ciso)["Payments"][1] == (0, 1)
    assert covered(cast, cast.auditor)["Payments"][1] == (0, 0)
    assert visible(cast.auditor).audits == []


def check(audit: Audit, framework: Framework, number: int, result: str) -> None:
    text = RequirementText.objects.filter(
        edition__framework=framework, requirement__identifier=f"HB-{number}"
    ).latest("edition_id")
    Check.objects.create(
        audit=audit,
        text=text,
        requirement=text.requirement,
        position=number,
        result=result,
        tested_by=None if result == CheckResult.NOT_TESTED else audit.lead_auditor,
        tested_at=None if result == CheckResult.NOT_TESTED else NOW,
        reason="Not held here" if result == CheckResult.NOT_APPLICABLE else "",
    )


def covered_for(user: User) -> Any:
    (row,) = framework_coverage(user=user, years=(2026, 2027, 2028))
    return row


def test_frameworks_count_each_tested_requirement_once(cast: Cast) -> None:
    framework = framework_make(cast, requirements=4)
    one, two = audit_make(cast, frameworks=[framework]), audit_make(cast, frameworks=[framework])
    earlier = audit_make(cast, starts_on=date(2026, 3, 2))
    check(one, framework, 1, CheckResult.CONFORMS)
    check(two, framework, 1, CheckResult.MAJOR)
    check(two, framework, 2, CheckResult.NOT_APPLICABLE)
    check(two, framework, 3, CheckResult.NOT_TESTED)
    check(earlier, framework, 3, CheckResult.CONFORMS)
    row = covered_for(cast.ciso)
    assert row.testable == 4
    assert [year.tested for year in row.years] == [1, 1, 0], "what does not apply was not tested"
    assert row.tested == 2, "in three years"
    assert row.years[1].planned == 2


def test_what_the_current_edition_withdrew_does_not_count(cast: Cast) -> None:
    framework = framework_make(cast, requirements=3)
    audit = audit_make(cast, frameworks=[framework])
    check(audit, framework, 3, CheckResult.CONFORMS)
    edition_make(cast, framework, requirements=2)
    framework.requirements.filter(identifier="HB-3").update(is_withdrawn=True)
    row = covered_for(cast.ciso)
    assert (row.testable, row.tested) == (2, 0)


def test_who_does_not_see_a_checklist_counts_nothing_of_it(cast: Cast) -> None:
    framework = framework_make(cast)
    audit = audit_make(cast, frameworks=[framework], auditees=[cast.unit_lead])
    check(audit, framework, 1, CheckResult.CONFORMS)
    hidden = audit_make(
        cast,
        frameworks=[framework],
        owner=cast.ciso,
        lead_auditor=cast.ciso,
        confidentiality=Confidentiality.RESTRICTED,
    )
    check(hidden, framework, 2, CheckResult.CONFORMS)
    assert (covered_for(cast.ciso).tested, covered_for(cast.ciso).years[1].planned) == (2, 2)
    assert (covered_for(cast.auditor).tested, covered_for(cast.auditor).years[1].planned) == (1, 1)
    assert (covered_for(cast.unit_lead).tested, covered_for(cast.unit_lead).years[1].planned) == (0, 1), (
        "an auditee"
    )
    reader = UserFactory.create()
    RoleGrantFactory.create(user=reader, role=Role.UNIT_LEAD, unit=cast.units.payments)
    (row,) = framework_coverage(user=reader, years=(2027,))
    assert row.tested == 0, "who only reads the unit's records does not see what auditors are still at"
    step_to(audit, AuditState.FOLLOW_UP)
    (row,) = framework_coverage(user=reader, years=(2027,))
    assert row.tested == 1, "but what the approved report says"
