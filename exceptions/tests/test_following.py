"""What exceptions follow of their documents at once: that they are restricted, and who answers for them."""

from typing import Any

import pytest
from django.test import Client

from exceptions.choices import ExceptionState, RiskLevel
from exceptions.models import PolicyException
from exceptions.permissions import DOCUMENT_OWNER
from exceptions.tasks import follow_documents
from exceptions.tests.factories import NOW, decide, exception_make, granted, made_in, step, submitted
from foundation.accounts.models import User
from foundation.accounts.services import user_deactivate
from foundation.approvals.choices import DECISION_DEADLINE
from foundation.approvals.models import HandOn
from foundation.approvals.selectors import requests_waiting_for
from foundation.approvals.services import (
    DECIDERS,
    REQUESTED,
    ApprovalRefused,
    approval_hand_on,
    approval_withdraw,
)
from foundation.approvals.tests.factories import reviewer
from foundation.deadlines.models import Deadline
from foundation.notifications.choices import NoticeState
from foundation.notifications.models import Notice
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from policies.models import Document
from policies.services import document_change, document_give

pytestmark = pytest.mark.django_db


def change(document: Document, actor: User, **changes: Any) -> Document:
    now = Document.objects.get(pk=document.pk)
    return document_change(document=now, changes=changes, actor=actor, now=NOW, version=now.version)


def restrict(document: Document, actor: User) -> Document:
    return change(document, actor, confidentiality=Confidentiality.RESTRICTED)


def known_to(person: User) -> bool:
    return PolicyException.objects.visible_to(User.objects.get(pk=person.pk)).exists()


@pytest.mark.parametrize("state", ["draft", "in_review", "granted", "expired", "refused"])
def test_it_is_restricted_with_its_document_at_once(client: Client, cast: Cast, state: str) -> None:
    exception = made_in(cast, state)
    assert known_to(reviewer(cast))
    restrict(exception.document, cast.ciso)
    assert not known_to(reviewer(cast))
    client.force_login(reviewer(cast))
    assert client.get(exception.get_absolute_url()).status_code == 404
    assert exception.title not in client.get("/search/?q=gates").content.decode()
    assert exception.title not in client.get("/exceptions/?state=all").content.decode()
    for person in (cast.unit_lead, cast.analyst, cast.ciso):
        assert known_to(person), "who owns it or asked, who answers for the document, and the CISO"


def test_it_stays_restricted_where_its_document_is_opened(cast: Cast) -> None:
    exception = granted(cast)
    restrict(exception.document, cast.ciso)
    change(exception.document, cast.ciso, confidentiality=Confidentiality.INTERNAL)
    assert PolicyException.objects.get().is_restricted


def test_what_was_restricted_beside_the_services_is_followed_by_the_task(cast: Cast) -> None:
    exception = exception_make(cast)
    Document.objects.filter(pk=exception.document_id).update(confidentiality=Confidentiality.RESTRICTED)
    assert known_to(reviewer(cast))
    follow_documents()
    assert not known_to(reviewer(cast))


@pytest.mark.parametrize("how", ["changed", "given"])
def test_who_answers_for_the_document_by_now_knows_of_it_at_once(cast: Cast, how: str) -> None:
    exception = granted(cast)
    if how == "changed":
        change(exception.document, cast.ciso, owner=cast.executive)
    else:
        document_give(
            record=exception.document,
            to=cast.executive,
            leaving=cast.analyst,
            actor=cast.administrator,
            now=NOW,
        )
    assert exception.participants.get(role=DOCUMENT_OWNER).user == cast.executive
    assert known_to(cast.executive)


def test_the_exceptions_of_others_stay_as_they_are(cast: Cast) -> None:
    other = granted(cast)
    restrict(exception_make(cast).document, cast.ciso)
    assert PolicyException.objects.get(pk=other.pk).version == other.version
    assert not PolicyException.objects.get(pk=other.pk).is_restricted


def dates_of(exception: PolicyException) -> set[int]:
    due = Deadline.objects.open().filter(record_id=exception.pk, kind=DECISION_DEADLINE)
    return set(due.values_list("assignee_id", flat=True))


def asked_of(exception: PolicyException) -> set[int]:
    asked = Notice.objects.filter(record_id=exception.pk, kind=REQUESTED)
    return set(asked.exclude(state=NoticeState.CANCELLED).values_list("recipient_id", flat=True))


def waits_for(person: User) -> bool:
    return bool(requests_waiting_for(User.objects.get(pk=person.pk)))


@pytest.mark.parametrize("how", ["changed", "given", "left to the task"])
def test_what_waits_is_for_who_answers_for_the_document_by_then(cast: Cast, how: str) -> None:
    exception = submitted(cast)
    assert (waits_for(cast.analyst), waits_for(cast.executive)) == (True, False)
    due = Deadline.objects.open().get(record_id=exception.pk, kind=DECISION_DEADLINE).due_on
    if how == "changed":
        change(exception.document, cast.ciso, owner=cast.executive)
    elif how == "given":
        document_give(
            record=exception.document,
            to=cast.executive,
            leaving=cast.analyst,
            actor=cast.administrator,
            now=NOW,
        )
    else:
        Document.objects.filter(pk=exception.document_id).update(owner=cast.executive)
        follow_documents()
    assert (waits_for(cast.analyst), waits_for(cast.executive)) == (False, True)
    assert dates_of(exception) == {cast.executive.pk}
    assert Deadline.objects.open().get(record_id=exception.pk, kind=DECISION_DEADLINE).due_on == due
    assert asked_of(exception) == {cast.executive.pk}
    with pytest.raises(ApprovalRefused, match="by others"):
        decide(exception, cast.analyst)
    assert decide(exception, cast.executive).state == ExceptionState.GRANTED


@pytest.mark.parametrize("how", ["changed", "left to the task"])
def test_what_the_former_owner_handed_on_is_for_who_answers_for_the_document_by_then(
    cast: Cast, how: str
) -> None:
    exception = submitted(cast)
    request = exception.approval_requests.get()
    handed = {"request": request, "reason": "Knows the gates.", "now": NOW}
    approval_hand_on(actor=User.objects.get(pk=cast.analyst.pk), to=reviewer(cast), **handed)
    assert [waits_for(one) for one in (cast.analyst, reviewer(cast))] == [False, True]
    if how == "changed":
        change(exception.document, cast.ciso, owner=cast.executive)
    else:
        Document.objects.filter(pk=exception.document_id).update(owner=cast.executive)
        follow_documents()
    assert [waits_for(one) for one in (cast.analyst, reviewer(cast), cast.executive)] == [False, False, True]
    assert dates_of(exception) == {cast.executive.pk}
    assert HandOn.objects.get().ended_at is not None
    told = Notice.objects.get(kind="approvals.lapsed")
    assert told.recipient == reviewer(cast)
    assert "No longer yours to decide" in told.payload["sentence"]
    assert not Notice.objects.filter(kind="approvals.handed_back").exists(), "it is not the former owner's"
    with pytest.raises(ApprovalRefused, match="by others"):
        decide(exception, reviewer(cast))
    approval_hand_on(actor=User.objects.get(pk=cast.executive.pk), to=reviewer(cast), **handed)
    assert decide(exception, reviewer(cast)).state == ExceptionState.GRANTED


def test_what_the_former_owner_decided_stands(cast: Cast) -> None:
    exception = decide(submitted(cast, risk=RiskLevel.CRITICAL), cast.analyst)
    change(exception.document, cast.ciso, owner=cast.executive)
    assert not waits_for(cast.executive)
    assert dates_of(exception) == {cast.ciso.pk}
    assert decide(exception, cast.ciso).state == ExceptionState.GRANTED


def test_who_asked_is_told_where_the_new_owner_has_a_side_and_asks_again(cast: Cast) -> None:
    exception = submitted(cast)
    change(exception.document, cast.ciso, owner=cast.unit_lead)
    assert not waits_for(cast.unit_lead)
    assert dates_of(exception) == asked_of(exception) == set(), "the former owner is not reminded"
    told = Notice.objects.get(record_id=exception.pk, kind=DECIDERS, recipient=cast.unit_lead)
    assert "too few are left" in told.payload["sentence"]
    approval_withdraw(request=exception.approval_requests.get(), actor=cast.unit_lead, now=NOW)
    exception = step(PolicyException.objects.get(), "submit", cast.unit_lead)
    assert dates_of(exception) == {cast.ciso.pk}
    assert decide(exception, cast.ciso).state == ExceptionState.GRANTED


def test_whoever_leaves_leaves_the_decision_to_who_gets_the_document(cast: Cast) -> None:
    exception = submitted(cast)
    user_deactivate(user=cast.analyst, successor=cast.executive, actor=cast.administrator, now=NOW)
    assert waits_for(cast.executive)
    assert dates_of(exception) == {cast.executive.pk}
