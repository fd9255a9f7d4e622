"""What exceptions follow of their documents at once: that they are restricted, and who answers for them."""

from typing import Any

import pytest
from django.test import Client

from exceptions.models import PolicyException
from exceptions.permissions import DOCUMENT_OWNER
from exceptions.tasks import follow_documents
from exceptions.tests.factories import NOW, exception_make, granted, made_in
from foundation.accounts.models import User
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from policies.models import Document
from policies.services import document_change, document_give

pytestmark = pytest.mark.django_db


def change(document: Document, actor: User, **changes: Any) -> Document:
    now = Document.objects.get(pk=document.pk)
    return document_change(document=now, changes=changes, actor=actor, now=NOW, version=now.version)


def restrict(document: Document, actor: User) -> Document:
    return change(document, actor, confidentiality=Confidentiality.RESTRICTED)


def known_to(person: User) -> bool:
    return PolicyException.objects.visible_to(User.objects.get(pk=person.pk)).exists()


@pytest.mark.parametrize("state", ["draft", "in_review", "granted", "expired", "refused"])
def test_it_is_restricted_with_its_document_at_once(client: Client, cast: Cast, state: str) -> None:
    exception = made_in(cast, state)
    assert known_to(cast.auditor)
    restrict(exception.document, cast.ciso)
    assert not known_to(cast.auditor)
    client.force_login(cast.auditor)
    assert client.get(exception.get_absolute_url()).status_code == 404
    assert exception.title not in client.get("/search/?q=gates").content.decode()
    assert exception.title not in client.get("/exceptions/?state=all").content.decode()
    for person in (cast.unit_lead, cast.analyst, cast.ciso):
        assert known_to(person), "who owns it or asked, who answers for the document, and the CISO"


def test_it_stays_restricted_where_its_document_is_opened(cast: Cast) -> None:
    exception = granted(cast)
    restrict(exception.document, cast.ciso)
    change(exception.document, cast.ciso, confidentiality=Confidentiality.INTERNAL)
    assert PolicyException.objects.get().is_restricted


def test_what_was_restricted_beside_the_services_is_followed_by_the_task(cast: Cast) -> None:
    exception = exception_make(cast)
    Document.objects.filter(pk=exception.document_id).update(confidentiality=Confidentiality.RESTRICTED)
    assert known_to(cast.auditor)
    follow_documents()
    assert not known_to(cast.auditor)


@pytest.mark.parametrize("how", ["changed", "given"])
def test_who_answers_for_the_document_by_now_knows_of_it_at_once(cast: Cast, how: str) -> None:
    exception = granted(cast)
    if how == "changed":
        change(exception.document, cast.ciso, owner=cast.executive)
    else:
        document_give(
            record=exception.document,
            to=cast.executive,
            leaving=cast.analyst,
            actor=cast.administrator,
            now=NOW,
        )
    assert exception.participants.get(role=DOCUMENT_OWNER).user == cast.executive
    assert known_to(cast.executive)


def test_the_exceptions_of_others_stay_as_they_are(cast: Cast) -> None:
    other = granted(cast)
    restrict(exception_make(cast).document, cast.ciso)
    assert PolicyException.objects.get(pk=other.pk).version == other.version
    assert not PolicyException.objects.get(pk=other.pk).is_restricted
