"""Who sees what auditors find out before the report is approved: not who is audited, by name or by their unit."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from audits.choices import AuditState, AuditType, CheckResult
from audits.models import Audit
from audits.permissions import can_see_checks, checks_seen_by
from audits.services import CheckRefused, ReportRefused, conclusion_write
from audits.tests.checks import audit_with_checks, first_check, saved
from audits.tests.factories import audit_make
from audits.tests.reports import state_set
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
REPORTED = (AuditState.FOLLOW_UP, AuditState.CLOSED)


def person(role: str, unit: Any, of: Any = None) -> User:
    made = UserFactory.create(unit=unit)
    RoleGrantFactory.create(user=made, role=role, unit=of)
    return made


@pytest.mark.parametrize("type", AuditType.values)
@pytest.mark.parametrize("state", AuditState.values)
def test_every_sort_of_reader_in_every_state(cast: Cast, state: str, type: str) -> None:
    units = cast.units
    auditee, member = person(Role.SECURITY, units.root), person(Role.SECURITY, units.retail)
    audit = audit_make(cast, type=type, team=[member], auditees=[auditee], lead_auditor=cast.auditor)
    state_set(audit, state)
    audit = Audit.objects.get(pk=audit.pk)
    early = state in REPORTED or type == AuditType.SUPPLIER
    sees = {
        "lead": (cast.auditor, True),
        "team": (member, True),
        "owner": (cast.analyst, True),
        "auditee": (auditee, False),
        "ciso": (cast.ciso, True),
        "ciso of the unit": (person(Role.CISO, units.cards), True),
        "security elsewhere": (person(Role.SECURITY, units.retail), True),
        "security of the unit": (person(Role.SECURITY, units.payments), early),
        "auditor below": (person(Role.AUDITOR, units.cards), early),
        "unit lead": (cast.unit_lead, early),
        "lead of the unit, from elsewhere": (person(Role.UNIT_LEAD, units.retail, units.payments), early),
        "personnel": (cast.personnel, False),
        "executive": (cast.executive, False),
    }
    for name, (made, expected) in sees.items():
        reader = User.objects.get(pk=made.pk)
        assert can_see_checks(reader, audit) == expected, name
        found = Audit.objects.visible_to(reader).filter(checks_seen_by(reader))
        assert found.exists() == expected, f"{name}, among many"


def test_an_audit_of_the_whole_organisation_audits_nobody_by_their_unit(cast: Cast) -> None:
    audit = audit_make(cast, unit=cast.units.root)
    reader = person(Role.AUDITOR, cast.units.cards)
    assert can_see_checks(reader, audit)
    assert Audit.objects.filter(checks_seen_by(reader)).exists()


def test_the_lead_of_the_unit_meets_nothing_of_it_before_the_report_is_approved(
    cast: Cast, sign_in: SignIn
) -> None:
    audit = audit_with_checks(cast)
    check = saved(first_check(audit), cast.auditor, result=CheckResult.MAJOR)
    audit.refresh_from_db()
    audit = conclusion_write(
        audit=audit, conclusion="Wanting in places.", actor=cast.auditor, version=audit.version
    )
    page, client = audit.get_absolute_url(), sign_in(cast.unit_lead)
    overview = client.get(page).content.decode()
    assert "Checklist" not in overview
    assert "Wanting in places." not in overview
    for hidden in ("checklist/", f"checklist/{check.pk}/", "report/", "checklist/?export=csv"):
        assert client.get(f"{page}{hidden}").status_code in (403, 404), hidden
    history = client.get(f"{page}history/").content.decode()
    assert check.text.identifier not in history
    assert "started the fieldwork" in history, "which is no result"
    for tab in ("history/", "activity/"):
        shown = client.get(f"{page}{tab}").content.decode()
        assert "Wanting in places." not in shown, tab
        assert "Wanting in places." in sign_in(cast.auditor).get(f"{page}{tab}").content.decode(), tab
    state_set(audit, AuditState.FOLLOW_UP)
    overview = client.get(page).content.decode()
    assert "Checklist" in overview
    assert "Wanting in places." in overview
    assert client.get(f"{page}checklist/").status_code == 200
    assert check.text.identifier in client.get(f"{page}history/").content.decode()


@pytest.mark.parametrize("type", AuditType.values)
@pytest.mark.parametrize("unit", ["payments", "cards"])
def test_nobody_grades_or_concludes_on_the_own_unit(cast: Cast, type: str, unit: str) -> None:
    insider = person(Role.SECURITY, getattr(cast.units, unit))
    audit = audit_with_checks(cast, type=type)
    check = first_check(audit)
    if type == AuditType.SUPPLIER:
        assert saved(check, insider, result=CheckResult.CONFORMS).result == CheckResult.CONFORMS
        return
    with pytest.raises(CheckRefused, match="nobody audits the own unit"):
        saved(check, insider, result=CheckResult.CONFORMS)
    with pytest.raises(ReportRefused, match="nobody audits the own unit"):
        conclusion_write(audit=audit, conclusion="Fine.", actor=insider, version=audit.version)


@pytest.mark.parametrize("type", [AuditType.EXTERNAL, AuditType.CERTIFICATION])
def test_who_accompanies_auditors_from_outside_prepares_checks_and_sets_no_results(
    cast: Cast, sign_in: SignIn, type: str
) -> None:
    insider = person(Role.AUDITOR, cast.units.payments)
    audit = audit_with_checks(cast, type=type, lead_auditor=insider, state=AuditState.PLANNED)
    state_set(audit, AuditState.FIELDWORK)
    check = saved(first_check(audit), insider, notes="They asked for the list of October.")
    assert check.notes
    url, client = f"{audit.get_absolute_url()}checklist/{check.pk}/", sign_in(insider)
    assert "nobody audits the own unit" in client.get(url).content.decode()
    sent = client.post(url, {"result": CheckResult.CONFORMS, "version": check.version})
    assert "nobody audits the own unit" in sent.content.decode()
    check.refresh_from_db()
    assert check.result == CheckResult.NOT_TESTED
    assert client.get(f"{audit.get_absolute_url()}conclusion/").status_code == 403
    assert client.get(f"{audit.get_absolute_url()}findings/new/").status_code != 200
