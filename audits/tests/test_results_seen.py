"""Who sees what auditors find out before the report is approved: not who is audited, by name or by their unit."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from audits.choices import AuditRole, AuditState, AuditType, CheckResult
from audits.models import Audit
from audits.permissions import can_see_checks, checks_seen_by
from audits.services import CheckRefused, ReportRefused, conclusion_write
from audits.tests.checks import audit_take_to, audit_with_checks, first_check, saved
from audits.tests.factories import audit_make
from audits.tests.reports import state_set
from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.files.tests.contents import file_make
from foundation.lists import pages
from foundation.lists.models import ListExport
from foundation.lists.services import export_run
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
TRAIL = reverse("records:trail-list")
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
    leading = person(Role.AUDITOR, units.retail)
    RoleGrantFactory.create(user=leading, role=Role.UNIT_LEAD, unit=units.payments)
    sees = {
        "lead": (cast.auditor, True),
        "auditor elsewhere": (person(Role.AUDITOR, units.retail), True),
        "auditor elsewhere who leads the unit": (leading, early),
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
    for hidden in ("checklist/", f"checklist/{check.pk}/", "checklist/?export=csv"):
        assert client.get(f"{page}{hidden}").status_code == 403, hidden
    assert client.get(f"{page}report/").status_code == 404, "a tab that there is not"
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


def exported(client: Client, fmt: str) -> str:
    """Take the trail away as a file, in the same answer."""
    sent = b"".join(client.get(TRAIL, {"export": fmt}))
    if fmt == "csv":
        return sent.decode()
    rows = openpyxl.load_workbook(io.BytesIO(sent)).worksheets[0].iter_rows(values_only=True)
    return "\n".join(str(cell) for row in rows for cell in row)


def written(client: Client) -> str:
    """Let a worker write the trail as a file, and return its address."""
    client.get(TRAIL, {"export": "csv"})
    export = ListExport.objects.latest("requested_at")
    export_run(key=export.pk, clock=clock.now)
    return reverse("lists:export-file", args=[export.pk])


@pytest.fixture
def found_out(cast: Cast) -> Audit:
    """Let an audit have a result, a conclusion and a file that are kept from who is audited."""
    audit = audit_with_checks(cast)
    saved(first_check(audit), cast.auditor, result=CheckResult.MAJOR)
    file_make(audit, cast.auditor, "interview.txt", kept_from=AuditRole.AUDITEE)
    file_make(audit, cast.auditor, "agenda.txt")
    audit.refresh_from_db()
    return conclusion_write(
        audit=audit, conclusion="Wanting in places.", actor=cast.auditor, version=audit.version
    )


KEPT = ("Wanting in places.", "HB-1", "interview.txt")


@pytest.mark.parametrize("by_name", [True, False])
def test_the_trail_and_its_files_keep_what_the_history_keeps(
    cast: Cast, sign_in: SignIn, found_out: Audit, monkeypatch: pytest.MonkeyPatch, by_name: bool
) -> None:
    reader = person(Role.AUDITOR, cast.units.root if by_name else cast.units.cards)
    if by_name:
        found_out.participants.create(user=reader, role=AuditRole.AUDITEE)
    theirs, auditors = sign_in(reader), sign_in(cast.auditor)

    def told(client: Client) -> dict[str, str]:
        read = {
            "page": client.get(TRAIL).text,
            "csv": exported(client, "csv"),
            "xlsx": exported(client, "xlsx"),
        }
        with monkeypatch.context() as patch:
            patch.setattr(pages, "WRITTEN_AT_ONCE", 0)
            return {**read, "worker": b"".join(client.get(written(client))).decode()}

    for where, text in told(theirs).items():
        assert [secret for secret in KEPT if secret in text] == [], where
        assert "started the fieldwork" in text, where
        assert "agenda.txt" in text, where
    for where, text in told(auditors).items():
        assert [secret for secret in KEPT if secret not in text] == [], where
    assert "HB-1" not in theirs.get(TRAIL, {"reference": found_out.reference}).text
    assert (
        "set the result"
        not in theirs.get(TRAIL, {"action": "audits.check.graded"}).text.partition("<tbody")[2]
    )
    with assert_queries("trail, with fields that are kept"):
        theirs.get(TRAIL)
    state_set(found_out, AuditState.FOLLOW_UP)
    for where, text in told(theirs).items():
        assert all((secret in text) != by_name for secret in KEPT), where


def test_a_file_of_the_trail_is_not_handed_over_to_who_is_audited_since(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit = audit_take_to(cast, audit_make(cast), AuditState.FIELDWORK)
    conclusion_write(audit=audit, conclusion="Wanting in places.", actor=cast.auditor, version=audit.version)
    reader, other = person(Role.AUDITOR, cast.units.root), person(Role.AUDITOR, cast.units.root)
    audit.participants.create(user=other, role=AuditRole.AUDITEE)
    monkeypatch.setattr(pages, "WRITTEN_AT_ONCE", 0)
    file, without = written(sign_in(reader)), written(sign_in(other))
    assert b"Wanting in places." in b"".join(sign_in(reader).get(file))
    audit.participants.create(user=reader, role=AuditRole.AUDITEE)
    refused = sign_in(reader).get(file)
    assert refused.status_code == 403
    assert "Take the list anew." in refused.text
    assert sign_in(other).get(without).status_code == 200, "it never held what is kept"


def test_who_changes_many_audits_is_not_told_what_is_kept(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_take_to(cast, audit_make(cast, owner=cast.ciso), AuditState.FIELDWORK)
    chosen = {"row": f"{audit.pk}:{audit.version}"}
    conclusion_write(audit=audit, conclusion="Wanting in places.", actor=cast.auditor, version=audit.version)
    step, client = reverse("audits:audits-assign"), sign_in(cast.analyst)
    assert "Wanting in places." in client.get(step, chosen).text
    audit.participants.create(user=cast.analyst, role=AuditRole.AUDITEE)
    told = client.get(step, chosen).text
    assert "was changed since you selected it" in told
    assert "Wanting in places." not in told


@pytest.mark.parametrize("type", AuditType.values)
@pytest.mark.parametrize("unit", ["payments", "cards"])
def test_nobody_grades_or_concludes_on_the_own_unit(cast: Cast, type: str, unit: str) -> None:
    insider = person(Role.SECURITY, getattr(cast.units, unit))
    audit = audit_with_checks(cast, type=type)
    check = first_check(audit)
    if type == AuditType.SUPPLIER:
        assert saved(check, insider, result=CheckResult.CONFORMS).result == CheckResult.CONFORMS
        return
    with pytest.raises(CheckRefused, match="nobody audits their own unit"):
        saved(check, insider, result=CheckResult.CONFORMS)
    with pytest.raises(ReportRefused, match="nobody audits their own unit"):
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
    assert "nobody audits their own unit" in client.get(url).content.decode()
    sent = client.post(url, {"result": CheckResult.CONFORMS, "version": check.version})
    assert "nobody audits their own unit" in sent.content.decode()
    check.refresh_from_db()
    assert check.result == CheckResult.NOT_TESTED
    assert client.get(f"{audit.get_absolute_url()}conclusion/").status_code == 403
    assert client.get(f"{audit.get_absolute_url()}findings/new/").status_code == 403
