"""Who verifies a corrective action is never its owner, and always somebody who may: at every door that changes either."""

from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from audits.models import Finding
from audits.services import audit_change, finding_change
from audits.tests.factories import NOW, TODAY, audit_make, finding_make
from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.models import RoleGrant, User
from foundation.accounts.services import user_deactivate
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.actions.choices import ActionState
from foundation.actions.models import Action, ActionListing
from foundation.actions.services import VERIFIER, action_change
from foundation.actions.tasks import follow_verifiers
from foundation.actions.tests.factories import corrective_make, step
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import TransitionRefused
from foundation.notifications.models import Mail, Notice
from foundation.notifications.services import mails_compose
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry

repair = import_module("foundation.actions.migrations.0010_verifier_is_another")

pytestmark = pytest.mark.django_db


def now_of(action: Action) -> Action:
    found: Action = Action.objects.get(pk=action.pk)
    return found


def told(kind: str, action: Action) -> set[User]:
    notices = Notice.objects.filter(kind=f"actions.{kind}", record_id=action.pk).select_related("recipient")
    return {notice.recipient for notice in notices}


def last_reason(action: Action) -> str:
    changes = Entry.objects.filter(record_id=action.pk, action="actions.action.changed")
    return changes.filter(after__has_key="verifier").latest("pk").comment


def officer(cast: Cast, name: str = "Signe Dahl", role: Role = Role.CISO, **values: Any) -> User:
    person = UserFactory.create(full_name=name, unit=cast.units.root)
    RoleGrantFactory.create(user=person, role=role, **values)
    return person


def assert_judged_by(action: Action, person: User | None) -> None:
    """The verifier, who is named in the action, and who is reminded are one."""
    action = now_of(action)
    assert action.verifier == person
    assert [part.user for part in action.participants.filter(role=VERIFIER)] == ([person] if person else [])
    if person and action.state != ActionState.OPEN:
        assert Deadline.objects.open().get(record=action).assignee == person


def look(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """Let the hourly task run at a moment."""
    monkeypatch.setattr(clock, "now", lambda: now)
    follow_verifiers()


# The owner becomes the verifier


def test_each_sort_of_work_may_go_to_another_and_the_owner_still_verifies_nothing(cast: Cast) -> None:
    ciso = officer(cast)
    action = corrective_make(cast, state=ActionState.TO_VERIFY, verifier=ciso)
    user_deactivate(
        user=cast.personnel,
        actor=cast.administrator,
        now=NOW,
        successors={"records.owned": ciso, "actions.verifying": cast.auditor},
        successor=cast.auditor,
    )
    assert now_of(action).owner == ciso
    assert_judged_by(action, cast.analyst)
    assert told("to_verify", action) == {ciso, cast.analyst}
    assert last_reason(action) == "Signe Dahl owns the action, so somebody else must verify it."


def test_a_restricted_action_that_goes_to_a_ciso_is_verified_by_another(cast: Cast) -> None:
    secret = audit_make(cast, confidentiality="restricted", lead_auditor=cast.ciso, owner=cast.ciso)
    action = corrective_make(cast, source=secret, verifier=cast.ciso, actor=cast.ciso, owner=cast.personnel)
    other = officer(cast)
    user_deactivate(user=cast.personnel, actor=cast.administrator, now=NOW, successor=cast.auditor)
    assert now_of(action).owner == cast.ciso, "nobody else may know of it"
    assert_judged_by(action, other)


def test_who_leaves_is_not_asked_to_verify(cast: Cast) -> None:
    action = corrective_make(cast, owner=cast.auditor, actor=cast.ciso, verifier=cast.analyst)
    user_deactivate(user=cast.auditor, actor=cast.administrator, now=NOW, successor=cast.analyst)
    assert now_of(action).owner == cast.analyst
    assert_judged_by(action, cast.ciso)
    assert told("to_verify", action) == {cast.ciso}


def test_who_takes_an_action_over_is_reminded_of_it_whoever_takes_other_dates(cast: Cast) -> None:
    action = corrective_make(cast)
    user_deactivate(
        user=cast.personnel,
        actor=cast.administrator,
        now=NOW,
        successors={"deadlines": cast.executive},
        successor=cast.unit_lead,
    )
    assert now_of(action).owner == cast.unit_lead
    assert Deadline.objects.open().get(record=action).assignee == cast.unit_lead


def test_where_nobody_is_left_to_verify_whoever_can_name_somebody_is_told(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = corrective_make(cast, state=ActionState.TO_VERIFY, verifier=cast.ciso, actor=cast.ciso)
    Record.objects.filter(pk=action.source_id).update(owner=cast.ciso)
    RoleGrant.objects.exclude(role__in=(Role.CISO, Role.ADMINISTRATOR)).delete()
    user_deactivate(user=cast.personnel, actor=cast.administrator, now=NOW, successor=cast.ciso)
    assert now_of(action).owner == cast.ciso
    assert_judged_by(action, None)
    assert told("nobody_verifies", action) == {cast.ciso}
    assert Deadline.objects.open().get(record=action).assignee == cast.ciso
    # Somebody may again: asked within the hour, by the portal.
    RoleGrantFactory.create(user=cast.auditor, role=Role.AUDITOR)
    Record.objects.filter(pk=action.source_id).update(owner=cast.auditor)
    look(monkeypatch, NOW)
    assert_judged_by(action, cast.auditor)


def test_assigning_many_tells_of_each_that_its_verifier_can_not_own_it(cast: Cast, client: Client) -> None:
    judged, other = corrective_make(cast), corrective_make(cast, verifier=cast.ciso)
    client.force_login(cast.analyst)
    rows = [f"{action.pk}:{action.version}" for action in (judged, other)]
    url = reverse("actions:actions-assign")
    answer = client.post(url, {"row": rows, "owner": cast.auditor.pk})
    assert "1 is changed." in answer.text
    reason = "Odile Brandt verifies the action, so it needs another owner or another verifier."
    assert reason in answer.text
    assert (now_of(judged).owner, now_of(other).owner) == (cast.personnel, cast.auditor)
    assert told("given", other) == {cast.personnel, cast.auditor}


def test_another_owner_needs_no_verifier_who_still_may(cast: Cast) -> None:
    action = corrective_make(cast)
    RoleGrant.objects.filter(user=cast.auditor).delete()
    changed = action_change(
        action=action,
        changes={"owner": cast.unit_lead},
        actor=cast.ciso,
        now=NOW,
        version=now_of(action).version,
    )
    assert changed.owner == cast.unit_lead
    assert_judged_by(action, cast.analyst)
    assert told("to_verify", action) == {cast.analyst}
    assert last_reason(action) == "Odile Brandt may not verify actions of Payments."


def test_the_database_lets_no_owner_be_the_verifier(cast: Cast) -> None:
    action = corrective_make(cast)
    for change in (
        lambda: Record.objects.filter(pk=action.pk).update(owner=cast.auditor),
        lambda: Action.objects.filter(pk=action.pk).update(verifier=cast.personnel),
    ):
        with pytest.raises(IntegrityError, match="can not be its verifier"), transaction.atomic():
            change()
            connection.check_constraints()
    Record.objects.filter(pk=action.pk).update(owner=cast.auditor)
    Action.objects.filter(pk=action.pk).update(verifier=cast.personnel)
    connection.check_constraints()


def test_rows_from_before_the_rule_are_mended(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    waits, settled = corrective_make(cast), corrective_make(cast, state=ActionState.EFFECTIVE)
    kept = corrective_make(cast)
    for action in (waits, settled):
        Record.objects.filter(pk=action.pk).update(owner=cast.analyst)
        Action.objects.filter(pk=action.pk).update(verifier=cast.analyst)
        part = action.participants.get(role=VERIFIER)
        part.user = cast.analyst
        part.save()
    with connection.cursor() as cursor:
        cursor.execute(repair.GIVE_WAY)
    assert_judged_by(waits, None)
    assert now_of(settled).verifier == cast.auditor, "who verified it"
    assert ActionListing.objects.get(pk=waits.pk).verifier_id is None
    look(monkeypatch, NOW)
    assert_judged_by(waits, cast.ciso)
    assert_judged_by(kept, cast.auditor)


# The verifier may not any more


def test_who_belongs_to_the_unit_that_an_audit_moves_to_verifies_nothing_of_it(cast: Cast) -> None:
    own = officer(cast, role=Role.SECURITY)
    User.objects.filter(pk=own.pk).update(unit=cast.units.retail)
    own.refresh_from_db()
    audit = audit_make(cast)
    action = corrective_make(cast, source=audit, verifier=own, state=ActionState.OPEN)
    step(action, "report_done", cast.personnel)
    audit_change(
        audit=audit, changes={"unit": cast.units.retail}, actor=cast.ciso, now=NOW, version=audit.version
    )
    assert_judged_by(action, cast.analyst)
    assert cast.analyst in told("to_verify", action)
    assert last_reason(action) == (
        "Signe Dahl has a side in what it follows from, so somebody else must verify it."
    )


def test_who_becomes_an_auditee_verifies_nothing_of_the_audit(cast: Cast) -> None:
    audit = audit_make(cast, lead_auditor=cast.ciso)
    action = corrective_make(cast, source=audit)
    further = corrective_make(cast, source=action)
    audit_change(
        audit=audit, changes={}, auditees=[cast.auditor], actor=cast.ciso, now=NOW, version=audit.version
    )
    for one in (action, further):
        assert_judged_by(one, cast.analyst)


def test_who_has_no_right_in_the_new_unit_gives_way(cast: Cast) -> None:
    local = officer(cast, role=Role.SECURITY, unit=cast.units.payments)
    audit = audit_make(cast, unit=cast.units.payments)
    action = corrective_make(cast, source=audit, verifier=local)
    audit_change(
        audit=audit, changes={"unit": cast.units.retail}, actor=cast.ciso, now=NOW, version=audit.version
    )
    assert_judged_by(action, cast.analyst)
    assert last_reason(action) == "Signe Dahl may not verify actions of Retail Banking."


def test_a_role_that_ends_is_noticed_within_the_hour(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    local = officer(cast, role=Role.SECURITY, ends_on=TODAY)
    action = step(corrective_make(cast, verifier=local), "report_done", cast.personnel)
    look(monkeypatch, NOW)
    assert_judged_by(action, local)
    look(monkeypatch, NOW + timedelta(days=1))
    assert_judged_by(action, cast.analyst)
    entry = Entry.objects.filter(record_id=action.pk, action="actions.action.changed").latest("pk")
    assert (entry.actor_name, entry.comment) == ("", "Signe Dahl may not verify actions of Payments.")
    version = now_of(action).version
    look(monkeypatch, NOW + timedelta(days=1))
    assert now_of(action).version == version


def test_what_is_open_again_is_verified_by_who_may_now(cast: Cast) -> None:
    action = corrective_make(cast, state=ActionState.EFFECTIVE)
    RoleGrant.objects.filter(user=cast.auditor).delete()
    step(action, "reopen", cast.ciso)
    assert_judged_by(action, cast.analyst)


def test_the_page_says_plainly_that_nobody_can_verify_it(cast: Cast, client: Client) -> None:
    action = corrective_make(cast, state=ActionState.TO_VERIFY)
    client.force_login(cast.analyst)
    page = client.get(action.get_absolute_url()).text
    assert "Odile Brandt verifies it, or sends it back." in page
    assert "Name who verifies it" not in page
    assert "by Odile Brandt" in client.get(reverse("actions:action-list")).text
    RoleGrant.objects.filter(user=cast.auditor).delete()
    page = client.get(action.get_absolute_url()).text
    assert "Odile Brandt may not verify actions of Payments. Name somebody else." in page
    assert reverse("actions:action-edit", args=[action.reference]) in page
    Action.objects.filter(pk=action.pk).update(verifier=None)
    page = client.get(action.get_absolute_url()).text
    assert "Nobody can verify this now: name somebody." in page
    listed = client.get(reverse("actions:action-list"), {"nobody": "on"}).text
    assert action.title in listed
    assert "nobody to verify" in listed
    client.force_login(cast.personnel)
    page = client.get(action.get_absolute_url()).text
    assert "That is for whoever manages actions of Payments." in page
    assert "You own this action, so somebody else must judge it." in page


@pytest.mark.parametrize("steps", [(), ("report_done",), ("report_done", "verify")])
def test_who_moves_into_the_audited_unit_is_noticed_within_the_hour(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, steps: tuple[str, ...]
) -> None:
    own, stays = officer(cast, role=Role.AUDITOR), officer(cast, "Ines Prado", Role.AUDITOR)
    finding = finding_make(cast)
    action, other = (corrective_make(cast, source=finding, verifier=one) for one in (own, stays))
    for name in steps:
        action = step(action, name, cast.personnel if name == "report_done" else cast.auditor)
    look(monkeypatch, NOW)
    assert_judged_by(action, own)
    User.objects.filter(pk=own.pk).update(unit=finding.unit)
    look(monkeypatch, NOW)
    assert_judged_by(action, cast.analyst)
    assert_judged_by(other, stays)
    assert last_reason(action) == (
        "Signe Dahl has a side in what it follows from, so somebody else must verify it."
    )


# What follows from a finding


def test_who_answers_for_a_finding_verifies_none_of_its_actions(cast: Cast, client: Client) -> None:
    finding = finding_make(cast, owner=cast.analyst)
    action = corrective_make(cast, source=finding, actor=cast.ciso, verifier=None)
    assert action.verifier == cast.ciso
    with pytest.raises(ValidationError, match="Anders Falk has a side in what it follows from"):
        action_change(
            action=action,
            changes={"verifier": cast.analyst},
            actor=cast.ciso,
            now=NOW,
            version=action.version,
        )
    action = step(action, "report_done", cast.personnel)
    with pytest.raises(TransitionRefused, match="You have a side in what this action follows from"):
        step(action, "verify", cast.analyst)
    client.force_login(cast.analyst)
    with assert_queries("action-detail-of-finding"):
        page = client.get(action.get_absolute_url()).text
    assert "You have a side in what this action follows from, so somebody else must judge it." in page
    finding_change(
        finding=finding,
        changes={"owner": cast.ciso},
        actor=cast.auditor,
        now=NOW,
        version=Finding.objects.get(pk=finding.pk).version,
    )
    assert_judged_by(action, None)
    assert told("nobody_verifies", action) == {cast.ciso}


def test_a_mail_says_where_the_action_stands_why_and_until_when(cast: Cast) -> None:
    action = corrective_make(cast)
    action = step(step(action, "report_done", cast.personnel), "send_back", cast.auditor, comment="No log.")
    mails_compose(now=NOW + timedelta(minutes=5))
    mail = Mail.objects.get(recipient=cast.personnel)
    assert "Sent back: No log." in mail.text
    assert "1 March 2027" in mail.text
    assert "No log" not in mail.subject
    assert "Yours to do" not in mail.text, "told by the later one"
    mail = Mail.objects.get(recipient=cast.auditor)
    assert "Reported done, and waits for you to verify it." in mail.text
    assert "7 December" in mail.text


def test_many_are_assigned_with_their_verifiers_in_sight(cast: Cast, client: Client) -> None:
    action = corrective_make(cast)
    client.force_login(cast.analyst)
    page = client.get(reverse("actions:actions-assign"), {"row": f"{action.pk}:{action.version}"}).text
    assert "Odile Brandt" in page.partition("Verifier")[2]
