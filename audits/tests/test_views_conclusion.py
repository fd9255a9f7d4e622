"""Writing the conclusion of an audit."""

from collections.abc import Callable

import pytest
from django.test import Client

from audits.choices import AuditState
from audits.models import Audit
from audits.tests.factories import NOW, audit_make, report_approve, report_submit
from audits.tests.test_report_approval import in_reporting
from foundation.accounts.models import User
from foundation.accounts.tests.factories import UserFactory
from foundation.lifecycle.services import apply_transition
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.forms import send
from foundation.trail.models import Entry

SignIn = Callable[[User], Client]


def url_of(audit: Audit) -> str:
    return f"{audit.get_absolute_url()}conclusion/"


def test_it_works(cast: Cast, sign_in: SignIn) -> None:
    audit = in_reporting(cast)
    client = sign_in(cast.auditor)
    assert "Write the conclusion" in client.get(audit.get_absolute_url()).content.decode()
    answer = send(client, url_of(audit), conclusion="Sound, but <untested> at night.")
    assert (answer.status_code, answer["Location"]) == (302, audit.get_absolute_url())
    page = client.get(audit.get_absolute_url()).content.decode()
    assert "Sound, but &lt;untested&gt; at night." in page
    assert "Change the conclusion" in page
    assert Entry.objects.filter(action="audits.audit.changed").latest("pk").after == {
        "conclusion": "Sound, but <untested> at night."
    }


def test_a_colleague_of_the_team_writes_it_without_any_right(cast: Cast, sign_in: SignIn) -> None:
    colleague = UserFactory.create(full_name="Tarek Nasser", unit=cast.units.retail)
    audit = in_reporting(cast, team=[colleague])
    assert send(sign_in(colleague), url_of(audit), conclusion="Sound.").status_code == 302


def test_checks_visibility(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, confidentiality=Confidentiality.RESTRICTED, owner=cast.ciso)
    for method in ("get", "post"):
        assert getattr(sign_in(cast.analyst), method)(url_of(audit)).status_code == 404


def test_requires_the_auditors_part(cast: Cast, sign_in: SignIn) -> None:
    audit = in_reporting(cast, auditees=[cast.personnel, cast.ciso])
    for person in (cast.personnel, cast.ciso, cast.unit_lead):
        client = sign_in(person)
        for method in ("get", "post"):
            assert getattr(client, method)(url_of(audit)).status_code == 403
        assert url_of(audit) not in client.get(audit.get_absolute_url()).content.decode()
    assert Audit.objects.get().conclusion == ""


@pytest.mark.parametrize("state", [AuditState.PLANNED, AuditState.REPORT_REVIEW, AuditState.FOLLOW_UP])
def test_it_is_written_from_the_fieldwork_to_the_report(cast: Cast, sign_in: SignIn, state: str) -> None:
    audit = audit_make(cast) if state == AuditState.PLANNED else in_reporting(cast)
    if state == AuditState.REPORT_REVIEW:
        report_submit(audit, cast)
    elif state == AuditState.FOLLOW_UP:
        report_approve(audit, cast)
    words = {
        "planned": "has begun",
        "report_review": "Withdraw the request",
        "follow_up": "back to reporting",
    }
    client = sign_in(cast.auditor)
    assert words[state] in client.get(url_of(audit)).content.decode()
    before = Audit.objects.get()
    answer = client.post(url_of(audit), {"conclusion": "Too early, or too late", "version": before.version})
    assert answer.status_code == 422
    assert words[state] in answer.content.decode()
    after = Audit.objects.get()
    assert (after.conclusion, after.version) == (before.conclusion, before.version)


def test_two_who_write_at_once_are_told(cast: Cast, sign_in: SignIn) -> None:
    audit = in_reporting(cast)
    client = sign_in(cast.auditor)
    answer = client.get(url_of(audit))
    version = answer.context["form"]["version"].value()
    send(sign_in(cast.analyst), url_of(audit), conclusion="Mine")
    answer = client.post(url_of(audit), {"conclusion": "Yours", "version": version})
    assert answer.status_code == 409
    assert "Mine" in answer.content.decode()
    assert Audit.objects.get().conclusion == "Mine"


def test_a_report_submitted_meanwhile_is_told(cast: Cast, sign_in: SignIn) -> None:
    audit = in_reporting(cast)
    Audit.objects.filter(pk=audit.pk).update(conclusion="Done.")
    client = sign_in(cast.auditor)
    client.get(url_of(audit))
    apply_transition(record=audit, name="submit_report", actor=cast.analyst, now=NOW)
    answer = client.post(url_of(audit), {"conclusion": "Late", "version": Audit.objects.get().version})
    assert answer.status_code == 422
    assert "Withdraw the request" in answer.content.decode()
    assert Audit.objects.get().conclusion == "Done."
