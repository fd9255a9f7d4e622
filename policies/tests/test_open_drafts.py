"""One person at a time writes on a draft: who has it, taking it over, and what was typed meanwhile."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from foundation.lifecycle.services import TransitionRefused
from foundation.testing.cast import Cast
from foundation.testing.forms import filled, send
from foundation.trail.models import Entry
from policies.models import Document, DraftLock
from policies.models.editing import IDLE
from policies.selectors import coming_of
from policies.services import DocumentRefused, DraftHeld, draft_open, draft_take_over, draft_write
from policies.tests.factories import NOW, document_make, step, submitted

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)


def browser_of(person: object) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def draft_url(document: Document, more: str = "") -> str:
    return f"/policies/{document.reference}/draft/{more}"


def write(document: Document, actor: Any, now: datetime, **said: Any) -> None:
    draft_write(
        document=document,
        changes={"body": "Mine"},
        is_material=True,
        actor=actor,
        now=now,
        revision=coming_of(document).revision,
        **said,
    )


def test_who_opens_a_draft_has_it_until_it_is_saved(cast: Cast) -> None:
    document = document_make(cast)
    path = draft_url(document)
    writer, other = browser_of(cast.analyst), browser_of(cast.ciso)
    typed = filled(writer, path, body="Shut all gates")
    page = other.get(path)
    assert "form" not in page.context
    assert cast.analyst.full_name in page.content.decode()
    assert "has the draft open since" in page.content.decode()
    shown = browser_of(cast.auditor).get(document.get_absolute_url()).content.decode()
    assert "Draft open with" in shown
    assert writer.post(path, typed).status_code == 302
    assert not DraftLock.objects.exists()
    assert "form" in other.get(path).context


def test_it_counts_until_nothing_was_typed_for_a_while(cast: Cast) -> None:
    document = document_make(cast)
    draft_open(document=document, actor=cast.analyst, now=NOW)
    assert draft_open(document=document, actor=cast.ciso, now=LATER).holder == cast.analyst
    draft_open(document=document, actor=cast.analyst, now=NOW + IDLE - timedelta(seconds=1))
    assert draft_open(document=document, actor=cast.ciso, now=NOW + IDLE).holder == cast.analyst
    assert draft_open(document=document, actor=cast.ciso, now=NOW + 2 * IDLE).holder == cast.ciso
    assert not Entry.objects.filter(action="policies.document.taken_over").exists()


def test_taking_over_warns_and_is_written_down(cast: Cast) -> None:
    document = document_make(cast)
    browser_of(cast.analyst).get(draft_url(document))
    other = browser_of(cast.ciso)
    warning = other.get(draft_url(document, "take-over/"))
    assert "What is not saved yet stays" in warning.content.decode()
    answer = send(other, draft_url(document, "take-over/"))
    assert answer.url == draft_url(document)
    assert "form" in other.get(draft_url(document)).context
    entry = Entry.objects.get(action="policies.document.taken_over")
    assert entry.before["writer"]["name"] == str(cast.analyst)


def test_who_lost_it_keeps_what_was_typed_and_may_take_it_back(cast: Cast) -> None:
    document = document_make(cast)
    path = draft_url(document)
    loser, winner = browser_of(cast.analyst), browser_of(cast.ciso)
    typed = filled(loser, path, body="Typed before the draft was lost")
    send(winner, f"{path}take-over/")
    answer = loser.post(path, typed)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Typed before the draft was lost" in page
    assert "Keep doors shut." in page
    assert f"{cast.ciso.full_name} writes on this draft now" in page
    assert coming_of(document).revision == 1
    form = answer.context["form"]
    again = {**typed, "version": form["version"].value(), "over": form["over"].value()}
    assert loser.post(path, again).status_code == 302
    assert coming_of(document).body == "Typed before the draft was lost"
    assert Entry.objects.filter(action="policies.document.taken_over").count() == 2


def test_nobody_takes_over_from_a_person_they_were_not_told_of(cast: Cast) -> None:
    document = document_make(cast, owner=cast.personnel)
    key = str(draft_open(document=document, actor=cast.analyst, now=NOW).key)
    draft_take_over(document=document, actor=cast.ciso, now=LATER, key=key)
    with pytest.raises(DocumentRefused, match="has it meanwhile"):
        draft_take_over(document=document, actor=cast.personnel, now=LATER, key=key)
    with pytest.raises(DraftHeld):
        write(document, cast.personnel, LATER, over=key)
    assert DraftLock.objects.get().holder == cast.ciso


def test_a_stale_take_over_shows_who_has_it_now(cast: Cast) -> None:
    document = document_make(cast)
    browser_of(cast.analyst).get(draft_url(document))
    answer = browser_of(cast.ciso).post(draft_url(document, "take-over/"), {"key": "no-such"})
    assert answer.status_code == 422
    assert "has it meanwhile" in answer.content.decode()
    assert answer.context["form"]["key"].value() == str(DraftLock.objects.get().key)


def test_a_page_asks_whether_the_draft_is_still_its_writers(cast: Cast) -> None:
    document = document_make(cast)
    writer = browser_of(cast.analyst)
    writer.get(draft_url(document))
    assert writer.post(draft_url(document, "seen/")).json() == {"lost": ""}
    send(browser_of(cast.ciso), draft_url(document, "take-over/"))
    lost = writer.post(draft_url(document, "seen/")).json()["lost"]
    assert cast.ciso.full_name in lost
    assert "What you typed stays here" in lost
    assert DraftLock.objects.get().holder == cast.ciso


def test_who_leaves_without_saving_lets_others_write(cast: Cast) -> None:
    document = document_make(cast)
    writer = browser_of(cast.analyst)
    writer.get(draft_url(document))
    assert "Let others write" in writer.get(document.get_absolute_url()).content.decode()
    browser_of(cast.ciso).post(draft_url(document, "leave/"))
    assert DraftLock.objects.exists(), "it is not the CISO's to let go of"
    assert writer.post(draft_url(document, "leave/"), HTTP_ACCEPT="application/json").status_code == 204
    assert not DraftLock.objects.exists()
    assert writer.post(draft_url(document, "seen/")).json() == {"lost": ""}
    assert DraftLock.objects.get().holder == cast.analyst, "who types on has it again"


def test_a_draft_is_not_submitted_under_its_writers_hands(cast: Cast) -> None:
    document = document_make(cast)
    draft_open(document=document, actor=cast.ciso, now=NOW)
    with pytest.raises(TransitionRefused, match="writes on the draft"):
        step(document, "submit", cast.analyst, now=LATER)
    assert Document.objects.get().state == "draft"
    step(document, "submit", cast.analyst, now=NOW + IDLE)
    assert not DraftLock.objects.exists()


def test_what_waits_for_approval_is_not_taken_over(cast: Cast) -> None:
    document = submitted(cast)
    other = browser_of(cast.analyst)
    assert other.get(draft_url(document, "take-over/")).status_code == 403
    assert other.post(draft_url(document, "take-over/"), {"key": ""}).status_code == 422
    assert "waits for approval" in other.post(draft_url(document, "seen/")).json()["lost"]


def test_the_clock_of_a_lock_is_the_portals(cast: Cast) -> None:
    document = document_make(cast)
    browser_of(cast.analyst).get(draft_url(document))
    lock = DraftLock.objects.get()
    assert datetime.now(UTC) - lock.seen_at < timedelta(minutes=1)
