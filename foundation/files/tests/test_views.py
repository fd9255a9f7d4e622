"""The pages of files, as people use them and as people abuse them."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audits.models import Audit
from audits.tests.factories import audit_make
from foundation.files.inspection.signatures import EICAR
from foundation.files.models import File, FileVersion
from foundation.files.storage import content_open, files_storage
from foundation.files.tests import contents
from foundation.files.tests.contents import file_make
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return audit_make(cast)


@pytest.fixture
def restricted(cast: Cast) -> Audit:
    """An audit that only its owner, its lead auditor and the CISO may know of."""
    return audit_make(cast, confidentiality=Confidentiality.RESTRICTED)


def send(browser: Client, audit: Audit, *files: tuple[str, bytes], **more: Any) -> Any:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    headers = more.pop("headers", None)
    return browser.post(
        reverse("files:file-add", args=[audit.reference]), {"uploads": sent, **more}, headers=headers
    )


def stored_paths() -> set[str]:
    storage = files_storage()
    folders, _files = storage.listdir("")
    return {f"{folder}/{name}" for folder in folders for name in storage.listdir(folder)[1]}


def test_files_are_added_listed_and_handed_over_as_they_were_sent(
    cast: Cast, sign_in: SignIn, audit: Audit
) -> None:
    browser = sign_in(cast.analyst)
    report = contents.pdf(2)
    answer = send(
        browser,
        audit,
        ("Prüfbericht 2027.pdf", report),
        ("seen.txt", b"On site"),
        description="Seen in the branch",
    )
    assert answer.headers["Location"] == f"/audits/{audit.reference}/files/"
    page = browser.get(answer.headers["Location"]).text
    assert "2 files added" in page
    assert page.count("Seen in the branch") == 2
    version = FileVersion.objects.get(name="Prüfbericht 2027.pdf")
    assert version.sha256 == hashlib.sha256(report).hexdigest()
    got = browser.get(version.get_absolute_url())
    assert b"".join(got) == report
    assert got.headers["Content-Type"] == "application/pdf"
    assert got.headers["Content-Disposition"] == ("attachment; filename*=utf-8''Pr%C3%BCfbericht%202027.pdf")
    assert got.headers["Content-Length"] == str(len(report))
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert got.headers["Cache-Control"] == "no-store, private"
    assert got.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_contents_lie_under_names_that_tell_nothing(cast: Cast, audit: Audit, settings: Any) -> None:
    version = file_make(audit, cast.analyst, "secret plan.txt").versions.get()
    assert version.storage_key not in version.name
    path = files_storage().path(f"{version.storage_key[:2]}/{version.storage_key}")
    assert "secret" not in path
    assert not path.startswith(tuple(str(folder) for folder in settings.STATICFILES_DIRS))
    assert not settings.MEDIA_ROOT


def test_one_bad_file_costs_the_others_nothing(cast: Cast, sign_in: SignIn, audit: Audit) -> None:
    browser = sign_in(cast.analyst)
    before = stored_paths()
    answer = send(
        browser, audit,
        ("good.txt", b"Good"), ("page.pdf", contents.HTML), ("run.exe", b"MZ"), ("empty.txt", b""), ("fine.csv", b"a,b"),
    )  # fmt: skip
    page = browser.get(answer.headers["Location"]).text
    assert "2 files added" in page
    for words in ("“page.pdf” was not added. The name says PDF", "“run.exe” was not added.", "“empty.txt” was not added. It is empty."):  # fmt: skip
        assert words in page
    assert set(FileVersion.objects.values_list("name", flat=True)) == {"good.txt", "fine.csv"}
    assert len(stored_paths() - before) == 2


def test_a_script_is_told_of_each_file(cast: Cast, sign_in: SignIn, audit: Audit) -> None:
    browser = sign_in(cast.analyst)
    answer = send(
        browser, audit, ("good.txt", b"Good"), ("x.svg", contents.SVG), headers={"Accept": "application/json"}
    )
    assert answer.status_code == 422
    data = answer.json()
    assert data["added"] == ["good.txt"]
    assert [one["name"] for one in data["refused"]] == ["x.svg"]
    assert ".svg can't be added" in data["refused"][0]["reason"]


def test_nothing_chosen_is_said(cast: Cast, sign_in: SignIn, audit: Audit) -> None:
    browser = sign_in(cast.analyst)
    answer = browser.post(reverse("files:file-add", args=[audit.reference]), {})
    assert "Choose a file first." in browser.get(answer.headers["Location"]).text


def test_a_file_is_not_added_twice(cast: Cast, sign_in: SignIn, audit: Audit) -> None:
    browser = sign_in(cast.analyst)
    send(browser, audit, ("seen.txt", b"Seen"))
    before = stored_paths()
    answer = send(browser, audit, ("again.txt", b"Seen"))
    assert "It is here already, as “seen.txt”." in browser.get(answer.headers["Location"]).text
    assert stored_paths() == before


def test_a_virus_is_refused_and_written_down(cast: Cast, sign_in: SignIn, audit: Audit) -> None:
    browser = sign_in(cast.analyst)
    before = stored_paths()
    answer = send(browser, audit, ("eicar.txt", EICAR))
    assert "A virus was found in it" in browser.get(answer.headers["Location"]).text
    assert not File.objects.exists()
    assert stored_paths() == before
    entry = Entry.objects.get(action="files.upload.refused")
    assert (entry.record_reference, entry.actor_name) == (audit.reference, cast.analyst.full_name)
    assert entry.after == {"file": "eicar.txt"}


def test_names_that_lie_are_made_harmless(cast: Cast, sign_in: SignIn, audit: Audit) -> None:
    browser = sign_in(cast.analyst)
    send(
        browser,
        audit,
        ("../../../etc/cron.d/x.txt", b"1"),
        ("a\u202etxt.X-Evil: 1.csv", b"2"),
        ("<img src=x>.md", b"3"),
    )
    names = set(FileVersion.objects.values_list("name", flat=True))
    assert names == {"x.txt", "atxt.X-Evil_ 1.csv", "_img src=x_.md"}
    for version in FileVersion.objects.all():
        headers = browser.get(version.get_absolute_url()).headers
        assert "X-Evil" not in headers
        assert headers["Content-Disposition"].startswith("attachment; filename=")


def test_a_large_file_is_given_up_and_the_others_come_in(
    cast: Cast, sign_in: SignIn, audit: Audit, settings: Any
) -> None:
    settings.FILES_MAX_BYTES = 100_000
    browser = sign_in(cast.analyst)
    answer = send(browser, audit, ("large.txt", b"x" * 300_000), ("small.txt", b"y"))
    page = browser.get(answer.headers["Location"]).text
    assert "“large.txt” was not added. It is larger than 97.7" in page
    assert "1 file added" in page
    answer = send(browser, audit, ("large.txt", b"x" * 300_000))
    page = browser.get(answer.headers["Location"]).text
    assert "“large.txt” was not added." in page
    assert "Choose a file first" not in page


def test_two_gigabytes_are_refused_before_a_byte_is_read(
    cast: Cast, sign_in: SignIn, audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_args: Any) -> bytes:
        raise AssertionError("the body was read")

    browser = sign_in(cast.analyst)
    monkeypatch.setattr("django.core.handlers.wsgi.WSGIRequest.read", read)
    monkeypatch.setattr("django.http.request.HttpRequest.parse_file_upload", read)
    url = reverse("files:file-add", args=[audit.reference])
    answer = browser.post(
        url, b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(2 * 1024**3)
    )
    assert answer.status_code == 413
    assert "That is too large to be sent" in answer.text


def test_only_uploads_may_be_larger_than_other_requests(
    cast: Cast, sign_in: SignIn, audit: Audit, settings: Any
) -> None:
    settings.REQUEST_MAX_BYTES = 10_000
    browser = sign_in(cast.analyst)
    assert send(browser, audit, ("a.txt", b"x" * 20_000)).status_code == 302
    assert browser.post("/profile/", {"full_name": "x" * 20_000}).status_code == 413


def test_the_body_is_read_for_nobody_who_may_not_add(
    cast: Cast, sign_in: SignIn, restricted: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parsed(*_args: Any) -> None:
        raise AssertionError("the body was read")

    monkeypatch.setattr("django.http.request.HttpRequest.parse_file_upload", parsed)
    assert send(sign_in(cast.unit_lead), restricted, ("a.txt", b"x")).status_code == 404
    assert send(Client(), restricted, ("a.txt", b"x")).status_code == 302
    with pytest.raises(AssertionError):
        send(sign_in(cast.ciso), restricted, ("a.txt", b"x"))


def test_the_forms_secret_is_asked_for(cast: Cast, audit: Audit) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.analyst)
    assert send(browser, audit, ("a.txt", b"x")).status_code == 403
    page = browser.get(f"/audits/{audit.reference}/files/")
    assert (
        send(browser, audit, ("a.txt", b"x"), csrfmiddlewaretoken=page.context["csrf_token"]).status_code
        == 302
    )
    key = File.objects.get().key
    url = reverse("files:version-add", args=[audit.reference, key])
    assert browser.post(url, {"file": SimpleUploadedFile("a.txt", b"y")}).status_code == 403
    assert File.objects.get().latest == 1


def test_who_is_named_in_a_record_adds_files_without_a_role(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, owner=cast.personnel, auditees=[cast.outsider])
    for person in (cast.personnel, cast.outsider):
        send(sign_in(person), audit, (f"{person.pk}.txt", f"By {person}".encode()))
    assert File.objects.count() == 2


def test_who_sees_a_record_may_read_and_nobody_else_finds_anything(
    cast: Cast, sign_in: SignIn, restricted: Audit
) -> None:
    file = file_make(restricted, cast.analyst)
    addresses = [
        file.get_absolute_url(),
        file.versions.get().get_absolute_url(),
        reverse("files:file-withdraw", args=[file.key]),
        reverse("files:version-add", args=[restricted.reference, file.key]),
        reverse("files:file-add", args=[restricted.reference]),
        f"/audits/{restricted.reference}/files/",
    ]
    for person in (cast.unit_lead, cast.administrator, cast.executive, cast.personnel, cast.outsider):
        browser = sign_in(person)
        assert {browser.get(address).status_code for address in addresses} == {404}, person
        assert {browser.post(address).status_code for address in addresses} <= {404, 405}, person
    for person in (cast.analyst, cast.auditor, cast.ciso):  # its owner, its lead, and the CISO
        assert sign_in(person).get(addresses[1]).status_code == 200


def test_a_file_is_found_under_its_own_record_alone(cast: Cast, sign_in: SignIn, audit: Audit) -> None:
    file = file_make(audit, cast.analyst)
    other = audit_make(cast, title="Another")
    assert (
        sign_in(cast.analyst).get(reverse("files:version-add", args=[other.reference, file.key])).status_code
        == 404
    )


def test_downloads_from_restricted_records_are_written_down(
    cast: Cast, sign_in: SignIn, audit: Audit, restricted: Audit
) -> None:
    for record in (audit, restricted):
        sign_in(cast.ciso).get(file_make(record, cast.analyst).versions.get().get_absolute_url())
    entry = Entry.objects.get(action="files.file.downloaded")
    assert (entry.record_reference, entry.actor_name) == (restricted.reference, cast.ciso.full_name)


def test_nothing_is_added_to_what_was_archived(cast: Cast, sign_in: SignIn, audit: Audit) -> None:
    Audit.objects.filter(pk=audit.pk).update(archived_at=audit.created_at)
    answer = send(sign_in(cast.analyst), audit, ("a.txt", b"x"))
    assert answer.status_code == 403
    assert "archived" in answer.text


def test_the_tab_costs_the_same_however_many_files(cast: Cast, sign_in: SignIn, audit: Audit) -> None:
    for number in range(12):
        file_make(audit, cast.analyst, f"{number}.txt")
    browser = sign_in(cast.auditor)
    browser.get("/")
    with assert_queries("files-tab"):
        page = browser.get(f"/audits/{audit.reference}/files/").text
    assert page.count("file-line") == 12
    assert '<span class="tab-count">12</span>' in page


def test_a_full_disk_is_told(
    cast: Cast, sign_in: SignIn, audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", full)
    browser = sign_in(cast.analyst)
    answer = send(browser, audit, ("a.txt", b"x"))
    assert "could not store it just now" in browser.get(answer.headers["Location"]).text
    assert not File.objects.exists()


def test_a_content_without_a_row_is_not_left_behind(
    cast: Cast, audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**_values: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("foundation.files.services.entry_write", fails)
    before = stored_paths()
    with pytest.raises(RuntimeError):
        file_make(audit, cast.analyst)
    assert stored_paths() == before
    assert not File.objects.exists()


def test_versions_are_kept_side_by_side(cast: Cast, sign_in: SignIn, audit: Audit) -> None:
    file = file_make(audit, cast.analyst, "plan.txt", b"First")
    browser = sign_in(cast.auditor)
    url = reverse("files:version-add", args=[audit.reference, file.key])
    same = browser.post(url, {"file": SimpleUploadedFile("plan.txt", b"First")})
    assert same.status_code == 422
    assert "same as the newest version" in same.text
    bad = browser.post(url, {"file": SimpleUploadedFile("plan.pdf", b"First"), "note": "Keep this note"})
    assert bad.status_code == 422
    assert "Keep this note" in bad.text
    none = browser.post(url, {"note": "x"})
    assert "Choose a file first." in none.text
    good = browser.post(url, {"file": SimpleUploadedFile("plan 2.txt", b"Second"), "note": "Scope widened"})
    assert good.headers["Location"] == file.get_absolute_url()
    with assert_queries("file"):
        page = browser.get(file.get_absolute_url()).text
    for words in ("Version 2: plan 2.txt", "Version 1: plan.txt", "Scope widened", hashlib.sha256(b"First").hexdigest()):  # fmt: skip
        assert words in page
    assert [content_open(version.storage_key).read() for version in file.versions.all()] == [
        b"Second",
        b"First",
    ]
    assert "plan 2.txt" in browser.get(f"/audits/{audit.reference}/files/").text


def test_a_version_that_is_too_large_is_told_beside_the_field(
    cast: Cast, sign_in: SignIn, audit: Audit, settings: Any
) -> None:
    settings.FILES_MAX_BYTES = 100_000
    file = file_make(audit, cast.analyst)
    url = reverse("files:version-add", args=[audit.reference, file.key])
    answer = sign_in(cast.analyst).post(url, {"file": SimpleUploadedFile("a.txt", b"x" * 200_000)})
    assert answer.status_code == 422
    assert "It is larger than" in answer.text
    assert "Choose a file first" not in answer.text


def test_the_history_of_the_record_tells_it_all(cast: Cast, sign_in: SignIn, audit: Audit) -> None:
    browser = sign_in(cast.analyst)
    send(browser, audit, ("plan.txt", b"First"))
    file = File.objects.get()
    url = reverse("files:version-add", args=[audit.reference, file.key])
    browser.post(url, {"file": SimpleUploadedFile("plan 2.txt", b"Second!"), "note": "Scope widened"})
    browser.post(reverse("files:file-withdraw", args=[file.key]), {"comment": "Out of date"})
    page = browser.get(f"/audits/{audit.reference}/history/").text
    for words in ("added the file plan.txt", "added a new version of the file plan.txt", "withdrew the file plan 2.txt", "Out of date", "SHA-256", hashlib.sha256(b"Second!").hexdigest()):  # fmt: skip
        assert words in page
