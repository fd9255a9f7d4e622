"""What becomes of exceptions when their document changes: another version, another owner, or none any more."""

from typing import Any

import pytest

from exceptions.choices import ExceptionState
from exceptions.models import PolicyException
from exceptions.permissions import DOCUMENT_OWNER
from exceptions.services import (
    EXPIRY,
    REDECISION,
    exception_change,
    exception_give,
)
from exceptions.tasks import follow_documents
from exceptions.tests.factories import END, NOW, exception_make, granted, step
from exceptions.tests.test_services import open_dates, told
from foundation.lifecycle.services import TransitionRefused
from foundation.testing.cast import Cast
from foundation.trail.models import Entry
from policies.choices import DocumentType
from policies.tests.factories import decide as document_decide
from policies.tests.factories import published, revising
from policies.tests.factories import step as document_step

pytestmark = pytest.mark.django_db


def publish_next(cast: Cast, document: Any) -> None:
    document_decide(document_step(document, "submit_revision", cast.analyst), cast.ciso)


def test_a_new_material_version_asks_the_owner_to_decide_again_once(cast: Cast) -> None:
    document = revising(cast)
    exception = granted(cast, document=document)
    follow_documents()
    assert open_dates(exception) == {(EXPIRY, END, cast.unit_lead.pk)}, "nothing was published"
    publish_next(cast, document)
    follow_documents()
    follow_documents()
    exception = PolicyException.objects.select_related("document__current", "version_in_force").get(
        pk=exception.pk
    )
    assert exception.is_overtaken
    assert {kind for kind, *_ in open_dates(exception)} == {EXPIRY, REDECISION}
    assert told(exception, "exceptions.decide_again") == {cast.unit_lead.pk, cast.analyst.pk}
    assert Entry.objects.filter(action="exceptions.exception.overtaken").count() == 1


def test_a_draft_of_before_is_not_submitted_after(cast: Cast) -> None:
    document = revising(cast)
    exception = exception_make(cast, document=document)
    publish_next(cast, document)
    with pytest.raises(TransitionRefused, match="new version"):
        step(exception, "submit", cast.unit_lead)
    exception = PolicyException.objects.get(pk=exception.pk)
    exception_change(
        exception=exception, changes={}, actor=cast.unit_lead, now=NOW, version=exception.version
    )
    assert step(exception, "submit", cast.unit_lead).state == ExceptionState.IN_REVIEW


def test_what_is_from_a_retired_policy_is_to_be_decided_again(cast: Cast) -> None:
    exception = granted(cast)
    document_step(exception.document, "retire", cast.ciso, comment="No doors any more")
    follow_documents()
    assert {kind for kind, *_ in open_dates(exception)} == {EXPIRY, REDECISION}
    step(exception, "revoke", cast.unit_lead, comment="No doors")
    assert open_dates(exception) == set()


def test_who_answers_for_the_policy_by_now_knows_of_it(cast: Cast) -> None:
    exception = granted(cast)
    type(exception.document).objects.filter(pk=exception.document_id).update(owner=cast.executive)
    assert not PolicyException.objects.visible_to(cast.executive).exists()
    follow_documents()
    assert exception.participants.get(role=DOCUMENT_OWNER).user == cast.executive
    assert PolicyException.objects.visible_to(cast.executive).exists()


def test_another_owner_is_reminded(cast: Cast) -> None:
    exception = granted(cast)
    exception_give(record=exception, to=cast.ciso, leaving=cast.unit_lead, actor=cast.administrator, now=NOW)
    assert open_dates(exception) == {(EXPIRY, END, cast.ciso.pk)}


def test_the_kind_of_document_does_not_matter(cast: Cast) -> None:
    assert exception_make(cast, document=published(cast, type=DocumentType.PLAN)).reference == "EXC-0001"
