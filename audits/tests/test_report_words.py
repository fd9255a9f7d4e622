"""A report that waits for its approval while the names and words that it repeats change elsewhere."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from audits.choices import AuditState
from audits.models import Audit
from audits.tests.factories import NOW, audit_in, finding_make, report_submit
from compliance.models import Framework
from compliance.services import draft_begin, edition_accept, framework_change, line_remove
from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.services import unit_change, user_change
from foundation.accounts.tests.factories import RoleGrantFactory
from foundation.approvals import tasks
from foundation.approvals.choices import RequestState
from foundation.approvals.sample import open_and_decide
from foundation.approvals.selectors import requests_waiting_for
from foundation.approvals.tasks import follow
from foundation.notifications.models import Notice
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clock of tasks stand where the tests' does, and a worker be there at once."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(tasks, "task_wake", lambda task, *values: task(*values))


def in_reporting(cast: Cast, **values: object) -> Audit:
    """Take an audit to its report."""
    return audit_in(cast, AuditState.REPORTING, **values)


def person_renamed(cast: Cast, framework: Framework, actor: User) -> None:
    user_change(user=cast.auditor, changes={"full_name": "Odile Marchetti"}, actor=actor, now=NOW)


def unit_renamed(cast: Cast, framework: Framework, actor: User) -> None:
    unit = cast.units.payments
    unit_change(unit=unit, name="Payments and cards", code=unit.code, country="", actor=actor, now=NOW)


def framework_renamed(cast: Cast, framework: Framework, actor: User) -> None:
    changes = {"title": "Harbour baseline, extended"}
    framework_change(framework=framework, changes=changes, actor=actor, now=NOW, version=framework.version)


def requirement_withdrawn(cast: Cast, framework: Framework, actor: User) -> None:
    draft = draft_begin(framework=framework, label="2.0", actor=actor, now=NOW)
    line_remove(line=draft.texts.get(identifier="HB-3"), actor=actor, now=NOW)
    edition_accept(edition=draft, actor=actor, now=NOW)


def framework_sealed(cast: Cast, framework: Framework, actor: User) -> None:
    changes = {"confidentiality": Confidentiality.RESTRICTED}
    framework_change(framework=framework, changes=changes, actor=actor, now=NOW, version=framework.version)


@pytest.mark.parametrize(
    "change", [person_renamed, unit_renamed, framework_renamed, framework_sealed, requirement_withdrawn]
)
@pytest.mark.parametrize("is_own", [False, True])
def test_words_that_change_elsewhere_call_a_report_back_as_soon_as_they_stand(
    cast: Cast,
    framework: Framework,
    change: Callable[[Cast, Framework, User], None],
    is_own: bool,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    audit = in_reporting(cast)
    audit.frameworks.set([framework])
    finding_make(cast, audit, requirement=framework.requirements.get(identifier="HB-3"))
    other = report_submit(
        in_reporting(
            cast, unit=cast.units.retail, lead_auditor=RoleGrantFactory.create(role=Role.AUDITOR).user
        ),
        cast,
    )
    asked = report_submit(audit, cast)
    actor = cast.analyst if is_own else cast.administrator
    with django_capture_on_commit_callbacks(execute=True):
        change(cast, framework, actor)
    asked.refresh_from_db()
    audit.refresh_from_db()
    assert (asked.state, audit.state) == (RequestState.VOID, AuditState.REPORTING)
    assert Notice.objects.get(kind="approvals.void").recipient == cast.analyst, (
        "also where it was the own change"
    )
    assert Entry.objects.get(action="approvals.request.void").actor_id == actor.pk
    assert requests_waiting_for(cast.ciso) == [other], "what does not say it still waits"
    again = report_submit(audit, cast)
    open_and_decide(request=again, actor=cast.ciso, now=NOW)


def test_a_change_that_nobody_told_of_is_noticed_within_the_hour(cast: Cast) -> None:
    audit = in_reporting(cast)
    asked = report_submit(audit, cast)
    follow()
    asked.refresh_from_db()
    assert asked.is_open, "nothing changed"
    Audit.objects.filter(pk=audit.pk).update(criteria="Something else")
    follow()
    asked.refresh_from_db()
    audit.refresh_from_db()
    assert (asked.state, audit.state) == (RequestState.VOID, AuditState.REPORTING)
    assert Notice.objects.get(kind="approvals.void").recipient == cast.analyst
    for action in ("approvals.request.void", "audits.audit.return_report"):
        assert Entry.objects.get(action=action).actor_id is None, "the portal itself"
    follow()
    assert Notice.objects.filter(kind="approvals.void").count() == 1
