"""Who meets what behind the addresses of documents."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, answers, everyone, only
from policies.choices import DocumentType
from policies.models import Document
from policies.tests.factories import document_make, published

# A document of the whole organisation, which the analyst owns.
READERS = only("ciso", "analyst", "auditor", otherwise=404)
WRITERS = answers(otherwise=404, ciso=200, analyst=200, auditor=403)
BEGINNERS = only("ciso", "analyst", otherwise=403)


def of_document(*more: str) -> Callable[[Cast], Sequence[Any]]:
    def arguments(cast: Cast) -> Sequence[Any]:
        return (document_make(cast).reference, *more)

    return arguments


def begun(cast: Cast) -> Mapping[str, Any]:
    return {
        "title": "Gate policy",
        "type": DocumentType.POLICY,
        "unit": cast.units.root.pk,
        "owner": cast.analyst.pk,
        "cadence_months": 12,
        "confidentiality": "internal",
        "submission": str(uuid4()),
    }


def settled(cast: Cast) -> Mapping[str, Any]:
    document = Document.objects.first()
    return {**begun(cast), "version": document.version if document else 1}


def written(cast: Cast) -> Mapping[str, Any]:
    return {"title": "Gate policy", "body": "Shut the gate.", "version": 1}


ROWS = [
    UrlRow(name="policies:document-list", get=everyone()),
    UrlRow(
        name="policies:document-create",
        get=BEGINNERS,
        post=only("ciso", "analyst", answer=302),
        data=begun,
    ),
    UrlRow(name="policies:document-detail", get=READERS, args=of_document()),
    UrlRow(name="policies:document-tab", get=READERS, args=of_document("versions")),
    UrlRow(name="policies:version-detail", get=READERS, args=of_document("1")),
    UrlRow(name="policies:version-differences", get=READERS, args=of_document()),
    UrlRow(
        name="policies:document-edit",
        get=WRITERS,
        post={**WRITERS, "ciso": 302, "analyst": 302},
        args=of_document(),
        data=settled,
    ),
    UrlRow(
        name="policies:document-review",
        get=WRITERS,
        post={**WRITERS, "ciso": 422, "analyst": 422},  # nothing is said
        args=lambda cast: (published(cast).reference,),
    ),
    UrlRow(
        name="policies:draft-write",
        get=WRITERS,
        post={**WRITERS, "ciso": 302, "analyst": 302},
        args=of_document(),
        data=written,
    ),
    UrlRow(
        name="policies:draft-take-over",
        get=WRITERS,
        post={**WRITERS, "ciso": 302, "analyst": 302},
        args=of_document(),
    ),
    UrlRow(
        name="policies:draft-upload",
        get=WRITERS,
        post={**WRITERS, "ciso": 422, "analyst": 422},  # no file
        args=of_document(),
    ),
    UrlRow(
        name="policies:draft-to-text",
        get=WRITERS,
        post={**WRITERS, "ciso": 302, "analyst": 302},
        args=of_document(),
    ),
    UrlRow(name="policies:draft-seen", get=everyone(405), post=WRITERS, args=of_document()),
    UrlRow(
        name="policies:draft-leave",
        get=everyone(405),
        post={**WRITERS, "ciso": 302, "analyst": 302},
        args=of_document(),
    ),
    UrlRow(
        name="policies:document-transition",
        get=WRITERS,
        post={**WRITERS, "ciso": 422, "analyst": 302},  # the only CISO would decide on what the CISO asked
        args=of_document("submit"),
    ),
]
