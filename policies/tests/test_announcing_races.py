"""A batch of an announcement under way, and somebody who restricts or retires the document: nobody is left told."""

import pytest
from django.db import transaction

from foundation.notifications.choices import NoticeState
from foundation.notifications.models import Notice
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.races import elsewhere, wait_until_blocked
from policies.models import Announcement, Document
from policies.services import announcement_go_on, document_change
from policies.services.announcing import IN_FORCE
from policies.tests.factories import NOW, published, step

pytestmark = pytest.mark.django_db(transaction=True)
HOW = ["restricted", "retired"]


def close(document: Document, cast: Cast, how: str) -> None:
    now = Document.objects.get(pk=document.pk)
    if how == "retired":
        step(now, "retire", cast.ciso, comment="Doors are gone")
        return
    document_change(
        document=now,
        changes={"confidentiality": Confidentiality.RESTRICTED},
        actor=cast.ciso,
        now=NOW,
        version=now.version,
    )


def left_told() -> int:
    return Notice.objects.filter(kind=IN_FORCE).exclude(state=NoticeState.CANCELLED).count()


@pytest.mark.parametrize("how", HOW)
def test_a_batch_that_was_first_is_called_off(committed_cast: Cast, how: str) -> None:
    document = published(committed_cast)
    with transaction.atomic():
        announcement_go_on(key=document.current_id, now=NOW)
        assert left_told()
        closing = elsewhere(lambda: close(document, committed_cast, how))
        wait_until_blocked()
    closing.result(15)
    assert left_told() == 0


@pytest.mark.parametrize("how", HOW)
def test_a_batch_that_comes_after_tells_nobody(committed_cast: Cast, how: str) -> None:
    document = published(committed_cast)
    with transaction.atomic():
        close(document, committed_cast, how)
        batch = elsewhere(lambda: announcement_go_on(key=document.current_id, now=NOW))
        wait_until_blocked()
    assert batch.result(15) is False
    assert not Notice.objects.filter(kind=IN_FORCE).exists()
    assert (Announcement.objects.get().done_at is None) is (how == "restricted")
