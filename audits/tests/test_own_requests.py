"""Who is audited by name knows of the own requests for evidence alone, whatever right they hold, wherever they look."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from audits.choices import AuditState
from audits.models import Audit, EvidenceListing, EvidenceRequest
from audits.services import EvidenceAsk, audit_change, evidence_change
from audits.tests.factories import NOW, TODAY, audit_make, evidence_make
from audits.tests.reports import state_set
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.deadlines.models import Deadline
from foundation.files.models import File
from foundation.files.services import file_add
from foundation.files.tests.contents import pdf, upload
from foundation.records.models import Record, Withheld
from foundation.records.querysets import visibility_grounds
from foundation.records.selectors import entries_visible_to, pairs_that_see, people_who_see
from foundation.search.selectors import records_matching
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LIST = "/audits/evidence/"
AUDITEES = ["unit_lead", "analyst", "ciso", "auditor"]


def fresh(user: User) -> User:
    """Return a person as the next page reads them."""
    return User.objects.get(pk=user.pk)


@pytest.fixture
def lead(cast: Cast) -> User:
    """Somebody who leads the audit, and is none of the cast: any of these may be audited."""
    person = UserFactory.create(full_name="Ines Valente", unit=cast.units.root)
    RoleGrantFactory.create(user=person, role=Role.AUDITOR)
    return person


@pytest.fixture
def owner(cast: Cast) -> User:
    return UserFactory.create(full_name="Otis Grant", unit=cast.units.retail)


def running(cast: Cast, **values: Any) -> Audit:
    """Plan an audit and put it into its fieldwork: whoever takes steps in these tests may be audited."""
    audit = audit_make(cast, **values)
    state_set(audit, AuditState.FIELDWORK)
    return Audit.objects.get(pk=audit.pk)


def asked(cast: Cast, audit: Audit, of: User, title: str, by: User) -> EvidenceRequest:
    return evidence_make(cast, audit, asks=[EvidenceAsk(title=title)], owners=[of], actor=by)


@pytest.fixture(params=AUDITEES)
def auditee(cast: Cast, request: pytest.FixtureRequest) -> User:
    found: User = getattr(cast, request.param)
    return found


@pytest.fixture
def audit(cast: Cast, lead: User, owner: User, auditee: User) -> Audit:
    return running(cast, lead_auditor=lead, owner=owner, auditees=[auditee, cast.personnel])


def test_an_auditee_meets_the_own_requests_alone(
    cast: Cast, sign_in: SignIn, audit: Audit, lead: User, auditee: User
) -> None:
    own = asked(cast, audit, auditee, "Plan of the backups", lead)
    other = asked(cast, audit, cast.personnel, "Access list of the gateway", lead)
    client = sign_in(auditee)
    page = client.get(f"{LIST}?state=any").content.decode()
    assert own.reference in page
    assert own.title in client.get("/calendar/?day=2026-12-04").content.decode()
    assert other.reference not in page
    answer: Any = client.get(f"{LIST}?state=any&export=csv")
    exported = b"".join(answer.streaming_content).decode()
    assert own.reference in exported
    assert other.reference not in exported
    for path in ("", "history/", "files/", "comments/", "edit/", "answer/", "steps/withdraw/"):
        assert client.get(f"{other.get_absolute_url()}{path}").status_code == 404, path
    assert client.get(f"{own.get_absolute_url()}?all").status_code == 200
    tab = client.get(f"{audit.get_absolute_url()}evidence/").content.decode()
    assert own.reference in tab
    assert other.reference not in tab
    assert other.title not in client.get(f"/search/?q={other.reference}").content.decode()
    assert other.title not in client.get("/calendar/?day=2026-12-04").content.decode()


def test_what_hangs_on_the_others_is_not_there_either(
    cast: Cast, audit: Audit, lead: User, auditee: User
) -> None:
    other = asked(cast, audit, cast.personnel, "Access list of the gateway", lead)
    file_add(record=other, upload=upload("list.pdf", pdf(2)), actor=cast.personnel, now=NOW)
    reader = fresh(auditee)
    seen = Record.objects.visible_to(reader)
    assert audit.pk in seen.values_list("pk", flat=True), "the audit itself"
    assert not seen.filter(pk=other.pk).exists()
    assert not any(
        Record.objects.filter(ground, pk=other.pk).exists() for ground in visibility_grounds(reader)
    )
    assert not EvidenceListing.objects.visible_to(reader).filter(pk=other.pk).exists()
    assert not File.objects.visible_to(reader).filter(record=other.pk).exists()
    assert not Deadline.objects.visible_to(reader).filter(record=other.pk).exists()
    assert not entries_visible_to(reader).filter(record_id=other.pk).exists()
    assert other.pk not in records_matching(reader, "gateway").keys
    assert pairs_that_see({(other.pk, auditee.pk), (other.pk, cast.personnel.pk)}, on=TODAY) == {
        (other.pk, cast.personnel.pk)
    }
    assert auditee not in people_who_see(other, on=TODAY)
    assert cast.personnel in people_who_see(other, on=TODAY)


def test_all_others_know_of_them_as_before(cast: Cast, lead: User, owner: User) -> None:
    audit = running(cast, lead_auditor=lead, owner=owner, auditees=[cast.personnel])
    request = asked(cast, audit, cast.outsider, "Access list", lead)
    for person in (lead, owner, cast.outsider, cast.unit_lead, cast.analyst, cast.auditor, cast.ciso):
        assert EvidenceRequest.objects.visible_to(fresh(person)).filter(pk=request.pk).exists(), person
    for person in (cast.personnel, cast.executive):
        assert not EvidenceRequest.objects.visible_to(fresh(person)).filter(pk=request.pk).exists(), person


def test_who_becomes_an_auditee_loses_sight_of_them_and_who_is_one_no_longer_finds_them(
    cast: Cast, lead: User, owner: User
) -> None:
    audit = running(cast, lead_auditor=lead, owner=owner)
    request = asked(cast, audit, cast.personnel, "Access list", cast.analyst)

    def sees(person: User) -> bool:
        return bool(EvidenceRequest.objects.visible_to(fresh(person)).filter(pk=request.pk).exists())

    def audited(*people: User) -> None:
        current = Audit.objects.get(pk=audit.pk)
        audit_change(
            audit=current, changes={}, actor=lead, now=NOW, version=current.version, auditees=list(people)
        )

    assert sees(cast.unit_lead)
    assert sees(cast.analyst)
    audited(cast.unit_lead, cast.analyst)
    assert not sees(cast.unit_lead)
    assert not sees(cast.analyst), "who asked for it, and is audited now"
    audited(cast.analyst)
    assert sees(cast.unit_lead)
    audited()
    assert not Withheld.objects.exists()
    assert sees(cast.analyst)


def test_who_is_asked_instead_sees_it_and_who_was_asked_does_not(cast: Cast, lead: User, owner: User) -> None:
    audit = running(cast, lead_auditor=lead, owner=owner, auditees=[cast.unit_lead, cast.personnel])
    request = asked(cast, audit, cast.unit_lead, "Access list", lead)
    evidence_change(
        request=request, changes={"owner": cast.personnel}, actor=lead, now=NOW, version=request.version
    )
    seen = [
        EvidenceRequest.objects.visible_to(fresh(one)).exists() for one in (cast.unit_lead, cast.personnel)
    ]
    assert seen == [False, True]


def test_of_another_audit_the_unit_is_read_as_ever(cast: Cast, lead: User, owner: User) -> None:
    running(cast, lead_auditor=lead, owner=owner, auditees=[cast.unit_lead])
    other = running(cast, lead_auditor=lead, owner=owner)
    request = asked(cast, other, cast.personnel, "Access list", lead)
    assert EvidenceRequest.objects.visible_to(fresh(cast.unit_lead)).get() == request
