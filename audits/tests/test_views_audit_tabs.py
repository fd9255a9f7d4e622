"""The findings and the requests for evidence on the page of their audit."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from audits.choices import Grade
from audits.models import Audit, EvidenceRequest
from audits.services import EvidenceAsk
from audits.tests.factories import NOW, audit_in, audit_make, evidence_answered, evidence_make, finding_make
from audits.views.of_audits import SHOWN
from compliance.models import Framework
from foundation.lifecycle.services import apply_transition
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return audit_in(cast, auditees=[cast.unit_lead])


def tab(client: Client, audit: Audit, key: str) -> str:
    answer = client.get(f"{audit.get_absolute_url()}{key}/")
    assert answer.status_code == 200
    return answer.text


def titles(page: str) -> list[str]:
    """Return what the rows of the tab's table are called."""
    return [unescape(title) for title in re.findall(r'class="is-title"><a [^>]*>([^<]*)</a>', page)]


def counted(page: str) -> dict[str, int]:
    """Return what the tab counts above its table."""
    listed = page.partition('class="counts">')[2].partition("</ul>")[0]
    lines = re.findall(r"<li>(.*?)</li>", listed, re.DOTALL)
    return {
        words: int(count)
        for words, count in (re.sub("<[^>]*>", "", line).rsplit(maxsplit=1) for line in lines)
    }


def list_url(page: str, name: str) -> str:
    found = re.search(rf'href="({reverse(name)}\?[^"]*audit=[^"]*)"', page)
    assert found
    return unescape(found[1])


def test_findings_stand_the_gravest_first(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    finding_make(cast, audit, title="Idea", grade=Grade.OPPORTUNITY)
    finding_make(cast, audit, title="Small")
    finding_make(cast, audit, title="Grave", grade=Grade.MAJOR)
    finding_make(cast, audit, title="Seen", grade=Grade.OBSERVATION)
    gone = finding_make(cast, audit, title="Mistaken", grade=Grade.MAJOR)
    apply_transition(record=gone, name="withdraw", actor=cast.auditor, now=NOW, comment="No")
    browser = sign_in(cast.auditor)
    page = tab(browser, audit, "findings")
    assert titles(page) == ["Grave", "Mistaken", "Small", "Seen", "Idea"]
    assert counted(page) == {
        "Major nonconformity": 1,
        "Minor nonconformity": 1,
        "Observation": 1,
        "Opportunity for improvement": 1,
    }, "what was withdrawn does not count"
    raise_url = reverse("audits:finding-create", args=[audit.reference])
    assert raise_url in page
    assert raise_url not in tab(sign_in(cast.unit_lead), audit, "findings")
    assert "No findings yet" in tab(browser, audit_make(cast), "findings")


def test_a_finding_says_that_it_is_a_repeat_and_restricted(
    cast: Cast, framework: Framework, sign_in: SignIn
) -> None:
    requirement = framework.requirements.get(identifier="HB-1")
    finding_make(cast, requirement=requirement, title="Before")
    audit = audit_make(cast, confidentiality="restricted", owner=cast.ciso)
    finding_make(cast, audit, requirement=requirement, title="Again")
    page = tab(sign_in(cast.ciso), audit, "findings")
    row = page[page.index(">Again<") :].partition("</tr>")[0]
    assert "Repeat" in row
    assert "Restricted" in row
    assert "HB-1" in row


def test_of_many_findings_the_gravest_are_shown_and_the_others_told(
    cast: Cast, audit: Audit, sign_in: SignIn
) -> None:
    for number in range(SHOWN):
        finding_make(cast, audit, title=f"Small {number}")
    finding_make(cast, audit, title="Idea", grade=Grade.OPPORTUNITY)
    finding_make(cast, audit, title="Grave, and raised last", grade=Grade.MAJOR)
    browser = sign_in(cast.auditor)
    tab(browser, audit, "findings")
    with assert_queries("audit-findings-many"):
        page = tab(browser, audit, "findings")
    shown = titles(page)
    assert len(shown) == SHOWN
    assert shown[0] == "Grave, and raised last"
    assert "Idea" not in shown
    assert f"Shown are {SHOWN} of {SHOWN + 2}, the gravest first." in page
    assert f"See all {SHOWN + 2}" in page
    assert counted(page) == {
        "Major nonconformity": 1,
        "Minor nonconformity": SHOWN,
        "Opportunity for improvement": 1,
    }, "all are counted, not only those shown"
    everything = browser.get(list_url(page, "audits:finding-list"))
    assert f"of {SHOWN + 2}" in everything.text


def test_requests_stand_by_whom_they_wait_for(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    def ask(title: str, due_on: date = date(2026, 12, 4)) -> EvidenceRequest:
        return evidence_make(cast, audit, asks=[EvidenceAsk(title=title)], due_on=due_on)

    def step(request: EvidenceRequest, name: str) -> None:
        apply_transition(record=request, name=name, actor=cast.auditor, now=NOW, comment="So it is")

    ask("Later", date(2026, 12, 20))
    ask("Sooner")
    step(ask("Withdrawn"), "withdraw")
    step(evidence_answered(cast, ask("Accepted")), "accept")
    step(evidence_answered(cast, ask("Returned")), "return")
    evidence_answered(cast, ask("Answered"))
    page = tab(sign_in(cast.auditor), audit, "evidence")
    assert titles(page) == ["Answered", "Returned", "Sooner", "Later", "Accepted", "Withdrawn"]
    assert counted(page) == {"Answered": 1, "Returned": 1, "Pending": 2, "Accepted": 1, "Withdrawn": 1}


def test_of_many_requests_those_that_wait_are_shown_and_the_others_told(
    cast: Cast, audit: Audit, sign_in: SignIn
) -> None:
    asks = [EvidenceAsk(title=f"List {number}") for number in range(SHOWN)]
    evidence_make(cast, audit, asks=asks)
    late = evidence_make(cast, audit, asks=[EvidenceAsk(title="Answered, and asked last")])
    evidence_answered(cast, late)
    browser = sign_in(cast.auditor)
    tab(browser, audit, "evidence")
    with assert_queries("audit-evidence-many"):
        page = tab(browser, audit, "evidence")
    shown = titles(page)
    assert len(shown) == SHOWN
    assert shown[0] == "Answered, and asked last"
    assert f"Shown are {SHOWN} of {SHOWN + 1}, what waits for somebody first." in page
    assert counted(page) == {"Answered": 1, "Pending": SHOWN}, "all are counted, not only those shown"
    everything = browser.get(list_url(page, "audits:evidence-list"))
    assert f"of {SHOWN + 1}" in everything.text
