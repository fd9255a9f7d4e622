"""The pages of controls: the list, a control, its versions, and the forms."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from controls.choices import ControlState, Implementation
from controls.models import Control
from controls.selectors import coming_of
from controls.tests.factories import (
    NOW,
    TODAY,
    again,
    control_make,
    give,
    implement,
    in_force,
    operating,
    rate,
    revising,
    step,
    submitted,
)
from foundation.files.services import Upload, file_add
from foundation.testing.cast import Cast
from foundation.testing.forms import filled, send
from foundation.testing.queries import assert_queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foundation.clock.now", lambda: NOW)


def browser_of(client: Client, person: object) -> Client:
    client.force_login(person)
    return client


def test_the_list_shows_where_controls_stand(client: Client, cast: Cast) -> None:
    rate(operating(cast), cast.auditor)
    control_make(cast, title="Gates are shut")
    browser = browser_of(client, cast.auditor)
    browser.get("/controls/")
    with assert_queries("control-list"):
        page = browser.get("/controls/").content.decode()
    for words in ("Doors are locked", "Gates are shut", "Largely effective", "Implemented", "Not started"):
        assert words in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("state=in_force", {"Doors", "Windows"}),
        ("state=writing", {"Gates"}),
        ("state=deciding", {"Keys"}),
        ("q=key", {"Keys"}),
        ("type=detective", {"Gates"}),
        ("implementation=partial", {"Windows"}),
        ("evidence=soon", set()),
        ("evidence=late", {"Windows"}),
        ("effectiveness=none", {"Gates", "Keys", "Windows"}),
        ("effectiveness=largely", {"Doors"}),
        ("key=on", {"Keys"}),
        ("mine=on", {"Gates"}),
    ],
)
def test_the_list_is_narrowed(client: Client, cast: Cast, query: str, shown: set[str]) -> None:
    rate(operating(cast, title="Doors"), cast.auditor)
    control_make(cast, title="Gates", type="detective", owner=cast.auditor)
    submitted(cast, title="Keys", is_key=True)
    windows = implement(in_force(cast, title="Windows"), cast.ciso, Implementation.PARTIAL)
    Control.objects.filter(pk=windows.pk).update(evidence_on=TODAY - timedelta(days=1))
    if query == "evidence=soon":
        shown = {"Windows"}
    page = browser_of(client, cast.auditor).get(f"/controls/?{query}").content.decode()
    assert {title for title in ("Doors", "Gates", "Keys", "Windows") if f">{title}<" in page} == shown


def test_what_is_late_is_told_on_the_page_in_the_list_and_in_the_side_bar(client: Client, cast: Cast) -> None:
    control = operating(cast)
    Control.objects.filter(pk=control.pk).update(evidence_on=TODAY - timedelta(days=1))
    browser = browser_of(client, cast.auditor)
    for tab in ("", "evidence/", "ratings/"):
        assert "Evidence of it was due on" in browser.get(control.get_absolute_url() + tab).content.decode()
    assert "1 day late" in browser.get("/controls/").content.decode()


def test_the_page_shows_what_is_in_force_and_what_will_change(client: Client, cast: Cast) -> None:
    control = revising(cast, operating(cast))
    browser = browser_of(client, cast.auditor)
    browser.get(control.get_absolute_url())
    with assert_queries("control-detail"):
        page = browser.get(control.get_absolute_url()).content.decode()
    assert "<strong>all doors</strong>" in page
    assert "What version 2 will change" in page
    assert "Windows, too" in page


@pytest.mark.parametrize("tab", ["evidence", "ratings", "versions"])
def test_its_tabs_are_read(client: Client, cast: Cast, tab: str) -> None:
    control = rate(operating(cast), cast.auditor)
    give(control, cast.analyst)
    revising(cast, again(control))
    browser = browser_of(client, cast.auditor)
    browser.get(control.get_tab_url(tab))
    with assert_queries(f"control-tab-{tab}"):
        page = browser.get(control.get_tab_url(tab)).content.decode()
    words = {"evidence": "All locked", "ratings": "Looked at ten days", "versions": "Windows, too"}
    assert words[tab] in page


def test_a_version_is_read_as_it_is(client: Client, cast: Cast) -> None:
    control = revising(cast)
    browser = browser_of(client, cast.auditor)
    url = f"/controls/{control.reference}/versions/2/"
    browser.get(url)
    with assert_queries("version-detail"):
        page = browser.get(url).content.decode()
    assert "And the windows." in page
    assert "What it changed" in page
    assert browser.get(f"/controls/{control.reference}/versions/3/").status_code == 404


def test_a_restricted_control_is_its_owners_and_the_cisos(client: Client, cast: Cast) -> None:
    control = operating(cast, confidentiality="restricted")
    browser = browser_of(client, cast.auditor)
    assert browser.get(control.get_absolute_url()).status_code == 404
    assert "Doors are locked" not in browser.get("/controls/").content.decode()
    assert "Doors are locked" not in browser.get("/controls/?export=csv").getvalue().decode()
    for person in (cast.analyst, cast.ciso):
        assert browser_of(client, person).get(control.get_absolute_url()).status_code == 200


def test_a_control_is_begun_once(client: Client, cast: Cast) -> None:
    browser = browser_of(client, cast.analyst)
    said = {"title": "Gates", "type": "preventive", "nature": "manual", "frequency": "daily"}
    data = filled(browser, "/controls/new/", unit=cast.units.root.pk, **said)
    one: Any = browser.post("/controls/new/", data)
    other: Any = browser.post("/controls/new/", data)
    control = Control.objects.get()
    assert one.url == other.url == control.get_absolute_url()
    assert (control.title, control.state) == ("Gates", ControlState.DRAFT)
    assert control.evidence_months == 12


def test_what_is_wrong_is_told_and_nothing_typed_is_lost(client: Client, cast: Cast) -> None:
    browser = browser_of(client, cast.analyst)
    answer = send(
        browser, "/controls/new/", unit=cast.units.root.pk, statement="Typed long", evidence_months=99
    )
    assert answer.status_code == 422
    assert {"title", "type", "evidence_months"} <= answer.context["form"].errors.keys()
    assert "Typed long" in answer.content.decode()


def test_the_draft_is_written_and_a_stale_one_shows_both(client: Client, cast: Cast) -> None:
    control = control_make(cast)
    url = f"/controls/{control.reference}/draft/"
    browser = browser_of(client, cast.analyst)
    stale = filled(browser, url, statement="Mine")
    assert send(browser, url, statement="The other's", title="Gates").status_code == 302
    assert (again(control).title, coming_of(control).statement) == ("Gates", "The other's")
    answer = browser.post(url, stale)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Mine" in page
    assert "The other" in page


def test_what_is_in_force_has_no_form(client: Client, cast: Cast) -> None:
    control = in_force(cast)
    answer = browser_of(client, cast.analyst).get(f"/controls/{control.reference}/draft/")
    assert answer.status_code == 403
    assert "begin a revision" in answer.content.decode()


def test_how_far_it_is_carried_out_is_said(client: Client, cast: Cast) -> None:
    control = in_force(cast)
    url = f"/controls/{control.reference}/implementation/"
    browser = browser_of(client, cast.analyst)
    answer = send(browser, url, implementation="not_applicable", note="")
    assert answer.status_code == 422
    assert "note" in answer.context["form"].errors
    assert send(browser, url, implementation="implemented", note="Since May").status_code == 302
    assert again(control).is_evidence_asked
    assert "Since May" in browser.get(control.get_absolute_url()).content.decode()


def test_it_is_rated_by_somebody_else(client: Client, cast: Cast) -> None:
    control = operating(cast)
    url = f"/controls/{control.reference}/rate/"
    assert "/rate/" not in browser_of(client, cast.analyst).get(control.get_absolute_url()).content.decode()
    browser = browser_of(client, cast.auditor)
    assert url in browser.get(control.get_absolute_url()).content.decode()
    answer = send(browser, url, effectiveness="partly", reason="Two of ten were open")
    assert answer.url == control.get_tab_url("ratings")
    assert "Two of ten were open" in browser.get(answer.url).content.decode()


def test_evidence_is_given_with_new_files_and_those_that_there_are(client: Client, cast: Cast) -> None:
    control = operating(cast)
    there = file_add(record=control, upload=Upload("plan.txt", BytesIO(b"plan")), actor=cast.analyst, now=NOW)
    url = f"/controls/{control.reference}/evidence/give/"
    browser = browser_of(client, cast.analyst)
    assert "The porter" in browser.get(url).content.decode()
    data = filled(browser, url, note="Ninety days", files=[there.versions.get().pk])
    data["uploads"] = [SimpleUploadedFile("book.txt", b"locked, locked")]
    answer: Any = browser.post(url, data)
    assert answer.url == control.get_tab_url("evidence")
    page = browser.get(answer.url).content.decode()
    for words in ("Ninety days", "plan.txt", "book.txt", "In time"):
        assert words in page


def test_evidence_without_a_file_is_told(client: Client, cast: Cast) -> None:
    control = operating(cast)
    answer = send(
        browser_of(client, cast.analyst), f"/controls/{control.reference}/evidence/give/", note="Believe me"
    )
    assert answer.status_code == 422
    assert "Choose a file" in answer.content.decode()
    assert "Believe me" in answer.content.decode()


def test_it_is_found_by_its_statement(client: Client, cast: Cast) -> None:
    control = in_force(cast)
    page = browser_of(client, cast.auditor).get("/search/?q=porter").content.decode()
    assert control.reference in page


def test_whoever_decides_on_a_next_version_is_led_to_what_it_changes(client: Client, cast: Cast) -> None:
    control = step(revising(cast), "submit_revision", cast.analyst)
    browser = browser_of(client, cast.ciso)
    asked = control.approval_requests.get(state="open")
    way = f"/controls/{control.reference}/versions/2/"
    assert f'href="{way}#changes"' in browser.get(asked.get_absolute_url()).content.decode()
    assert 'id="changes"' in browser.get(way).content.decode()
