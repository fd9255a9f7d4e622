"""A set of documents that there is: seen first, then imported whole or not at all, as drafts; and packages that mean no good."""

import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from foundation.documents.tests.test_extraction import action, opened, written
from foundation.files.tests.contents import archive, docx_parts
from foundation.records.imports.preview import RowAction, RowsRefused
from foundation.records.imports.tables import TableRefused
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry
from policies.imports import DOCUMENT_IMPORT, preview
from policies.models import Document, DocumentVersion
from policies.selectors import coming_of
from policies.tests.factories import NOW, decide, step
from policies.tests.packages import (
    DOORS,
    MANIFEST,
    bomb,
    locked,
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


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("keys.docx", archive({**docx_parts(), "word/document.xml": "<w:document"}), "damaged"),
        ("keys.pdf", written(opened(action("/JavaScript", JS="app.alert(1)"))), "scripts"),
        ("keys.pdf", written(opened(action("/URI", URI="https://example.com"))), "by itself"),
    ],
    ids=("broken", "script", "opens a page"),
)
def test_what_shows_only_while_it_is_read_is_told_before_it_is_imported(
    cast: Cast, name: str, content: bytes, reason: str
) -> None:
    brought = package(manifest(f"{name},Key standard,Standard,PAY"), {name: content})
    ((row, column, message),) = problems_of(cast, brought)
    assert (row, column) == (2, "File")
    assert reason in message
    with pytest.raises(RowsRefused):
        imported(cast, brought)
    assert not Document.objects.exists()


def test_what_is_there_already_is_not_read_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    imported(cast, package())
    read: list[str] = []

    def text(_content: object, kind: str) -> str:
        read.append(kind)
        return ""

    monkeypatch.setattr(preview, "document_text", text)
    assert problems_of(cast, package()) == []
    assert not read
    assert problems_of(cast, package(MANIFEST.replace("Key standard", "Other keys"))) == []
    assert read == ["docx"]


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
