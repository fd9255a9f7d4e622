"""The virus scanner: asked on a real socket."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audits.models import Audit
from audits.tests.factories import audit_make
from foundation.files.choices import Scan
from foundation.files.inspection import FileRefused
from foundation.files.models import File, FileVersion
from foundation.files.tests.contents import file_make
from foundation.files.tests.servers import CUT_SHORT, UNJUDGED, VIRUS, scanner_running
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return audit_make(cast)


def test_what_the_scanner_finds_clean_comes_in_and_says_so(
    cast: Cast, audit: Audit, settings: Any, sign_in: Callable[..., Client]
) -> None:
    with scanner_running() as settings.CLAMD_URL:
        file = file_make(audit, cast.analyst, content=b"x" * 3_000_000)
    assert file.versions.get().scan == Scan.CLEAN
    assert "Scanned for viruses" in sign_in(cast.auditor).get(file.get_absolute_url()).text
    settings.CLAMD_URL = ""
    assert file_make(audit, cast.analyst, content=b"y").versions.get().scan == Scan.NONE


def test_a_scanner_on_a_socket_is_asked_as_well(
    cast: Cast, audit: Audit, settings: Any, tmp_path: Path
) -> None:
    with scanner_running(str(tmp_path / "clamd.ctl")) as settings.CLAMD_URL:
        assert file_make(audit, cast.analyst).versions.get().scan == Scan.CLEAN
        with pytest.raises(FileRefused, match="Test.Virus-1"):
            file_make(audit, cast.analyst, content=VIRUS)


def test_what_the_scanner_knows_stays_out_and_is_written_down(
    cast: Cast, audit: Audit, settings: Any, sign_in: Callable[..., Client]
) -> None:
    browser = sign_in(cast.analyst)
    with scanner_running() as settings.CLAMD_URL:
        sent = {"uploads": SimpleUploadedFile("notes.txt", b"x" * 1_100_000 + VIRUS)}
        answer = browser.post(reverse("files:file-add", args=[audit.reference]), sent)
    assert "A virus was found in it (Test.Virus-1)." in browser.get(answer.headers["Location"]).text
    assert not File.objects.exists()
    assert Entry.objects.get(action="files.upload.refused").after == {"file": "notes.txt"}


def test_nothing_comes_in_while_the_scanner_is_away(cast: Cast, audit: Audit, settings: Any) -> None:
    with scanner_running() as settings.CLAMD_URL:
        pass  # the port is closed again
    with pytest.raises(FileRefused, match="could not be checked for viruses"):
        file_make(audit, cast.analyst)
    assert not FileVersion.objects.exists()


@pytest.mark.parametrize(
    "content", [UNJUDGED, CUT_SHORT + b" " * 3_000_000], ids=["at the end", "on the way"]
)
def test_above_the_scanner_s_limit_it_is_said_so(
    cast: Cast, audit: Audit, settings: Any, tmp_path: Path, content: bytes
) -> None:
    raises = pytest.raises(FileRefused, match="larger than the virus scanner takes")
    with scanner_running(str(tmp_path / "clamd.ctl")) as settings.CLAMD_URL, raises:
        file_make(audit, cast.analyst, content=content)
    assert not FileVersion.objects.exists()
