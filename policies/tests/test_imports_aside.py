"""Large sets of documents: read and imported by a worker, which tells how far it is and what it can not do."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from foundation.accounts.models import User
from foundation.files.tests.contents import archive, docx_parts
from foundation.records.imports import aside
from foundation.records.models import ImportFile
from foundation.records.tasks import run_import, run_imports
from foundation.testing.cast import Cast
from policies.imports import DOCUMENT_IMPORT, services
from policies.imports.preview import DocumentReading, DocumentRow
from policies.models import Document
from policies.tests.packages import (
    KEYS,
    long_package,
    package,
)
from policies.tests.test_imports import manifest, sent_to

pytestmark = pytest.mark.django_db
POLL = {"HX-Request": "true", "HX-Target": "import-state"}


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the keys that a worker is told of; it is called by hand."""
    keys: list[str] = []
    monkeypatch.setattr(aside, "task_wake", lambda name, key: keys.append(key))
    return keys


def asked_of_worker(
    client: Client, content: bytes, commit: Callable[..., AbstractContextManager[Any]]
) -> str:
    """Bring a package, let a worker read it, confirm it, and return the address of its page."""
    preview = sent_to(client, SimpleUploadedFile("p.zip", content))
    run_imports()
    for _twice in range(2):
        with commit(execute=True):
            assert client.post(f"{preview}confirm/").headers["Location"] == preview
    return preview


def test_a_long_package_is_imported_by_a_worker_that_tells_how_far_it_is(
    client: Client,
    cast: Cast,
    woken: list[str],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]],
) -> None:
    client.force_login(cast.analyst)
    preview = asked_of_worker(client, long_package(), django_capture_on_commit_callbacks)
    assert len(woken) == 1, "confirmed twice, woken once"
    assert not Document.objects.exists()
    assert "The file is being read." in client.get(preview).content.decode()
    pages: list[str] = []
    begin = services._begin

    def looked_at(row: DocumentRow, actor: User, now: datetime) -> Document:
        if row.number == 30:
            pages.append(client.get(preview, headers=POLL).content.decode())
        return begin(row, actor, now)

    monkeypatch.setattr(services, "_begin", looked_at)
    run_import(woken[0])
    assert "29 of 41 rows" in pages[0]
    assert 'hx-trigger="every 1s"' in pages[0]
    assert client.get(preview, headers=POLL).headers["HX-Refresh"] == "true"
    page = client.get(preview).content.decode()
    assert "Imported: 41 new" in page
    run_imports()
    run_import(woken[0])
    assert Document.objects.count() == 41


def test_a_long_package_is_read_by_a_worker_and_what_it_would_do_is_kept(
    client: Client,
    cast: Cast,
    woken: list[str],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]],
) -> None:
    client.force_login(cast.analyst)
    client.post("/policies/import/", {"file": SimpleUploadedFile("p.zip", package())})
    rows = [f"{number}.md,Rule {number},Policy,HVB,,2024-05-02,3.2,Board" for number in range(41)]
    table = "\n".join(("file,title,kind,unit,owner,effective date,version,approved by", *rows))
    files = {f"{number}.md": "Rule." if number != 7 else "" for number in range(41)}
    reads: list[int] = []
    read = DOCUMENT_IMPORT.preview

    def counted(**values: Any) -> Any:
        reads.append(1)
        return read(**values)

    monkeypatch.setattr(DOCUMENT_IMPORT, "preview", counted)
    with django_capture_on_commit_callbacks(execute=True):
        preview = sent_to(client, SimpleUploadedFile("long.zip", package(table, files)))
    assert len(woken) == 1
    page = client.get(preview).content.decode()
    assert "Being read" in page
    assert 'hx-trigger="every 1s"' in page
    assert "No worker has begun it" not in page
    assert client.get(preview, headers=POLL).status_code == 200
    assert "long.zip" in (brought := client.get("/policies/import/").content.decode())
    assert "Being read" in brought
    assert "p.zip" not in brought.replace("long.zip", ""), "what is short is read at once"
    assert client.post(f"{preview}confirm/").headers["Location"] == preview
    assert ImportFile.objects.get(file_name="long.zip").confirmed_at is None, "nothing is imported unseen"
    assert not reads, "no request reads it"

    pages: list[str] = []
    read_file = DocumentReading._read_file

    def looked_at(reading: DocumentReading, row: DocumentRow) -> None:
        if row.number == 30:
            pages.append(client.get(preview, headers=POLL).content.decode())
        read_file(reading, row)

    monkeypatch.setattr(DocumentReading, "_read_file", looked_at)
    run_import(woken[0])
    assert "28 of 41 rows" in pages[0]
    assert client.get(preview, headers=POLL).headers["HX-Refresh"] == "true"
    run_imports()
    run_import(woken[0])
    assert len(reads) == 1, "read once, by a worker"
    page = client.get(preview).content.decode()
    assert "Rule 3" in page
    assert "in force from 2024-05-02" in page
    assert "approved by Board" in page
    assert cast.analyst.full_name in page
    assert "It is empty." in page
    assert "1 row can&#x27;t be imported" in page
    assert "Import 4" not in page
    assert "Read" in client.get("/policies/import/").content.decode()
    assert len(reads) == 1
    assert not Document.objects.exists()


def test_what_no_worker_can_read_is_told_where_another_can_be_brought(
    client: Client, cast: Cast, woken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(cast.analyst)
    names = {f"{number}.md": "Rule." for number in range(41)}
    preview = sent_to(client, SimpleUploadedFile("p.zip", package(manifest("0.md,Rule,Policy,HVB"), names)))
    run_imports()
    page = client.get(preview, follow=True)
    assert page.redirect_chain[0][0] == "/policies/import/"
    assert "The manifest does not name" in page.content.decode()
    assert client.post(f"{preview}confirm/").headers["Location"] == "/policies/import/"

    preview = sent_to(client, SimpleUploadedFile("p.zip", long_package()))

    def break_(**_values: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(DOCUMENT_IMPORT, "preview", break_)
    run_imports()
    assert "The file could not be read." in client.get(preview, follow=True).content.decode()


def test_what_ends_its_reader_each_time_is_given_up(
    client: Client, cast: Cast, woken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(cast.analyst)
    preview = sent_to(client, SimpleUploadedFile("p.zip", long_package()))

    def die(**_values: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(DOCUMENT_IMPORT, "preview", die)
        for _each in range(3):
            with pytest.raises(SystemExit):
                run_imports()
        run_imports()
    assert "The file could not be read." in client.get(preview, follow=True).content.decode()


def test_what_stands_against_a_long_package_is_told_beside_its_row(
    client: Client,
    cast: Cast,
    woken: list[str],
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]],
) -> None:
    broken = archive({**docx_parts(), "word/document.xml": "<w:document"})
    names = [f"{number}.docx" for number in range(5)]
    rows = [f"{name},Rule {name},Policy,HVB" for name in names]
    files = {name: KEYS if name != "3.docx" else broken for name in names}
    client.force_login(cast.analyst)
    preview = asked_of_worker(client, package(manifest(*rows), files), django_capture_on_commit_callbacks)
    run_imports()
    page = client.get(preview).content.decode()
    assert not Document.objects.exists()
    assert "1 row can&#x27;t be imported" in page
    assert "Import 5 documents" not in page
    run_imports()
    assert ImportFile.objects.get().attempts == 1, "nobody asked for it again"


def test_what_ends_its_worker_each_time_is_given_up(
    client: Client,
    cast: Cast,
    woken: list[str],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]],
) -> None:
    client.force_login(cast.analyst)
    preview = asked_of_worker(client, long_package(), django_capture_on_commit_callbacks)

    def die(**_arguments: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(DOCUMENT_IMPORT, "run_file", die)
        for _each in range(3):
            with pytest.raises(SystemExit):
                run_imports()
        run_imports()
    page = client.get(preview).content.decode()
    assert "The import failed, and nothing was written." in page
    assert "Import 41 documents" in page, "one may try again"
