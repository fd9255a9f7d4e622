"""Files and steps at the same moment, on two connections: what is accepted is what was sent, whoever comes first."""

from __future__ import annotations

import pytest
from django.db import transaction

from audits.choices import EvidenceState
from audits.models import EvidenceRequest
from audits.tests.factories import NOW, evidence_answered, evidence_make
from foundation.accounts.models import User
from foundation.files.inspection import FileRefused
from foundation.files.models import File
from foundation.files.services import file_add, version_add
from foundation.files.tests.contents import file_make, upload
from foundation.lifecycle.services import apply_transition
from foundation.testing.cast import Cast
from foundation.testing.races import elsewhere, wait_until_blocked


@pytest.fixture
def returned(committed_cast: Cast) -> EvidenceRequest:
    """A request with one file, whose answer was returned: files may be changed."""
    request = evidence_make(committed_cast)
    file_make(request, committed_cast.personnel, "access.txt")
    step(evidence_answered(committed_cast, request), "return", committed_cast.auditor)
    return request


def step(request: EvidenceRequest, name: str, actor: User) -> None:
    apply_transition(record=request, name=name, actor=actor, now=NOW, comment="Because.")


def accept(cast: Cast, request: EvidenceRequest) -> None:
    evidence_answered(cast, request)
    step(request, "accept", cast.auditor)


def test_a_version_that_comes_while_a_request_is_accepted_comes_too_late(
    committed_cast: Cast, returned: EvidenceRequest
) -> None:
    cast, file = committed_cast, File.objects.get()
    with transaction.atomic():
        accept(cast, returned)
        version = elsewhere(
            lambda: version_add(
                file=File.objects.get(pk=file.pk),
                upload=upload("newer.txt", b"Newer"),
                actor=User.objects.get(pk=cast.personnel.pk),
                now=NOW,
            )
        )
        another = elsewhere(
            lambda: file_add(
                record=returned,
                upload=upload("another.txt", b"Another"),
                actor=User.objects.get(pk=cast.personnel.pk),
                now=NOW,
            )
        )
        wait_until_blocked(2)
    for late in (version, another):
        refused = late.exception(20)
        assert isinstance(refused, FileRefused)
        assert "The answer was accepted" in str(refused)
    assert [one.name for one in returned.answer_files.all()] == ["access.txt"]
    assert (file.versions.count(), File.objects.count()) == (1, 1)


def test_what_is_sent_while_a_version_is_added_holds_that_version(
    committed_cast: Cast, returned: EvidenceRequest
) -> None:
    cast, file = committed_cast, File.objects.get()
    with transaction.atomic():
        newer = version_add(file=file, upload=upload("newer.txt", b"Newer"), actor=cast.personnel, now=NOW)
        accepting = elsewhere(lambda: accept(cast, returned))
        wait_until_blocked()
    assert accepting.exception(20) is None
    assert EvidenceRequest.objects.get().state == EvidenceState.ACCEPTED
    assert list(returned.answer_files.all()) == [newer]
