"""Closing an account hands over what is open: all or nothing, to who may take it, and tells them."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from audits.choices import AuditRole, ProgrammeState
from audits.models import Audit, AuditSeries, Programme
from audits.tests.factories import NOW, audit_make, programme_make
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.services import AccountsRefused, user_deactivate, work_held
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.actions.models import Action
from foundation.actions.services import action_create
from foundation.approvals.choices import RequestState
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.services import approval_withdraw
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import apply_transition
from foundation.notifications.models import Notice
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry

SignIn = Callable[[User], Client]


@pytest.fixture
def successor(cast: Cast) -> User:
    """Return another analyst, who may run audits as well."""
    person = UserFactory.create(full_name="Signe Dahl", unit=cast.units.root)
    RoleGrantFactory.create(user=person, role=Role.SECURITY)
    return person


def leave(cast: Cast, person: User, to: User | None, **others: User) -> None:
    user_deactivate(
        user=person, actor=cast.administrator, now=NOW, successor=to, successors=others, comment="Left"
    )


def test_everything_open_goes_to_another(cast: Cast, successor: User) -> None:
    led = audit_make(cast, lead_auditor=cast.analyst, owner=cast.ciso, rrule="FREQ=YEARLY")
    owned = audit_make(cast, title="Owned")
    in_team = audit_make(cast, title="In the team", owner=cast.ciso, team=[cast.analyst])
    action = action_create(
        source=led, title="Do it", owner=cast.analyst, due_on=date(2027, 3, 1), actor=cast.ciso, now=NOW
    )
    UserFactory.create(full_name="Rolf Report", manager=cast.analyst)
    leave(cast, cast.analyst, successor)
    assert Audit.objects.get(pk=led.pk).lead_auditor == successor
    assert Audit.objects.get(pk=owned.pk).owner == successor
    assert [part.user for part in in_team.participants.filter(role=AuditRole.TEAM)] == [successor]
    assert Action.objects.get(pk=action.pk).owner == successor
    assert AuditSeries.objects.get().lead_auditor == successor
    assert User.objects.get(full_name="Rolf Report").manager == successor
    for left in (
        Deadline.objects.open().filter(assignee=cast.analyst),
        Record.objects.filter(owner=cast.analyst),
        cast.analyst.participations.all(),
    ):
        assert not left.exists()
    assert not User.objects.get(pk=cast.analyst.pk).is_active
    (notice,) = Notice.objects.filter(kind="accounts.work")
    assert notice.recipient == successor
    assert "Records owned, in which something is left to do: 2" in notice.payload["sentence"]
    entry = Entry.objects.get(action="accounts.user.deactivated")
    assert entry.after["handed_over_to"].keys() == {"Signe Dahl"}
    assert entry.comment == "Left"


def test_what_is_done_stays_with_who_did_it(cast: Cast, successor: User) -> None:
    audit = audit_make(cast)
    Record.objects.filter(pk=audit.pk).update(state="cancelled")
    Deadline.objects.all().delete()
    assert not work_held(person=cast.analyst, reader=cast.administrator, now=NOW)
    leave(cast, cast.analyst, None)
    assert Audit.objects.get(pk=audit.pk).owner == cast.analyst


def test_without_a_successor_nothing_happens(cast: Cast) -> None:
    audit_make(cast)
    with pytest.raises(AccountsRefused, match="Say who takes over") as refused:
        leave(cast, cast.analyst, None)
    assert refused.value.field == "successor"
    assert User.objects.get(pk=cast.analyst.pk).is_active


def test_it_is_all_or_nothing(cast: Cast) -> None:
    owned = audit_make(cast, owner=cast.auditor)
    with pytest.raises(AccountsRefused, match=f"{owned.reference}: .* may not run audits of Payments"):
        leave(cast, cast.auditor, cast.personnel)
    assert User.objects.get(pk=cast.auditor.pk).is_active
    assert Audit.objects.get(pk=owned.pk).owner == cast.auditor
    assert not Notice.objects.filter(kind="accounts.work").exists()


def test_some_work_goes_to_someone_else(cast: Cast, successor: User) -> None:
    audit = audit_make(cast, owner=cast.auditor)
    leave(cast, cast.auditor, cast.personnel, **{"audits.parts": successor})
    kept = Audit.objects.get(pk=audit.pk)
    assert (kept.lead_auditor, kept.owner) == (successor, cast.personnel)
    assert Notice.objects.filter(kind="accounts.work").count() == 2


def test_an_independent_team_stays_independent(cast: Cast, successor: User) -> None:
    User.objects.filter(pk=successor.pk).update(unit=cast.units.payments)
    audit = audit_make(cast, owner=cast.ciso, team=[cast.analyst])
    leave(cast, cast.analyst, User.objects.get(pk=successor.pk))
    assert not audit.participants.filter(role=AuditRole.TEAM).exists()


@pytest.mark.parametrize("part", ["outsider", "analyst"])
def test_who_left_or_leaves_takes_nothing(cast: Cast, part: str) -> None:
    audit_make(cast)
    User.objects.filter(pk=cast.outsider.pk).update(is_active=False)
    with pytest.raises(AccountsRefused, match="can't take anything over"):
        leave(cast, cast.analyst, getattr(cast, part))


def test_a_restricted_record_is_opened_to_nobody_new(cast: Cast, successor: User, sign_in: SignIn) -> None:
    secret = audit_make(
        cast,
        title="Leak",
        confidentiality=Confidentiality.RESTRICTED,
        team=[cast.analyst],
        lead_auditor=cast.auditor,
    )
    page = sign_in(cast.administrator).get(f"/people/{cast.analyst.pk}/deactivate/").content.decode()
    assert "that you do not see" in page
    assert secret.reference not in page
    assert "Leak" not in page
    leave(cast, cast.analyst, successor)
    assert Audit.objects.get(pk=secret.pk).owner == cast.ciso
    assert not Record.objects.visible_to(User.objects.get(pk=successor.pk)).filter(pk=secret.pk).exists()
    assert not Deadline.objects.open().filter(record=secret, assignee=successor).exists()
    for notice in Notice.objects.filter(kind="accounts.work"):
        assert "Leak" not in str(notice.payload)


def test_a_request_names_the_new_owner_or_is_void(cast: Cast, successor: User) -> None:
    programme = programme_make(cast, owner=cast.analyst)
    apply_transition(record=programme, name="submit", actor=cast.analyst, now=NOW)
    leave(cast, cast.analyst, successor)
    assert ApprovalRequest.objects.get().state == RequestState.VOID
    kept = Programme.objects.get(pk=programme.pk)
    assert (kept.owner, kept.state) == (successor, ProgrammeState.DRAFT)
    told = Notice.objects.filter(kind="approvals.void").values_list("recipient", flat=True)
    assert list(told) == [cast.analyst.pk]


def test_decisions_are_left_to_those_who_may(cast: Cast) -> None:
    other = RoleGrantFactory.create(role=Role.CISO, user__full_name="Zoe Second").user
    programme = programme_make(cast, owner=cast.analyst)
    apply_transition(record=programme, name="submit", actor=cast.analyst, now=NOW)
    leave(cast, cast.ciso, cast.analyst)
    deadline = Deadline.objects.open().get(kind="approvals.decision")
    assert deadline.assignee == other


def test_too_few_deciders_are_told(cast: Cast) -> None:
    RoleGrantFactory.create(role=Role.CISO, user=cast.analyst)  # who drafted it, and so may not decide
    programme = programme_make(cast, owner=cast.personnel)
    apply_transition(record=programme, name="submit", actor=cast.analyst, now=NOW)
    with pytest.raises(AccountsRefused, match="Too few would be left"):
        leave(cast, cast.ciso, cast.analyst)


def test_the_owner_withdraws_what_one_who_left_asked_for(cast: Cast, successor: User) -> None:
    programme = programme_make(cast, owner=cast.personnel)
    apply_transition(record=programme, name="submit", actor=cast.analyst, now=NOW)
    request = ApprovalRequest.objects.get()
    User.objects.filter(pk=cast.analyst.pk).update(is_active=False)
    closed = approval_withdraw(request=request, actor=cast.personnel, now=NOW)
    assert closed.state == RequestState.WITHDRAWN


def test_nobody_comes_to_report_to_oneself(cast: Cast) -> None:
    above = UserFactory.create(full_name="Above")
    User.objects.filter(pk=cast.outsider.pk).update(manager=above)
    report = UserFactory.create(manager=cast.outsider)
    below = UserFactory.create(manager=report)
    leave(cast, User.objects.get(pk=cast.outsider.pk), below)
    report.refresh_from_db()
    assert report.manager == above


def test_the_page_shows_it_and_does_it(cast: Cast, successor: User, sign_in: SignIn) -> None:
    audits = [audit_make(cast) for _number in range(3)]
    browser, path = sign_in(cast.administrator), f"/people/{cast.analyst.pk}/deactivate/"
    with assert_queries("leaving"):
        page = browser.get(path)
    html = page.content.decode()
    assert re.search(r"Records owned[^<]*\(3\)", html)
    response = browser.post(path, {"successor": "", "comment": "Left"})
    assert response.status_code == 422
    assert "successor" in response.context["form"].errors
    response = browser.post(path, {"successor": successor.pk, "comment": "Left"})
    assert response.status_code == 302
    assert set(Audit.objects.values_list("owner", flat=True)) == {successor.pk}
    assert len(audits) == 3


@pytest.mark.parametrize("value", ["x", "999999", "'", "\x00"])
def test_bad_input_is_told(cast: Cast, sign_in: SignIn, value: str) -> None:
    audit_make(cast)
    path = f"/people/{cast.analyst.pk}/deactivate/"
    assert sign_in(cast.administrator).post(path, {"successor": value}).status_code == 422
    assert User.objects.get(pk=cast.analyst.pk).is_active


def test_a_refusal_does_not_name_what_the_reader_may_not_know_of(cast: Cast) -> None:
    secret = audit_make(
        cast, title="Leak", confidentiality=Confidentiality.RESTRICTED, auditees=[cast.personnel]
    )
    with pytest.raises(AccountsRefused, match="A restricted record: .* may not run audits") as refused:
        leave(cast, cast.auditor, cast.personnel)
    assert secret.reference not in str(refused.value)
