"""A decision is handed on to a colleague, with a reason, and gets round nothing."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from audits.models import Programme
from audits.tests.factories import NOW, TODAY, programme_make
from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.models import Delegation, RoleGrant, User
from foundation.accounts.tests.factories import RoleGrantFactory
from foundation.approvals.following import request_follow
from foundation.approvals.handing_over import decisions_hand_over
from foundation.approvals.models import ApprovalRequest, HandOn
from foundation.approvals.selectors import requests_waiting_for
from foundation.approvals.services import ApprovalRefused, approval_hand_on, hand_on_take_back
from foundation.approvals.tests.factories import ask, decide, reviewer, route_make, stage
from foundation.deadlines.models import Deadline
from foundation.notifications.choices import NoticeState
from foundation.notifications.models import Notice
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def hand_on(request: ApprovalRequest, by: User, to: User, reason: str = "Knows it best.") -> HandOn:
    fresh = User.objects.get(pk=by.pk)
    return approval_hand_on(request=request, actor=fresh, to=to, reason=reason, now=NOW)


def waits_for(*people: User) -> list[bool]:
    return [bool(requests_waiting_for(User.objects.get(pk=person.pk))) for person in people]


def due_people() -> set[User]:
    return {one.assignee for one in Deadline.objects.open().filter(kind="approvals.decision")}


def test_the_queue_holds_nothing_that_was_handed_on_by_who_may_not_any_more(cast: Cast) -> None:
    request = ask(cast)
    hand_on(request, cast.ciso, reviewer(cast))
    assert waits_for(reviewer(cast)) == [True]
    RoleGrant.objects.filter(user=cast.ciso).delete()
    assert waits_for(reviewer(cast)) == [False], "before anybody looks after the request"
    with pytest.raises(ApprovalRefused):
        decide(request, reviewer(cast))


def test_the_colleague_decides_and_who_handed_it_on_does_not(cast: Cast) -> None:
    request = ask(cast)
    hand_on(request, cast.ciso, reviewer(cast))
    assert waits_for(cast.ciso, reviewer(cast)) == [False, True]
    assert due_people() == {reviewer(cast)}
    told = Notice.objects.get(kind="approvals.requested", recipient=reviewer(cast))
    assert told.payload["reason"] == "Celia Moreau handed it on to you: Knows it best."
    assert Notice.objects.get(kind="approvals.requested", recipient=cast.ciso).state == NoticeState.CANCELLED
    with pytest.raises(ApprovalRefused, match="You handed this on to Rosa Lindgren"):
        decide(request, cast.ciso)
    decide(request, reviewer(cast))
    assert Programme.objects.get().state == "approved"
    assert Entry.objects.get(action="approvals.request.handed_on").comment == "Knows it best."


def test_it_is_taken_back_and_handed_further(cast: Cast) -> None:
    request = ask(cast)
    hand_on(request, cast.ciso, reviewer(cast))
    hand_on(request, reviewer(cast), cast.unit_lead, "On leave.")
    assert waits_for(cast.ciso, reviewer(cast), cast.unit_lead) == [False, False, True]
    with pytest.raises(ApprovalRefused, match="before"):
        hand_on(request, cast.unit_lead, cast.ciso)
    hand_on_take_back(request=request, actor=reviewer(cast), now=NOW)
    hand_on_take_back(request=request, actor=cast.ciso, now=NOW)
    assert waits_for(cast.ciso, reviewer(cast), cast.unit_lead) == [True, False, False]
    assert due_people() == {cast.ciso}
    with pytest.raises(ApprovalRefused, match="nothing to take back"):
        hand_on_take_back(request=request, actor=cast.ciso, now=NOW)
    decide(request, cast.ciso)
    assert Programme.objects.get().state == "approved"


@pytest.mark.parametrize(
    ("who", "message"),
    [
        ("analyst", "may not decide it"),
        ("outsider", "may not know of it"),
        ("ciso", "handed it on before|decides it anyway"),
        ("second", "decides it anyway"),
        ("drafter", "may not decide it"),
    ],
)
def test_it_goes_to_nobody_who_may_not_decide(cast: Cast, who: str, message: str) -> None:
    second = RoleGrantFactory.create(role=Role.CISO).user
    drafter = RoleGrantFactory.create(role=Role.SECURITY).user
    request = ask(cast, programme_make(cast, actor=drafter))
    people = {**cast.people(), "second": second, "drafter": drafter}
    with pytest.raises(ApprovalRefused, match=message):
        hand_on(request, cast.ciso, people[who])
    assert not HandOn.objects.exists()


def test_only_ones_own_decision_is_handed_on_and_with_a_reason(cast: Cast) -> None:
    request = ask(cast)
    with pytest.raises(ApprovalRefused, match="decided by others"):
        hand_on(request, cast.unit_lead, reviewer(cast))
    with pytest.raises(ApprovalRefused, match="Say why"):
        hand_on(request, cast.ciso, reviewer(cast), " ")
    Delegation.objects.create(
        person=cast.ciso,
        stand_in=cast.unit_lead,
        starts_on=TODAY,
        ends_on=TODAY,
        created_by=cast.ciso,
        created_at=NOW,
    )
    with pytest.raises(ApprovalRefused, match="stand in for another"):
        hand_on(request, cast.unit_lead, reviewer(cast))


def test_a_person_counts_once_among_those_needed(cast: Cast) -> None:
    second = RoleGrantFactory.create(role=Role.CISO).user
    route_make(cast, stage("Both", roles=["ciso"], needed=2))
    request = ask(cast)
    with pytest.raises(ApprovalRefused, match="decides it anyway"):
        hand_on(request, cast.ciso, second)
    hand_on(request, cast.ciso, reviewer(cast))
    with pytest.raises(ApprovalRefused, match="decides it anyway"):
        hand_on(request, second, reviewer(cast))
    decide(request, reviewer(cast))
    request.refresh_from_db()
    assert request.is_open
    with pytest.raises(ApprovalRefused, match="decided this already|decided by others"):
        decide(request, reviewer(cast))
    decide(request, second)
    assert Programme.objects.get().state == "approved"


@pytest.mark.parametrize("how", ["hourly", "leaving"])
def test_it_goes_back_where_the_colleague_can_not_decide_any_more(cast: Cast, how: str) -> None:
    colleague = RoleGrantFactory.create(role=Role.SECURITY).user
    request = ask(cast)
    hand_on(request, cast.ciso, colleague)
    if how == "hourly":
        User.objects.filter(pk=colleague.pk).update(is_active=False)
        request_follow(key=request.pk, now=NOW)
    else:
        with transaction.atomic():
            decisions_hand_over(
                person=User.objects.get(pk=colleague.pk), to=cast.ciso, actor=cast.administrator, now=NOW
            )
    assert HandOn.objects.get().ended_at == NOW
    assert due_people() == {cast.ciso}
    assert waits_for(cast.ciso) == [True]
    told = Notice.objects.get(kind="approvals.handed_back")
    assert told.recipient == cast.ciso
    assert "Yours to decide again" in told.payload["sentence"]


def test_it_lapses_with_the_right_of_who_handed_it_on(cast: Cast) -> None:
    first, second = (RoleGrantFactory.create(role=Role.CISO).user for _one in range(2))
    colleague, further = (RoleGrantFactory.create(role=Role.SECURITY).user for _one in range(2))
    request = ask(cast)
    hand_on(request, first, colleague)
    hand_on(request, colleague, further)
    RoleGrant.objects.filter(user=first).delete()
    with pytest.raises(ApprovalRefused, match="by others"):
        decide(request, further)
    hand_on(request, second, colleague)
    assert waits_for(colleague, further) == [True, False]
    assert list(HandOn.objects.filter(ended_at=None).values_list("by", "to")) == [(second.pk, colleague.pk)]
    told = Notice.objects.filter(kind="approvals.lapsed")
    assert set(told.values_list("recipient", flat=True)) == {colleague.pk, further.pk}
    assert due_people() == {cast.ciso, colleague}
    decide(request, colleague)
    request.refresh_from_db()
    assert not request.is_open


@pytest.mark.parametrize("how", ["hourly", "leaving"])
def test_what_somebody_who_leaves_handed_on_is_for_those_who_may_decide_it(cast: Cast, how: str) -> None:
    leaver = RoleGrantFactory.create(role=Role.CISO).user
    request = ask(cast)
    hand_on(request, leaver, reviewer(cast))
    if how == "hourly":
        User.objects.filter(pk=leaver.pk).update(is_active=False)
        request_follow(key=request.pk, now=NOW)
    else:
        with transaction.atomic():
            decisions_hand_over(
                person=User.objects.get(pk=leaver.pk), to=cast.ciso, actor=cast.administrator, now=NOW
            )
    assert HandOn.objects.get().ended_at == NOW
    assert due_people() == {cast.ciso}
    assert waits_for(cast.ciso, reviewer(cast)) == [True, False]


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE approvals_handon SET to_id = {ciso}", "Cannot update"),
        ("UPDATE approvals_handon SET reason = 'Another'", "Cannot update"),
        ("DELETE FROM approvals_handon", "Cannot delete"),
        (
            (
                "INSERT INTO approvals_approvaldecision (request_id, step_id, decided_by_id, verdict, digest, comment, decided_at)"
                " SELECT r.id, s.id, {ciso}, 'approve', r.digest, '', now() FROM approvals_approvalrequest r"
                " JOIN approvals_approvalstep s ON s.request_id = r.id"
            ),
            "handed on",
        ),
        (
            (
                "INSERT INTO approvals_handon (request_id, step_id, by_id, to_id, reason, at)"
                " SELECT request_id, step_id, {lead}, {analyst}, 'So', now() FROM approvals_handon"
            ),
            "Neither who asked",
        ),
    ],
)
def test_the_database_keeps_what_was_handed_on(cast: Cast, statement: str, message: str) -> None:
    hand_on(ask(cast), cast.ciso, reviewer(cast))
    keys = {"ciso": cast.ciso.pk, "analyst": cast.analyst.pk, "lead": cast.unit_lead.pk}
    with pytest.raises(DatabaseError, match=message), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(**keys))


def test_the_page_hands_on_and_takes_back(cast: Cast, sign_in) -> None:
    reviewer(cast)
    request = ask(cast)
    url = reverse("approvals:request-hand-on", args=[request.pk])
    browser = sign_in(cast.ciso)
    form = browser.get(url).context["form"]
    offered = set(form.fields["to"].queryset)
    assert reviewer(cast) in offered
    assert not offered & {cast.analyst, cast.ciso, cast.outsider, cast.auditor}
    assert browser.post(url, {"to": reviewer(cast).pk, "reason": ""}).status_code == 422
    assert browser.post(url, {"to": reviewer(cast).pk, "reason": "Knows it."}).status_code == 302
    page = browser.get(request.get_absolute_url()).content.decode()
    assert "You handed this on to Rosa Lindgren" in page
    assert "Take it back" in page
    assert browser.get(url).status_code == 403
    assert "Celia Moreau handed it on to Rosa Lindgren" in page
    back = browser.post(reverse("approvals:request-take-back", args=[request.pk]), follow=True)
    assert "The decision is yours again" in back.content.decode()
