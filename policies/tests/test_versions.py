"""What becomes of the versions of a document: written, approved as they stand, put in force on their day."""

from datetime import date, timedelta

import pytest

from foundation.accounts.models import Organisation
from foundation.approvals.choices import RequestState, Verdict
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.services import ApprovalRefused, approval_withdraw
from foundation.lifecycle.services import TransitionRefused
from foundation.testing.cast import Cast
from foundation.trail.models import Entry
from policies.choices import DocumentState, VersionState
from policies.models import Document, DocumentVersion
from policies.selectors import coming_of
from policies.services import (
    DocumentRefused,
    StaleDraft,
    document_publish_due,
    documents_due,
    draft_write,
)
from policies.tests.factories import (
    NOW,
    TEXT,
    decide,
    document_make,
    published,
    revising,
    step,
    submitted,
)

pytestmark = pytest.mark.django_db
TOMORROW = NOW + timedelta(days=1)


def states(document: Document) -> list[tuple[str, str]]:
    return [(version.label, version.state) for version in document.versions.order_by("number")]


def write(
    document: Document, cast: Cast, *, revision: int | None = None, material: bool = False, **said: object
) -> DocumentVersion:
    draft = coming_of(document)
    return draft_write(
        document=document,
        changes=said,
        is_material=material,
        actor=cast.analyst,
        now=NOW,
        revision=draft.revision if revision is None else revision,
    )


def test_what_is_approved_is_in_force_at_once_where_no_day_is_named(cast: Cast) -> None:
    document = published(cast)
    assert document.state == DocumentState.PUBLISHED
    assert states(document) == [("1.0", VersionState.PUBLISHED)]
    version = document.current
    assert version.published_at == NOW
    assert version.digest == ApprovalRequest.objects.get(record=document).digest
    assert version.approval.state == RequestState.APPROVED


def test_a_day_that_is_named_is_waited_for(cast: Cast) -> None:
    document = decide(submitted(cast, effective_on=date(2026, 11, 24)), cast.ciso)
    assert document.state == DocumentState.APPROVED
    assert documents_due(now=NOW) == []
    assert not document_publish_due(key=document.pk, now=NOW)
    assert documents_due(now=TOMORROW) == [document.pk]
    assert document_publish_due(key=document.pk, now=TOMORROW)
    assert not document_publish_due(key=document.pk, now=TOMORROW)
    document.refresh_from_db()
    assert document.state == DocumentState.PUBLISHED
    entry = Entry.objects.get(action="policies.document.publish")
    assert entry.actor_id == cast.ciso.pk


def test_the_day_begins_in_the_organisation(cast: Cast) -> None:
    Organisation.objects.update(time_zone="Europe/Berlin")
    document = decide(submitted(cast, effective_on=date(2026, 11, 24)), cast.ciso)
    assert documents_due(now=NOW.replace(hour=22, minute=30)) == []
    assert documents_due(now=NOW.replace(hour=23, minute=30)) == [document.pk]


def test_a_revision_takes_the_place_of_what_was_in_force(cast: Cast) -> None:
    document = revising(cast)
    assert document.current.label == "1.0"
    document = decide(step(document, "submit_revision", cast.analyst), cast.ciso)
    assert states(document) == [("1.0", VersionState.SUPERSEDED), ("2.0", VersionState.PUBLISHED)]
    assert document.current.label == "2.0"
    assert document.versions.get(number=1).ended_at == NOW


def test_a_minor_revision_counts_on(cast: Cast) -> None:
    document = step(published(cast), "revise", cast.analyst)
    draft = write(document, cast, body=TEXT + "Mended a word.\n", summary="A word")
    assert draft.label == "1.1"
    assert not draft.is_material
    assert write(document, cast, material=True).label == "2.0"


def test_the_title_in_force_stays_until_the_next_one_is(cast: Cast) -> None:
    document = revising(cast)
    write(document, cast, material=True, title="Doors and windows")
    document.refresh_from_db()
    assert document.title == "Door policy"
    document = decide(step(document, "submit_revision", cast.analyst), cast.ciso)
    assert document.title == "Doors and windows"


def test_a_first_draft_names_its_document(cast: Cast) -> None:
    document = document_make(cast)
    write(document, cast, title="Gate policy")
    document.refresh_from_db()
    assert document.title == "Gate policy"


def test_what_is_in_force_can_be_searched(cast: Cast) -> None:
    document = revising(cast)
    assert "windows" not in str(Document.objects.get(pk=document.pk).words)
    decide(step(document, "submit_revision", cast.analyst), cast.ciso)
    assert "windows" in str(Document.objects.get(pk=document.pk).words)


def test_a_stale_edit_is_told_and_nothing_is_lost(cast: Cast) -> None:
    document = document_make(cast)
    write(document, cast, body="Mine")
    with pytest.raises(StaleDraft) as stale:
        write(document, cast, revision=1, body="Theirs")
    assert stale.value.draft.body == "Mine"
    assert coming_of(document).body == "Mine"


def test_a_change_of_nothing_writes_nothing(cast: Cast) -> None:
    document = document_make(cast)
    write(document, cast, body=TEXT)
    assert coming_of(document).revision == 1
    assert not Entry.objects.filter(action="policies.document.written").exists()


def test_what_waits_for_approval_is_not_written(cast: Cast) -> None:
    document = submitted(cast)
    with pytest.raises(DocumentRefused, match="waits for approval"):
        write(document, cast, revision=1, body="Otherwise")
    with pytest.raises(DocumentRefused, match="begin a revision"):
        write(published(cast, title="Other"), cast, revision=1, body="Otherwise")


def test_who_wrote_it_does_not_approve_it(cast: Cast) -> None:
    document = document_make(cast, actor=cast.ciso)
    with pytest.raises(ApprovalRefused, match="needs 1 people"):
        step(document, "submit", cast.analyst)


def test_who_wrote_on_it_before_somebody_else_does_not_approve_it(cast: Cast) -> None:
    document = document_make(cast, actor=cast.ciso, owner=cast.analyst)
    write(document, cast, body=TEXT + "A comma, set by the analyst.\n")
    with pytest.raises(ApprovalRefused, match="needs 1 people"):
        step(document, "submit", cast.analyst)


def test_who_only_began_a_revision_may_approve_it(cast: Cast) -> None:
    document = step(published(cast), "revise", cast.ciso)
    assert coming_of(document).writers == [], "a version has writers of its own"
    write(document, cast, body=TEXT + "And windows.\n", summary="Windows")
    document = decide(step(document, "submit_revision", cast.analyst), cast.ciso)
    assert document.current.label == "1.1"


def test_who_asked_does_not_decide(cast: Cast) -> None:
    with pytest.raises(ApprovalRefused):
        decide(submitted(cast), cast.analyst)


def test_what_is_returned_is_written_and_approved_anew(cast: Cast) -> None:
    document = decide(submitted(cast), cast.ciso, Verdict.REJECT, comment="Which doors?")
    assert document.state == DocumentState.DRAFT
    assert states(document) == [("1.0", VersionState.DRAFT)]
    write(document, cast, body=TEXT + "All of them.\n")
    document = decide(step(document, "submit", cast.analyst), cast.ciso)
    assert document.state == DocumentState.PUBLISHED
    assert "All of them." in document.current.body


def test_a_request_that_is_withdrawn_gives_the_draft_back(cast: Cast) -> None:
    document = submitted(cast)
    approval_withdraw(request=ApprovalRequest.objects.get(record=document), actor=cast.analyst, now=NOW)
    assert states(document) == [("1.0", VersionState.DRAFT)]


def test_what_was_approved_may_be_taken_back_before_its_day(cast: Cast) -> None:
    document = decide(submitted(cast, effective_on=date(2026, 12, 24)), cast.ciso)
    document = step(document, "take_back", cast.analyst, comment="A door was forgotten")
    assert document.state == DocumentState.DRAFT
    version = coming_of(document)
    assert (version.state, version.digest, version.approval) == (VersionState.DRAFT, "", None)
    assert documents_due(now=NOW + timedelta(days=60)) == []


def test_a_revision_is_given_up(cast: Cast) -> None:
    document = step(revising(cast), "discard", cast.analyst, comment="No windows here")
    assert states(document) == [("1.0", VersionState.PUBLISHED), ("2.0", VersionState.DISCARDED)]
    document = step(document, "revise", cast.analyst)
    assert states(document)[-1] == ("1.1", VersionState.DRAFT)


def test_what_is_retired_holds_no_more(cast: Cast) -> None:
    document = step(published(cast), "retire", cast.ciso, comment="No doors left")
    assert states(document) == [("1.0", VersionState.RETIRED)]


@pytest.mark.parametrize("body", ["", "  \n"])
def test_an_empty_text_is_not_submitted(cast: Cast, body: str) -> None:
    with pytest.raises(TransitionRefused, match="no text"):
        step(document_make(cast, body=body), "submit", cast.analyst)


def test_a_revision_says_what_changed(cast: Cast) -> None:
    document = step(published(cast), "revise", cast.analyst)
    with pytest.raises(TransitionRefused, match="what changed"):
        step(document, "submit_revision", cast.analyst)
    write(document, cast, summary="Nothing")
    with pytest.raises(TransitionRefused, match="says what the published version says"):
        step(document, "submit_revision", cast.analyst)
