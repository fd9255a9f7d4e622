"""Remarks on passages of exactly what is to be approved."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from audits.models import Programme
from audits.tests.factories import NOW, programme_make
from foundation import clock
from foundation.approvals.choices import Verdict
from foundation.approvals.content.passages import markdown_passages, passages_in, plain_passages
from foundation.approvals.models import ApprovalRequest, Remark
from foundation.approvals.selectors import threads_of
from foundation.approvals.services import (
    ApprovalRefused,
    reader_ask,
    remark_answer,
    remark_make,
    remark_settle,
)
from foundation.approvals.tests.factories import ask, decide, reviewer
from foundation.documents.tests.test_typesetting import text_of
from foundation.notifications.models import Notice
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
TEXT = "Every critical service is audited once.\n\nCards come first."
SECOND = "objectives:p2"


@pytest.fixture(autouse=True)
def _on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def asked(cast: Cast) -> ApprovalRequest:
    return ask(cast, programme_make(cast, objectives=TEXT))


def remark(cast: Cast, asked: ApprovalRequest, passage: str = SECOND, text: str = "Why first?") -> Remark:
    return remark_make(request=asked, actor=cast.ciso, passage=passage, text=text, now=NOW)


def test_a_remark_is_answered_and_settled_by_who_wrote_it(cast: Cast, asked: ApprovalRequest) -> None:
    made = remark(cast, asked)
    assert made.quote == "Cards come first."
    told = Notice.objects.get(kind="approvals.remarked")
    assert (told.recipient, told.payload["path"]) == (cast.analyst, asked.get_absolute_url())
    remark_answer(remark=made, actor=cast.analyst, text="They moved.", now=NOW)
    assert Notice.objects.filter(kind="approvals.remarked", recipient=cast.ciso).count() == 1
    with pytest.raises(ApprovalRefused, match="settled by who asked"):
        remark_settle(remark=made, actor=cast.ciso, now=NOW)
    remark_settle(remark=made, actor=cast.analyst, now=NOW)
    with pytest.raises(ApprovalRefused, match="settled already"):
        remark_settle(remark=made, actor=cast.analyst, now=NOW)
    with pytest.raises(ApprovalRefused, match="settled already"):
        remark_answer(remark=Remark.objects.get(pk=made.pk), actor=cast.analyst, text="More", now=NOW)
    (thread,) = threads_of(asked)
    assert [one.text for one in thread.answers] == ["They moved."]
    actions = Entry.objects.filter(action__startswith="approvals.remark").values_list("action", flat=True)
    assert list(actions.order_by("id")) == [
        "approvals.remark.remarked",
        "approvals.remark.answered",
        "approvals.remark.settled",
    ]


def test_who_may_not_decide_it_remarks_once_asked_to_read_it(cast: Cast, asked: ApprovalRequest) -> None:
    with pytest.raises(ApprovalRefused, match="asked to read it"):
        remark_make(request=asked, actor=reviewer(cast), passage="", text="Hm.", now=NOW)
    with pytest.raises(ApprovalRefused, match="ask others"):
        reader_ask(request=asked, actor=cast.unit_lead, person=reviewer(cast), now=NOW)
    with pytest.raises(ApprovalRefused, match="may not read it"):
        reader_ask(request=asked, actor=cast.ciso, person=cast.outsider, now=NOW)
    with pytest.raises(ApprovalRefused, match="wrote it"):
        reader_ask(request=asked, actor=cast.ciso, person=cast.analyst, now=NOW)
    reader_ask(request=asked, actor=cast.ciso, person=reviewer(cast), now=NOW)
    with pytest.raises(ApprovalRefused, match="asked before"):
        reader_ask(request=asked, actor=cast.ciso, person=reviewer(cast), now=NOW)
    assert Notice.objects.get(kind="approvals.read").recipient == reviewer(cast)
    remark_make(request=asked, actor=reviewer(cast), passage="", text="Hm.", now=NOW)
    with pytest.raises(ApprovalRefused, match="decided by others"):
        decide(asked, reviewer(cast))
    with pytest.raises(ApprovalRefused, match="made by those"):
        remark_make(request=asked, actor=cast.analyst, passage="", text="Mine.", now=NOW)


@pytest.mark.parametrize(
    ("passage", "text", "message"),
    [("objectives:p3", "So?", "no such passage"), ("gone", "So?", "no such"), (SECOND, "  ", "Say what")],
)
def test_a_remark_is_on_what_is_there_and_says_something(
    cast: Cast, asked: ApprovalRequest, passage: str, text: str, message: str
) -> None:
    with pytest.raises(ApprovalRefused, match=message):
        remark(cast, asked, passage, text)


def test_remarks_stay_with_what_they_were_made_on(cast: Cast, asked: ApprovalRequest, sign_in) -> None:
    made = remark(cast, asked)
    decide(asked, cast.ciso, Verdict.CHANGES, comment="See the remark.")
    with pytest.raises(ApprovalRefused, match="made by those"):
        remark(cast, asked)
    remark_answer(remark=made, actor=cast.analyst, text="It is told now.", now=NOW)
    Programme.objects.update(objectives="Another.")
    again = ask(cast, Programme.objects.get())
    assert threads_of(again) == []
    page = sign_in(cast.ciso).get(reverse("approvals:request-record", args=[asked.pk])).content.decode()
    assert "It is told now." in page
    assert f"/approvals/{asked.pk}/#passage-objectives-p2" in page


def test_remarks_stand_in_the_record_as_a_document(cast: Cast, asked: ApprovalRequest, sign_in) -> None:
    reader_ask(request=asked, actor=cast.ciso, person=reviewer(cast), now=NOW)
    made = remark(cast, asked)
    remark_make(request=asked, actor=reviewer(cast), passage="", text="Very *short*.", now=NOW)
    remark_answer(remark=made, actor=cast.analyst, text="They moved.", now=NOW)
    remark_settle(remark=made, actor=cast.analyst, now=NOW)
    answer = sign_in(cast.ciso).get(reverse("approvals:request-record-pdf", args=[asked.pk]))
    words = text_of(answer.content)
    for said in (
        "“Cards come first.”",
        "Why first?",
        "They moved.",
        "by Anders Falk",
        "the whole",
        "Very *short*.",
        "asked to read it by Celia Moreau",
    ):
        assert said in words, said


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE approvals_remark SET text = 'Another'",
        "DELETE FROM approvals_remark",
        (
            "INSERT INTO approvals_remark (request_id, answers_id, passage, quote, text, by_id, at)"
            " SELECT {other}, id, '', '', 'So', by_id, now() FROM approvals_remark"
        ),
    ],
)
def test_the_database_keeps_remarks(cast: Cast, asked: ApprovalRequest, statement: str) -> None:
    remark(cast, asked)
    other = ask(cast, programme_make(cast, year=2030))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(other=other.pk))


def test_the_pages_of_remarks(cast: Cast, asked: ApprovalRequest, sign_in) -> None:
    browser = sign_in(cast.ciso)
    page = browser.get(asked.get_absolute_url()).content.decode()
    assert 'id="passage-objectives-p2"' in page
    url = reverse("approvals:remark-create", args=[asked.pk])
    assert f"{url}?passage=objectives%3Ap2" in page
    assert "Cards come first." in browser.get(f"{url}?passage=objectives%3Ap2").content.decode()
    assert browser.get(f"{url}?passage=nothing").status_code == 404
    assert browser.post(f"{url}?passage=objectives%3Ap2", {"text": ""}).status_code == 422
    answer = browser.post(f"{url}?passage=objectives%3Ap2", {"text": "Why <b>first</b>?"})
    dialog = {"HX-Request": "true", "HX-Target": "ask-content"}
    again = browser.post(f"{url}?passage=", {"text": "As a whole?"}, headers=dialog)
    assert again.headers["HX-Refresh"] == "true", "the page has the same address, and would not be read anew"
    made = Remark.objects.earliest("pk")
    assert answer.headers["Location"] == f"{asked.get_absolute_url()}#remark-{made.pk}"
    with assert_queries("approvals.detail.remarks"):
        page = browser.get(asked.get_absolute_url()).content.decode()
    assert "Why &lt;b&gt;first&lt;/b&gt;?" in page
    assert browser.post(reverse("approvals:remark-settle", args=[made.pk])).status_code == 403
    author = sign_in(cast.analyst)
    with assert_queries("approvals.detail.author"):
        page = author.get(asked.get_absolute_url()).content.decode()
    assert f"{url}?passage" not in page, "who asked answers, and does not remark"
    reply = reverse("approvals:remark-answer", args=[made.pk])
    assert author.post(reply, {"text": "Since they moved."}).status_code == 302
    settled = author.post(reverse("approvals:remark-settle", args=[made.pk]), follow=True).content.decode()
    assert "Since they moved." in settled
    assert "settled by Anders Falk" in settled
    reader = reverse("approvals:reader-ask", args=[asked.pk])
    assert browser.post(reader, {"person": reviewer(cast).pk}).status_code == 302
    assert "Ask for a reading" in page


def test_markdown_has_passages_that_can_do_no_harm() -> None:
    text = (
        "# Purpose\n\nWhy <script>alert(1)</script> **we** care.\n\n- one\n- two\n\n# Purpose\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n[x](javascript:alert(1)) [y](https://example.com)\n\n---\n\n```\ncode\n```\n"
    )
    found = markdown_passages("body", text)
    assert [one.anchor for one in found] == [
        "body:h-purpose",
        "body:p2",
        "body:p3",
        "body:h-purpose-2",
        "body:p5",
        "body:p6",
        "body:p7",
        "body:p8",
    ]
    assert found[0].html == "<h3>Purpose</h3>\n"
    assert "<script" not in found[1].html
    assert "<strong>we</strong>" in found[1].html
    assert "<td>2</td>" in found[4].html
    assert 'href="javascript' not in found[5].html
    assert found[2].quote == "one two"
    assert passages_in({"body": text, "title": "T"}, frozenset({"body"})).keys() == {
        "",
        *(one.anchor for one in found),
    }


def test_headings_of_a_text_leave_no_level_out() -> None:
    found = markdown_passages("body", "## Purpose\n\n#### Aside\n\n## Scope\n\n# Whole\n\n> ### Quoted\n")
    assert [one.html[:4] for one in found[:4]] == ["<h3>", "<h4>", "<h3>", "<h3>"]
    assert "<h4>Quoted" in found[4].html


def test_other_texts_have_their_paragraphs_and_rows() -> None:
    assert [one.anchor for one in plain_passages("text", "One\r\n\r\n\r\nTwo <i>\n")] == [
        "text:p1",
        "text:p2",
    ]
    rows = [{"reference": "FND-1", "title": "Leavers"}, {"reference": "FND-2"}]
    assert passages_in({"findings": rows, "none": [], "year": 2027}, frozenset()) == {
        "": "",
        "findings": "",
        "findings:r1": "FND-1 Leavers",
        "findings:r2": "FND-2",
    }
