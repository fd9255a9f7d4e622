"""Who meets what behind the addresses of documents."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from foundation.accounts.choices import Role
from foundation.records.imports.drafts import import_file_keep
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, answers, everyone, only
from policies.choices import DocumentType
from policies.models import Document
from policies.tests.factories import NOW, document_make, filed, pictured, published
from policies.tests.packages import package

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


# In force, and meant for whoever holds one of two roles.
MEANT_FOR = answers(otherwise=404, ciso=200, executive=200)


def in_library(*more: str) -> Callable[[Cast], Sequence[Any]]:
    def arguments(cast: Cast) -> Sequence[Any]:
        return (published(cast, audience_roles=[Role.CISO, Role.EXECUTIVE]).reference, *more)

    return arguments


def with_picture(cast: Cast) -> Sequence[Any]:
    document, picture = pictured(cast, audience_roles=[Role.CISO, Role.EXECUTIVE])
    return (document.reference, picture.key, 1)


def of_import(cast: Cast) -> Sequence[Any]:
    """A package that the analyst brought: nobody else finds it."""
    file = import_file_keep(
        user=cast.analyst, purpose="policies", file_name="p.zip", content=package(), sheet="", now=NOW
    )
    return (file.key,)


ROWS = [
    UrlRow(name="policies:import", get=BEGINNERS, post=only("ciso", "analyst", answer=422)),
    UrlRow(name="policies:import-template", get=BEGINNERS, args=lambda cast: ("csv",)),
    UrlRow(
        name="policies:import-preview",
        get=only("ciso", answer=404) | {"analyst": 200},
        args=of_import,
    ),
    UrlRow(
        name="policies:import-confirm",
        get=only("ciso", "analyst", answer=405),
        post=only("ciso", answer=404) | {"analyst": 302},
        args=of_import,
    ),
    UrlRow(name="policies:library", get=everyone()),
    UrlRow(name="policies:library-document", get=MEANT_FOR, args=in_library()),
    UrlRow(name="policies:library-picture", get=MEANT_FOR, args=with_picture),
    UrlRow(
        name="policies:library-file",
        get=MEANT_FOR,
        args=lambda cast: (filed(cast, audience_roles=[Role.CISO, Role.EXECUTIVE]).reference,),
    ),
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
    UrlRow(name="policies:version-pdf", get=READERS, args=of_document("1")),
    UrlRow(name="policies:library-pdf", get=MEANT_FOR, args=in_library()),
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
