"""Nobody audits the own unit: every door by which an auditor comes in says so, and the fieldwork is held back."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from audits.choices import AuditRole
from audits.imports import audits_preview
from audits.models import Audit, SeriesPerson
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
REFUSED = "Petra Vale belongs to Payments, and nobody audits the own unit."


@pytest.fixture
def insider(cast: Cast) -> User:
    """An auditor who belongs to payments."""
    person = UserFactory.create(full_name="Petra Vale", unit=cast.units.payments)
    RoleGrantFactory.create(user=person, role=Role.AUDITOR)
    return person


@pytest.mark.parametrize("part", ["lead_auditor", "team"])
def test_the_forms_refuse(cast: Cast, sign_in: SignIn, insider: User, part: str) -> None:
    client = sign_in(cast.analyst)
    answer = client.post("/audits/new/", {**audit_data(cast), part: insider.pk})
    assert answer.context["form"].errors == {part: [REFUSED]}
    audit = audit_make(cast)
    answer = client.post(f"{audit.get_absolute_url()}edit/", {**change_data(cast), part: insider.pk})
    assert answer.context["form"].errors == {part: [REFUSED]}


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
    with pytest.raises(HandOverRefused, match="nobody audits the own unit"):
        parts_hand_over(person=cast.auditor, to=insider, actor=cast.ciso, now=NOW)


def test_a_hand_over_of_series_refuses_a_lead_and_leaves_a_team_empty(cast: Cast, insider: User) -> None:
    audit_make(cast, rrule="FREQ=YEARLY", team=[cast.ciso])
    series_hand_over(person=cast.ciso, to=insider, actor=cast.analyst, now=NOW)
    assert not SeriesPerson.objects.filter(role=AuditRole.TEAM).exists()
    with pytest.raises(HandOverRefused, match="nobody audits the own unit"):
        series_hand_over(person=cast.auditor, to=insider, actor=cast.analyst, now=NOW)


def test_a_series_is_led_by_its_owner_once_its_lead_belongs_to_the_unit(cast: Cast) -> None:
    audit = audit_make(cast, rrule="FREQ=YEARLY")
    User.objects.filter(pk=cast.auditor.pk).update(unit=cast.units.payments)
    assert occurrences_plan(now=at(date(2027, 12, 1))) == 1
    assert Audit.objects.exclude(pk=audit.pk).get().lead_auditor == cast.analyst


def test_who_moves_into_the_unit_later_holds_the_fieldwork_back(cast: Cast) -> None:
    audit = audit_make(cast)
    apply_transition(record=audit, name="prepare", actor=cast.auditor, now=NOW)
    User.objects.filter(pk=cast.auditor.pk).update(unit=cast.units.payments)
    with pytest.raises(TransitionRefused, match="Odile Brandt belongs to Payments"):
        apply_transition(record=Audit.objects.get(), name="start_fieldwork", actor=cast.analyst, now=NOW)
