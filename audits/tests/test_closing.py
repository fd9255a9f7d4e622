"""An audit is not closed while something that follows from it is open."""

from datetime import date

import pytest
from django.test import Client

from audits.models import Audit
from audits.tests.factories import NOW, audit_make, report_approve
from foundation.actions.services import action_create
from foundation.lifecycle.services import TransitionRefused, apply_transition
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db


def in_follow_up(cast: Cast) -> Audit:
    """Take an audit to its follow-up."""
    audit = audit_make(cast)
    for step in ("prepare", "start_fieldwork", "start_reporting"):
        apply_transition(record=audit, name=step, actor=cast.analyst, now=NOW)
    return report_approve(audit, cast)


def test_open_actions_keep_an_audit_open(client: Client, cast: Cast) -> None:
    audit = in_follow_up(cast)
    action = action_create(
        source=audit,
        title="Close it",
        owner=cast.personnel,
        due_on=date(2027, 6, 1),
        actor=cast.auditor,
        now=NOW,
    )
    with pytest.raises(TransitionRefused, match="1 action"):
        apply_transition(record=audit, name="close", actor=cast.analyst, now=NOW)
    client.force_login(cast.analyst)
    page = client.get(audit.get_absolute_url()).content.decode()
    assert action.reference in page
    assert "Agree on an action" in page
    apply_transition(record=action, name="complete", actor=cast.personnel, now=NOW, comment="Closed.")
    apply_transition(record=audit, name="close", actor=cast.analyst, now=NOW)
    audit.refresh_from_db()
    assert audit.state == "closed"
