"""A file that is kept from those who play a part in its record: for them it is not there, wherever they look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audits.choices import AuditRole, AuditState
from audits.models import Audit
from audits.tests.factories import NOW, audit_make
from foundation.files.inspection import FileRefused
from foundation.files.models import File, FileVersion
from foundation.files.scanning import files_scan
from foundation.files.selectors import files_matching, files_of, files_present
from foundation.files.services import file_add, version_add
from foundation.files.tests.contents import file_make, pdf, upload
from foundation.files.tests.servers import VIRUS, scanner_running
from foundation.records.models import Record
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return audit_make(cast, auditees=[cast.unit_lead])


@pytest.fixture
def kept(cast: Cast, audit: Audit) -> File:
    return file_add(
        record=audit,
        upload=upload("verdict.pdf", pdf(2)),
        actor=cast.auditor,
        now=NOW,
        description="Verdict",
        kept_from=AuditRole.AUDITEE,
    )


def test_who_plays_the_part_finds_nothing(cast: Cast, sign_in: SignIn, audit: Audit, kept: File) -> None:
    browser = sign_in(cast.unit_lead)
    assert browser.get(audit.get_absolute_url()).status_code == 200
    for address in (
        kept.get_absolute_url(),
        kept.versions.get().get_absolute_url(),
        reverse("files:file-picture", args=[kept.key, 1, 1]),
        reverse("files:file-edit", args=[kept.key]),
        reverse("files:file-withdraw", args=[kept.key]),
        reverse("files:version-add", args=[audit.reference, kept.key]),
    ):
        assert browser.get(address).status_code == 404, address
    assert "verdict.pdf" not in browser.get(audit.get_tab_url("files")).text
    assert not files_of(audit, cast.unit_lead)
    assert not files_present(audit, cast.unit_lead).exists()
    assert not files_matching(user=cast.unit_lead, text="verdict", now=NOW, limit=5)
    assert not File.objects.visible_to(cast.unit_lead).exists()
    assert not FileVersion.objects.visible_to(cast.unit_lead).exists()


def test_what_scanners_found_in_it_is_kept_too(
    cast: Cast, sign_in: SignIn, audit: Audit, settings: Any
) -> None:
    file = file_make(audit, cast.auditor, "verdict.txt", b"With " + VIRUS, kept_from=AuditRole.AUDITEE)
    with scanner_running() as settings.CLAMD_URL:
        assert files_scan(now=NOW).found == 1
        for adding in (
            lambda: file_add(
                record=audit,
                upload=upload("second.txt", b"More " + VIRUS),
                actor=cast.auditor,
                now=NOW,
                kept_from=AuditRole.AUDITEE,
            ),
            lambda: version_add(
                file=file, upload=upload("third.txt", b"Yet more " + VIRUS), actor=cast.auditor, now=NOW
            ),
        ):
            with pytest.raises(FileRefused):
                adding()
    names = ("verdict.txt", "second.txt", "third.txt")
    for person, are_told in ((cast.unit_lead, False), (cast.auditor, True)):
        history = sign_in(person).get(audit.get_tab_url("history")).text
        assert [name in history for name in names] == [are_told] * 3


def test_all_others_who_see_the_record_see_it(cast: Cast, sign_in: SignIn, audit: Audit, kept: File) -> None:
    for person in (cast.auditor, cast.analyst, cast.ciso):
        assert "verdict.pdf" in sign_in(person).get(audit.get_tab_url("files")).text
        assert sign_in(person).get(kept.versions.get().get_absolute_url()).status_code == 200
        assert len(files_matching(user=person, text="verdict", now=NOW, limit=5)) == 1
    other = audit_make(cast, title="Another")  # whose auditee the unit's lead is not
    file_add(
        record=other,
        upload=upload("other.pdf", pdf(3)),
        actor=cast.auditor,
        now=NOW,
        kept_from=AuditRole.AUDITEE,
    )
    assert not files_of(other, cast.unit_lead), "the lead of the audited unit counts as one who is audited"
    assert not files_matching(user=cast.unit_lead, text="other", now=NOW, limit=5)
    assert not File.objects.visible_to(cast.unit_lead).exists()
    Record.objects.filter(pk=other.pk).update(state=AuditState.FOLLOW_UP)
    other.refresh_from_db()
    assert [line.version.name for line in files_of(other, cast.unit_lead)] == ["other.pdf"]
    assert len(files_matching(user=cast.unit_lead, text="other", now=NOW, limit=5)) == 1
