"""Reviews of documents in force: when they are due, who is reminded, and what they come to."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from foundation.accounts.services import user_deactivate
from foundation.deadlines.models import Deadline
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.testing.forms import filled, send
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry
from policies.choices import DocumentState, ReviewOutcome
from policies.models import Document, DocumentReview
from policies.selectors import coming_of, reviews_overdue
from policies.services import DocumentRefused, document_change, document_review
from policies.services.reviews import next_review, review_move, reviews_astray
from policies.tasks import follow_reviews
from policies.tests.factories import NOW, decide, document_make, published, revising, step

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=400)


def browser_of(person: object) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def open_dates(document: Document) -> list[tuple[date, int]]:
    return list(
        Deadline.objects.open()
        .filter(record_id=document.pk, kind="policies.review")
        .values_list("due_on", "assignee_id")
    )


def review(document: Document, actor: Any, outcome: str = ReviewOutcome.STILL_RIGHT, **more: Any) -> Document:
    given = {"reason": "Read it with the guards", "now": LATER, "version": document.version, **more}
    return document_review(document=document, outcome=outcome, actor=actor, **given)


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 11, 23), 12, date(2027, 11, 23)),
    ],
)
def test_a_months_end_stays_one(day: date, months: int, due: date) -> None:
    assert next_review(day, months) == due


def test_publishing_sets_the_next_date(cast: Cast) -> None:
    assert open_dates(document_make(cast, title="Draft")) == []
    document = published(cast, cadence_months=6)
    assert document.review_on == date(2027, 5, 23)
    assert open_dates(document) == [(date(2027, 5, 23), cast.analyst.pk)]


def test_still_right_is_dated_has_a_reason_and_makes_no_version(cast: Cast) -> None:
    document = review(published(cast), cast.analyst)
    assert (document.state, document.versions.count()) == (DocumentState.PUBLISHED, 1)
    assert document.review_on == date(2028, 12, 28)
    assert open_dates(document) == [(date(2028, 12, 28), cast.analyst.pk)]
    kept = DocumentReview.objects.get()
    assert (kept.outcome, kept.reason, kept.due_on) == (
        "still_right",
        "Read it with the guards",
        date(2027, 11, 23),
    )
    entry = Entry.objects.get(action="policies.document.still_right")
    assert (entry.comment, entry.after["review_on"]) == ("Read it with the guards", "2028-12-28")


def test_a_new_version_is_begun_and_publishing_it_sets_the_next_date(cast: Cast) -> None:
    document = review(published(cast), cast.analyst, ReviewOutcome.NEW_VERSION)
    assert document.state == DocumentState.REVISING
    assert (document.review_on, open_dates(document)) == (None, [])
    draft = coming_of(document)
    assert draft is not None
    draft.summary, draft.body = "Gates", "Gates, too"
    draft.save()
    document = decide(step(document, "submit_revision", cast.analyst, now=LATER), cast.ciso, now=LATER)
    assert document.review_on == date(2028, 12, 28)
    assert len(open_dates(document)) == 1


def test_a_version_that_is_given_up_leaves_the_review_due(cast: Cast) -> None:
    document = review(published(cast), cast.analyst, ReviewOutcome.NEW_VERSION)
    document = step(document, "discard", cast.analyst, comment="No time", now=LATER)
    assert document.review_on == date(2027, 11, 23)
    assert open_dates(document) == [(date(2027, 11, 23), cast.analyst.pk)]
    assert [row.document for row in reviews_overdue(cast.ciso, LATER)] == [document]


def test_a_revision_by_itself_ends_no_review(cast: Cast) -> None:
    document = revising(cast)
    assert open_dates(document) == [(date(2027, 11, 23), cast.analyst.pk)]
    with pytest.raises(DocumentRefused, match="on its way"):
        review(document, cast.analyst)


def test_what_is_retired_is_not_reviewed(cast: Cast) -> None:
    document = step(published(cast), "retire", cast.ciso, comment="No doors left")
    assert (document.review_on, open_dates(document)) == (None, [])
    assert Deadline.objects.get(record_id=document.pk, kind="policies.review").was_dropped


def test_another_cadence_and_another_owner_move_the_date(cast: Cast) -> None:
    document = published(cast)
    document = document_change(
        document=document,
        changes={"cadence_months": 3, "owner": cast.ciso},
        actor=cast.ciso,
        now=NOW,
        version=document.version,
    )
    assert open_dates(Document.objects.get(pk=document.pk)) == [(date(2027, 2, 23), cast.ciso.pk)]
    assert Document.objects.get(pk=document.pk).review_on == date(2027, 2, 23)


def test_a_review_that_was_moved_stays_where_it_is_whoever_owns_the_document(cast: Cast) -> None:
    document = published(cast)
    moved = date(2027, 3, 1)
    review_move(record=document, to=moved, version=document.version, actor=cast.analyst, now=NOW)
    document = Document.objects.get(pk=document.pk)
    document_change(
        document=document, changes={"owner": cast.ciso}, actor=cast.ciso, now=NOW, version=document.version
    )
    assert open_dates(Document.objects.get(pk=document.pk)) == [(moved, cast.ciso.pk)]


def test_the_review_goes_with_the_document_to_another_owner(cast: Cast) -> None:
    document = published(cast, owner=cast.personnel)
    user_deactivate(user=cast.personnel, successor=cast.ciso, actor=cast.administrator, now=LATER)
    document = Document.objects.get(pk=document.pk)
    assert document.owner == cast.ciso
    assert open_dates(document) == [(date(2027, 11, 23), cast.ciso.pk)]


def test_of_two_who_review_one_is_told(cast: Cast) -> None:
    document = published(cast)
    review(document, cast.analyst)
    with pytest.raises(DocumentRefused, match="reviewed meanwhile"):
        review(document, cast.ciso)
    assert DocumentReview.objects.count() == 1


def test_a_reason_is_needed_in_the_database_too(cast: Cast) -> None:
    document = published(cast)
    with pytest.raises(DocumentRefused, match="needs a reason"):
        review(document, cast.analyst, reason="  ")
    with pytest.raises(IntegrityError, match="for_a_reason"), transaction.atomic():
        DocumentReview.objects.create(
            document=document,
            version=document.current,
            outcome="still_right",
            reason="",
            reviewed_by=cast.ciso,
            reviewed_at=NOW,
        )


@pytest.mark.parametrize(
    "change", ["UPDATE policies_documentreview SET reason = 'x'", "DELETE FROM policies_documentreview"]
)
def test_a_review_is_kept_as_it_was(cast: Cast, change: str) -> None:
    review(published(cast), cast.analyst)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_overdue_reviews_show(cast: Cast) -> None:
    late, fine = published(cast, title="Late policy"), published(cast, title="Fine policy")
    Document.objects.filter(pk=late.pk).update(review_on=date(2020, 1, 1))
    Document.objects.filter(pk=fine.pk).update(review_on=date(2999, 1, 1))
    browser = browser_of(cast.ciso)
    page = browser.get("/policies/?review=late").content.decode()
    assert "Late policy" in page
    assert "Fine policy" not in page
    assert "Late policy" in browser.get("/policies/?review=soon").content.decode()
    assert "Its review was due on" in browser.get(late.get_absolute_url()).content.decode()
    assert "Its review was due on" not in browser.get(fine.get_absolute_url()).content.decode()
    assert reviews_overdue(cast.ciso, NOW).count() == 1
    assert reviews_overdue(cast.outsider, NOW).count() == 0
    desk = browser_of(cast.analyst).get("/").content.decode()
    assert late.reference in desk


def test_a_review_is_closed_on_its_page(cast: Cast) -> None:
    document = published(cast)
    browser, path = browser_of(cast.analyst), f"/policies/{document.reference}/review/"
    assert f'href="{path}"' in browser.get(document.get_absolute_url()).content.decode()
    answer = send(browser, path, outcome="still_right", reason="")
    assert answer.status_code == 422
    assert "reason" in answer.context["form"].errors
    assert send(browser, path, outcome="still_right", reason="Walked all doors").status_code == 302
    browser.get(document.get_tab_url("reviews"))
    with assert_queries("document-reviews"):
        page = browser.get(document.get_tab_url("reviews")).content.decode()
    assert "Walked all doors" in page
    assert "Still right" in page


def test_a_review_that_asks_for_a_new_version_leads_to_its_draft(cast: Cast) -> None:
    document = published(cast)
    path = f"/policies/{document.reference}/review/"
    answer = send(browser_of(cast.analyst), path, outcome="new_version", reason="Gates are missing")
    assert answer.url == f"/policies/{document.reference}/draft/"
    assert browser_of(cast.analyst).get(path).status_code == 403


def test_a_stale_review_is_told_with_what_was_typed(cast: Cast) -> None:
    document = published(cast)
    browser, path = browser_of(cast.analyst), f"/policies/{document.reference}/review/"
    typed = filled(browser, path, outcome="still_right", reason="Mine")
    send(browser_of(cast.ciso), path, outcome="still_right", reason="Theirs")
    answer = browser.post(path, typed)
    assert answer.status_code == 422
    assert "reviewed meanwhile" in answer.content.decode()
    assert "Mine" in answer.content.decode()
    assert DocumentReview.objects.get().reason == "Theirs"


def test_who_may_not_write_reviews_nothing(cast: Cast) -> None:
    document = published(cast)
    path = f"/policies/{document.reference}/review/"
    assert browser_of(cast.auditor).get(path).status_code == 403
    assert browser_of(cast.outsider).get(path).status_code == 404


def test_a_review_that_nobody_is_reminded_of_is_found_within_the_hour(cast: Cast) -> None:
    document, fine = published(cast), published(cast, title="Fine policy")
    Deadline.objects.filter(record_id=document.pk).delete()
    assert reviews_astray() == [document.pk]
    follow_reviews()
    assert open_dates(document) == [(date(2027, 11, 23), cast.analyst.pk)]
    Record.objects.filter(pk=fine.pk).update(owner=cast.ciso)
    follow_reviews()
    assert open_dates(fine) == [(date(2027, 11, 23), cast.ciso.pk)]
    assert reviews_astray() == []
