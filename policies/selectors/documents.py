"""Documents with the versions that pages show of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, ExpressionWrapper, Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from foundation.accounts.choices import Role
from foundation.accounts.models import BusinessUnit
from foundation.accounts.organisation import organisation_day
from policies.choices import COMING
from policies.models import Document, DocumentListing, DocumentReview, DocumentVersion, DraftLock
from policies.querysets import DocumentListingQuerySet, DocumentQuerySet

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


def documents_visible(user: "AnyUser") -> "DocumentQuerySet":
    """Return the documents that a person may know of, each with its version in force and the one that comes; two queries."""
    found: DocumentQuerySet = (
        Document.objects.visible_to(user)
        .select_related("unit", "owner", "current")
        .defer("current__body")
        .prefetch_related(_coming())
    )
    return found


def coming_read(documents: Sequence[Document]) -> None:
    """Read for many documents at once the version that comes (`coming`, a list of one or none), but for its text. One query.

    It knows whether the text may show files of the document (`names_files`).
    """
    prefetch_related_objects(list(documents), _coming())


def _coming() -> "Prefetch[Any]":
    names = ExpressionWrapper(Q(body__contains="files/"), output_field=BooleanField())
    versions = DocumentVersion.objects.filter(state__in=COMING).defer("body").annotate(names_files=names)
    return Prefetch("versions", versions, to_attr="coming")


def coming_of(document: Document) -> DocumentVersion | None:
    """Return the version of a document that is written, looked at or about to be published, if there is one. One query."""
    found: DocumentVersion | None = (
        DocumentVersion.objects.filter(document=document, state__in=COMING)
        .select_related("written_by", "approval", "file__file")
        .first()
    )
    return found


def lock_of(document: Document, now: datetime) -> DraftLock | None:
    """Return who writes on a document's draft at present, if somebody does. One query."""
    found: DraftLock | None = DraftLock.objects.select_related("holder").filter(document=document).first()
    return found if found is not None and found.counts(now) else None


def lock_on(document: Document, now: datetime) -> DraftLock | None:
    """Return the same, of a document that was read with its lock; no query then."""
    found: DraftLock | None = getattr(document, "writing", None)
    return found if found is not None and found.counts(now) else None


def version_of(document: Document, number: int) -> DocumentVersion | None:
    """Return a version of a document by its number, if there is one. One query."""
    found: DocumentVersion | None = (
        DocumentVersion.objects.filter(document=document, number=number)
        .select_related("written_by", "approval__requested_by", "file__file")
        .first()
    )
    return found


def versions_of(document: Document) -> "QuerySet[DocumentVersion]":
    """Return all versions of a document but for their texts, the newest first. One query."""
    found: QuerySet[DocumentVersion] = (
        DocumentVersion.objects.filter(document=document)
        .select_related("written_by", "file")
        .defer("body")
        .order_by("-number")
    )
    return found


def versions_with_text(versions: Sequence[DocumentVersion]) -> "QuerySet[DocumentVersion]":
    """Return versions with nothing but their numbers and texts. One query."""
    found: QuerySet[DocumentVersion] = DocumentVersion.objects.filter(
        pk__in=[version.pk for version in versions]
    ).only("pk", "number", "body")
    return found


def reviews_of(document: Document) -> "QuerySet[DocumentReview]":
    """Return what the looks at a document came to, the latest first. One query."""
    found: QuerySet[DocumentReview] = (
        DocumentReview.objects.filter(document=document)
        .select_related("version", "reviewed_by")
        .defer("version__body")
    )
    return found


def reviews_overdue(user: "AnyUser", now: datetime) -> "DocumentListingQuerySet":
    """Return the documents that a person may know of whose review is late."""
    found: DocumentListingQuerySet = DocumentListing.objects.visible_to(user).unarchived()
    return found.review_overdue(organisation_day(now))


def unit_names() -> Mapping[int, str]:
    """Return how all business units are called, by their keys. One query."""
    return dict(BusinessUnit.objects.order_by("path").values_list("pk", "name"))


def audience_names(version: DocumentVersion, names: Mapping[int, str]) -> list[str]:
    """Return whom a version is for, in words: units, and roles whatever their units; none where it is for everyone."""
    units, roles = set(version.audience), set(version.audience_roles)
    return [
        *(names[key] for key in names if key in units),
        *(_("role %(role)s") % {"role": role.label} for role in Role if role in roles),
    ]


def audience_words(version: DocumentVersion, names: Mapping[int, str] | None = None) -> str:
    """Return whom a version is for, on a line. One query where it is for some units, and their `names` are not at hand."""
    if names is None:
        names = unit_names() if version.audience else {}
    return ", ".join(audience_names(version, names)) or _("Everyone")
