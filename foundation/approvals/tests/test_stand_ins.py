"""A stand-in decides for another: it is recorded for whom, and gets round nothing."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from audits.models import Programme
from audits.tests.factories import NOW, TODAY, programme_make
from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.models import Delegation, User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.tests.factories import RoleGrantFactory
from foundation.approvals.choices import Verdict
from foundation.approvals.models import ApprovalDecision, ApprovalRequest
from foundation.approvals.sample import open_and_decide
from foundation.approvals.selectors import requests_waiting_for
from foundation.approvals.services import ApprovalRefused, content_seen
from foundation.approvals.tests.factories import reviewer
from foundation.lifecycle.services import apply_transition
from foundation.notifications.models import Notice
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clock of pages and rights stand where the tests' does."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def stand_in(person: User, other: User, day: date = TODAY) -> Delegation:
    return Delegation.objects.create(
        person=person, stand_in=other, starts_on=day, ends_on=day, created_by=person, created_at=NOW
    )


def ask(cast: Cast) -> ApprovalRequest:
    programme = programme_make(cast)
    apply_transition(record=programme, name="submit", actor=cast.analyst, now=NOW)
    return ApprovalRequest.objects.get(record_id=programme.pk)


def decide(request: ApprovalRequest, actor: User) -> None:
    fresh = User.objects.get(pk=actor.pk)  # whose access is not kept yet
    open_and_decide(request=request, actor=fresh, now=NOW)


def test_it_is_recorded_for_whom(cast: Cast) -> None:
    stand_in(cast.ciso, reviewer(cast))
    request = ask(cast)
    told = Notice.objects.filter(kind="approvals.requested", recipient=reviewer(cast)).get()
    assert told.payload["reason"] == "You stand in for Celia Moreau, who may decide it."
    assert requests_waiting_for(reviewer(cast)) == [request]
    decide(request, reviewer(cast))
    decision = ApprovalDecision.objects.get()
    assert (decision.decided_by, decision.on_behalf_of) == (reviewer(cast), cast.ciso)
    assert Programme.objects.get().state == "approved"
    entry = Entry.objects.get(action="approvals.request.decided")
    assert entry.after["on_behalf_of"]["name"] == "Celia Moreau"


def test_only_on_the_days_of_it(cast: Cast) -> None:
    stand_in(cast.ciso, reviewer(cast), date(2026, 11, 24))
    request = ask(cast)
    assert requests_waiting_for(reviewer(cast)) == []
    with pytest.raises(ApprovalRefused, match="decided by others"):
        decide(request, reviewer(cast))


def test_who_has_the_right_decides_in_the_own_name(cast: Cast) -> None:
    other = RoleGrantFactory.create(role=Role.CISO).user
    stand_in(cast.ciso, other)
    decide(ask(cast), other)
    assert ApprovalDecision.objects.get().on_behalf_of is None


@pytest.mark.parametrize("requester", ["stand-in", "person"])
def test_nobody_gets_round_the_own_request(cast: Cast, requester: str) -> None:
    """Neither does the requester decide for another, nor another for the requester."""
    RoleGrantFactory.create(role=Role.CISO)
    if requester == "stand-in":
        stand_in(cast.ciso, cast.analyst)
        request, actor = ask(cast), cast.analyst
    else:
        RoleGrantFactory.create(user=cast.analyst, role=Role.CISO)
        stand_in(cast.analyst, reviewer(cast))
        request, actor = ask(cast), reviewer(cast)
    assert requests_waiting_for(User.objects.get(pk=actor.pk)) == []
    with pytest.raises(ApprovalRefused):
        decide(request, actor)
    assert not ApprovalDecision.objects.exists()


def test_who_drafted_it_is_barred_as_a_stand_in_too(cast: Cast) -> None:
    programme = programme_make(cast)
    submitter = RoleGrantFactory.create(role=Role.SECURITY).user
    apply_transition(record=programme, name="submit", actor=submitter, now=NOW)
    stand_in(cast.ciso, cast.analyst)
    with pytest.raises(ApprovalRefused):
        decide(ApprovalRequest.objects.get(), cast.analyst)


def test_what_one_may_not_know_of_one_does_not_decide(cast: Cast, client: Client) -> None:
    stand_in(cast.ciso, cast.outsider)
    stand_in(cast.executive, reviewer(cast))
    request = ask(cast)
    Record.objects.update(confidentiality=Confidentiality.RESTRICTED)
    assert requests_waiting_for(cast.outsider) == []
    assert not Notice.objects.filter(kind="approvals.requested", recipient=cast.outsider).exists()
    with pytest.raises(ApprovalRefused):
        decide(request, cast.outsider)
    client.force_login(cast.outsider)
    assert client.get(reverse("approvals:request-detail", args=[request.pk])).status_code == 404


def test_a_voice_counts_once(cast: Cast) -> None:
    """The database refuses a second decision for the same person, whoever takes it."""
    stand_in(cast.ciso, reviewer(cast))
    request = ask(cast)
    step = request.steps.get()
    for person in (reviewer(cast), cast.ciso, cast.executive):
        content_seen(request=request, person=person, now=NOW)
    ApprovalDecision.objects.create(
        request=request,
        step=step,
        decided_by=reviewer(cast),
        on_behalf_of=cast.ciso,
        verdict=Verdict.APPROVE,
        digest=request.digest,
        decided_at=NOW,
    )
    fields = {"request": request, "step": step, "digest": request.digest, "decided_at": NOW}
    for who in (
        {"decided_by": cast.ciso},
        {"decided_by": cast.executive, "on_behalf_of": cast.ciso},
        {"decided_by": cast.executive, "on_behalf_of": cast.analyst},  # the requester
        {"decided_by": cast.executive, "on_behalf_of": cast.executive},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            ApprovalDecision.objects.create(verdict=Verdict.APPROVE, **fields, **who)
    with pytest.raises(ApprovalRefused, match="decided this already"):
        decide(request, cast.ciso)


def test_the_page_says_for_whom(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    assert organisation_day(NOW) == TODAY
    stand_in(cast.ciso, reviewer(cast))
    request = ask(cast)
    url = reverse("approvals:request-detail", args=[request.pk])
    page = sign_in(reviewer(cast)).get(url).content.decode()
    assert "You decide for <strong>Celia Moreau</strong>" in page
    assert "Rosa Lindgren stands in for Celia Moreau" in page
    decide(request, reviewer(cast))
    assert "for Celia Moreau" in sign_in(cast.ciso).get(url).content.decode()
