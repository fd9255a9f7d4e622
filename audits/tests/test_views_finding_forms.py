"""The forms of findings: raising one, changing what the auditors say, and answering it."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from audits.choices import Grade
from audits.models import Audit, Finding
from audits.tests.checks import check_make
from audits.tests.factories import audit_in, audit_make, finding_make
from audits.tests.urls.findings import finding_data
from compliance.models import Framework
from compliance.tests.factories import framework_make
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return audit_in(cast, auditees=[cast.unit_lead])


def raise_url(audit: Audit, query: str = "") -> str:
    return reverse("audits:finding-create", args=[audit.reference]) + query


def test_a_finding_is_raised_from_a_check(
    cast: Cast, audit: Audit, framework: Framework, sign_in: SignIn
) -> None:
    check = check_make(audit, framework)
    browser, url = sign_in(cast.auditor), raise_url(audit, f"?check={check.pk}")
    page = browser.get(url).text
    assert "<p>Keep watch over duty 1.</p>" in page
    assert re.search(r'<option value="major" selected', page)
    assert "Seen thrice" in page
    assert re.search(rf'<option value="{cast.unit_lead.pk}" selected', page), "the only auditee"
    values = finding_data(cast)
    answer = browser.post(url, values)
    finding = Finding.objects.get()
    assert answer["Location"] == finding.get_absolute_url()
    assert (finding.from_check, finding.requirement) == (check, check.requirement)
    assert browser.post(url, values)["Location"] == finding.get_absolute_url(), "sent twice, raised once"
    assert Finding.objects.count() == 1


@pytest.mark.parametrize("key", ["0", "x", "9" * 30, "²", "1"])
def test_a_check_of_another_audit_is_not_there(
    cast: Cast, audit: Audit, framework: Framework, sign_in: SignIn, key: str
) -> None:
    other = check_make(audit_in(cast, title="Other"), framework)
    asked = str(other.pk) if key == "1" else key
    assert sign_in(cast.auditor).get(raise_url(audit, f"?check={asked}")).status_code == 404


def test_what_was_found_before_is_told_while_it_is_raised(
    cast: Cast, audit: Audit, framework: Framework, sign_in: SignIn
) -> None:
    requirement = framework.requirements.get(identifier="HB-1")
    earlier = finding_make(cast, requirement=requirement, title="Leavers again")
    browser = sign_in(cast.auditor)
    page = browser.get(raise_url(audit, f"?check={check_make(audit, framework).pk}")).text
    assert f"{earlier.reference}</a>, {earlier.audit.reference}, 2027: Leavers again" in page
    htmx = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "repeats"}
    part = browser.get(raise_url(audit, f"?requirement={requirement.pk}"), **htmx).text
    assert "Leavers again" in part
    assert "<form" not in part
    for asked in ("", "x", "999999"):
        assert browser.get(raise_url(audit, f"?requirement={asked}"), **htmx).text.strip() == ""


def test_a_requirement_is_picked(cast: Cast, audit: Audit, framework: Framework, sign_in: SignIn) -> None:
    framework_make(cast, title="Another baseline", requirements=1)
    audit.frameworks.set([framework])
    page = sign_in(cast.auditor).get(raise_url(audit)).text
    assert "HB-2 Duty 2" in page
    assert "Another baseline" not in page, "the audit says what it is held against"
    requirement = framework.requirements.get(identifier="HB-2")
    sign_in(cast.auditor).post(raise_url(audit), finding_data(cast, requirement=requirement.pk))
    assert Finding.objects.get().requirement == requirement


def test_what_is_wrong_is_told_and_what_was_typed_stays(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    browser = sign_in(cast.auditor)
    for field, value, words in (
        ("title", "", "required"),
        ("grade", "grave", "grave"),
        ("owner", cast.auditor.pk, "audits here"),
        ("answer_due_on", "1999-01-01", "2000 and 2100"),
        ("requirement", "7", "7"),
    ):
        answer = browser.post(
            raise_url(audit), finding_data(cast, risk="A bonus for leavers", **{field: value})
        )
        assert answer.status_code == 422, field
        assert words in answer.text, field
        assert "A bonus for leavers" in answer.text, field
    assert not Finding.objects.exists()


def test_raising_is_for_who_audits_there(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    assert sign_in(cast.unit_lead).get(raise_url(audit)).status_code == 403
    cast.analyst.unit = cast.units.payments
    cast.analyst.save()
    assert "own unit" in sign_in(cast.analyst).get(raise_url(audit)).text
    planned = audit_make(cast)
    assert sign_in(cast.auditor).get(raise_url(planned)).status_code == 403
    answer = sign_in(cast.auditor).post(raise_url(planned), finding_data(cast, risk="Typed before"))
    assert (answer.status_code, "Typed before" in answer.text) == (422, True)


# Changing and answering


def test_a_stale_edit_is_told_with_both_versions(cast: Cast, sign_in: SignIn) -> None:
    finding = finding_make(cast)
    browser, url = sign_in(cast.auditor), reverse("audits:finding-edit", args=[finding.reference])
    assert browser.post(url, finding_data(cast, title="By the first", version=1)).status_code == 302
    told = browser.post(url, finding_data(cast, title="By the second", version=1))
    assert told.status_code == 409
    assert "By the first" in told.text
    assert "By the second" in told.text
    assert browser.post(url, finding_data(cast, title="By the second", version=2)).status_code == 302
    assert Finding.objects.get().title == "By the second"


def test_another_grade_asks_for_a_reason(cast: Cast, sign_in: SignIn) -> None:
    finding = finding_make(cast)
    browser, url = sign_in(cast.auditor), reverse("audits:finding-edit", args=[finding.reference])
    told = browser.post(url, finding_data(cast, grade="major", version=1))
    assert (told.status_code, "Say why it is graded otherwise now." in told.text) == (422, True)
    browser.post(url, finding_data(cast, grade="major", version=1, comment="For a year"))
    assert Finding.objects.get().grade == Grade.MAJOR
    assert "For a year" in browser.get(finding.get_absolute_url() + "history/").text


def test_the_answer_is_written_and_handed_in(cast: Cast, sign_in: SignIn) -> None:
    finding = finding_make(cast)
    url = reverse("audits:finding-answer", args=[finding.reference])
    browser = sign_in(cast.unit_lead)
    assert "Four of twenty-five accounts" in browser.get(url).text
    words = {"response": "It is so.", "why_1": "They left", "why_3": "No list", "version": 1}
    refused = browser.post(url, {**words, "hand-in": "1"})
    assert (refused.status_code, "root cause" in refused.text) == (422, True)
    assert Finding.objects.get().response == "", "all of it or nothing"
    saved = browser.post(url, words)
    assert saved["Location"] == finding.get_absolute_url()
    assert Finding.objects.get().whys == ["They left", "No list"]
    again = browser.get(url).text
    assert 'value="No list"' in again
    assert "They left, No list" in browser.get(finding.get_absolute_url() + "history/").text
    browser.post(url, {**words, "root_cause": "Nobody is told", "version": 2, "hand-in": "1"})
    assert Finding.objects.get().state == "answered"
    assert browser.get(url).status_code == 403, "it is with the auditors now"


def test_two_answers_at_once_lose_nothing(cast: Cast, sign_in: SignIn) -> None:
    finding = finding_make(cast)
    url = reverse("audits:finding-answer", args=[finding.reference])
    browser = sign_in(cast.unit_lead)
    browser.post(url, {"response": "First window", "why_1": "First why", "version": 1})
    told = browser.post(url, {"response": "Second window", "why_1": "Second why", "version": 1})
    assert told.status_code == 409
    for words in ("First window", "Second window", "First why", "Second why"):
        assert words in told.text


def test_who_answers_is_offered_to_propose_what_is_done(cast: Cast, sign_in: SignIn) -> None:
    finding = finding_make(cast)
    page = sign_in(cast.unit_lead).get(reverse("audits:finding-answer", args=[finding.reference]))
    assert reverse("actions:action-propose", args=[finding.reference]) in page.content.decode()
