"""The pages of findings: one, raising, changing and answering it, its steps, the list, and the tab of its audit."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from audits.choices import AuditState, Grade
from audits.models import Audit, Check, Finding
from audits.services import ANSWER, finding_answer_write
from audits.tests.factories import NOW, audit_make, finding_make
from compliance.models import Framework, RequirementText
from compliance.tests.factories import framework_make
from foundation.actions.services import action_create
from foundation.deadlines.models import Deadline
from foundation.files.models import File
from foundation.lifecycle.services import apply_transition
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
LIST = reverse("audits:finding-list")
ASSIGN, MOVE = reverse("audits:findings-assign"), reverse("audits:findings-move")


@pytest.fixture
def framework(cast: Cast) -> Framework:
    return framework_make(cast)


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return under_way(audit_make(cast, auditees=[cast.unit_lead]))


def under_way(audit: Audit) -> Audit:
    Record.objects.filter(pk=audit.pk).update(state=AuditState.FIELDWORK)
    return Audit.objects.get(pk=audit.pk)


def raise_url(audit: Audit, query: str = "") -> str:
    return reverse("audits:finding-create", args=[audit.reference]) + query


def data(cast: Cast, **values: Any) -> dict[str, Any]:
    given = {
        "title": "Accounts of leavers stay open",
        "grade": "minor",
        "owner": cast.unit_lead.pk,
        "answer_due_on": "2026-12-07",
        "submission": str(uuid4()),
    }
    return {**given, **values}


def check_make(audit: Audit, framework: Framework) -> Check:
    text = RequirementText.objects.filter(edition=framework.current, identifier="HB-1").get()
    return Check.objects.create(
        audit=audit,
        text=text,
        requirement=text.requirement,
        position=1,
        result="major",
        notes="Seen thrice",
        tested_by=audit.lead_auditor,
        tested_at=NOW,
    )


# Raising


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
    values = data(cast)
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
    other = check_make(under_way(audit_make(cast, title="Other")), framework)
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


def test_a_confidential_framework_goes_without_its_name(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    sealed = framework_make(cast, title="Sealed orders", requirements=1)
    finding = finding_make(cast, audit, requirement=sealed.requirements.get())
    Record.objects.filter(pk=sealed.pk).update(confidentiality=Confidentiality.RESTRICTED)
    browser = sign_in(cast.unit_lead)
    answer: Any = browser.get(LIST, {"export": "csv"})
    written = b"".join(answer).decode()
    for words in (browser.get(finding.get_absolute_url()).text, written):
        assert "Sealed orders" not in words
        assert "A confidential framework" in words


def test_a_requirement_is_picked(cast: Cast, audit: Audit, framework: Framework, sign_in: SignIn) -> None:
    framework_make(cast, title="Another baseline", requirements=1)
    audit.frameworks.set([framework])
    page = sign_in(cast.auditor).get(raise_url(audit)).text
    assert "HB-2 Duty 2" in page
    assert "Another baseline" not in page, "the audit says what it is held against"
    requirement = framework.requirements.get(identifier="HB-2")
    sign_in(cast.auditor).post(raise_url(audit), data(cast, requirement=requirement.pk))
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
        answer = browser.post(raise_url(audit), data(cast, risk="A bonus for leavers", **{field: value}))
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
    answer = sign_in(cast.auditor).post(raise_url(planned), data(cast, risk="Typed before"))
    assert (answer.status_code, "Typed before" in answer.text) == (422, True)


# The page


def test_the_page_says_it_all(cast: Cast, audit: Audit, framework: Framework, sign_in: SignIn) -> None:
    check = check_make(audit, framework)
    earlier = finding_make(cast, requirement=check.requirement, title="Leavers before")
    finding = finding_make(
        cast, audit, check=check, grade=Grade.MAJOR, evidence="List of May", risk="<b>Fraud</b>"
    )
    answer = {"response": "It is so.", "whys": ["They left"], "root_cause": "No list", "correction": "Closed"}
    finding_answer_write(finding=finding, changes=answer, actor=cast.unit_lead, version=1)
    action = action_create(
        source=finding,
        title="Tell IT on the last day",
        owner=cast.personnel,
        due_on=date(2027, 1, 1),
        actor=cast.auditor,
        now=NOW,
    )
    page = sign_in(cast.auditor).get(finding.get_absolute_url()).text
    for words in (
        "FND-0002",
        "Major nonconformity",
        "Repeat",
        audit.reference,
        "Keep watch over duty 1.",
        "List of May",
        "&lt;b&gt;Fraud&lt;/b&gt;",
        "It is so.",
        "They left",
        "No list",
        "Closed",
        action.reference,
        "Leavers before",
        earlier.reference,
        "raised the finding",
        "/steps/withdraw/",
        "/edit/",
        f"/actions/from/{finding.reference}/new/",
    ):
        assert words in page, words
    form = reverse("audits:finding-answer", args=[finding.reference])
    assert form not in page
    owner = sign_in(cast.unit_lead).get(finding.get_absolute_url()).text
    assert form in owner
    assert "/edit/" not in owner
    assert "/steps/withdraw/" not in owner
    assert "/steps/answer/" in owner


def test_an_owner_sees_the_finding_and_not_its_audit(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, title="Quiet matter", confidentiality="restricted")
    finding = finding_make(cast, audit, owner=cast.outsider)
    page = sign_in(cast.outsider).get(finding.get_absolute_url()).text
    assert "Quiet matter" not in page
    assert f"/audits/{audit.reference}/" not in page
    assert sign_in(cast.unit_lead).get(finding.get_absolute_url()).status_code == 404


def test_the_evidence_of_the_check_is_there_for_who_sees_the_audit(
    cast: Cast, audit: Audit, framework: Framework, sign_in: SignIn
) -> None:
    check = check_make(audit, framework)
    file = File.objects.create(record_id=audit.pk, added_by=cast.auditor, added_at=NOW)
    file.versions.create(
        number=1,
        name="list-of-may.pdf",
        size=1,
        sha256="0" * 64,
        uploaded_by=cast.auditor,
        uploaded_at=NOW,
        storage_key="k",
    )
    check.evidence.add(file)
    finding = finding_make(cast, audit, check=check, owner=cast.outsider)
    assert "list-of-may.pdf" in sign_in(cast.auditor).get(finding.get_absolute_url()).text
    assert "list-of-may.pdf" not in sign_in(cast.outsider).get(finding.get_absolute_url()).text


def test_query_counts(cast: Cast, audit: Audit, framework: Framework, sign_in: SignIn) -> None:
    check = check_make(audit, framework)
    finding_make(cast, requirement=check.requirement)
    finding = finding_make(cast, audit, check=check)
    action_create(
        source=finding,
        title="Fix",
        owner=cast.personnel,
        due_on=date(2027, 1, 1),
        actor=cast.auditor,
        now=NOW,
    )
    browser = sign_in(cast.auditor)
    browser.get(finding.get_absolute_url())
    with assert_queries("finding-detail"):
        assert browser.get(finding.get_absolute_url()).status_code == 200
    with assert_queries("finding-history"):
        assert browser.get(finding.get_absolute_url() + "history/").status_code == 200
    with assert_queries("audit-findings"):
        assert browser.get(audit.get_absolute_url() + "findings/").status_code == 200


# Changing and answering


def test_a_stale_edit_is_told_with_both_versions(cast: Cast, sign_in: SignIn) -> None:
    finding = finding_make(cast)
    browser, url = sign_in(cast.auditor), reverse("audits:finding-edit", args=[finding.reference])
    assert browser.post(url, data(cast, title="By the first", version=1)).status_code == 302
    told = browser.post(url, data(cast, title="By the second", version=1))
    assert told.status_code == 409
    assert "By the first" in told.text
    assert "By the second" in told.text
    assert browser.post(url, data(cast, title="By the second", version=2)).status_code == 302
    assert Finding.objects.get().title == "By the second"


def test_another_grade_asks_for_a_reason(cast: Cast, sign_in: SignIn) -> None:
    finding = finding_make(cast)
    browser, url = sign_in(cast.auditor), reverse("audits:finding-edit", args=[finding.reference])
    told = browser.post(url, data(cast, grade="major", version=1))
    assert (told.status_code, "Say why it is graded otherwise now." in told.text) == (422, True)
    browser.post(url, data(cast, grade="major", version=1, comment="For a year"))
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


def test_a_step_is_taken_and_refused_on_its_page(cast: Cast, sign_in: SignIn) -> None:
    finding = finding_make(cast)
    steps = [
        reverse("audits:finding-transition", args=[finding.reference, name])
        for name in ("withdraw", "answer")
    ]
    browser = sign_in(cast.auditor)
    assert browser.get(steps[0]).status_code == 200
    assert "not written yet" in browser.get(steps[1]).text
    assert browser.post(steps[0], {"comment": ""}).status_code == 422
    assert browser.post(steps[0], {"comment": "Seen twice"}).status_code == 302
    assert Finding.objects.get().state == "withdrawn"
    assert (
        browser.get(
            reverse("audits:finding-transition", args=[finding.reference, "reopen_by_action"])
        ).status_code
        == 404
    )
    assert sign_in(cast.unit_lead).get(steps[0]).status_code in (200, 403)


def test_what_waits_for_my_answer_is_on_my_desk(cast: Cast, sign_in: SignIn) -> None:
    finding_make(cast)
    assert "Accounts of leavers stay open" in sign_in(cast.unit_lead).get("/").text


# The tab of the audit


def test_the_audit_shows_its_findings_the_gravest_first(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    finding_make(cast, audit, title="Small")
    finding_make(cast, audit, title="Grave", grade=Grade.MAJOR)
    gone = finding_make(cast, audit, title="Mistaken", grade=Grade.MAJOR)
    apply_transition(record=gone, name="withdraw", actor=cast.auditor, now=NOW, comment="No")
    browser, url = sign_in(cast.auditor), audit.get_absolute_url() + "findings/"
    page = browser.get(url).text
    assert page.index("Grave") < page.index("Small")
    assert re.search(r"<li[^>]*>1 <span[^>]*>\s*Major nonconformity", page), (
        "what was withdrawn does not count"
    )
    assert raise_url(audit) in page
    assert raise_url(audit) not in sign_in(cast.unit_lead).get(url).text
    assert "No findings yet" in browser.get(audit_make(cast).get_absolute_url() + "findings/").text


# The list


def test_the_list_shows_what_the_reader_may_know_of(
    cast: Cast, framework: Framework, sign_in: SignIn
) -> None:
    requirement = framework.requirements.get(identifier="HB-1")
    for number in range(26):
        finding_make(cast, title=f"Finding {number}", requirement=requirement)
    finding_make(
        cast, audit_make(cast, confidentiality="restricted", owner=cast.ciso), title="Quiet", owner=cast.ciso
    )
    browser = sign_in(cast.analyst)
    browser.get(LIST)
    with assert_queries("finding-list"):
        page = browser.get(LIST).text
    assert "Finding 25" in page
    assert "HB-1" in page
    assert "Quiet" not in page
    assert "Quiet" in sign_in(cast.ciso).get(LIST, {"q": "quiet"}).text
    assert "No findings yet" in sign_in(cast.outsider).get(LIST).text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, {"Open", "Late", "Retail"}),
        ({"state": "all"}, {"Open", "Late", "Retail", "Done"}),
        ({"state": "closed"}, {"Done"}),
        ({"grade": "major"}, {"Late"}),
        ({"late": "on"}, {"Late"}),
        ({"owner": "pavel"}, {"Late"}),
        ({"requirement": "hb-2"}, {"Retail"}),
        ({"requirement": "HB-9"}, set()),
        ({"framework": "here"}, {"Open", "Late", "Retail"}),
        ({"audit": "aud-0002"}, {"Retail"}),
        ({"audit": "AUD-9999"}, set()),
        ({"unit": "retail"}, {"Retail"}),
        ({"repeat": "on"}, {"Late"}),
        ({"q": "LAT"}, {"Late"}),
    ],
)
def test_each_filter_keeps_what_it_says(
    cast: Cast, framework: Framework, sign_in: SignIn, query: dict[str, str], shown: set[str]
) -> None:
    one, two = framework.requirements.get(identifier="HB-1"), framework.requirements.get(identifier="HB-2")
    finding_make(cast, title="Open", requirement=one)
    finding_make(cast, audit_make(cast, unit=cast.units.retail), title="Retail", requirement=two)
    finding_make(
        cast,
        title="Late",
        requirement=one,
        grade="major",
        owner=cast.personnel,
        answer_due_on=date(2020, 1, 1),
    )
    done = finding_make(cast, title="Done")
    Record.objects.filter(pk=done.pk).update(state="closed")
    named = {"here": str(framework.pk), "retail": str(cast.units.retail.pk)}
    asked = {name: named.get(value, value) for name, value in query.items()}
    page = sign_in(cast.auditor).get(LIST, asked).text
    titles = {
        title for title in ("Open", "Late", "Retail", "Done") if re.search(rf"/FND-\d+/\">{title}</a>", page)
    }
    assert titles == shown


def test_the_list_is_taken_away_as_a_file(cast: Cast, framework: Framework, sign_in: SignIn) -> None:
    requirement = framework.requirements.get(identifier="HB-1")
    finding_make(cast, requirement=requirement)
    finding_make(cast, requirement=requirement, title="=Again")
    answer: Any = sign_in(cast.auditor).get(LIST, {"export": "csv"})
    content = b"".join(answer.streaming_content).decode() if answer.streaming else answer.text
    assert "HB-1" in content
    assert "Harbour baseline" in content
    assert "'=Again" in content
    assert "yes" in content


def rows(*findings: Finding) -> list[str]:
    return [f"{one.pk}:{Finding.objects.get(pk=one.pk).version}" for one in findings]


def test_findings_are_assigned_and_moved_together(cast: Cast, sign_in: SignIn) -> None:
    one, two = finding_make(cast, title="One"), finding_make(cast, title="Two")
    own = finding_make(cast, title="Own", owner=cast.analyst)
    browser = sign_in(cast.analyst)
    assert ASSIGN in browser.get(LIST).text
    told = browser.post(ASSIGN, {"row": rows(one, own), "owner": cast.personnel.pk})
    assert "1 is changed." in told.text
    assert "You answer for this finding" in told.text
    assert Finding.objects.get(pk=one.pk).owner == cast.personnel
    browser.post(MOVE, {"row": rows(one, two), "days": "7"})
    assert set(
        Deadline.objects.filter(record__in=[one, two], kind=ANSWER).values_list("due_on", flat=True)
    ) == {one.answer_due_on + timedelta(days=7)}
    far = browser.post(MOVE, {"row": rows(two), "days": "36000"})
    assert far.status_code == 422
