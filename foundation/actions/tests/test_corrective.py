"""Corrective actions: who verifies, what follows from each judgement, who is reminded and told, and who takes over."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from audits.tests.factories import NOW, TODAY, audit_make, finding_make
from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.services import AccountsRefused, user_deactivate
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.actions.choices import ActionNature, ActionState
from foundation.actions.models import Action, ActionListing
from foundation.actions.services import CONCERNED, VERIFIER, action_change, action_move
from foundation.actions.sources import ActionSource
from foundation.actions.tests.factories import DUE, corrective_make, step, task_make
from foundation.deadlines.models import Deadline
from foundation.deadlines.services import deadlines_scan
from foundation.lifecycle.services import TransitionRefused
from foundation.notifications.models import Notice
from foundation.records.choices import Confidentiality
from foundation.registry import registry
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db


def open_date(action: Action) -> tuple[str, User, date]:
    """Return the only date that is open: its kind, who must see to it, and the day."""
    found = Deadline.objects.open().get(record=action)
    assert found.due_on is not None
    return found.kind, found.assignee, found.due_on


def change(action: Action, actor: User, **changes: Any) -> Action:
    return action_change(
        action=action, changes=changes, actor=actor, now=NOW, version=Action.objects.get(pk=action.pk).version
    )


# Agreeing


def test_who_agrees_on_it_verifies_it_unless_another_is_named(cast: Cast) -> None:
    action = task_make(cast, nature=ActionNature.CORRECTIVE)
    assert (action.verifier, action.effectiveness_days) == (cast.analyst, 90)
    assert action.participants.get(role=VERIFIER).user == cast.analyst
    assert corrective_make(cast, verifier=cast.ciso).verifier == cast.ciso
    assert task_make(cast).verifier is None


def test_nobody_who_agrees_on_an_own_action_verifies_it(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="Nobody agrees on a corrective action of their own"):
        task_make(cast, nature=ActionNature.CORRECTIVE, owner=cast.analyst)
    for owner, verifier in ((cast.auditor, cast.auditor), (cast.analyst, cast.ciso)):
        action = task_make(cast, source=audit_make(cast, owner=owner), owner=cast.analyst)
        changes = {"nature": ActionNature.CORRECTIVE}
        action = action_change(
            action=action, changes=changes, actor=cast.analyst, now=NOW, version=action.version
        )
        assert action.verifier == verifier, "who owns what it follows from, or a CISO"


@pytest.mark.parametrize(
    ("part", "message"),
    [("personnel", "owns the action"), ("outsider", "may not verify"), ("unit_lead", "may not verify")],
)
def test_a_verifier_who_can_not_judge_it_is_refused(cast: Cast, part: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message) as refused:
        corrective_make(cast, verifier=getattr(cast, part))
    assert "verifier" in refused.value.error_dict
    assert not Action.objects.exists()


@pytest.mark.parametrize("days", [0, 731])
def test_the_effect_is_checked_within_two_years(cast: Cast, days: int) -> None:
    with pytest.raises(ValidationError, match="between 1 and 730"):
        corrective_make(cast, effectiveness_days=days)


def test_a_kind_of_record_says_which_nature_follows_from_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = ActionSource(key="audit", nature=ActionNature.CORRECTIVE)
    monkeypatch.setitem(registry._items.setdefault(ActionSource, {}), "audit", entry)
    assert task_make(cast).nature == ActionNature.CORRECTIVE
    assert task_make(cast, nature=ActionNature.TASK).nature == ActionNature.TASK


# Steps


def test_from_agreed_to_effective_each_is_reminded_in_turn(cast: Cast) -> None:
    action = corrective_make(cast, effectiveness_days=60)
    assert open_date(action) == ("actions.due", cast.personnel, DUE)
    action = step(action, "report_done", cast.personnel, comment="Closed 12; the list is attached.")
    assert (action.outcome, action.done_by, action.done_at) == (
        "Closed 12; the list is attached.",
        cast.personnel,
        NOW,
    )
    assert open_date(action) == ("actions.verification", cast.auditor, TODAY + timedelta(days=14))
    assert action.next_due_on == TODAY + timedelta(days=14)
    (told,) = Notice.objects.filter(kind="actions.to_verify")
    assert told.recipient == cast.auditor

    action = step(action, "verify", cast.auditor, comment="Compared the list with the directory.")
    assert (action.verified_by, action.verified_at, action.verification) == (
        cast.auditor,
        NOW,
        "Compared the list with the directory.",
    )
    assert open_date(action) == ("actions.effectiveness", cast.auditor, TODAY + timedelta(days=60))

    later = NOW + timedelta(days=60)
    action = step(action, "confirm_effective", cast.ciso, comment="None since.", now=later)
    assert (action.effect_checked_by, action.effect_checked_at, action.effect) == (
        cast.ciso,
        later,
        "None since.",
    )
    assert action.is_settled
    dates = Deadline.objects.filter(record=action)
    assert dates.count() == 3
    assert not dates.filter(closed_at=None).exists()
    assert not dates.filter(was_dropped=True).exists()


def test_the_reminder_goes_to_who_must_take_the_next_step(cast: Cast) -> None:
    action = corrective_make(cast, state=ActionState.TO_VERIFY)
    late = datetime.combine(TODAY + timedelta(days=16), NOW.timetz())
    deadlines_scan(now=late)
    told = Notice.objects.filter(kind="deadlines.reminder", record_id=action.pk)
    assert {notice.recipient for notice in told} == {cast.auditor}


def test_what_is_sent_back_is_open_again_by_its_own_date(cast: Cast) -> None:
    action = step(
        corrective_make(cast, state=ActionState.TO_VERIFY), "send_back", cast.auditor, comment="Where?"
    )
    assert (action.state, action.open_because, action.outcome, action.done_by) == ("open", "Where?", "", None)
    assert open_date(action) == ("actions.due", cast.personnel, DUE)
    dropped = Deadline.objects.get(record=action, kind="actions.verification")
    assert dropped.was_dropped
    (told,) = Notice.objects.filter(kind="actions.sent_back")
    assert (told.recipient, told.payload["sentence"]) == (
        cast.personnel,
        "Sent back: Where?",
    )
    assert step(action, "report_done", cast.personnel).open_because == ""


def test_what_did_not_work_is_open_again_and_counted(cast: Cast) -> None:
    action = corrective_make(cast, state=ActionState.VERIFIED)
    later = datetime.combine(DUE + timedelta(days=60), NOW.timetz())
    action = step(action, "not_effective", cast.auditor, comment="Nine new ones.", now=later)
    assert (action.state, action.times_reopened, action.open_because) == ("open", 1, "Nine new ones.")
    assert (action.verified_by, action.verification, action.effectiveness_due_on) == (None, "", None)
    again_due = DUE + timedelta(days=90)
    assert action.due_on == again_due, "30 days to try again"
    assert open_date(action) == ("actions.due", cast.personnel, again_due)
    changed = Entry.objects.filter(record_id=action.pk, action="actions.action.changed").get()
    assert changed.after == {"due_on": again_due.isoformat()}
    (told,) = Notice.objects.filter(kind="actions.sent_back")
    assert told.recipient == cast.personnel
    again = step(action, "report_done", cast.personnel, now=later)
    again = step(step(again, "verify", cast.auditor, now=later), "not_effective", cast.auditor, now=later)
    assert again.times_reopened == 2


def test_a_later_due_date_stays_when_it_did_not_work(cast: Cast) -> None:
    action = step(corrective_make(cast, state=ActionState.VERIFIED), "not_effective", cast.auditor)
    assert action.due_on == DUE
    assert not Entry.objects.filter(record_id=action.pk, action="actions.action.changed").exists()


def test_who_reports_it_done_does_not_stay_its_verifier(cast: Cast) -> None:
    action = step(corrective_make(cast), "report_done", cast.auditor)
    assert action.verifier == cast.analyst, "who agreed on it"
    assert open_date(action)[1] == cast.analyst
    assert [part.user for part in action.participants.filter(role=VERIFIER)] == [cast.analyst]


# Changing


def test_the_owner_is_never_made_the_verifier(cast: Cast) -> None:
    action = corrective_make(cast)
    with pytest.raises(ValidationError, match="verifies the action, so it needs another owner"):
        change(action, cast.analyst, owner=cast.auditor)
    with pytest.raises(ValidationError, match="owns the action"):
        change(action, cast.analyst, verifier=cast.personnel)
    both = change(action, cast.analyst, owner=cast.auditor, verifier=cast.ciso)
    assert (both.owner, both.verifier) == (cast.auditor, cast.ciso)


def test_a_task_becomes_corrective_and_back(cast: Cast) -> None:
    action = change(task_make(cast), cast.ciso, nature=ActionNature.CORRECTIVE)
    assert action.verifier == cast.ciso
    action = change(action, cast.ciso, nature=ActionNature.TASK)
    assert action.verifier is None
    assert not action.participants.filter(role=VERIFIER).exists()


def test_what_was_reported_done_changes_only_in_who_judges_it_and_when(cast: Cast) -> None:
    action = corrective_make(cast, state=ActionState.TO_VERIFY)
    for changes in ({"title": "Less"}, {"owner": cast.ciso}, {"due_on": DUE + timedelta(days=1)}):
        with pytest.raises(ValidationError, match="Since it was reported done"):
            change(action, cast.analyst, **changes)
    action = change(action, cast.analyst, verifier=cast.ciso, title=action.title)
    assert open_date(action)[:2] == ("actions.verification", cast.ciso)
    with pytest.raises(ValidationError, match="reported it done|owns the action"):
        change(action, cast.analyst, verifier=cast.personnel)


def test_the_date_that_is_waited_for_is_the_one_that_moves(cast: Cast) -> None:
    action, to = corrective_make(cast, state=ActionState.VERIFIED), DUE + timedelta(days=5)
    action_move(
        record=action,
        to=to,
        version=action.version,
        actor=cast.analyst,
        now=NOW,
        kind="actions.effectiveness",
    )
    assert open_date(action) == ("actions.effectiveness", cast.auditor, to)
    assert ActionListing.objects.get(pk=action.pk).due_on == to


# Handing over


def leave(cast: Cast, person: User, to: User) -> None:
    user_deactivate(user=person, actor=cast.administrator, now=NOW, successor=to)


@pytest.fixture
def successor(cast: Cast) -> User:
    person = UserFactory.create(full_name="Signe Dahl", unit=cast.units.root)
    RoleGrantFactory.create(user=person, role=Role.AUDITOR)
    return person


def test_who_leaves_hands_over_what_was_to_be_verified(cast: Cast, successor: User) -> None:
    action = corrective_make(cast, state=ActionState.TO_VERIFY)
    settled = corrective_make(cast, state=ActionState.EFFECTIVE)
    leave(cast, cast.auditor, successor)
    assert Action.objects.get(pk=action.pk).verifier == successor
    assert open_date(action) == ("actions.verification", successor, TODAY + timedelta(days=14))
    assert action.participants.filter(role=VERIFIER, user=successor).exists()
    assert not cast.auditor.participations.filter(record=action).exists()
    assert Action.objects.get(pk=settled.pk).verifier == cast.auditor
    told = Notice.objects.get(kind="accounts.work", recipient=successor)
    assert "Corrective actions to verify: 1" in told.payload["sentence"]


def test_who_may_not_verify_takes_nothing_over(cast: Cast) -> None:
    action = corrective_make(cast, source=audit_make(cast, lead_auditor=cast.analyst))
    with pytest.raises(AccountsRefused, match=f"{action.reference}: .* may not verify actions of Payments"):
        leave(cast, cast.auditor, cast.personnel.__class__.objects.get(pk=cast.outsider.pk))


def test_who_takes_over_an_action_does_not_verify_it(cast: Cast, successor: User) -> None:
    action = corrective_make(cast, state=ActionState.TO_VERIFY, verifier=successor)
    leave(cast, cast.personnel, successor)
    action = Action.objects.get(pk=action.pk)
    assert (action.owner, action.verifier) == (successor, cast.analyst)
    assert open_date(action)[1] == cast.analyst


def test_a_restricted_action_is_opened_to_nobody_new(cast: Cast, successor: User) -> None:
    secret = audit_make(cast, confidentiality=Confidentiality.RESTRICTED, lead_auditor=cast.ciso)
    action = corrective_make(cast, source=secret, actor=cast.ciso, owner=cast.analyst)
    assert Action.objects.visible_to(cast.auditor).filter(pk=action.pk).exists(), "the verifier sees it"
    leave(cast, cast.auditor, successor)
    assert Action.objects.get(pk=action.pk).verifier == cast.ciso
    assert not Action.objects.visible_to(successor).exists()


def test_who_owns_the_source_now_is_concerned(cast: Cast, successor: User) -> None:
    action = task_make(cast, source=audit_make(cast, owner=cast.auditor, lead_auditor=cast.analyst))
    assert action.participants.filter(role=CONCERNED, user=cast.auditor).exists()
    leave(cast, cast.auditor, successor)
    named = set(action.participants.filter(role=CONCERNED).values_list("user_id", flat=True))
    assert named == {cast.analyst.pk, successor.pk}


def test_its_effect_is_not_confirmed_before_the_day_agreed_for_that(
    cast: Cast, sign_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    action = corrective_make(cast, state=ActionState.VERIFIED)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=1))
    refusal = "This step can be taken from 21 Feb 2027 on."
    assert refusal in sign_in(cast.auditor).get(action.get_absolute_url()).text
    for days in (0, 89):
        with pytest.raises(TransitionRefused, match=refusal):
            step(action, "confirm_effective", cast.auditor, now=NOW + timedelta(days=days))
    action = action_change(
        action=action,
        changes={"effectiveness_due_on": TODAY + timedelta(days=9)},
        actor=cast.ciso,
        now=NOW,
        version=action.version,
    )
    done = step(action, "confirm_effective", cast.auditor, now=NOW + timedelta(days=9))
    assert done.state == ActionState.EFFECTIVE


def test_that_it_did_not_work_is_said_at_any_time(cast: Cast) -> None:
    action = corrective_make(cast, state=ActionState.VERIFIED)
    assert step(action, "not_effective", cast.auditor, now=NOW).state == ActionState.OPEN


@pytest.mark.parametrize("name", ["due_on", "title", "owner", "effectiveness_days"])
def test_who_owns_it_does_not_rewrite_what_was_agreed_on(cast: Cast, name: str) -> None:
    action = corrective_make(cast, owner=cast.analyst, actor=cast.ciso)
    changes = {"due_on": date(2029, 1, 1), "title": "Less", "owner": cast.personnel, "effectiveness_days": 9}
    with pytest.raises(ValidationError, match="You own this corrective action"):
        action_change(
            action=action,
            changes={name: changes[name]},
            actor=cast.analyst,
            now=NOW,
            version=action.version,
        )
    if name == "due_on":
        with pytest.raises(ValidationError, match="You own this corrective action"):
            action_move(
                record=action, to=date(2029, 1, 1), version=action.version, actor=cast.analyst, now=NOW
            )


def test_who_audits_there_owns_nothing_that_is_done_about_a_finding(cast: Cast) -> None:
    finding = finding_make(cast)
    with pytest.raises(ValidationError, match="Odile Brandt audits here") as refused:
        corrective_make(cast, source=finding, owner=cast.auditor, actor=cast.ciso, verifier=cast.analyst)
    assert "owner" in refused.value.error_dict
    action = corrective_make(cast, source=finding, actor=cast.auditor)
    below = task_make(cast, source=action, actor=cast.auditor)
    for one in (action, below):
        with pytest.raises(ValidationError, match="Odile Brandt audits here"):
            action_change(
                action=one, changes={"owner": cast.auditor}, actor=cast.ciso, now=NOW, version=one.version
            )
