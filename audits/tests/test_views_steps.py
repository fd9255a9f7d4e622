"""Taking a step: confirmed on a page or in a dialog, with its reason; refused with one; raced by two."""

from collections.abc import Callable

import pytest
from django.test import Client

from audits.choices import AuditState
from audits.lifecycle import AUDIT_LIFECYCLE
from audits.models import Audit
from audits.tests.factories import NOW, audit_make, programme_make, report_approve
from foundation.accounts.models import User
from foundation.lifecycle.services import apply_transition
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.races import together
from foundation.trail.models import Entry

SignIn = Callable[[User], Client]
DIALOG = {"HX-Request": "true", "HX-Target": "ask-content"}


def url_of(audit: Audit, step: str) -> str:
    return f"{audit.get_absolute_url()}steps/{step}/"


def test_it_works(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    client = sign_in(cast.auditor)
    url = url_of(audit, "prepare")
    assert "Start preparing" in client.get(url).content.decode()
    assert Audit.objects.get().state == AuditState.PLANNED, "GET changes nothing"
    response = client.post(url, {"comment": "Kick-off held"})
    assert (response.status_code, response["Location"]) == (302, audit.get_absolute_url())
    assert Audit.objects.get().state == AuditState.PREPARING
    assert Entry.objects.get(action="audits.audit.prepare").comment == "Kick-off held"
    assert "AUD-0001: Start preparing" in client.get(response["Location"]).content.decode()


def test_checks_visibility(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, confidentiality=Confidentiality.RESTRICTED, owner=cast.ciso)
    for method in ("get", "post"):
        assert getattr(sign_in(cast.analyst), method)(url_of(audit, "prepare")).status_code == 404
    assert Audit.objects.get().state == AuditState.PLANNED


def test_requires_right(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    response = sign_in(cast.auditor).post(url_of(audit, "cancel"), {"comment": "No"})
    assert response.status_code == 403
    assert "This needs the right “Close or cancel an audit”" in response.content.decode()
    assert sign_in(cast.unit_lead).post(url_of(audit, "prepare")).status_code == 403
    assert Audit.objects.get().state == AuditState.PLANNED


@pytest.mark.parametrize("step", ["", "sleep", "x" * 300, "approve"])
def test_an_unknown_step_is_not_found(cast: Cast, sign_in: SignIn, step: str) -> None:
    audit = audit_make(cast)
    assert sign_in(cast.ciso).post(f"{audit.get_absolute_url()}steps/{step}/").status_code == 404


@pytest.mark.parametrize("comment", ["", "   ", "x" * 4_001, "a\x00b"])
def test_a_reason_is_asked_for_and_checked(cast: Cast, sign_in: SignIn, comment: str) -> None:
    audit = audit_make(cast)
    response = sign_in(cast.ciso).post(url_of(audit, "cancel"), {"comment": comment})
    assert response.status_code == 422
    assert "comment" in response.context["form"].errors
    assert Audit.objects.get().state == AuditState.PLANNED


def test_in_a_dialog_only_its_content_is_answered(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    client = sign_in(cast.ciso)
    html = client.get(url_of(audit, "cancel"), headers=DIALOG).content.decode()
    assert "<html" not in html
    assert "Why is it cancelled?" in html
    again = client.post(url_of(audit, "cancel"), {"comment": ""}, headers=DIALOG)
    assert again.status_code == 422
    assert "<html" not in again.content.decode()
    done = client.post(url_of(audit, "cancel"), {"comment": "No budget"}, headers=DIALOG)
    assert done["HX-Redirect"] == audit.get_absolute_url()


def test_the_way_back_is_not_taken_for_the_step(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    client = sign_in(cast.ciso)
    assert "Cancel</a>" not in client.get(url_of(audit, "cancel")).content.decode()
    assert "Cancel</a>" in client.get(url_of(audit, "prepare")).content.decode()


def test_what_stands_against_a_step_is_told(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, auditees=[cast.ciso])
    client = sign_in(cast.ciso)
    html = client.get(url_of(audit, "cancel")).content.decode()
    assert "You are audited here" in html
    assert "Back</a>" in html
    assert "Cancel</a>" not in html, "there is nothing to give up"
    page = client.get(audit.get_absolute_url()).content.decode()
    button = page[page.index(url_of(audit, "cancel")) :].partition("</a>")[0]
    assert 'title="You are audited here' in button, "and the button says it before"
    assert "#lock" in button
    assert client.post(url_of(audit, "cancel"), {"comment": "So"}).status_code == 422
    assert Audit.objects.get().state == AuditState.PLANNED


def test_a_step_that_somebody_took_meanwhile_is_told(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    apply_transition(record=audit, name="prepare", actor=cast.ciso, now=NOW)
    response = sign_in(cast.auditor).post(url_of(audit, "prepare"))
    assert response.status_code == 422
    assert "AUD-0001 is now “Preparing”" in response.content.decode()
    assert Entry.objects.filter(action="audits.audit.prepare").count() == 1


def test_of_two_who_take_a_step_at_once_one_wins_and_the_other_is_told(
    committed_cast: Cast, sign_in: SignIn
) -> None:
    cast = committed_cast
    audit = audit_make(cast, rrule="FREQ=YEARLY")
    cancel, prepare = sign_in(cast.ciso), sign_in(cast.auditor)
    answers = together(
        lambda: cancel.post(url_of(audit, "cancel"), {"comment": "No budget"}),
        lambda: prepare.post(url_of(audit, "prepare")),
    )
    codes = [answer.status_code for answer in answers]
    state = Audit.objects.get(pk=audit.pk).state
    entries = list(Entry.objects.filter(record_id=audit.pk).values_list("action", flat=True))
    # Cancelling after preparing is possible, so both may succeed in that order; never is one half done.
    if codes == [302, 302]:
        assert state == AuditState.CANCELLED
    else:
        assert sorted(codes) == [302, 422]
        assert state == (AuditState.CANCELLED if codes[0] == 302 else AuditState.PREPARING)
    assert entries.count("audits.audit.cancel") == codes.count(302) - entries.count("audits.audit.prepare")
    assert Audit.objects.count() == (2 if state == AuditState.CANCELLED else 1), "the next occurrence, once"


def test_closing_at_the_same_instant_plans_one_next_occurrence(committed_cast: Cast, sign_in: SignIn) -> None:
    cast = committed_cast
    audit = audit_make(cast, rrule="FREQ=YEARLY")
    for name in ("prepare", "start_fieldwork", "start_reporting"):
        apply_transition(record=audit, name=name, actor=cast.ciso, now=NOW)
    report_approve(audit, cast)
    clients = [sign_in(cast.ciso), sign_in(cast.analyst)]
    answers = together(*(lambda client=client: client.post(url_of(audit, "close")) for client in clients))
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    assert Audit.objects.count() == 2


def test_all_buttons_of_the_page_lead_somewhere(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.ciso)
    audit = audit_make(cast)
    for step in AUDIT_LIFECYCLE.transitions:
        answer = client.get(url_of(audit, step.name))
        assert answer.status_code == (404 if step.by_approval else 200), step.name


def test_a_programme_is_submitted_and_waits_for_somebody_else(cast: Cast, sign_in: SignIn) -> None:
    programme = programme_make(cast)
    response = sign_in(cast.analyst).post(f"{programme.get_absolute_url()}steps/submit/")
    assert response.status_code == 302
    programme.refresh_from_db()
    assert programme.state == "in_review"
    assert sign_in(cast.ciso).post(f"{programme.get_absolute_url()}steps/approve/").status_code == 404
