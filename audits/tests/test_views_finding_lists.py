"""The list of findings, its file, and what is done to many at once."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audits.models import Finding
from audits.services import ANSWER
from audits.tests.factories import audit_make, finding_make
from compliance.models import Framework
from compliance.tests.factories import framework_make
from foundation.deadlines.models import Deadline
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
LIST = reverse("audits:finding-list")
ASSIGN, MOVE = reverse("audits:findings-assign"), reverse("audits:findings-move")


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
    assert re.search(r'<nav[^>]*crumb.*?href="/audits/">Audits</a>', page, re.DOTALL), "the way back"
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


def test_a_confidential_framework_goes_without_its_name(cast: Cast, sign_in: SignIn) -> None:
    sealed = framework_make(cast, title="Sealed orders", requirements=1)
    finding = finding_make(cast, requirement=sealed.requirements.get())
    Record.objects.filter(pk=sealed.pk).update(confidentiality=Confidentiality.RESTRICTED)
    browser = sign_in(cast.unit_lead)
    answer: Any = browser.get(LIST, {"export": "csv"})
    written = b"".join(answer).decode()
    for words in (browser.get(finding.get_absolute_url()).text, written):
        assert "Sealed orders" not in words
        assert "A confidential framework" in words


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
