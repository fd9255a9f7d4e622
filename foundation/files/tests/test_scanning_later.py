"""Files that came in before there was a scanner."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from audits.models import Audit
from audits.tests.factories import NOW, audit_make
from foundation import clock
from foundation.accounts.models import User
from foundation.files.choices import VIRUS_FOUND, Scan
from foundation.files.models import File, FileVersion
from foundation.files.scanning import AGAIN_AFTER, SCANNING_LOCK, files_scan
from foundation.files.storage import content_drop
from foundation.files.tasks import scan
from foundation.files.tests.contents import file_make, picture
from foundation.files.tests.servers import UNJUDGED, VIRUS, scanner_running
from foundation.notifications.models import Notice
from foundation.operations.choices import State
from foundation.operations.file_findings import scanner_findings
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.races import elsewhere
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
LATER = NOW + timedelta(days=30)


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return audit_make(cast)


def infected(audit: Audit, cast: Cast, by: User | None = None) -> File:
    return file_make(audit, by or cast.auditor, "kept.txt", b"Something with " + VIRUS)


def states() -> dict[str, str]:
    return dict(FileVersion.objects.values_list("name", "scan"))


def test_what_came_in_unscanned_is_scanned_once_there_is_a_scanner(
    cast: Cast, audit: Audit, settings: Any, sign_in: SignIn
) -> None:
    clean = file_make(audit, cast.analyst, "clean.txt")
    bad = infected(audit, cast)
    assert scan() == 0  # no scanner yet
    browser = sign_in(cast.auditor)
    assert "Not scanned for viruses" in browser.get(bad.get_absolute_url()).text
    assert browser.get(bad.versions.get().get_absolute_url()).status_code == 200
    with scanner_running() as settings.CLAMD_URL:
        run = files_scan(now=LATER)
        assert (run.scanned, run.found, run.failed, run.away) == (2, 1, 0, "")
        assert files_scan(now=LATER).scanned == 0
    assert states() == {"clean.txt": Scan.CLEAN, "kept.txt": Scan.FOUND}
    assert clean.versions.get().scanned_at == LATER
    assert "Scanned for viruses, none found" in browser.get(clean.get_absolute_url()).text
    page = browser.get(bad.get_absolute_url()).text
    assert "A virus was found in it (Test.Virus-1), so nobody can open it." in page
    assert "/download/" not in page
    tab = browser.get(f"/audits/{audit.reference}/files/").text
    assert "A virus was found: Test.Virus-1" in tab
    assert tab.count("/download/") == 1


def test_nobody_opens_a_version_in_which_a_virus_was_found(
    cast: Cast, audit: Audit, settings: Any, sign_in: SignIn
) -> None:
    file = file_make(audit, cast.analyst, "photo.png", picture())
    version = file.versions.get()
    FileVersion.objects.filter(pk=version.pk).update(scan=Scan.FOUND, virus="Test.Virus-2")
    for person in (cast.ciso, cast.analyst, cast.auditor):
        browser = sign_in(person)
        for url in (version.get_absolute_url(), reverse("files:file-picture", args=[file.key, 1, 1])):
            refused = browser.get(url)
            assert refused.status_code == 403
            assert "Test.Virus-2" in refused.text
        assert "/page/1/" not in browser.get(file.get_absolute_url()).text


def test_who_must_know_of_a_virus_is_told_and_it_is_written_down(cast: Cast, settings: Any) -> None:
    audit = audit_make(cast, confidentiality=Confidentiality.RESTRICTED)
    bad = infected(audit, cast, by=cast.unit_lead)  # who may not know of the record by now
    with scanner_running() as settings.CLAMD_URL:
        files_scan(now=LATER)
    entry = Entry.objects.get(action="files.file.virus_found")
    assert (entry.comment, entry.after["file"]) == ("Test.Virus-1", "kept.txt")
    told = Notice.objects.filter(kind=VIRUS_FOUND)
    assert {notice.recipient for notice in told} == {cast.ciso, cast.analyst}
    payload = told[0].payload
    assert payload["path"] == bad.get_absolute_url()
    assert "kept.txt" not in str(payload)


def test_a_scanner_that_goes_away_ends_the_run_and_nothing_counts_as_scanned(
    cast: Cast, audit: Audit, settings: Any
) -> None:
    file_make(audit, cast.analyst)
    with scanner_running() as settings.CLAMD_URL:
        pass
    run = files_scan(now=clock.now())
    assert run.away
    assert (run.scanned, run.failed) == (0, 0)
    assert states() == {"notes.txt": Scan.NONE}
    with pytest.raises(CommandError, match="does not answer"):
        call_command("scan_files", stdout=StringIO())


def test_what_cannot_be_judged_holds_nothing_up(cast: Cast, audit: Audit, settings: Any) -> None:
    file_make(audit, cast.analyst, "a.txt", UNJUDGED)
    gone = file_make(audit, cast.analyst, "b.txt", b"Gone").versions.get()
    file_make(audit, cast.analyst, "c.txt", b"Fine")
    file_make(audit, cast.analyst, "d.txt", b"Fine as well")
    content_drop(gone.storage_key)
    with scanner_running() as settings.CLAMD_URL:
        run = files_scan(now=LATER, most=3)
        assert (run.scanned, run.failed) == (1, 2), "what cannot be judged counts as tried"
        assert states() == {"a.txt": "none", "b.txt": "none", "c.txt": "clean", "d.txt": "none"}
        run = files_scan(now=LATER + timedelta(minutes=5), most=1)
        assert (run.scanned, run.failed) == (1, 0), "what was never tried comes first"
        assert states()["d.txt"] == Scan.CLEAN


def test_what_cannot_be_judged_is_not_tried_again_at_once(cast: Cast, audit: Audit, settings: Any) -> None:
    file_make(audit, cast.analyst, "a.txt", UNJUDGED)
    with scanner_running() as settings.CLAMD_URL:
        tried = [
            files_scan(now=LATER + after, again_after=AGAIN_AFTER).tried
            for after in (timedelta(0), timedelta(minutes=5), AGAIN_AFTER, AGAIN_AFTER + timedelta(seconds=1))
        ]
        assert tried == [1, 0, 0, 1]
        assert files_scan(now=LATER + timedelta(days=1)).tried == 1, "the command tries all"


@pytest.mark.django_db(transaction=True)
def test_one_run_at_a_time(settings: Any) -> None:
    with scanner_running() as settings.CLAMD_URL:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [SCANNING_LOCK])
        assert elsewhere(lambda: files_scan(now=LATER)).result(15).is_busy
        raises = pytest.raises(CommandError, match="being scanned already")
        with raises:
            elsewhere(lambda: call_command("scan_files", stdout=StringIO())).result(15)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [SCANNING_LOCK])
        for _again in range(2):
            assert not elsewhere(lambda: files_scan(now=LATER)).result(15).is_busy, "the turn was given back"


def test_the_command_says_what_came_of_it(cast: Cast, audit: Audit, settings: Any) -> None:
    with pytest.raises(CommandError, match="set CLAMD_URL"):
        call_command("scan_files")
    file_make(audit, cast.analyst)
    out = StringIO()
    with scanner_running() as settings.CLAMD_URL:
        call_command("scan_files", stdout=out)
    assert out.getvalue() == "1 version of a file scanned\n"
    settings.CLAMD_URL = ""
    infected(audit, cast)
    raises = pytest.raises(CommandError, match=r"A virus was found in 1\.")
    with scanner_running() as settings.CLAMD_URL, raises:
        call_command("scan_files", stdout=out)


def test_doctor_tells_what_is_unscanned_and_what_is_harmful(cast: Cast, audit: Audit, settings: Any) -> None:
    def told() -> list[tuple[State, str]]:
        return [(finding.state, finding.text) for finding in scanner_findings(thorough=True)]

    bad = infected(audit, cast)
    assert told() == [(State.WARNING, "none; 1 file kept unscanned")]
    with scanner_running() as settings.CLAMD_URL:
        assert told() == [(State.WARNING, "1 file still to be scanned")]
        files_scan(now=LATER)
        assert told() == [(State.OK, "all files are scanned"), (State.BAD, "1 file with a virus")]
        File.objects.filter(pk=bad.pk).update(
            withdrawn_by=cast.ciso, withdrawn_at=LATER, withdrawal_reason="Harmful"
        )
        assert told() == [(State.OK, "all files are scanned")]
    assert told()[0][0] == State.BAD
