"""A set of documents that there is: seen first, then imported whole or not at all, as drafts; and packages that mean no good."""

import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from foundation.accounts.models import User
from foundation.files.tests.contents import archive, docx_parts
from foundation.records.imports import aside
from foundation.records.imports.preview import RowAction, RowsRefused
from foundation.records.imports.tables import TableRefused
from foundation.records.models import ImportFile
from foundation.records.tasks import run_import, run_imports
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry
from policies.imports import DOCUMENT_IMPORT, services
from policies.imports.preview import DocumentReading, DocumentRow
from policies.models import Document, DocumentVersion
from policies.selectors import coming_of
from policies.tests.factories import NOW, decide, step
from policies.tests.packages import (
    DOORS,
    KEYS,
    MANIFEST,
    bomb,
    locked,
    long_package,
    package,
    with_broken_name,
    with_link,
    with_name,
    with_unsaid_utf8,
)

pytestmark = pytest.mark.django_db
POLL = {"HX-Request": "true", "HX-Target": "import-state"}


def imported(cast: Cast, content: bytes) -> tuple[str, ...]:
    return DOCUMENT_IMPORT.run(content=content, file_name="p.zip", actor=cast.analyst, now=NOW).created


def problems_of(cast: Cast, content: bytes) -> list[tuple[int, str, str]]:
    preview = DOCUMENT_IMPORT.preview(content=content, actor=cast.analyst, now=NOW)
    return [(one.row, one.column, one.message) for one in preview.problems]


def sent_to(client: Client, file: SimpleUploadedFile) -> str:
    """Bring a file, and return the address of its preview."""
    return client.post("/policies/import/", {"file": file}).headers["Location"]


def manifest(*rows: str) -> str:
    return "\n".join(("file,title,kind,unit", *rows))


def test_documents_come_as_drafts_with_their_past_in_words(cast: Cast) -> None:
    assert imported(cast, package()) == ("DOC-0001", "DOC-0002")
    doors, keys = Document.objects.order_by("pk")
    draft = coming_of(doors)
    assert (doors.state, doors.type, doors.cadence_months) == ("draft", "policy", 6)
    assert (draft.body, draft.label, draft.effective_on) == (DOORS.replace("\r\n", "\n"), "1.0", None)
    assert (draft.audience, draft.audience_roles) == ([cast.units.payments.pk], ["executive"])
    for words in ("3.2", "Board of directors", "2024-04-20", "2024-05-02"):
        assert words in draft.summary
    assert keys.owner == cast.analyst
    assert coming_of(keys).file.name == "keys.docx"
    assert "All doors and windows." in coming_of(keys).body
    assert Entry.objects.get(action="policies.import.done").after["rows"] == 2


def test_what_was_imported_is_ready_to_be_approved(cast: Cast) -> None:
    imported(cast, package())
    document = step(Document.objects.get(title="Door policy"), "submit", cast.analyst)
    assert decide(document, cast.ciso).current.label == "1.0"


def test_a_name_that_does_not_say_that_it_is_utf8_is_found(cast: Cast) -> None:
    assert imported(cast, with_unsaid_utf8()) == ("DOC-0001",)


def test_what_is_restricted_comes_so_and_does_not_come_twice(cast: Cast) -> None:
    rows = (
        "file,title,kind,unit,owner,classification",
        f"a.md,Door policy,Policy,HVB,{cast.ciso.email},Restricted",
        "b.md,Key policy,Policy,HVB,,",
    )
    content = package("\n".join(rows), {"a.md": "Doors", "b.md": "Keys"})
    assert len(imported(cast, content)) == 2
    doors, keys = Document.objects.order_by("pk")
    assert (doors.confidentiality, keys.confidentiality) == ("restricted", "internal")
    assert not Document.objects.visible_to(cast.analyst).filter(pk=doors.pk).exists()
    assert imported(cast, content) == ()
    wrong = package(
        "\n".join((*rows[:2], "b.md,Key policy,Policy,HVB,,Secrt")), {"a.md": "Doors", "b.md": "Keys"}
    )
    assert [(row, column) for row, column, _words in problems_of(cast, wrong)] == [(3, "Confidentiality")]


def test_a_day_to_come_is_that_of_the_draft(cast: Cast) -> None:
    imported(cast, package(MANIFEST.replace("2024-05-02", "2099-05-02")))
    assert coming_of(Document.objects.get(title="Door policy")).effective_on == date(2099, 5, 2)


def test_the_same_package_again_changes_nothing(cast: Cast) -> None:
    imported(cast, package())
    before = list(DocumentVersion.objects.order_by("pk").values())
    preview = DOCUMENT_IMPORT.preview(content=package(), actor=cast.analyst, now=NOW)
    assert {row.action for row in preview.rows} == {RowAction.UNCHANGED}
    assert imported(cast, package()) == ()
    assert list(DocumentVersion.objects.order_by("pk").values()) == before


def test_another_text_under_the_same_title_is_refused_with_where_it_belongs(cast: Cast) -> None:
    imported(cast, package())
    changed = package(**{"doors.md": "Other words."})
    assert [(row, column) for row, column, _words in problems_of(cast, changed)] == [(2, "Title")]
    with pytest.raises(RowsRefused):
        imported(cast, changed)


def test_a_macro_refuses_its_row_and_with_it_all(cast: Cast) -> None:
    parts = docx_parts(**{"word/vbaProject.bin": b"x"})
    content = package(**{"more/keys.docx": archive(parts)})
    ((row, column, message),) = problems_of(cast, content)
    assert (row, column) == (3, "File")
    assert "macro" in message.lower()
    with pytest.raises(RowsRefused):
        imported(cast, content)
    assert not Document.objects.exists()


def test_what_shows_only_while_it_is_read_refuses_all_too(cast: Cast) -> None:
    broken = archive({**docx_parts(), "word/document.xml": "<w:document"})
    with pytest.raises(RowsRefused) as refused:
        imported(cast, package(**{"more/keys.docx": broken}))
    assert [one.row for one in refused.value.preview.problems] == [3]
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"\xff\xfe\x00 no", "Line 1 of it is not in UTF-8"),
        (b"One\nt\xe9n", "Line 2 of it is not in UTF-8"),
        (b"One\n\x00", "Line 2 of it holds a null character"),
        (b"  \n", "It is empty"),
        (b"x" * 400_001, "and may have 400000"),
        (b"![a](door.png)", "It shows pictures (door.png)"),
    ],
)
def test_what_is_wrong_with_a_text_is_told_with_its_line(cast: Cast, text: bytes, said: str) -> None:
    content = package(manifest("a.md,Door policy,Policy,HVB"), {"a.md": text})
    ((row, column, message),) = problems_of(cast, content)
    assert (row, column) == (2, "File")
    assert said in message


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("b.md,Door policy,Policy,HVB", "File", "no such file"),
        ("a.md,,Policy,HVB", "Title", "must be filled in"),
        ("a.md,Door policy,Polcy,HVB", "Kind", "did you mean"),
        ("a.md,Door policy,Policy,XYZ", "Business unit", "no unit"),
    ],
)
def test_what_is_wrong_with_a_row_is_told(cast: Cast, row: str, column: str, said: str) -> None:
    found = problems_of(cast, package(manifest("a.md,First,Policy,HVB", row), {"a.md": "Words"}))
    assert any(number == 3 and where == column and said in words for number, where, words in found)


def test_who_may_not_write_there_is_told_so(cast: Cast) -> None:
    preview = DOCUMENT_IMPORT.preview(content=package(), actor=cast.auditor, now=NOW)
    assert len(preview.problems) == 2
    assert "You may not write documents" in preview.problems[0].message


def test_a_file_or_a_title_twice_is_refused(cast: Cast) -> None:
    content = package(
        manifest("a.md,One,Policy,HVB", "A.md,Two,Policy,HVB", "b.md,one,Policy,HVB"),
        {"a.md": "Words", "b.md": "Words"},
    )
    assert [(row, column) for row, column, _words in problems_of(cast, content)] == [
        (3, "File"),
        (4, "Title"),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"file,title\n", "no ZIP file"),
        (b"PK\x03\x04 and nothing", "damaged"),
        (bomb(), "zip bomb"),
        (locked(), "password"),
        (with_broken_name(), "damaged"),
        (package(**{"a\nb.md": "Words"}), "leads out"),
        (package(**{f"{'long/' * 100}b.md": "Words"}), "leads out"),
        (with_link(), "is a link"),
        (with_name("../doors.md"), "leads out"),
        (with_name("/etc/doors.md"), "leads out"),
        (with_name("a/..\\..\\doors.md"), "leads out"),
        (with_name("C:/doors.md"), "leads out"),
        (package(files={"doors.md": DOORS, "Doors.md": DOORS}), "there twice"),
        (package(**{"run.exe": b"MZ"}), "none of the files"),
        (package(**{"other.md": "Words"}), "does not name “policies/other.md”"),
        (package("file,titel\n"), "The manifest:"),
        (package(**{"sub/manifest.csv": MANIFEST}), "two manifests"),
        (package(manifest(*(f"{n}.md,T{n},Policy,HVB" for n in range(201))), {}), "more than 200 rows"),
    ],
)
def test_a_package_that_means_no_good_is_not_opened(cast: Cast, content: bytes, said: str) -> None:
    with pytest.raises(TableRefused, match=said.replace("(", r"\(")):
        imported(cast, content)
    assert not Document.objects.exists()


def test_what_systems_put_in_is_passed_over(cast: Cast) -> None:
    litter = {"__MACOSX/._doors.md": b"x", ".DS_Store": b"x", "more/Thumbs.db": b"x"}
    assert len(imported(cast, package(**litter))) == 2


def test_the_pages_show_first_and_import_then(client: Client, cast: Cast) -> None:
    client.force_login(cast.analyst)
    assert b"manifest.csv" in client.get("/policies/import/").content
    sent = SimpleUploadedFile("policies.zip", package())
    preview = sent_to(client, sent)
    client.get(preview)
    with assert_queries("policies:import-preview"):
        page = client.get(preview).content.decode()
    assert "Board of directors" in page
    assert "Import 2 documents" in page
    assert not Document.objects.exists()
    answer = client.post(f"{preview}confirm/", follow=True)
    assert "DOC-0002" in answer.content.decode()
    assert client.post(f"{preview}confirm/").status_code == 302
    assert Document.objects.count() == 2
    again = sent_to(client, SimpleUploadedFile("policies.zip", package()))
    assert "Import 2 documents" not in client.get(again).content.decode()


def test_a_file_that_is_none_is_told_beside_the_field(client: Client, cast: Cast) -> None:
    client.force_login(cast.analyst)
    answer = client.post("/policies/import/", {"file": SimpleUploadedFile("p.zip", bomb())})
    assert answer.status_code == 422
    assert "zip bomb" in answer.content.decode()


def test_the_command_says_and_does_the_same(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "policies.zip"
    path.write_bytes(package())
    out = io.StringIO()
    call_command(
        "import_documents", str(path), "--dry-run", "--json", "--actor", cast.analyst.email, stdout=out
    )
    report = json.loads(out.getvalue())
    assert (report["create"], report["imported"]) == (2, False)
    assert report["plan"][0]["file"] == "doors.md"
    out = io.StringIO()
    call_command("import_documents", str(path), "--actor", cast.analyst.email, stdout=out)
    assert "2 documents begun as drafts" in out.getvalue()
    path.write_bytes(bomb())
    err = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("import_documents", str(path), "--actor", cast.analyst.email, stderr=err)
    assert "zip bomb" in err.getvalue()


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
    find = DocumentReading._find_file

    def looked_at(reading: DocumentReading, row: DocumentRow) -> None:
        if row.number == 30:
            pages.append(client.get(preview, headers=POLL).content.decode())
        find(reading, row)

    monkeypatch.setattr(DocumentReading, "_find_file", looked_at)
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
