"""Who stands in for who is asked for evidence sees and answers that one request, whoever else they are; and nothing more."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audits.choices import EvidenceState
from audits.models import Audit, EvidenceListing, EvidenceRequest
from audits.services import EvidenceAsk, evidence_ask, evidence_change
from audits.services.evidence_notices import ASKED, evidence_owner_tell
from audits.tests.factories import NOW, TODAY, audit_in, evidence_answered, evidence_make
from foundation import clock
from foundation.accounts.access import access_of
from foundation.accounts.models import Delegation, User
from foundation.accounts.organisation import organisation_day
from foundation.files.permissions import has_adding_right
from foundation.lifecycle.services import apply_transition
from foundation.notifications.models import Notice
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.records.querysets import visibility_grounds
from foundation.records.selectors import pairs_that_see, people_who_see, stands_in_for_owner
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def stand_in(cast: Cast, person: User, by: User, days: int = 0) -> None:
    today = organisation_day(clock.now())
    Delegation.objects.create(
        person=person,
        stand_in=by,
        starts_on=today + timedelta(days=days),
        ends_on=today + timedelta(days=days),
        created_by=person,
        created_at=NOW,
    )


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.fixture(params=["unit_lead", "outsider"])
def colleague(cast: Cast, request: pytest.FixtureRequest) -> User:
    """Who is audited, too: with a right to the unit's records, and without any."""
    found: User = getattr(cast, request.param)
    return found


@pytest.fixture
def audit(cast: Cast, colleague: User) -> Audit:
    return audit_in(cast, auditees=[colleague, cast.personnel])


def asked(cast: Cast, audit: Audit, title: str, of: User, **values: Any) -> EvidenceRequest:
    return evidence_make(cast, audit, asks=[EvidenceAsk(title=title)], owners=[of], **values)


def sees(person: User, request: EvidenceRequest) -> bool:
    """Tell whether a person sees a request: at all the doors the same."""
    reader, on = fresh(person), organisation_day(clock.now())
    found = {
        EvidenceRequest.objects.visible_to(reader).filter(pk=request.pk).exists(),
        EvidenceListing.objects.visible_to(reader).filter(pk=request.pk).exists(),
        any(Record.objects.filter(ground, pk=request.pk).exists() for ground in visibility_grounds(reader)),
        (request.pk, person.pk) in pairs_that_see({(request.pk, person.pk)}, on=on),
        people_who_see(request, on=on).filter(pk=person.pk).exists(),
    }
    assert len(found) == 1
    return found.pop()


def test_a_stand_in_who_is_audited_answers_the_request(
    cast: Cast, sign_in: SignIn, audit: Audit, colleague: User
) -> None:
    request = asked(cast, audit, "Access list", cast.personnel)
    assert not sees(colleague, request)
    stand_in(cast, cast.personnel, colleague)
    assert sees(colleague, request)
    assert has_adding_right(fresh(colleague), request)
    client = sign_in(fresh(colleague))
    url = reverse("audits:evidence-answer", args=[request.reference])
    assert "You answer for Pavel Dimitrov" in client.get(url).content.decode()
    assert client.post(url, {"answer": "All of it.", "version": request.version}).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.answered_by) == (EvidenceState.ANSWERED, colleague)
    told = Entry.objects.get(record_id=request.pk, action="audits.evidence_request.answer")
    assert told.comment == "In the place of Pavel Dimitrov."


def test_nothing_else_is_opened(cast: Cast, sign_in: SignIn, audit: Audit, colleague: User) -> None:
    stand_in(cast, cast.personnel, colleague)
    other = asked(cast, audit, "Plan of the backups", cast.executive)
    settled = asked(cast, audit, "Old list", cast.personnel)
    Record.objects.filter(pk=settled.pk).update(state=EvidenceState.ACCEPTED)
    secret = asked(cast, audit, "Secret list", cast.personnel)
    Record.objects.filter(pk=secret.pk).update(confidentiality=Confidentiality.RESTRICTED)
    client = sign_in(fresh(colleague))
    for one in (other, settled, secret):
        request = EvidenceRequest.objects.get(pk=one.pk)
        assert not sees(colleague, request), request.title
        reader = fresh(colleague)
        by_right = access_of(reader).has("files.add", request.unit_id)
        assert by_right == (colleague == cast.unit_lead)
        assert has_adding_right(reader, request) == by_right, request.title
        assert not stands_in_for_owner(reader, request), request.title
        assert client.get(request.get_absolute_url()).status_code == 404, request.title
    assert Audit.objects.visible_to(fresh(colleague)).exists(), "they are named in the audit"


@pytest.mark.parametrize("days", [-1, 1])
def test_a_stand_in_of_another_day_sees_nothing(cast: Cast, audit: Audit, colleague: User, days: int) -> None:
    request = asked(cast, audit, "Access list", cast.personnel)
    stand_in(cast, cast.personnel, colleague, days)
    assert not sees(colleague, request)


def test_whose_account_is_closed_is_stood_in_for_by_nobody(cast: Cast, audit: Audit, colleague: User) -> None:
    request = asked(cast, audit, "Access list", cast.personnel)
    stand_in(cast, cast.personnel, colleague)
    User.objects.filter(pk=cast.personnel.pk).update(is_active=False)
    assert not sees(colleague, request)


def test_whoever_stands_in_for_a_stand_in_sees_nothing(cast: Cast, audit: Audit, colleague: User) -> None:
    request = asked(cast, audit, "Access list", cast.personnel)
    stand_in(cast, cast.personnel, cast.administrator)
    stand_in(cast, cast.administrator, colleague)
    assert not sees(colleague, request)


@pytest.fixture
def then(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be the day on which evidence is asked for."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def told(person: User) -> list[tuple[str, str]]:
    notices = Notice.objects.filter(kind=ASKED, recipient=person).order_by("pk")
    return [(one.payload["sentence"], one.payload.get("reason", "")) for one in notices]


@pytest.mark.usefixtures("then")
def test_a_stand_in_is_told_for_whom_evidence_is_asked_and_asked_again(
    cast: Cast, audit: Audit, colleague: User
) -> None:
    stand_in(cast, cast.personnel, colleague)
    request = evidence_answered(cast, asked(cast, audit, "Access list", cast.personnel))
    apply_transition(record=request, name="return", actor=cast.auditor, now=NOW, comment="Too old")
    in_place = "You stand in for Pavel Dimitrov."
    assert told(colleague) == [
        (
            f"Needed for an audit: please answer it. {in_place}",
            "You stand in for Pavel Dimitrov, who is away.",
        ),
        (
            f"Returned, since something is missing: please answer it again. {in_place}",
            "You stand in for Pavel Dimitrov, who is away.",
        ),
    ]
    assert [reason for _sentence, reason in told(cast.personnel)] == ["", ""]


@pytest.mark.usefixtures("then")
def test_a_stand_in_is_told_of_what_is_given_to_another(cast: Cast, audit: Audit, colleague: User) -> None:
    request = asked(cast, audit, "Access list", cast.executive)
    stand_in(cast, cast.personnel, colleague)
    request.refresh_from_db()
    evidence_change(
        request=request,
        changes={"owner": cast.personnel},
        actor=cast.auditor,
        now=NOW,
        version=request.version,
    )
    assert len(told(colleague)) == 1


@pytest.mark.usefixtures("then")
def test_a_stand_in_who_may_not_answer_is_told_nothing(cast: Cast, audit: Audit) -> None:
    stand_in(cast, cast.personnel, cast.auditor)
    asked(cast, audit, "Access list", cast.personnel, actor=cast.ciso)
    stand_in(cast, cast.executive, cast.unit_lead)
    secret = audit_in(cast, confidentiality=Confidentiality.RESTRICTED)
    asked(cast, secret, "Secret list", cast.executive)
    assert not told(cast.auditor)
    assert not told(cast.unit_lead)


@pytest.mark.usefixtures("then")
def test_many_requests_ask_no_more_for_stand_ins(
    cast: Cast, audit: Audit, colleague: User, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    stand_in(cast, cast.personnel, colleague)
    requests = evidence_ask(
        audit=audit,
        asks=[EvidenceAsk(title=f"List {number}") for number in range(30)],
        owners=[cast.personnel],
        due_on=TODAY,
        actor=cast.auditor,
        now=NOW,
    )
    with django_assert_max_num_queries(12):
        evidence_owner_tell(requests=requests, kind=ASKED, what="Please", actor=cast.auditor, now=NOW)
    assert len(told(colleague)) == 30
