"""Nobody audits the own unit: every door by which an auditor comes in says so, and the fieldwork is held back.

Who belongs to a unit below the audited one belongs to it, too, so every door is tried by one of each.
"""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audits.choices import AuditRole, AuditType
from audits.imports import audits_preview
from audits.models import Audit, SeriesPerson
from audits.permissions import people_refusals
from audits.services import occurrences_plan, parts_hand_over, series_hand_over
from audits.tests.factories import NOW, audit_make
from audits.tests.series import at
from audits.tests.tables import table
from audits.tests.urls.audits import audit_data, change_data
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.lifecycle.services import TransitionRefused, apply_transition
from foundation.registry import HandOverRefused
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
REFUSED = "Petra Vale belongs to Payments, and nobody audits their own unit."


@pytest.fixture(params=["payments", "cards"])
def insider(cast: Cast, request: pytest.FixtureRequest) -> User:
    """An auditor who belongs to payments, or to cards below it."""
    person = UserFactory.create(full_name="Petra Vale", unit=getattr(cast.units, request.param))
    RoleGrantFactory.create(user=person, role=Role.AUDITOR)
    return person


@pytest.mark.parametrize("type", [AuditType.INTERNAL, AuditType.TECHNICAL_TEST])
@pytest.mark.parametrize("part", ["lead_auditor", "team"])
def test_the_forms_refuse(cast: Cast, sign_in: SignIn, insider: User, part: str, type: str) -> None:
    client = sign_in(cast.analyst)
    answer = client.post("/audits/new/", {**audit_data(cast), "type": type, part: insider.pk})
    assert answer.context["form"].errors == {part: [REFUSED]}
    audit = audit_make(cast, type=type)
    data = {**change_data(cast), "type": type, part: insider.pk}
    answer = client.post(f"{audit.get_absolute_url()}edit/", data)
    assert answer.context["form"].errors == {part: [REFUSED]}


@pytest.mark.parametrize("type", [AuditType.EXTERNAL, AuditType.CERTIFICATION, AuditType.SUPPLIER])
def test_who_belongs_to_the_unit_leads_where_the_auditors_come_from_outside(
    cast: Cast, sign_in: SignIn, insider: User, type: str
) -> None:
    data = {**audit_data(cast), "type": type, "lead_auditor": insider.pk}
    assert sign_in(cast.analyst).post("/audits/new/", data).status_code == 302
    assert Audit.objects.get().lead_auditor == insider


@pytest.mark.parametrize(
    ("led", "is_refused"),
    [("payments", True), ("cards", True), ("root", True), ("", True), ("retail", False)],
)
def test_who_leads_the_unit_or_part_of_it_audits_it_no_more_than_who_sits_there(
    cast: Cast, sign_in: SignIn, led: str, is_refused: bool
) -> None:
    person = UserFactory.create(full_name="Petra Vale", unit=cast.units.retail)
    RoleGrantFactory.create(user=person, role=Role.AUDITOR)
    RoleGrantFactory.create(user=person, role=Role.UNIT_LEAD, unit=getattr(cast.units, led, None))
    data = {**audit_data(cast), "type": AuditType.INTERNAL, "lead_auditor": person.pk}
    answer = sign_in(cast.analyst).post("/audits/new/", data)
    assert (answer.status_code == 302) == (not is_refused)
    if is_refused:
        assert answer.context["form"].errors == {"lead_auditor": [REFUSED]}


def test_an_audit_of_the_whole_organisation_is_led_by_its_people(
    cast: Cast, sign_in: SignIn, insider: User
) -> None:
    data = {**audit_data(cast), "unit": cast.units.root.pk, "lead_auditor": insider.pk}
    assert sign_in(cast.analyst).post("/audits/new/", data).status_code == 302
    assert Audit.objects.get().lead_auditor == insider


def test_who_belongs_to_the_unit_above_audits_below(cast: Cast, sign_in: SignIn, insider: User) -> None:
    User.objects.filter(pk=insider.pk).update(unit=cast.units.payments)
    data = {**audit_data(cast), "unit": cast.units.cards.pk, "lead_auditor": insider.pk}
    assert sign_in(cast.analyst).post("/audits/new/", data).status_code == 302


def test_turning_an_external_audit_into_an_internal_one_is_refused(
    cast: Cast, sign_in: SignIn, insider: User
) -> None:
    audit = audit_make(cast, type=AuditType.EXTERNAL, lead_auditor=insider)
    data = {**change_data(cast), "lead_auditor": insider.pk}
    answer = sign_in(cast.analyst).post(f"{audit.get_absolute_url()}edit/", data)
    assert answer.context["form"].errors == {"lead_auditor": [REFUSED]}


def test_moving_the_audit_to_the_auditors_unit_is_refused(cast: Cast, sign_in: SignIn, insider: User) -> None:
    audit = audit_make(cast, unit=cast.units.retail, lead_auditor=insider)
    data = {**change_data(cast), "lead_auditor": insider.pk}
    answer = sign_in(cast.analyst).post(f"{audit.get_absolute_url()}edit/", data)
    assert answer.context["form"].errors == {"lead_auditor": [REFUSED]}


@pytest.mark.parametrize("column", ["Lead auditor", "Team"])
def test_the_import_refuses(cast: Cast, insider: User, column: str) -> None:
    preview = audits_preview(content=table({column: insider.email}), actor=cast.analyst, now=NOW)
    assert [problem.message for problem in preview.problems] == [REFUSED]


def test_assigning_many_refuses(cast: Cast, sign_in: SignIn, insider: User) -> None:
    audit = audit_make(cast)
    data = {"row": [f"{audit.pk}:{audit.version}"], "lead_auditor": insider.pk}
    answer = sign_in(cast.analyst).post(reverse("audits:audits-assign"), data)
    assert REFUSED in answer.content.decode().replace("&#x27;", "'")
    assert Audit.objects.get().lead_auditor == cast.auditor


def test_a_hand_over_of_audits_refuses_a_lead_and_leaves_a_team_empty(cast: Cast, insider: User) -> None:
    audit = audit_make(cast, team=[cast.analyst])
    parts_hand_over(person=cast.analyst, to=insider, actor=cast.ciso, now=NOW)
    assert not audit.participants.filter(role=AuditRole.TEAM).exists()
    with pytest.raises(HandOverRefused, match="nobody audits their own unit"):
        parts_hand_over(person=cast.auditor, to=insider, actor=cast.ciso, now=NOW)


def test_a_hand_over_of_series_refuses_a_lead_and_leaves_a_team_empty(cast: Cast, insider: User) -> None:
    audit_make(cast, rrule="FREQ=YEARLY", team=[cast.ciso])
    series_hand_over(person=cast.ciso, to=insider, actor=cast.analyst, now=NOW)
    assert not SeriesPerson.objects.filter(role=AuditRole.TEAM).exists()
    with pytest.raises(HandOverRefused, match="nobody audits their own unit"):
        series_hand_over(person=cast.auditor, to=insider, actor=cast.analyst, now=NOW)


@pytest.mark.parametrize("unit", ["payments", "cards"])
def test_a_series_is_led_by_its_owner_once_its_lead_belongs_to_the_unit(cast: Cast, unit: str) -> None:
    audit = audit_make(cast, rrule="FREQ=YEARLY")
    User.objects.filter(pk=cast.auditor.pk).update(unit=getattr(cast.units, unit))
    assert occurrences_plan(now=at(date(2027, 12, 1))) == 1
    assert Audit.objects.exclude(pk=audit.pk).get().lead_auditor == cast.analyst


@pytest.mark.parametrize("unit", ["payments", "cards"])
def test_who_moves_into_the_unit_later_holds_the_fieldwork_back(cast: Cast, unit: str) -> None:
    audit = audit_make(cast)
    apply_transition(record=audit, name="prepare", actor=cast.auditor, now=NOW)
    User.objects.filter(pk=cast.auditor.pk).update(unit=getattr(cast.units, unit))
    with pytest.raises(TransitionRefused, match="Odile Brandt belongs to Payments"):
        apply_transition(record=Audit.objects.get(), name="start_fieldwork", actor=cast.analyst, now=NOW)


def test_a_team_is_judged_by_one_query(cast: Cast) -> None:
    people = [
        UserFactory.create(unit=unit) for unit in (cast.units.retail, cast.units.root) for _n in range(5)
    ]
    with CaptureQueriesContext(connection) as asked:
        assert not people_refusals(
            type=AuditType.INTERNAL,
            unit=cast.units.payments,
            lead_auditor=cast.auditor,
            team=people,
            auditees=[],
            now=NOW,
        )
    assert sum("accounts_businessunit" in query["sql"] for query in asked) == 1
