"""Where nobody may decide on a proposal the page says so, who can change that is told, and each decider is told anew."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audits.choices import AuditRole
from audits.models import Finding
from audits.services import audit_change
from audits.tests.factories import NOW, audit_make, finding_make
from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.models import RoleGrant, User
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.actions.models import Action
from foundation.actions.services import PROPOSAL, deciders_lost
from foundation.actions.tasks import follow_verifiers
from foundation.actions.tests.proposals import propose, told, waits_for
from foundation.notifications.models import Notice
from foundation.notifications.services import ROLE_WANTED, mails_compose
from foundation.records.choices import Confidentiality
from foundation.records.models import Participant, Record
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def turn(monkeypatch: pytest.MonkeyPatch, hours: int = 1) -> None:
    """Let hours go by, and the portal look whom proposals wait for."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=hours))
    follow_verifiers()


def bar_everybody(cast: Cast, action: Action) -> None:
    """Let everybody with the right be audited there."""
    for person in (cast.auditor, cast.analyst, cast.ciso):
        Participant.objects.create(record=action.source, user=person, role=AuditRole.AUDITEE)


@pytest.fixture
def barred(cast: Cast) -> Action:
    """Return a proposal on which nobody may decide, from the hour on."""
    action = propose(cast)
    bar_everybody(cast, action)
    Notice.objects.all().delete()
    return action


def roles_asked(cast: Cast) -> list[Notice]:
    return list(Notice.objects.filter(kind=ROLE_WANTED, recipient=cast.administrator))


def test_its_date_waits_for_who_gives_roles_and_they_are_told_once(
    cast: Cast, barred: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hours in (1, 2, 3):
        turn(monkeypatch, hours)
    assert waits_for(barred)[PROPOSAL][0] == cast.administrator
    assert not told("proposed", barred), "nobody is asked who may not"
    assert told("nobody_decides", barred) == {cast.ciso}
    (notice,) = roles_asked(cast)
    assert (notice.record_id, notice.payload["title"]) == (None, "Work waits in Payments")
    assert notice.payload["sentence"] == (
        "A proposed action waits there, and nobody may agree on it. Give somebody who has no part in it the role "
        "Auditor, CISO or Security staff there."
    )
    mails_compose(now=NOW + timedelta(hours=4))
    assert Notice.objects.get(pk=notice.pk).mail is not None, (
        "who may know nothing of the record is told all the same"
    )


def test_what_is_proposed_where_nobody_may_decide_says_so_at_once(cast: Cast) -> None:
    finding = finding_make(cast)
    for person in (cast.auditor, cast.analyst, cast.ciso):
        Participant.objects.create(record=finding, user=person, role=AuditRole.AUDITEE)
    action = propose(cast, finding)
    assert waits_for(action)[PROPOSAL][0] == cast.administrator
    assert not told("proposed", action)
    assert len(roles_asked(cast)) == 1


def test_what_is_restricted_is_told_to_who_may_know_of_it_alone(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = propose(cast)
    Record.objects.filter(pk__in=[action.pk, action.source_id]).update(
        confidentiality=Confidentiality.RESTRICTED
    )
    bar_everybody(cast, action)
    turn(monkeypatch)
    assert waits_for(action)[PROPOSAL][0] == cast.ciso
    assert told("nobody_decides", action) == {cast.ciso}
    assert not roles_asked(cast)


def test_the_page_says_that_nobody_may_and_who_can_change_it(
    cast: Cast, barred: Action, monkeypatch: pytest.MonkeyPatch, sign_in: SignIn
) -> None:
    turn(monkeypatch)
    page = sign_in(cast.unit_lead).get(barred.get_absolute_url()).content.decode()
    assert "Nobody may decide on this now: everybody who may agree on actions of Payments" in page
    assert (
        "Ada Nyberg sees to it that somebody else is given the role Auditor, CISO or Security staff" in page
    )
    assert "Ada Nyberg agrees on it" not in page
    RoleGrantFactory.create(user=cast.administrator, role=Role.SECURITY)
    Participant.objects.create(record=barred.source, user=cast.administrator, role=AuditRole.AUDITEE)
    page = sign_in(cast.administrator).get(barred.get_absolute_url()).content.decode()
    assert "Give somebody the role" in page


def test_whoever_is_given_the_role_decides(
    cast: Cast, barred: Action, monkeypatch: pytest.MonkeyPatch, sign_in: SignIn
) -> None:
    turn(monkeypatch)
    able = UserFactory.create(full_name="Signe Dahl", unit=cast.units.retail)
    RoleGrantFactory.create(user=able, role=Role.AUDITOR)
    turn(monkeypatch, 2)
    assert waits_for(barred)[PROPOSAL][0] == able
    assert told("proposed", barred) == {able}
    page = sign_in(cast.unit_lead).get(barred.get_absolute_url()).content.decode()
    assert "Signe Dahl agrees on it, or returns it" in page


def times_told(action: Action, person: User) -> int:
    return Notice.objects.filter(record_id=action.pk, recipient=person, kind="actions.proposed").count()


def test_who_decides_again_is_told_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    action = propose(cast, finding_make(cast, audit_make(cast, owner=cast.executive)))
    assert times_told(action, cast.auditor) == 1
    grants = RoleGrant.objects.filter(user=cast.auditor)
    grants.update(ends_on=NOW.date() - timedelta(days=1))
    turn(monkeypatch)
    assert times_told(action, cast.ciso) == 1
    grants.update(ends_on=None)
    turn(monkeypatch, 2)
    assert waits_for(action)[PROPOSAL][0] == cast.auditor
    assert times_told(action, cast.auditor) == 2
    turn(monkeypatch, 3)
    assert times_told(action, cast.auditor) == 2, "and once only while it stays so"


def test_who_sees_to_it_that_somebody_may_and_then_may_is_told_so(
    cast: Cast, barred: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn(monkeypatch)
    assert waits_for(barred)[PROPOSAL][0] == cast.administrator
    grant = RoleGrantFactory.create(user=cast.administrator, role=Role.SECURITY)
    turn(monkeypatch, 2)
    assert waits_for(barred)[PROPOSAL][0] == cast.administrator
    assert times_told(barred, cast.administrator) == 1, "now it is the person's own to decide"
    turn(monkeypatch, 3)
    assert times_told(barred, cast.administrator) == 1
    grant.delete()
    Notice.objects.all().delete()
    turn(monkeypatch, 4)
    assert waits_for(barred)[PROPOSAL][0] == cast.administrator
    assert told("nobody_decides", barred) == {cast.ciso}


def test_who_comes_to_lead_is_told_what_waits(cast: Cast) -> None:
    action = propose(cast)
    audit = Finding.objects.get(pk=action.source_id).audit
    successor = UserFactory.create(full_name="Signe Dahl", unit=cast.units.retail)
    RoleGrantFactory.create(user=successor, role=Role.AUDITOR)
    audit_change(
        audit=audit,
        changes={"lead_auditor": successor},
        actor=cast.ciso,
        now=NOW + timedelta(hours=1),
        version=audit.version,
    )
    assert waits_for(action)[PROPOSAL][0] == successor
    assert times_told(action, successor) == 1


def queries_of(now: datetime) -> int:
    with CaptureQueriesContext(connection) as asked:
        list(deciders_lost(now=now))
    return len(asked)


def test_more_proposals_of_more_findings_cost_no_more_queries(cast: Cast) -> None:
    for _number in range(2):
        propose(cast, finding_make(cast))
    before = queries_of(NOW)
    for _number in range(4):
        action = propose(cast, finding_make(cast, audit_make(cast)))
    assert queries_of(NOW) == before
    RoleGrant.objects.filter(user=cast.auditor).delete()
    bar_everybody(cast, action)
    assert len(list(deciders_lost(now=NOW))) == 6
    assert queries_of(NOW) <= before + 8, "those whom nobody named are read once for all"
    assert before <= 16
