"""Where contents lie: in a bucket as in a folder, and nothing stays that no version speaks of."""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audits.models import Audit
from audits.tests.factories import audit_make
from foundation.files.inspection import FileRefused
from foundation.files.models import File
from foundation.files.orphans import orphans_drop
from foundation.files.storage import content_drop, content_store, files_storage, path_of
from foundation.files.tasks import drop_orphans
from foundation.files.tests import contents
from foundation.files.tests.contents import file_make
from foundation.files.tests.servers import bucket_running
from foundation.operations.choices import State
from foundation.operations.file_findings import storage_finding
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return audit_make(cast)


@dataclass
class Held:
    """What a bucket holds, and what of it fails."""

    objects: dict[str, Any]
    failing: set[str]


@pytest.fixture
def bucket(settings: Any) -> Iterator[Held]:
    """Keep files in a bucket."""
    with bucket_running() as (endpoint, held, failing):
        options = {
            "bucket_name": "evidence",
            "endpoint_url": endpoint,
            "access_key": "key",
            "secret_key": "secret",
            "region_name": "eu-north-1",
            "client_config": Config(retries={"total_max_attempts": 1}),
        }
        backend = {"BACKEND": "foundation.files.s3.BucketStorage", "OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "files": backend}
        yield Held(held, failing)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """Keep files in an empty folder."""
    entry = settings.STORAGES["files"]
    options = {**entry["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**settings.STORAGES, "files": {**entry, "OPTIONS": options}}
    return tmp_path


def test_a_bucket_serves_as_a_folder_does(cast: Cast, audit: Audit, bucket: Held, sign_in: SignIn) -> None:
    report = contents.pdf(2)
    version = file_make(audit, cast.analyst, "report.pdf", report).versions.get()
    assert bucket.objects[path_of(version.storage_key)][0] == report
    browser = sign_in(cast.auditor)
    got = browser.get(version.get_absolute_url())
    assert b"".join(got) == report
    assert got.headers["Content-Disposition"] == 'attachment; filename="report.pdf"'
    picture = reverse("files:file-picture", args=[version.file.key, 1, 2])
    assert browser.get(picture).status_code == 200
    assert f"{path_of(version.storage_key)}.page2" in bucket.objects
    content_drop(version.storage_key)
    gone = browser.get(version.get_absolute_url())
    assert gone.status_code == 503
    assert "Its content is missing in the storage" in gone.text


@pytest.mark.parametrize("trouble", ["cut", "GET", "HEAD"])
def test_a_bucket_that_fails_while_a_file_is_read_is_told_and_nothing_halves(
    cast: Cast, bucket: Held, sign_in: SignIn, trouble: str
) -> None:
    audit = audit_make(cast, confidentiality=Confidentiality.RESTRICTED)
    version = file_make(audit, cast.analyst, "report.pdf", contents.pdf(2)).versions.get()
    browser = sign_in(cast.analyst)
    bucket.failing.add(trouble)
    for url in (version.get_absolute_url(), reverse("files:file-picture", args=[version.file.key, 1, 1])):
        answer = browser.get(url)
        assert answer.status_code == 503
        assert "The storage of files does not answer" in answer.text
        assert "Content-Disposition" not in answer.headers
    assert not Entry.objects.filter(action__in=["files.file.downloaded", "files.file.viewed"]).exists()
    bucket.failing.clear()
    assert b"".join(browser.get(version.get_absolute_url())) == contents.pdf(2)


def test_a_bucket_that_refuses_a_file_leaves_nothing_half_done(
    cast: Cast, audit: Audit, bucket: Held, sign_in: SignIn
) -> None:
    bucket.failing |= {"PUT", "DELETE"}
    browser = sign_in(cast.analyst)
    url = reverse("files:file-add", args=[audit.reference])
    sent = {"uploads": SimpleUploadedFile("notes.txt", b"Seen")}
    answer = browser.post(url, sent, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert "could not store it just now" in answer.json()["refused"][0]["reason"]
    assert not File.objects.exists()
    assert not bucket.objects
    assert not Entry.objects.filter(action="files.file.added").exists()


def test_a_picture_that_cannot_be_kept_is_shown_all_the_same(
    cast: Cast, audit: Audit, bucket: Held, sign_in: SignIn
) -> None:
    version = file_make(audit, cast.analyst, "photo.png", contents.picture()).versions.get()
    bucket.failing.add("PUT")
    picture = reverse("files:file-picture", args=[version.file.key, 1, 1])
    assert sign_in(cast.analyst).get(picture).status_code == 200
    assert set(bucket.objects) == {path_of(version.storage_key)}


def test_doctor_writes_reads_and_removes_a_probe(bucket: Held) -> None:
    found = storage_finding(thorough=True)
    assert (found.state, found.text) == (
        State.OK,
        "the bucket evidence; one could be written, read and removed",
    )
    assert not bucket.objects
    for method in ("PUT", "GET", "DELETE"):
        bucket.failing |= {method}
        found = storage_finding(thorough=True)
        assert found.state == State.BAD
        assert found.text.startswith("the bucket evidence: ")
        assert "FILES_S3_BUCKET" in found.hint
        bucket.failing.clear()
    bucket.failing.add("PUT")
    assert storage_finding(thorough=False).state == State.OK  # the health page calls no server


def test_doctor_tries_the_folder_as_well(folder: Path) -> None:
    assert storage_finding(thorough=True).state == State.OK
    assert not [path for path in folder.rglob("*") if path.is_file()]
    shutil.rmtree(folder)
    folder.write_text("A file where the folder was")
    found = storage_finding(thorough=True)
    assert (found.state, "FILES_ROOT" in found.hint) == (State.BAD, True)


def test_a_bucket_that_is_away_is_told(cast: Cast, audit: Audit, bucket: Held, settings: Any) -> None:
    options = {**settings.STORAGES["files"]["OPTIONS"], "endpoint_url": "http://127.0.0.1:9"}
    settings.STORAGES = {**settings.STORAGES, "files": {**settings.STORAGES["files"], "OPTIONS": options}}
    with pytest.raises(FileRefused, match="could not store it"):
        file_make(audit, cast.analyst)
    assert not File.objects.exists()


def test_orphans_go_after_a_day(cast: Cast, audit: Audit, folder: Path, sign_in: SignIn) -> None:
    kept = file_make(audit, cast.analyst, "photo.png", contents.picture()).versions.get()
    sign_in(cast.analyst).get(reverse("files:file-picture", args=[kept.file.key, 1, 1]))
    content_store(io.BytesIO(b"left behind"), "a" * 32)
    content_store(io.BytesIO(b"left behind"), "b" * 32)
    content_store(io.BytesIO(b"under way"), "c" * 32)
    now = datetime.now(UTC)
    old = (now - timedelta(days=2)).timestamp()
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "c" * 32:
            os.utime(path, (old, old))
    assert orphans_drop(now=now) == 2
    left = {path.name for path in folder.rglob("*") if path.is_file()}
    assert left == {kept.storage_key, f"{kept.storage_key}.page1", "c" * 32}
    assert drop_orphans() == 0


def test_orphans_of_a_bucket_go_as_well(cast: Cast, audit: Audit, bucket: Held) -> None:
    kept = file_make(audit, cast.analyst).versions.get()
    content_store(io.BytesIO(b"left behind"), "a" * 32)
    assert orphans_drop(now=datetime(2030, 1, 1, tzinfo=UTC)) == 1
    assert set(bucket.objects) == {path_of(kept.storage_key)}


def test_a_folder_that_is_not_there_yet_has_no_orphans(folder: Path) -> None:
    folder.rmdir()
    assert orphans_drop(now=datetime(2030, 1, 1, tzinfo=UTC)) == 0


def test_contents_are_readable_by_their_owner_alone(cast: Cast, audit: Audit, folder: Path) -> None:
    version = file_make(audit, cast.analyst).versions.get()
    path = Path(files_storage().path(path_of(version.storage_key)))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
