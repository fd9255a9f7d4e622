"""Two people at one document, the second while the first is not done yet: one wins, the other is told, and nothing holds unapproved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.tests.factories import RoleGrantFactory
from foundation.approvals.choices import RequestState, Verdict
from foundation.approvals.models import ApprovalDecision, ApprovalRequest
from foundation.approvals.selectors import latest_request
from foundation.approvals.services import (
    ApprovalRefused,
    approval_decide,
    approval_withdraw,
    content_digest,
    content_seen,
)
from foundation.approvals.tests.factories import route_make, stage
from foundation.lifecycle.services import TransitionRefused
from foundation.testing.cast import Cast
from foundation.testing.races import PATIENCE_SECONDS, elsewhere, wait_until_blocked
from foundation.trail.models import Entry
from policies.approvals import version_content
from policies.choices import COMING, DECIDING, IN_FORCE, SETTLED, DocumentState, VersionState
from policies.models import Document, DocumentVersion
from policies.selectors import coming_of
from policies.services import DocumentRefused, document_change, document_publish_due, draft_write
from policies.tests.factories import NOW, decide, step, submitted

pytestmark = pytest.mark.django_db(transaction=True)
Deed = Callable[[], Any]
BOTH_WAYS = pytest.mark.parametrize("is_first", [True, False])
DAY = NOW.date() + timedelta(days=2)
THAT_DAY = NOW + timedelta(days=2)


def one_after_the_other(first: Deed, second: Deed) -> Any:
    """Do something, and let another connection begin something else before it is committed; return what the other came to."""
    with transaction.atomic():
        first()
        other = elsewhere(second)
        wait_until_blocked()
    return other.exception(PATIENCE_SECONDS) or other.result()


def asked(document: Document) -> ApprovalRequest:
    request = latest_request(document)
    assert request is not None
    return request


def deciding(document: Document, person: User, verdict: Verdict = Verdict.APPROVE) -> Deed:
    """Let a person open what waits for a decision; return what decides it."""
    request = asked(document)
    content_seen(request=request, person=person, now=NOW)
    return lambda: approval_decide(
        request=request,
        actor=User.objects.get(pk=person.pk),
        verdict=verdict,
        seen_digest=request.digest,
        now=NOW,
        comment="So.",
    )


def withdrawing(document: Document, person: User) -> Deed:
    request = asked(document)
    return lambda: approval_withdraw(request=request, actor=person, now=NOW)


def writing(document: Document, person: User) -> Deed:
    draft = coming_of(document)
    assert draft is not None
    return lambda: draft_write(
        document=document,
        changes={"body": "Leave doors open.\n"},
        is_material=None,
        actor=person,
        now=NOW,
        revision=draft.revision,
    )


def approved(cast: Cast) -> Document:
    """Approve a policy that holds from the day after tomorrow."""
    return decide(submitted(cast, effective_on=DAY), cast.ciso)


def check() -> Document:
    """Hold what is true of the document whoever won; return it as it is."""
    document = Document.objects.get()
    versions = list(document.versions.select_related("approval"))
    in_force = [one for one in versions if one.state == VersionState.PUBLISHED]
    assert in_force == ([document.current] if document.state in IN_FORCE else [])
    assert sum(one.state in COMING for one in versions) <= 1
    is_open = ApprovalRequest.objects.filter(state=RequestState.OPEN).exists()
    assert is_open == (document.state in DECIDING)
    for version in versions:
        if version.state != VersionState.APPROVED and version.state not in SETTLED:
            continue
        request = version.approval
        assert request.state == RequestState.APPROVED
        assert version.digest == request.digest == content_digest(version_content(document, version))
        assert request.decisions.filter(verdict=Verdict.APPROVE).exists()
    barred = {key for request in ApprovalRequest.objects.all() for key in request.authors}
    assert not ApprovalDecision.objects.filter(decided_by__in=barred).exists()
    return document


def steps_taken(name: str) -> int:
    return Entry.objects.filter(action=f"policies.document.{name}").count()


def told(outcome: object) -> str:
    assert isinstance(outcome, (TransitionRefused, DocumentRefused)), outcome
    return str(outcome)


def test_who_writes_while_it_is_approved_is_told_and_changes_nothing(committed_cast: Cast) -> None:
    cast, document = committed_cast, submitted(committed_cast)
    outcome = one_after_the_other(deciding(document, cast.ciso), writing(document, cast.analyst))
    assert told(outcome) == "What is published stays as it is: begin a revision first."
    assert check().current.body == document.versions.get().body
    assert asked(document).content["body"] == document.versions.get().body


def test_who_approves_what_is_taken_back_and_written_anew_is_told(committed_cast: Cast) -> None:
    cast, document = committed_cast, submitted(committed_cast)
    withdraw, write = withdrawing(document, cast.analyst), writing(document, cast.analyst)
    outcome = one_after_the_other(lambda: (withdraw(), write()), deciding(document, cast.ciso))
    assert isinstance(outcome, ApprovalRefused)
    assert told(outcome) == "This request is closed."
    assert check().state == DocumentState.DRAFT
    assert not ApprovalDecision.objects.exists()
    assert document.versions.get().body == "Leave doors open.\n"


@BOTH_WAYS
def test_approve_and_withdraw(committed_cast: Cast, is_first: bool) -> None:
    cast, document = committed_cast, submitted(committed_cast)
    deeds = [deciding(document, cast.ciso), withdrawing(document, cast.analyst)]
    outcome = one_after_the_other(*(deeds if is_first else reversed(deeds)))
    assert told(outcome) == "This request is closed."
    assert check().state == (DocumentState.PUBLISHED if is_first else DocumentState.DRAFT)
    assert ApprovalDecision.objects.exists() is is_first


@BOTH_WAYS
def test_approve_and_send_back(committed_cast: Cast, is_first: bool) -> None:
    """Of two who decide at once, the second finds it closed, whatever either wanted."""
    cast, document = committed_cast, submitted(committed_cast)
    second = RoleGrantFactory.create(role=Role.CISO).user
    deeds = [deciding(document, cast.ciso), deciding(document, second, Verdict.CHANGES)]
    outcome = one_after_the_other(*(deeds if is_first else reversed(deeds)))
    assert told(outcome) == "This request is closed."
    assert check().state == (DocumentState.PUBLISHED if is_first else DocumentState.DRAFT)
    assert ApprovalDecision.objects.count() == 1


def test_two_approvers_where_two_are_needed_publish_once(committed_cast: Cast) -> None:
    cast = committed_cast
    second = RoleGrantFactory.create(role=Role.CISO).user
    route_make(cast, stage("Both", roles=["ciso"], needed=2), kind="document")
    document = submitted(cast)
    outcome = one_after_the_other(deciding(document, cast.ciso), deciding(document, second))
    assert isinstance(outcome, ApprovalRequest), outcome
    assert check().state == DocumentState.PUBLISHED
    assert ApprovalDecision.objects.count() == 2
    assert (steps_taken("approve"), steps_taken("publish")) == (1, 1)


@BOTH_WAYS
def test_approve_and_move_to_another_unit(committed_cast: Cast, is_first: bool) -> None:
    """The unit is part of what is approved."""
    cast, document = committed_cast, submitted(committed_cast, effective_on=DAY)

    def move() -> Document:
        now = Document.objects.get()
        changes = {"unit": cast.units.payments}
        return document_change(
            document=now, changes=changes, actor=cast.analyst, now=NOW, version=now.version
        )

    decide_it = deciding(document, cast.ciso)
    outcome = one_after_the_other(*((decide_it, move) if is_first else (move, decide_it)))
    assert isinstance(outcome, Exception), outcome
    assert check().state == (DocumentState.APPROVED if is_first else DocumentState.DRAFT)


@BOTH_WAYS
def test_publish_and_take_back(committed_cast: Cast, is_first: bool) -> None:
    cast, document = committed_cast, approved(committed_cast)

    def publish() -> bool:
        return document_publish_due(key=document.pk, now=THAT_DAY)

    def take_back() -> Document:
        return step(document, "take_back", cast.analyst, now=THAT_DAY, comment="Not yet.")

    outcome = one_after_the_other(*((publish, take_back) if is_first else (take_back, publish)))
    if is_first:
        assert "is now “Published”" in told(outcome)
    else:
        assert outcome is False
    assert check().state == (DocumentState.PUBLISHED if is_first else DocumentState.DRAFT)
    assert steps_taken("publish") + steps_taken("take_back") == 1


def test_two_publishers_publish_once(committed_cast: Cast) -> None:
    document = approved(committed_cast)

    def publish() -> bool:
        return document_publish_due(key=document.pk, now=THAT_DAY)

    assert one_after_the_other(publish, publish) is False
    assert check().state == DocumentState.PUBLISHED
    assert steps_taken("publish") == 1
    assert DocumentVersion.objects.count() == 1


@BOTH_WAYS
def test_take_back_twice(committed_cast: Cast, is_first: bool) -> None:
    """Whoever is second is told; the draft goes back once."""
    cast, document = committed_cast, approved(committed_cast)
    first, second = (cast.analyst, cast.ciso) if is_first else (cast.ciso, cast.analyst)

    def take_back(person: User) -> Deed:
        return lambda: step(document, "take_back", person, comment="Not yet.")

    outcome = one_after_the_other(take_back(first), take_back(second))
    assert "is now “Draft”" in told(outcome)
    assert check().state == DocumentState.DRAFT
    assert steps_taken("take_back") == 1
