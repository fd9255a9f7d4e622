"""The record of an approval: who was asked, who saw, who signed, for whom and when."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from audits.models import Programme
from audits.tests.factories import NOW, TODAY
from foundation import clock
from foundation.accounts.models import Delegation
from foundation.approvals.choices import Verdict
from foundation.approvals.content import differences, value_lines
from foundation.approvals.content.shown import content_drawn
from foundation.approvals.models import ApprovalCall, ApprovalSeen
from foundation.approvals.tests.factories import ask, decide, reviewer, route_make, stage
from foundation.documents.typesetting import NotTypeset
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def stand_in_for_ciso(cast: Cast) -> None:
    Delegation.objects.create(
        person=cast.ciso,
        stand_in=cast.unit_lead,
        starts_on=TODAY,
        ends_on=TODAY,
        created_by=cast.ciso,
        created_at=NOW,
    )


def test_who_opens_what_is_to_be_approved_is_kept_once(cast: Cast, sign_in) -> None:
    request = ask(cast)
    for _again in range(2):
        sign_in(cast.ciso).get(request.get_absolute_url())
    seen = ApprovalSeen.objects.get()
    assert (seen.person, seen.digest, seen.at) == (cast.ciso, request.digest, NOW)
    decide(request, cast.ciso)
    sign_in(reviewer(cast)).get(request.get_absolute_url())
    assert ApprovalSeen.objects.count() == 1, "what was decided is only read"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE approvals_approvalseen SET at = now()",
        "DELETE FROM approvals_approvalseen",
        "UPDATE approvals_approvalcall SET at = now()",
        "DELETE FROM approvals_approvalcall",
        (
            "INSERT INTO approvals_approvalseen (request_id, person_id, digest, at)"
            " SELECT request_id, {auditor}, repeat('0', 64), now() FROM approvals_approvalseen"
        ),
    ],
)
def test_the_database_keeps_who_was_asked_and_saw(cast: Cast, sign_in, statement: str) -> None:
    sign_in(cast.ciso).get(ask(cast).get_absolute_url())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(auditor=reviewer(cast).pk))


def test_the_page_tells_all_of_it(cast: Cast, sign_in) -> None:
    stand_in_for_ciso(cast)
    route_make(cast, stage("Audit", people=[reviewer(cast)]), stage("CISO", roles=["ciso"], days=4))
    first = ask(cast)
    decide(first, reviewer(cast), Verdict.CHANGES, comment="Name the cards.")
    Programme.objects.update(objectives="Every critical service is audited once.\nCards first.")
    request = ask(cast, Programme.objects.get())
    sign_in(reviewer(cast)).get(request.get_absolute_url())
    decide(request, reviewer(cast))
    decide(request, cast.unit_lead, comment="Well told.")
    assert [(one.person, one.stands_in_for) for one in ApprovalCall.objects.filter(step__position=2)] == [
        (cast.ciso, None),
        (cast.unit_lead, cast.ciso),
    ]
    browser = sign_in(cast.analyst)
    url = reverse("approvals:request-record", args=[request.pk])
    with assert_queries("approvals.record"):
        page = browser.get(url).content.decode()
    for words in (
        "Ulrike Sommer for Celia Moreau",
        "Well told.",
        request.digest,
        "Ulrike Sommer, who stands in for Celia Moreau",
        "Who opened exactly this",
        "Changes requested",
        first.digest,
        "Cards first.",
    ):
        assert words in page, words
    pdf = browser.get(reverse("approvals:request-record-pdf", args=[request.pk]))
    assert pdf.status_code == 200
    assert pdf.content.startswith(b"%PDF")
    assert pdf.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("verdict", "word"), [(Verdict.REJECT, "Rejected"), (Verdict.CHANGES, "Changes requested")]
)
def test_the_stage_at_which_it_ended_says_how(cast: Cast, sign_in, verdict: Verdict, word: str) -> None:
    route_make(cast, stage("Audit", people=[reviewer(cast)]), stage("Board", roles=["ciso"]))
    request = ask(cast)
    decide(request, reviewer(cast), verdict, comment="Not like this.")
    browser = sign_in(cast.analyst)
    for url in (reverse("approvals:request-record", args=[request.pk]), request.get_absolute_url()):
        page = browser.get(url).content.decode()
        before, after = page.split("Board", 1) if page.count("Board") == 1 else page.rsplit("Board", 1)
        assert word in before[before.rindex("Audit") :], url
        assert "Not reached" not in before
        assert "Not reached" in after
        assert "yet" not in after.split("</main>")[0]


def test_days_are_shown_as_people_write_them() -> None:
    shown = content_drawn(
        {"from": "2026-12-10", "days": ["2027-06-08", "x"], "not": "2026-13-40"}, {}, frozenset()
    )
    words = " ".join(str(fact.value) for fact in shown.facts)
    assert "10 December 2026" in words
    assert "8 June 2027" in words
    assert "2026-13-40" in words
    assert value_lines("2026-12-10") == ["10 December 2026"]


def test_a_document_that_can_not_be_made_is_told(
    cast: Cast, sign_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> bytes:
        raise NotTypeset("too much")

    monkeypatch.setattr("foundation.approvals.views.record.document_pdf", fail)
    request = ask(cast)
    answer = sign_in(cast.ciso).get(reverse("approvals:request-record-pdf", args=[request.pk]))
    assert answer.status_code == 503
    assert "could not be made" in answer.content.decode()


def test_what_changed_is_told_line_by_line() -> None:
    said = "\n".join(f"Line {n}" for n in range(20))
    before = {"title": "Same", "text": said, "audits": ["A", "B"]}
    after = {**before, "text": said.replace("Line 7", "Line seven"), "audits": ["A", "C"], "new": 1}
    text, audits, new = differences(before, after, {"title": "Title", "text": "Text", "audits": "Audits"})
    assert text.label == "Text"
    assert [(line.sign, line.text) for line in text.lines] == [
        (" ", "Line 6"),
        ("-", "Line 7"),
        ("+", "Line seven"),
        (" ", "Line 8"),
    ]
    assert [(line.sign, line.text) for line in audits.lines] == [(" ", "A"), ("-", "B"), ("+", "C")]
    assert [(line.sign, line.text) for line in new.lines] == [("+", "1")]


def test_a_very_long_text_is_not_compared_line_by_line() -> None:
    before = {"text": "\n".join(f"Line {n}" for n in range(6_000))}
    (change,) = differences(before, {"text": "Short."}, {})
    assert change.has_more
    assert len(change.lines) == 400
