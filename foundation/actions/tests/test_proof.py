"""The files of actions: what is judged, or was, is neither swapped nor withdrawn; the trail and the database keep what it was."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client

from audits.tests.factories import NOW
from foundation.accounts.models import User
from foundation.actions.choices import ActionState
from foundation.actions.models import Action
from foundation.actions.tests.factories import corrective_make, step, task_make
from foundation.files.inspection import FileRefused
from foundation.files.models import File, FileVersion
from foundation.files.services import file_add, file_describe, file_withdraw, version_add
from foundation.files.tests.contents import file_make, upload
from foundation.testing.cast import Cast
from foundation.testing.races import elsewhere, wait_until_blocked
from foundation.trail.models import Entry

migration = import_module("foundation.actions.migrations.0012_proof_as_it_was_judged")

pytestmark = pytest.mark.django_db


def newer(file: File, actor: User, content: bytes = b"Newer") -> FileVersion:
    return version_add(file=file, upload=upload("newer.txt", content), actor=actor, now=NOW)


def assert_stays(file: File, actor: User, reason: str) -> None:
    with pytest.raises(FileRefused, match=reason):
        newer(file, actor, b"Swapped")
    with pytest.raises(ValidationError, match=reason):
        file_describe(file=file, actor=actor, now=NOW, description="Another", read=file.description)
    with pytest.raises(ValidationError, match=reason):
        file_withdraw(file=file, actor=actor, now=NOW, reason="No")


def assert_nothing_added(action: Action, actor: User, reason: str) -> None:
    with pytest.raises(FileRefused, match=reason):
        file_add(record=action, upload=upload("late.txt", b"Late"), actor=actor, now=NOW)


def told(action: Action, verb: str) -> list[dict[str, Any]]:
    entries = Entry.objects.filter(record_id=action.pk, action=f"actions.action.{verb}").order_by("pk")
    return [entry.after for entry in entries]


def test_proof_is_gathered_while_open_and_stays_from_the_report_on(cast: Cast) -> None:
    action = corrective_make(cast)
    proof = file_make(action, cast.personnel, "leavers.txt")
    first = newer(proof, cast.personnel)
    action = step(action, "report_done", cast.personnel)
    for person in (cast.personnel, cast.auditor, cast.ciso):
        assert_stays(proof, person, "It was reported done")
        assert_nothing_added(action, person, "It was reported done")
    assert told(action, "proof_reported") == [{"files": ["newer.txt"], "sha256": [first.sha256]}]
    assert not action.proof.exists(), "nobody has judged it yet"
    action = step(action, "send_back", cast.auditor)
    second = newer(proof, cast.personnel, b"Newer still")
    action = step(step(action, "report_done", cast.personnel), "verify", cast.auditor)
    assert told(action, "proof_judged") == [{"files": ["newer.txt"], "sha256": [second.sha256]}]
    assert list(action.proof.all()) == [second]


def test_what_shows_that_it_works_is_added_once_verified_and_the_proof_stays_for_ever(cast: Cast) -> None:
    action = corrective_make(cast)
    proof = file_make(action, cast.personnel, "leavers.txt")
    action = step(step(action, "report_done", cast.personnel), "verify", cast.auditor)
    assert_stays(proof, cast.personnel, "The action was judged by it")
    effect = file_make(action, cast.auditor, "sample.txt", b"None of forty")
    newer(effect, cast.auditor, b"One of forty")
    action = step(action, "not_effective", cast.auditor)
    for file, person in ((proof, cast.personnel), (effect, cast.auditor)):
        assert_stays(file, person, "The action was judged by it")
    another = file_make(action, cast.personnel, "another.txt", b"All of them")
    newer(another, cast.personnel, b"All of them, by now")
    for name, person in (
        ("report_done", cast.personnel),
        ("verify", cast.auditor),
        ("confirm_effective", cast.auditor),
    ):
        action = step(action, name, person)
    assert_nothing_added(action, cast.personnel, "It was seen to work")
    assert_stays(another, cast.personnel, "It was seen to work")
    action = step(action, "reopen", cast.analyst)
    for file in (proof, effect, another):
        assert_stays(file, cast.ciso, "The action was judged by it")
    assert [len(after["sha256"]) for after in told(action, "proof_judged")] == [1, 2, 3, 3]
    assert action.proof.count() == 3


@pytest.mark.parametrize("name", ["complete", "cancel"])
def test_the_files_of_a_task_stay_until_it_is_reopened(cast: Cast, name: str) -> None:
    action = task_make(cast)
    file = file_make(action, cast.personnel, "leavers.txt")
    action = step(action, name, cast.analyst)
    reason = "It is done" if name == "complete" else "It was cancelled"
    assert_stays(file, cast.personnel, reason)
    assert_nothing_added(action, cast.personnel, reason)
    step(action, "reopen", cast.analyst)
    assert newer(file, cast.personnel).number == 2


def test_the_page_offers_no_files_to_add_while_it_is_judged(cast: Cast, client: Client) -> None:
    action = corrective_make(cast)
    client.force_login(cast.personnel)
    tab = f"{action.get_absolute_url()}files/"
    assert "It was reported done" not in client.get(tab).text
    step(action, "report_done", cast.personnel)
    assert "It was reported done, and what it is judged by stays as it is." in client.get(tab).text


def test_the_database_keeps_what_an_action_was_judged_by(cast: Cast) -> None:
    action = corrective_make(cast)
    file = file_make(action, cast.personnel, "leavers.txt")
    step(step(action, "report_done", cast.personnel), "verify", cast.auditor)
    version = action.proof.get()
    other = FileVersion(
        file=file,
        number=2,
        name="b.txt",
        content_type="text/plain",
        size=1,
        sha256="0" * 64,
        uploaded_by=cast.ciso,
        uploaded_at=NOW,
    )
    for change in (
        action.proof.clear,
        lambda: File.objects.filter(pk=file.pk).update(description="Another"),
        other.save,
    ):
        with pytest.raises(IntegrityError, match="What an action was judged by stays"), transaction.atomic():
            change()
    assert list(action.proof.all()) == [version]


def test_what_was_judged_before_is_kept_as_it_was_then(cast: Cast) -> None:
    action, open_one = corrective_make(cast), corrective_make(cast)
    file = file_make(action, cast.personnel, "leavers.txt")
    file_make(open_one, cast.personnel, "leavers.txt")
    first = FileVersion.objects.get(file=file)
    judged = {"done_at": NOW, "done_by": cast.personnel, "verified_at": NOW, "verified_by": cast.auditor}
    Action.objects.filter(pk=action.pk).update(**judged)
    with connection.cursor() as cursor:
        cursor.execute(migration.JUDGED)
    assert list(action.proof.all()) == [first]
    assert not open_one.proof.exists()


@pytest.mark.django_db(transaction=True)
def test_a_version_that_comes_while_it_is_reported_done_comes_too_late(committed_cast: Cast) -> None:
    cast = committed_cast
    action = corrective_make(cast)
    file = file_make(action, cast.personnel, "leavers.txt")
    with transaction.atomic():
        action = step(action, "report_done", cast.personnel)
        late = elsewhere(lambda: newer(File.objects.get(pk=file.pk), User.objects.get(pk=cast.personnel.pk)))
        wait_until_blocked()
    assert isinstance(late.exception(15), FileRefused)
    assert (file.versions.count(), action.state) == (1, ActionState.TO_VERIFY)
