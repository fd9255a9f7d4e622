"""Files of long lists: asked for in the page, written by a worker, taken by whoever asked, and by nobody else."""

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from audits.tests.factories import audit_make
from foundation.accounts.models import RoleGrant
from foundation.actions.services import action_create
from foundation.lifecycle.services import apply_transition
from foundation.lists import pages
from foundation.lists.choices import ExportState
from foundation.lists.models import ListExport, ListExportPart
from foundation.lists.services import export_run, export_stop, exports_tidy
from foundation.lists.services import exports as service
from foundation.lists.tasks import tidy_exports
from foundation.records.models import Participant, Record
from foundation.testing.cast import Cast
from foundation.testing.races import together
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SignIn = Callable[..., Client]


def clock() -> datetime:
    return NOW


@pytest.fixture(autouse=True)
def _short_lists_are_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "WRITTEN_AT_ONCE", 1)
    monkeypatch.setattr(pages, "export_wake", lambda key: None)


@pytest.fixture
def audits(cast: Cast) -> None:
    for number in range(3):
        audit_make(cast, title=f"=Audit {number}")
    audit_make(cast, title="Sensitive", confidentiality="restricted", owner=cast.ciso)


def ask(browser: Client, query: str = "export=csv") -> ListExport:
    response = browser.get(f"/audits/?{query}")
    assert response.status_code == 302, response.text
    export = ListExport.objects.latest("requested_at")
    assert response["Location"] == reverse("lists:export", args=[export.pk])
    return export


def content(browser: Client, export: ListExport) -> bytes:
    response = browser.get(reverse("lists:export-file", args=[export.pk]))
    assert response.status_code == 200
    body: bytes = response.getvalue()
    assert response["Content-Length"] == str(len(body))
    return body


def test_a_short_list_is_written_at_once(
    cast: Cast, audits: None, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "WRITTEN_AT_ONCE", 3)
    assert sign_in(cast.analyst).get("/audits/?export=csv").status_code == 200
    assert not ListExport.objects.exists()


def test_a_long_one_is_written_by_a_worker_and_taken(cast: Cast, audits: None, sign_in: SignIn) -> None:
    browser = sign_in(cast.analyst)
    export = ask(browser, "sort=title&export=csv&page=2")
    assert "Waiting" in browser.get(reverse("lists:export", args=[export.pk])).text
    entry = Entry.objects.get(action="audits.list.exported")
    assert (entry.actor_id, entry.after["filters"]) == (cast.analyst.pk, "sort=title&state=open")
    assert export.query == "sort=title&state=open", (
        "what the list is usually filtered by may change meanwhile"
    )
    export_run(key=export.pk, clock=clock)
    export.refresh_from_db()
    assert (export.state, export.rows_written, export.rows_total) == (ExportState.DONE, 3, 3)
    lines = content(browser, export).decode("utf-8-sig").splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == [f'"\'=Audit {number}"' for number in range(3)]
    assert "Confidentiality" in lines[0], "a file has all columns"
    page = browser.get(reverse("lists:export", args=[export.pk]))
    assert "3 rows" in page.text
    assert "every 1s" not in page.text, "what is finished is not asked for again"


def test_a_workbook_is_written_in_pieces(
    cast: Cast, audits: None, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PART_BYTES", 100)
    browser = sign_in(cast.ciso)
    export = ask(browser, "export=xlsx")
    export_run(key=export.pk, clock=clock)
    assert ListExportPart.objects.count() > 10
    sheet = openpyxl.load_workbook(io.BytesIO(content(browser, export))).worksheets[0]
    assert sheet.max_row == 5
    assert {cell.value for cell in sheet["B"]} >= {"Sensitive", "=Audit 1"}


def test_it_holds_what_its_reader_may_see_when_it_is_written(
    cast: Cast, audits: None, sign_in: SignIn
) -> None:
    audit_make(cast, title="Of payments", unit=cast.units.payments)
    audit_make(cast, title="Of cards", unit=cast.units.cards)
    browser = sign_in(cast.unit_lead)
    export = ask(browser)
    RoleGrant.objects.filter(user=cast.unit_lead).delete()
    export_run(key=export.pk, clock=clock)
    assert b"Of payments" not in content(browser, export)


def test_a_file_is_not_handed_over_for_a_right_that_changed_since(
    cast: Cast, audits: None, sign_in: SignIn
) -> None:
    for unit in (cast.units.payments, cast.units.cards):
        audit_make(cast, title="Of payments", unit=unit)
    browser = sign_in(cast.unit_lead)
    export = ask(browser)
    export_run(key=export.pk, clock=clock)
    page, file = (reverse(f"lists:{name}", args=[export.pk]) for name in ("export", "export-file"))
    assert b"Of payments" in content(browser, export)
    assert file in browser.get(page).text
    grants = RoleGrant.objects.filter(user=cast.unit_lead)
    given = list(grants)
    grants.update(unit=cast.units.retail)
    refused = browser.get(file)
    assert refused.status_code == 403
    assert "Take the list anew." in refused.text
    shown = browser.get(page).text
    assert "Take the list anew." in shown
    assert file not in shown
    for grant in given:
        grant.save()
    assert browser.get(file).status_code == 200


def written(browser: Client, path: str) -> tuple[str, str]:
    """Let a list be written by a worker; return the addresses of its page and of the file, which is handed over."""
    browser.get(path, {"export": "csv"})
    export = ListExport.objects.latest("requested_at")
    export_run(key=export.pk, clock=clock)
    page, file = (reverse(f"lists:{name}", args=[export.pk]) for name in ("export", "export-file"))
    assert browser.get(file).status_code == 200
    return page, file


def restricted(cast: Cast, **more: Any) -> Any:
    return audit_make(cast, title="Sensitive", confidentiality="restricted", owner=cast.ciso, **more)


def assert_kept_back(browser: Client, page: str, file: str) -> None:
    assert browser.get(file).status_code == 403
    shown = browser.get(page).text
    assert "Take the list anew." in shown
    assert file not in shown


@pytest.mark.parametrize("loss", ["participant", "restricted", "owner", "unit"])
def test_a_file_is_kept_back_once_its_reader_lost_sight_of_one_record_in_it(
    cast: Cast, sign_in: SignIn, loss: str
) -> None:
    for number in range(3):
        audit_make(cast, title=f"Plain {number}")
    person, browser = cast.unit_lead, sign_in(cast.unit_lead)
    lost = (
        restricted(cast, auditees=[person])
        if loss == "participant"
        else audit_make(cast, unit=cast.units.retail, owner=person)
        if loss == "owner"
        else audit_make(cast, unit=cast.units.payments)
    )
    page, file = written(browser, "/audits/")
    match loss:
        case "participant":
            Participant.objects.filter(record=lost, user=person).delete()
        case "restricted":
            Record.objects.filter(pk=lost.pk).update(confidentiality="restricted")
        case "owner":
            Record.objects.filter(pk=lost.pk).update(owner=cast.ciso)
        case "unit":
            Record.objects.filter(pk=lost.pk).update(unit=cast.units.retail)
    assert_kept_back(browser, page, file)


def test_a_file_is_kept_back_for_what_its_cells_name_of_other_records(cast: Cast, sign_in: SignIn) -> None:
    source = restricted(cast, auditees=[cast.unit_lead])
    for _number in range(2):
        action_create(
            source=source,
            title="Mine to do",
            owner=cast.unit_lead,
            due_on=NOW.date(),
            actor=cast.ciso,
            now=NOW,
        )
    browser = sign_in(cast.unit_lead)
    page, file = written(browser, "/actions/")
    assert source.reference in browser.get(file).getvalue().decode()
    Participant.objects.filter(record=source, user=cast.unit_lead).delete()
    assert_kept_back(browser, page, file)


def test_the_trail_as_a_file_is_kept_back_once_a_record_in_it_is_restricted(
    cast: Cast, audits: None, sign_in: SignIn
) -> None:
    browser = sign_in(cast.administrator)
    audit = audit_make(cast, title="Not yet restricted")
    page, file = written(browser, "/trail/")
    Record.objects.filter(pk=audit.pk).update(confidentiality="restricted", owner=cast.ciso)
    assert_kept_back(browser, page, file)


def test_other_changes_of_what_is_in_a_file_keep_nothing_back(cast: Cast, sign_in: SignIn) -> None:
    audits = [audit_make(cast, title=f"Plain {number}", unit=cast.units.payments) for number in range(3)]
    browser = sign_in(cast.unit_lead)
    _page, file = written(browser, "/audits/")
    Record.objects.filter(pk=audits[0].pk).update(title="Another", unit=cast.units.cards, owner=cast.auditor)
    apply_transition(record=audits[1], name="cancel", actor=cast.ciso, now=NOW, comment="No need")
    restricted(cast)
    assert browser.get(file).status_code == 200


def test_nobody_else_finds_it(cast: Cast, audits: None, sign_in: SignIn) -> None:
    export = ask(sign_in(cast.analyst))
    export_run(key=export.pk, clock=clock)
    stranger = sign_in(cast.ciso)
    for name in ("export", "export-file"):
        assert stranger.get(reverse(f"lists:{name}", args=[export.pk])).status_code == 404
    assert stranger.post(reverse("lists:export-stop", args=[export.pk])).status_code == 404
    assert export.file_name not in stranger.get(reverse("lists:export-list")).text
    assert export.file_name in sign_in(cast.analyst).get(reverse("lists:export-list")).text


def test_what_is_not_ready_is_not_taken(cast: Cast, audits: None, sign_in: SignIn) -> None:
    browser = sign_in(cast.analyst)
    export = ask(browser)
    assert browser.get(reverse("lists:export-file", args=[export.pk])).status_code == 404


def test_it_stops_when_it_is_told(
    cast: Cast, audits: None, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in(cast.analyst)
    export = ask(browser)
    monkeypatch.setattr(service, "STEP_ROWS", 1)
    seen: list[Any] = []

    def stopping_clock() -> datetime:
        if seen:
            browser.post(reverse("lists:export-stop", args=[export.pk]))
        seen.append(NOW)
        return NOW

    export_run(key=export.pk, clock=stopping_clock)
    export.refresh_from_db()
    assert export.state == ExportState.STOPPED
    assert export.rows_written < 3
    assert not ListExportPart.objects.exists()
    assert "Nothing is kept of it." in browser.get(reverse("lists:export", args=[export.pk])).text
    export_stop(export=export, now=NOW)
    export_run(key=export.pk, clock=clock)
    export.refresh_from_db()
    assert export.state == ExportState.STOPPED


def test_an_error_is_told_and_leaves_nothing(
    cast: Cast, audits: None, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in(cast.analyst)
    export = ask(browser)

    def breaks(*args: Any) -> Iterator[Any]:
        yield from ()
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(service, "_counting", breaks)
    export_run(key=export.pk, clock=clock)
    export.refresh_from_db()
    assert export.state == ExportState.FAILED
    assert "could not be written" in browser.get(reverse("lists:export", args=[export.pk])).text


def test_what_a_dead_worker_left_is_begun_anew_and_given_up_in_the_end(
    cast: Cast, audits: None, sign_in: SignIn
) -> None:
    export = ask(sign_in(cast.analyst))
    running = ListExport.objects.filter(pk=export.pk)
    running.update(state=ExportState.RUNNING, attempt=1, touched_at=NOW - timedelta(minutes=4))
    export_run(key=export.pk, clock=clock)
    assert running.get().state == ExportState.RUNNING, "its worker may be alive"
    running.update(touched_at=NOW - timedelta(minutes=6))
    assert exports_tidy(clock=clock) == [export.pk]
    export_run(key=export.pk, clock=clock)
    assert (running.get().state, running.get().attempt) == (ExportState.DONE, 2)
    running.update(state=ExportState.RUNNING, attempt=3, touched_at=NOW - timedelta(minutes=6))
    assert exports_tidy(clock=clock) == []
    assert running.get().state == ExportState.FAILED


def test_beat_picks_up_what_the_broker_lost_and_drops_what_is_old(
    cast: Cast, audits: None, sign_in: SignIn
) -> None:
    lost, old = ask(sign_in(cast.analyst)), ask(sign_in(cast.ciso))
    ListExport.objects.filter(pk=lost.pk).update(touched_at=lost.touched_at - timedelta(minutes=2))
    ListExport.objects.filter(pk=old.pk).update(requested_at=old.requested_at - timedelta(days=2))
    tidy_exports()
    assert ListExport.objects.get().pk == lost.pk
    assert ListExport.objects.get().state == ExportState.DONE
    assert settings.CELERY_BEAT_SCHEDULE["lists-tidy-exports"]["task"] == tidy_exports.name


def test_one_person_has_few_on_the_way(cast: Cast, audits: None, sign_in: SignIn) -> None:
    browser = sign_in(cast.analyst)
    for _number in range(service.MOST_OPEN):
        ask(browser)
    response = browser.get("/audits/?export=csv", follow=True)
    assert "Wait for one of them, or stop it." in response.text
    assert ListExport.objects.count() == service.MOST_OPEN


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_workers_write_it_once(committed_cast: Cast, sign_in: SignIn) -> None:
    for number in range(2):
        audit_make(committed_cast, title=f"Audit {number}")
    export = ask(sign_in(committed_cast.analyst))
    together(*(lambda: export_run(key=export.pk, clock=clock) for _ in range(2)))
    export.refresh_from_db()
    assert (export.state, export.attempt) == (ExportState.DONE, 1)
    with transaction.atomic():
        assert [part.number for part in export.parts.order_by("number")] == [0]
