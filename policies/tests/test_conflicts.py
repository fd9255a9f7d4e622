"""Texts that are too long, that differ, or that somebody else has now: each is told, and nothing typed is lost."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from foundation.deadlines.models import Deadline
from foundation.notifications.models import Notice
from foundation.records.services import FieldsRefused, StaleRecord
from foundation.registry import DateMover, registry
from foundation.testing.cast import Cast
from foundation.testing.forms import filled, send
from foundation.testing.languages import loud
from policies.models import Document
from policies.models.versions import MOST_TEXT
from policies.selectors import coming_of, lock_of
from policies.services import DocumentRefused, draft_open, draft_take_over, uploading
from policies.services.editing import TAKEN_OVER
from policies.services.reviews import REVIEW
from policies.tests.factories import NOW, TEXT, decide, document_make, filed, published, revising, step

pytestmark = pytest.mark.django_db


def browser_of(person: object) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def test_two_drafts_are_compared_word_by_word(cast: Cast) -> None:
    long = "".join(f"Paragraph {number} stays.\n\n" for number in range(30))
    document = document_make(cast, body=f"{long}Keep the key.\n")
    browser, path = browser_of(cast.analyst), f"/policies/{document.reference}/draft/"
    mine = filled(browser, path, body=f"{long}Keep the key in the safe.\n")
    send(browser, path, body=f"{long}Keep every key.\n")
    answer = browser.post(path, mine)
    assert answer.status_code == 409
    conflict = answer.content.decode().split('id="conflict"')[1].split("</section>")[0]
    assert "<del>" in conflict
    assert "<ins>" in conflict
    assert "lines stay the same" in conflict
    assert "Paragraph 3 stays." not in conflict


def test_what_else_differs_stands_beside_it(cast: Cast) -> None:
    document = document_make(cast)
    browser, path = browser_of(cast.analyst), f"/policies/{document.reference}/draft/"
    mine = filled(browser, path, title="Mine", audience_roles=["executive"])
    send(browser, path, title="Theirs")
    conflict = browser.post(path, mine).content.decode().split('id="conflict"')[1].split("</section>")[0]
    for words in ("Mine", "Theirs", "Executive"):
        assert words in conflict
    assert "<ins>" not in conflict


def test_roles_of_the_audience_are_written_and_fixed_with_the_version(cast: Cast) -> None:
    document = document_make(cast)
    browser, path = browser_of(cast.analyst), f"/policies/{document.reference}/draft/"
    send(browser, path, audience_roles=["executive", "unit_lead"])
    assert coming_of(document).audience_roles == ["executive", "unit_lead"]
    assert send(browser, path, audience_roles=["nobody"]).status_code == 422
    document = step(Document.objects.get(pk=document.pk), "submit", cast.analyst)
    request = document.approval_requests.get()
    assert request.content["audience"] == ["role Executive", "role Unit lead"]
    assert decide(document, cast.ciso).current.audience_roles == ["executive", "unit_lead"]


def test_who_lost_the_draft_is_told_each_time(cast: Cast) -> None:
    document = document_make(cast)
    for hours in (0, 1):
        now = NOW + timedelta(hours=hours)
        draft_open(document=document, actor=cast.analyst, now=now)
        lock = lock_of(document, now)
        assert lock is not None
        draft_take_over(document=document, actor=cast.ciso, now=now, key=str(lock.key))
        lock = lock_of(document, now)
        assert lock is not None
        draft_take_over(document=document, actor=cast.analyst, now=now, key=str(lock.key))
    told = Notice.objects.filter(kind=TAKEN_OVER)
    assert sorted(told.values_list("recipient__full_name", flat=True)) == [
        "Anders Falk",
        "Anders Falk",
        "Celia Moreau",
        "Celia Moreau",
    ]
    assert "Celia Moreau took the draft over" in told.filter(recipient=cast.analyst)[0].payload["sentence"]


def test_who_lost_the_draft_is_told_in_the_own_language(cast: Cast) -> None:
    document = document_make(cast)
    draft_open(document=document, actor=cast.analyst, now=NOW)
    lock = lock_of(document, NOW)
    assert lock is not None
    with loud():
        draft_take_over(document=document, actor=cast.ciso, now=NOW, key=str(lock.key))
    payload = Notice.objects.get(kind=TAKEN_OVER).payload
    assert payload["sentence"].startswith("Celia Moreau took the draft over from you.")
    assert payload["headline"] == "your draft was taken over"


def test_who_was_idle_is_not_told(cast: Cast) -> None:
    document = document_make(cast)
    draft_open(document=document, actor=cast.analyst, now=NOW)
    draft_open(document=document, actor=cast.ciso, now=NOW + timedelta(hours=1))
    assert not Notice.objects.filter(kind=TAKEN_OVER).exists()


def test_a_text_that_was_cut_is_said_to_be(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "document_text", lambda *_arguments: "portcullis " * MOST_TEXT)
    document = filed(cast)
    assert len(document.current.body) == MOST_TEXT
    for path in (document.get_absolute_url(), f"/policies/library/{document.reference}/"):
        assert (
            "Only the beginning of its text was read" in browser_of(cast.analyst).get(path).content.decode()
        )
    found = browser_of(cast.personnel).get("/policies/library/?q=portcullis").content.decode()
    assert "Search knows the beginning of this file alone" in found


def test_a_text_that_is_whole_says_nothing_of_it(cast: Cast) -> None:
    document = filed(cast)
    page = browser_of(cast.analyst).get(document.get_absolute_url()).content.decode()
    assert "Only the beginning" not in page


def test_the_search_of_everything_finds_policies_for_who_has_the_library_alone(cast: Cast) -> None:
    published(cast)
    published(cast, title="Window policy", audience=[cast.units.retail.pk])
    found = browser_of(cast.personnel).get("/search/?q=doors").content.decode()
    assert "/policies/library/DOC-0001/" in found
    assert "DOC-0002" not in found
    found = browser_of(cast.analyst).get("/search/?q=doors").content.decode()
    assert "/policies/library/DOC-0001/" not in found, "it stands among the records"


def moved(document: Document, to: date, actor: object, *, version: int = 0) -> date | None:
    mover = registry.get(DateMover, REVIEW)
    mover.move(record=document, to=to, version=version or document.version, actor=actor, now=NOW)
    return Document.objects.get(pk=document.pk).review_on


def test_a_review_is_moved_within_its_cadence_and_its_owner_reminded_by_the_new_day(cast: Cast) -> None:
    document = published(cast)
    day = document.review_on - timedelta(days=60)
    assert moved(document, day, cast.analyst) == day
    assert Deadline.objects.open().get(record=document, kind=REVIEW).due_on == day
    assert moved(Document.objects.get(pk=document.pk), document.review_on, cast.analyst) == document.review_on


def test_a_review_is_moved_neither_beyond_its_cadence_nor_into_the_past(cast: Cast) -> None:
    document = published(cast)
    with pytest.raises(ValidationError, match="every 12 months"):
        moved(document, document.review_on + timedelta(days=1), cast.analyst)
    with pytest.raises(ValidationError, match="day that is over"):
        moved(document, NOW.date() - timedelta(days=1), cast.analyst)
    with pytest.raises(StaleRecord):
        moved(document, document.review_on - timedelta(days=1), cast.analyst, version=99)


def test_who_may_not_write_it_moves_no_review_and_nobody_one_that_is_not_due(cast: Cast) -> None:
    mover = registry.get(DateMover, REVIEW)
    document = published(cast)
    with pytest.raises(PermissionDenied):
        mover.refusal(record=document, user=cast.auditor)
    assert mover.refusal(record=document, user=cast.analyst) is None
    retired = step(document, "retire", cast.ciso, comment="Doors are gone")
    assert "retired" in mover.refusal(record=retired, user=cast.analyst)
    assert "No review" in mover.refusal(record=document_make(cast), user=cast.analyst)
    with pytest.raises(ValidationError, match="retired"):
        moved(retired, NOW.date() + timedelta(days=30), cast.analyst)


def test_what_services_refuse_has_one_shape(cast: Cast) -> None:
    assert issubclass(DocumentRefused, FieldsRefused)
    document = published(cast)
    path = f"/policies/{document.reference}/review/"
    browser = browser_of(cast.analyst)
    answer = browser.post(path, {**filled(browser, path), "outcome": "still_right", "reason": "  "})
    assert answer.status_code == 422
    assert "reason" in answer.context["form"].errors


def test_a_revision_begins_with_the_audience_that_it_has(cast: Cast) -> None:
    assert coming_of(revising(cast, body=TEXT)).audience_roles == []
    document = published(cast, title="Key policy", audience_roles=["executive"])
    document = step(document, "revise", cast.analyst)
    assert coming_of(document).audience_roles == ["executive"]
