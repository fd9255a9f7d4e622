"""Routes are data: who decides, how many of them, and in which order."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from audits.models import Programme
from audits.tests.factories import NOW, programme_make
from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.models import RoleGrant, User
from foundation.accounts.tests.factories import RoleGrantFactory
from foundation.accounts.versions import StaleEdit
from foundation.approvals.choices import RequestState, Verdict
from foundation.approvals.following import request_follow
from foundation.approvals.models import ApprovalRequest, Route
from foundation.approvals.selectors import first_short, requests_waiting_for
from foundation.approvals.services import ApprovalRefused, route_reset, route_set
from foundation.approvals.tests.factories import ask, decide, reviewer, route_make, stage
from foundation.deadlines.models import Deadline
from foundation.deadlines.services import deadlines_scan
from foundation.notifications.models import Notice
from foundation.testing.cast import Cast
from foundation.testing.forms import filled
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def waits_for(*people: User) -> list[bool]:
    return [bool(requests_waiting_for(User.objects.get(pk=person.pk))) for person in people]


def due_people() -> set[User]:
    return {one.assignee for one in Deadline.objects.open().filter(kind="approvals.decision")}


def test_stages_follow_each_other(cast: Cast) -> None:
    """The second stage is asked, told and dated once the first is complete, and not before."""
    route_make(
        cast,
        stage("Heads", people=[reviewer(cast), cast.unit_lead], needed=2, days=3),
        stage("CISO", rights=["programmes.approve"]),
    )
    programme = programme_make(cast, unit=cast.units.payments)
    request = ask(cast, programme)
    assert waits_for(reviewer(cast), cast.unit_lead, cast.ciso) == [True, True, False]
    assert due_people() == {reviewer(cast), cast.unit_lead}
    assert {one.due_on.isoformat() for one in Deadline.objects.open().filter(kind="approvals.decision")} == {
        "2026-11-26"
    }
    with pytest.raises(ApprovalRefused, match="decided by others"):
        decide(request, cast.ciso)
    decide(request, reviewer(cast))
    assert waits_for(reviewer(cast), cast.unit_lead, cast.ciso) == [False, True, False]
    assert due_people() == {cast.unit_lead}
    decide(request, cast.unit_lead)
    assert waits_for(reviewer(cast), cast.unit_lead, cast.ciso) == [False, False, True]
    assert due_people() == {cast.ciso}
    assert Programme.objects.get().state == "in_review"
    decide(request, cast.ciso)
    assert Programme.objects.get().state == "approved"
    assert due_people() == set()


def test_deciders_by_role_and_by_unit_are_those_of_the_record(cast: Cast) -> None:
    retail_lead = RoleGrantFactory.create(role=Role.UNIT_LEAD, unit=cast.units.retail).user
    route_make(cast, stage("Lead", roles=["unit_lead"]))
    ask(cast, programme_make(cast, unit=cast.units.cards))
    assert waits_for(cast.unit_lead, retail_lead, cast.ciso) == [True, False, False]
    route_make(cast, stage("Lead of payments", units=[cast.units.payments.pk]))
    ask(cast, programme_make(cast, unit=cast.units.payments, year=2029))
    assert len(requests_waiting_for(User.objects.get(pk=cast.unit_lead.pk))) == 2
    assert waits_for(retail_lead) == [False]


def test_a_running_request_keeps_the_route_it_was_asked_by(cast: Cast) -> None:
    request = ask(cast)
    route_make(cast, stage("Auditor", people=[reviewer(cast)]))
    assert waits_for(cast.ciso, reviewer(cast)) == [True, False]
    decide(request, cast.ciso)
    assert Programme.objects.get().state == "approved"


def test_a_stage_that_nobody_can_decide_is_told_with_who_and_why(cast: Cast) -> None:
    gone = RoleGrantFactory.create(role=Role.SECURITY).user
    route_make(cast, stage("Readers", people=[cast.analyst, cast.outsider, gone], needed=1))
    User.objects.filter(pk=gone.pk).update(is_active=False)
    with pytest.raises(ApprovalRefused) as refused:
        ask(cast)
    said = str(refused.value)
    assert "Readers" in said
    assert "Anders Falk (asks for it)" in said
    assert "Oskar Lindqvist (may not know of it)" in said
    assert f"{gone.full_name} (has left)" in said
    assert not ApprovalRequest.objects.exists()
    assert Programme.objects.get().state == "draft"


def test_two_stages_of_the_same_one_person_can_not_be_decided(cast: Cast) -> None:
    """Each decides once in a request: what each stage has for itself is not enough."""
    route_make(cast, stage("First", rights=["programmes.approve"]), stage("Second", people=[cast.ciso]))
    with pytest.raises(ApprovalRefused, match="Second"):
        ask(cast)


@pytest.mark.parametrize(
    ("needs", "short"),
    [
        ([(1, "a"), (1, "a")], 1),
        ([(1, "ab"), (1, "a")], None),
        ([(2, "abc"), (1, "ab"), (1, "a")], 2),
        ([(1, "ab"), (2, "bc"), (1, "ad")], None),
        ([(1, "")], 0),
        ([], None),
    ],
)
def test_people_are_put_to_stages(needs: list[tuple[int, str]], short: int | None) -> None:
    assert first_short([(needed, [ord(one) for one in may]) for needed, may in needs]) == short


def test_a_stage_that_nobody_is_left_for_is_followed(cast: Cast) -> None:
    """Also a later one: who asked is told before anybody decides in vain."""
    second = RoleGrantFactory.create(role=Role.CISO)
    route_make(cast, stage("First", people=[reviewer(cast)]), stage("Second", people=[second.user]))
    request = ask(cast)
    request_follow(key=request.pk, now=NOW)
    assert not Notice.objects.filter(kind="approvals.deciders").exists()
    RoleGrant.objects.filter(pk=second.pk).delete()
    User.objects.filter(pk=second.user.pk).update(is_active=False)
    for _again in range(2):
        request_follow(key=request.pk, now=NOW)
    told = Notice.objects.get(kind="approvals.deciders")
    assert told.recipient == cast.analyst
    assert f"“Second”: {second.user.full_name} (has left)" in told.payload["sentence"]
    assert told.payload["path"] == request.get_absolute_url()


def test_whoever_comes_to_hold_what_it_asks_for_is_called_and_dated(cast: Cast) -> None:
    request = ask(cast)
    other = RoleGrantFactory.create(role=Role.CISO).user
    request_follow(key=request.pk, now=NOW)
    assert due_people() == {cast.ciso, other}
    RoleGrant.objects.filter(user=cast.ciso).delete()
    request_follow(key=request.pk, now=NOW)
    assert due_people() == {other}
    told = Notice.objects.get(kind="approvals.deciders")
    assert other.full_name in told.payload["sentence"]


def test_changes_send_the_record_back_to_its_draft(cast: Cast) -> None:
    request = ask(cast)
    with pytest.raises(ApprovalRefused, match="what is to be changed"):
        decide(request, cast.ciso, Verdict.CHANGES, comment=" ")
    decide(request, cast.ciso, Verdict.CHANGES, comment="Name the cards.")
    request.refresh_from_db()
    assert request.state == RequestState.CHANGES
    assert Programme.objects.get().state == "draft"
    told = Notice.objects.get(kind="approvals.changes")
    assert told.recipient == cast.analyst
    assert Entry.objects.get(action="approvals.request.changes").comment == "Name the cards."
    assert ask(cast, Programme.objects.get()).pk != request.pk


def test_setting_a_route_is_on_the_trail_and_tells_a_stale_edit(cast: Cast) -> None:
    route = route_make(cast, stage("Auditor", people=[reviewer(cast)]))
    entry = Entry.objects.get(action="approvals.route.changed")
    assert entry.before["stages"][0]["rights"] == ["programmes.approve"]
    assert entry.after["stages"][0]["people"] == [reviewer(cast).pk]
    route_set(
        kind="programme",
        stages=[stage("Auditor", people=[reviewer(cast)])],
        actor=cast.ciso,
        now=NOW,
        seen="1",
    )
    assert Entry.objects.filter(action="approvals.route.changed").count() == 1
    with pytest.raises(StaleEdit):
        route_set(kind="programme", stages=[stage(people=[cast.ciso])], actor=cast.ciso, now=NOW, seen="0")
    assert route_reset(kind="programme", actor=cast.ciso, seen=str(route.version))
    assert not Route.objects.exists()


@pytest.mark.parametrize(
    ("stages", "message"),
    [
        ([], "at least one"),
        ([stage("Nobody")], "Say who decides"),
        ([stage("Gone", rights=["no.such"])], "no longer there"),
        ([stage("Twice", units=[10**9])], "no longer there"),
        ([stage(roles=["ciso"])] * 6, "at most 5"),
        ([stage(roles=["ciso"], needed=0)], "needed"),
    ],
)
def test_what_can_be_no_route_is_refused(cast: Cast, stages: list[dict[str, object]], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        route_set(kind="programme", stages=stages, actor=cast.ciso, now=NOW)
    assert not Route.objects.exists()


def test_the_pages_of_routes(cast: Cast, sign_in) -> None:
    browser = sign_in(cast.administrator)
    page = browser.get(reverse("approvals:route-list")).content.decode()
    assert "Approve an audit programme" in page
    assert "As delivered" in page
    url = reverse("approvals:route-edit", args=["programme"])
    data = filled(browser, url, stage1_needed=1, stage1_rights=["programmes.approve"])
    data |= {"stage2_label": "Board", "stage2_needed": 1, "stage2_days": 5}
    answer = browser.post(url, data)
    assert answer.status_code == 422
    assert "Say who decides" in answer.content.decode()
    data["stage2_people"] = [cast.executive.pk, reviewer(cast).pk]
    saved = browser.post(url, data)
    assert saved.status_code == 302, saved.context["form"].errors
    stages = list(Route.objects.get().stages.all())
    assert [(one.label, one.days) for one in stages] == [("Approval by the CISO", None), ("Board", 5)]
    assert stages[1].people == sorted([cast.executive.pk, reviewer(cast).pk])
    page = browser.get(reverse("approvals:route-list")).content.decode()
    assert "Edmund Castell" in page
    assert "Set by Ada Nyberg" in page
    stale = browser.post(url, {**data, "stage2_label": "Boards"})
    assert stale.status_code == 409
    assert "Ada Nyberg" in stale.content.decode()
    assert browser.post(reverse("approvals:route-reset", args=["programme"])).status_code == 302
    assert not Route.objects.exists()


def test_a_late_decision_goes_up_to_the_manager_and_the_ciso(cast: Cast) -> None:
    User.objects.filter(pk=reviewer(cast).pk).update(manager=cast.unit_lead)
    route_make(cast, stage("Auditor", people=[reviewer(cast)], days=2), stage("Lead", roles=["unit_lead"]))
    request = ask(cast)
    date = Deadline.objects.open().get(kind="approvals.decision")
    assert date.due_on.isoformat() == "2026-11-25"
    deadlines_scan(now=NOW + timedelta(days=1, hours=1))
    assert {one.recipient for one in Notice.objects.filter(kind="deadlines.reminder")} == {reviewer(cast)}
    deadlines_scan(now=NOW + timedelta(days=5, hours=3))
    told = {one.recipient for one in Notice.objects.filter(kind="deadlines.escalation")}
    assert told == {cast.unit_lead, cast.ciso}
    decide(request, reviewer(cast))
    assert due_people() == {cast.unit_lead}
    assert Deadline.objects.get(pk=date.pk).closed_at == NOW
