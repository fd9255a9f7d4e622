"""Withdrawing files, and saying in other words what they show."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from audits.models import Audit
from audits.tests.factories import NOW, audit_make
from foundation.files.models import File
from foundation.files.selectors import files_matching
from foundation.files.services import file_withdraw, version_add
from foundation.files.storage import content_open
from foundation.files.tests.contents import file_make, upload
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return audit_make(cast)


def test_a_withdrawn_file_stays_listed_with_its_reason(cast: Cast, sign_in: SignIn, audit: Audit) -> None:
    file = file_make(audit, cast.auditor, "wrong.txt")
    kept = file_make(audit, cast.auditor, "right.txt")
    url = reverse("files:file-withdraw", args=[file.key])
    browser = sign_in(cast.auditor)
    assert browser.post(url, {"comment": ""}).status_code == 422
    browser.post(url, {"comment": "Names a whistleblower"})
    page = browser.get(f"/audits/{audit.reference}/files/").text
    assert "<del>wrong.txt</del>" in page
    assert page.index("right.txt") < page.index("wrong.txt")
    assert "Withdrawn by Odile Brandt: “Names a whistleblower”" in page
    assert '<span class="tab-count">1</span>' in page
    version = file.versions.get()
    assert browser.get(version.get_absolute_url()).status_code == 403
    assert sign_in(cast.ciso).get(version.get_absolute_url()).status_code == 200
    assert browser.get(url).status_code == 403
    assert browser.get(reverse("files:version-add", args=[audit.reference, file.key])).status_code == 403
    assert not kept.is_withdrawn
    assert content_open(version.storage_key).read()


def test_what_the_portal_made_stays_as_it_is(cast: Cast, sign_in: SignIn, audit: Audit) -> None:
    file = file_make(audit, cast.auditor, "report.txt")
    File.objects.filter(pk=file.pk).update(is_fixed=True)
    browser = sign_in(cast.auditor)
    page = browser.get(file.get_absolute_url()).text
    for address in (
        reverse("files:version-add", args=[audit.reference, file.key]),
        reverse("files:file-edit", args=[file.key]),
    ):
        assert address not in page
        refused = browser.get(address)
        assert refused.status_code == 403
        assert "The portal made this file" in refused.text
        assert browser.post(address, {"description": "Other words", "version": ""}).status_code == 403
    assert reverse("files:file-withdraw", args=[file.key]) in page
    assert File.objects.get(pk=file.pk).latest == 1


def test_only_who_added_it_and_managers_withdraw(cast: Cast, sign_in: SignIn, audit: Audit) -> None:
    file = file_make(audit, cast.analyst)
    url = reverse("files:file-withdraw", args=[file.key])
    assert sign_in(cast.auditor).post(url, {"comment": "No"}).status_code == 403
    refused = sign_in(cast.unit_lead).post(url, {"comment": "No"})
    assert refused.status_code == 403
    assert f"/rights/files.manage/?unit={audit.unit_id}" in refused.content.decode()
    assert sign_in(cast.ciso).post(url, {"comment": "Yes"}).status_code == 302


def test_what_a_file_shows_is_said_in_other_words_and_found_by_them(
    cast: Cast, sign_in: SignIn, audit: Audit
) -> None:
    file = file_make(audit, cast.auditor, "scan.txt", description="Badge list")
    version_add(file=file, upload=upload("scan 2.txt", b"Newer"), actor=cast.auditor, now=NOW)
    url = reverse("files:file-edit", args=[file.key])
    browser = sign_in(cast.auditor)
    assert 'value="Badge list"' in browser.get(url).text
    assert browser.post(url, {"description": "x" * 301, "version": "Badge list"}).status_code == 422
    saved = browser.post(url, {"description": "Visitors of October", "version": "Badge list"})
    assert saved.headers["Location"] == file.get_absolute_url()
    assert "Visitors of October" in browser.get(file.get_absolute_url()).text
    hits = files_matching(user=cast.auditor, text="visitors", now=NOW, limit=5)
    assert [hit.title for hit in hits] == ["scan 2.txt"]
    assert not files_matching(user=cast.auditor, text="badge", now=NOW, limit=5)
    entry = Entry.objects.get(action="files.file.described")
    assert entry.before == {"file": "scan 2.txt", "description": "Badge list"}
    assert (
        "said in other words what the file scan 2.txt shows"
        in browser.get(f"/audits/{audit.reference}/history/").text
    )
    browser.post(url, {"description": "Visitors of October", "version": "Badge list"})
    assert Entry.objects.filter(action="files.file.described").count() == 1


def test_who_describes_a_file_from_an_old_page_is_shown_both(
    cast: Cast, sign_in: SignIn, audit: Audit
) -> None:
    file = file_make(audit, cast.analyst, description="Badge list")
    url = reverse("files:file-edit", args=[file.key])
    sign_in(cast.ciso).post(url, {"description": "Theirs", "version": "Badge list"})
    browser = sign_in(cast.analyst)
    told = browser.post(url, {"description": "Mine", "version": "Badge list"})
    assert told.status_code == 409
    for words in ("was changed while you wrote", "Theirs", 'value="Mine"', 'name="version" value="Theirs"'):
        assert words in told.text
    file.refresh_from_db()
    assert file.description == "Theirs"
    assert browser.post(url, {"description": "Mine", "version": "Theirs"}).status_code == 302
    file.refresh_from_db()
    assert file.description == "Mine"


def test_a_file_is_described_by_who_added_it_and_managers_until_it_is_withdrawn(
    cast: Cast, sign_in: SignIn, audit: Audit
) -> None:
    file = file_make(audit, cast.auditor)
    url = reverse("files:file-edit", args=[file.key])
    assert sign_in(cast.unit_lead).post(url, {"description": "No", "version": ""}).status_code == 403
    assert "Edit" not in sign_in(cast.unit_lead).get(file.get_absolute_url()).text.partition("<main")[2]
    file_withdraw(file=file, actor=cast.auditor, now=NOW, reason="The wrong one")
    told = sign_in(cast.auditor).post(url, {"description": "Late", "version": ""})
    assert told.status_code == 403
    assert "This file was withdrawn by Odile Brandt: “The wrong one”" in told.text
    kept = file_make(audit, cast.auditor, "kept.txt")
    Audit.objects.filter(pk=audit.pk).update(archived_at=NOW)
    assert sign_in(cast.auditor).get(reverse("files:file-edit", args=[kept.key])).status_code == 403
