"""Actions remind their owners, follow their sources, and end with what came of them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from audits.models import Audit
from audits.services import audit_change
from audits.tests.factories import NOW, audit_make
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.actions.models import Action
from foundation.actions.selectors import actions_shown, open_actions_of
from foundation.actions.services import DUE, action_change, action_create
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import TransitionForbidden, TransitionRefused, apply_transition
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.records.services import StaleRecord
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
MARCH = date(2027, 3, 1)


def agree(cast: Cast, source: Record, owner: User | None = None) -> Action:
    """Agree on an action for somebody, by default the clerk in cards."""
    return action_create(
        source=source,
        title="Close unused accounts",
        owner=owner or cast.personnel,
        due_on=MARCH,
        actor=cast.analyst,
        now=NOW,
    )


def test_an_action_reminds_its_owner_and_belongs_where_its_source_does(cast: Cast) -> None:
    audit = audit_make(cast, confidentiality=Confidentiality.RESTRICTED)
    action = agree(cast, audit)
    deadline = Deadline.objects.get(record_id=action.pk, kind=DUE)
    assert (deadline.assignee, deadline.due_on) == (cast.personnel, MARCH)
    assert (action.unit, action.confidentiality) == (audit.unit, Confidentiality.RESTRICTED)
    assert action.reference == "ACT-0001"


def test_actions_become_as_secret_as_their_source_becomes(cast: Cast) -> None:
    audit = audit_make(cast)
    action, reader = agree(cast, audit), UserFactory()
    RoleGrantFactory(user=reader, role=Role.SECURITY)
    further = action_create(
        source=action, title="Tell them", owner=cast.personnel, due_on=MARCH, actor=cast.analyst, now=NOW
    )
    assert Action.objects.visible_to(reader).count() == 2
    changes = {"confidentiality": Confidentiality.RESTRICTED, "unit": cast.units.retail}
    audit_change(audit=audit, changes=changes, actor=cast.ciso, now=NOW, version=audit.version)
    assert not Action.objects.visible_to(reader).exists()
    for changed in Action.objects.filter(pk__in=[action.pk, further.pk]):
        assert (changed.unit, changed.version) == (cast.units.retail, 2)
    entries = Entry.objects.filter(action="actions.action.changed", record_id=further.pk)
    assert entries.get().after["confidentiality"] == "restricted"


def test_who_runs_a_restricted_audit_sees_what_follows_from_it(cast: Cast) -> None:
    audit = audit_make(cast, confidentiality=Confidentiality.RESTRICTED, auditees=[cast.unit_lead])
    action = agree(cast, audit)
    further = agree(cast, action)
    for person in (cast.analyst, cast.auditor, cast.unit_lead):
        assert Action.objects.visible_to(person).count() == 2
        assert [line.reference for line in actions_shown(audit, person)] == [action.reference]
    assert not Action.objects.visible_to(cast.executive).exists()
    assert set(further.participants.values_list("user_id", flat=True)) == {
        cast.analyst.pk,
        cast.auditor.pk,
        cast.unit_lead.pk,
        cast.personnel.pk,  # who does the action that it follows from
    }


def test_what_follows_is_seen_by_those_who_run_the_source_now(cast: Cast) -> None:
    audit = audit_make(cast, team=[cast.outsider])
    action = agree(cast, audit)
    further = agree(cast, action)
    successor = UserFactory()
    changes = {"confidentiality": Confidentiality.RESTRICTED, "owner": successor}
    changed = audit_change(
        audit=audit, changes=changes, actor=cast.ciso, now=NOW, version=audit.version, team=[]
    )
    for person, sees in ((successor, 2), (cast.auditor, 2), (cast.analyst, 0), (cast.outsider, 0)):
        assert Action.objects.visible_to(person).count() == sees
    audit_change(
        audit=changed,
        changes={},
        actor=cast.ciso,
        now=NOW,
        version=changed.version,
        auditees=[cast.executive],
    )
    assert Action.objects.visible_to(cast.executive).count() == 2
    action.refresh_from_db()
    action_change(
        action=action,
        changes={"owner": cast.administrator},
        actor=cast.ciso,
        now=NOW,
        version=action.version,
    )
    assert Action.objects.visible_to(cast.administrator).filter(pk=further.pk).exists()
    assert Action.objects.visible_to(cast.personnel).get() == further


@pytest.mark.parametrize("day", [date(1969, 12, 31), date(3000, 1, 1)])
def test_the_database_refuses_a_due_date_that_can_not_be_meant(cast: Cast, day: date) -> None:
    action = agree(cast, audit_make(cast))
    with pytest.raises(IntegrityError, match="action_due_in_range"), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(due_on=day)


def test_an_action_agreed_while_its_source_turns_secret_is_secret(cast: Cast) -> None:
    audit = audit_make(cast)
    Record.objects.filter(pk=audit.pk).update(confidentiality=Confidentiality.RESTRICTED)
    assert agree(cast, audit).confidentiality == Confidentiality.RESTRICTED


def test_the_owner_sees_the_action_and_not_its_source(cast: Cast) -> None:
    audit = audit_make(cast)
    action = agree(cast, audit)
    assert Action.objects.visible_to(cast.personnel).filter(pk=action.pk).exists()
    assert not Audit.objects.visible_to(cast.personnel).filter(pk=audit.pk).exists()
    assert not Action.objects.visible_to(cast.outsider).exists()
    assert [line.reference for line in actions_shown(audit, cast.analyst)] == [action.reference]
    assert actions_shown(audit, cast.outsider) == []


def test_changing_owner_and_date_moves_the_reminders(cast: Cast) -> None:
    action = agree(cast, audit_make(cast))
    april = date(2027, 4, 1)
    changes = {"owner": cast.unit_lead, "due_on": april}
    action_change(action=action, changes=changes, actor=cast.analyst, now=NOW, version=action.version)
    deadline = Deadline.objects.get(record_id=action.pk)
    assert (deadline.assignee, deadline.due_on) == (cast.unit_lead, april)
    with pytest.raises(StaleRecord):
        action_change(action=action, changes=changes, actor=cast.ciso, now=NOW, version=action.version)


def test_someone_who_left_gets_no_action(cast: Cast) -> None:
    cast.personnel.is_active = False
    cast.personnel.save()
    with pytest.raises(ValidationError, match="left"):
        agree(cast, audit_make(cast))


def test_the_owner_completes_with_what_was_done(cast: Cast) -> None:
    audit = audit_make(cast)
    action = agree(cast, audit)
    assert open_actions_of(audit) == 1
    with pytest.raises(TransitionRefused, match="reason"):
        apply_transition(record=action, name="complete", actor=cast.personnel, now=NOW)
    apply_transition(
        record=action, name="complete", actor=cast.personnel, now=NOW, comment="Closed 12 accounts."
    )
    action.refresh_from_db()
    assert (action.state, action.outcome, action.done_at) == ("done", "Closed 12 accounts.", NOW)
    assert Deadline.objects.get(record_id=action.pk).closed_at == NOW
    assert open_actions_of(audit) == 0


def test_reopening_reminds_again(cast: Cast) -> None:
    action = agree(cast, audit_make(cast))
    apply_transition(record=action, name="complete", actor=cast.personnel, now=NOW, comment="Done.")
    with pytest.raises(TransitionForbidden):
        apply_transition(record=action, name="reopen", actor=cast.personnel, now=NOW, comment="Not done.")
    apply_transition(record=action, name="reopen", actor=cast.auditor, now=NOW, comment="Two are left.")
    action.refresh_from_db()
    assert (action.state, action.outcome) == ("open", "")
    assert Deadline.objects.get(record_id=action.pk).closed_at is None


def test_a_done_action_is_not_edited(cast: Cast) -> None:
    action = agree(cast, audit_make(cast))
    done = apply_transition(record=action, name="cancel", actor=cast.analyst, now=NOW, comment="Moot.")
    with pytest.raises(ValidationError, match="open"):
        action_change(
            action=action, changes={"title": "New"}, actor=cast.analyst, now=NOW, version=done.version
        )
    action.refresh_from_db()
    assert action.title == "Close unused accounts"
