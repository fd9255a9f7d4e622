"""Tries every door of a file that is to stay as it is, for tests."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from audits.tests.factories import (
    NOW,
)
from foundation.accounts.models import User
from foundation.files.inspection import FileRefused
from foundation.files.models import File, FileVersion
from foundation.files.services import file_describe, file_withdraw, version_add
from foundation.files.tests.contents import upload
from foundation.lifecycle.services import apply_transition
from foundation.records.models import Record
from foundation.trail.models import Entry


def sent(name: str = "more.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, f"Seen in {name}\n".encode(), content_type="text/plain")


def doors(client: Client, file: File) -> dict[str, int]:
    """Try every way to change a file, and return what each answered."""
    record = file.record
    withdraw = reverse("files:file-withdraw", args=[file.key])
    version = reverse("files:version-add", args=[record.reference, file.key])
    edit = reverse("files:file-edit", args=[file.key])
    tried = {
        "version": client.get(version),
        "version sent": client.post(version, {"file": sent("newer.txt"), "note": "Newer"}),
        "words": client.get(edit),
        "words sent": client.post(edit, {"description": "Better", "version": file.description}),
        "withdrawal": client.get(withdraw),
        "withdrawal sent": client.post(withdraw, {"comment": "Away"}),
    }
    return {name: answer.status_code for name, answer in tried.items()}


def adding(client: Client, record: Record) -> Any:
    return client.post(reverse("files:file-add", args=[record.reference]), {"uploads": [sent()]})


def assert_stays(client: Client, person: User, file: File, words: str) -> None:
    """Look at every door, and behind it: the page says why, the addresses refuse, the services do, too."""
    before = (file.latest, file.description, file.withdrawn_at)
    page = client.get(file.get_absolute_url()).text
    assert words in page
    version_door = reverse("files:version-add", args=[file.record.reference, file.key])
    for door in (
        version_door,
        *(reverse(f"files:file-{name}", args=[file.key]) for name in ("edit", "withdraw")),
    ):
        assert door not in page, door
    assert set(doors(client, file).values()) == {403}
    assert words in client.get(version_door).text
    with pytest.raises(FileRefused, match=words):
        version_add(file=file, upload=upload("newer.txt", b"Newer"), actor=person, now=NOW)
    with pytest.raises(ValidationError, match=words):
        file_describe(file=file, actor=person, now=NOW, description="Better", read=file.description)
    with pytest.raises(ValidationError, match=words):
        file_withdraw(file=file, actor=person, now=NOW, reason="Away")
    file.refresh_from_db()
    assert (file.latest, file.description, file.withdrawn_at) == before
    assert file.versions.count() == file.latest


def assert_database_keeps(file: File, words: str) -> None:
    """Write past the services as the portal's own role: a newer version, other words, a withdrawal."""
    version = FileVersion(
        file=file,
        number=file.latest + 1,
        name="bent.txt",
        content_type="text/plain",
        size=1,
        sha256="0" * 64,
        uploaded_by=file.added_by,
        uploaded_at=NOW,
    )
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        version.save()
    for change in (
        {"latest": file.latest + 1},
        {"description": "Bent"},
        {"withdrawn_by": file.added_by, "withdrawn_at": NOW, "withdrawal_reason": "Bent"},
    ):
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            File.objects.filter(pk=file.pk).update(**change)


def step(record: Record, name: str, actor: User) -> None:
    apply_transition(record=record, name=name, actor=actor, now=NOW, comment="Because.")


def entry_of(action: str) -> Entry:
    """Return the latest entry of the trail about something."""
    found: Entry = Entry.objects.filter(action=action).latest("pk")
    return found
