"""What controls are mapped to, and what is mapped to them, as far as the reader may know of both."""

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models import When as WhenTrue

from compliance.models import Framework, Requirement, RequirementText
from compliance.querysets import readable_frameworks
from compliance.selectors import frameworks_visible
from compliance.selectors.choosing import TreeLine
from controls.models import Control, ControlDocument, ControlRequirement
from foundation.records.querysets import visible_records
from policies.choices import DocumentState
from policies.models import Document

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser

LINES = """
    SELECT said.id, said.parent_id, said.depth, said.kind, said.identifier, said.title, said.is_withdrawn,
        EXISTS (
            SELECT 1 FROM controls_controlrequirement AS mapped
            WHERE mapped.control_id = %s AND mapped.requirement_id = said.requirement_id
        )
    FROM compliance_requirementtext AS said WHERE said.edition_id = %s ORDER BY said.position
"""
SUGGESTED = 8


class DocumentSuggestion(NamedTuple):
    """A document to map to, as its picker offers it."""

    name: str
    note: str
    written: str


def requirements_of(control: Control, user: "AnyUser") -> "QuerySet[ControlRequirement]":
    """Return the requirements that a control is mapped to and whose framework the person may read, by framework. One query.

    Each has its `title` in the current edition, or in the last that held it.
    """
    is_current = Case(WhenTrue(edition__framework__current=F("edition"), then=0), default=1)
    said = RequirementText.objects.filter(
        requirement=OuterRef("requirement_id"), edition__accepted_at__isnull=False
    ).order_by(is_current, "-edition__number")
    found: QuerySet[ControlRequirement] = (
        ControlRequirement.objects.filter(
            readable_frameworks(user, "requirement__framework__"), control=control
        )
        .select_related("requirement__framework")
        .annotate(title=Subquery(said.values("title")[:1]), place=Subquery(said.values("position")[:1]))
        .order_by("requirement__framework__title", "requirement__framework_id", "place", "pk")
    )
    return found


def documents_of(control: Control, user: "AnyUser") -> "QuerySet[ControlDocument]":
    """Return the documents that a control is mapped to and that the person may know of. One query."""
    found: QuerySet[ControlDocument] = (
        ControlDocument.objects.filter(visible_records(user, "document__"), control=control)
        .select_related("document")
        .order_by("document__title", "pk")
    )
    return found


def controls_of_requirement(requirement: int, user: "AnyUser") -> "QuerySet[ControlRequirement]":
    """Return the controls that are mapped to a requirement and that the person may know of. One query."""
    found: QuerySet[ControlRequirement] = (
        ControlRequirement.objects.filter(visible_records(user, "control__"), requirement=requirement)
        .select_related("control__owner")
        .order_by("control__title", "pk")
    )
    return found


def controls_of_document(document: Any, user: "AnyUser") -> "QuerySet[ControlDocument]":
    """Return the controls that are mapped to a document and that the person may know of. One query."""
    found: QuerySet[ControlDocument] = (
        ControlDocument.objects.filter(visible_records(user, "control__"), document=document.pk)
        .select_related("control__owner")
        .order_by("control__title", "pk")
    )
    return found


def frameworks_to_map(user: "AnyUser", control: Control) -> "QuerySet[Framework]":
    """Return the active frameworks that a person may read, with how many of their requirements the control is mapped to."""
    mapped = Count("requirements__control_links", filter=Q(requirements__control_links__control=control))
    found: QuerySet[Framework] = (
        frameworks_visible(user)
        .active()
        .filter(current__isnull=False)
        .select_related("current")
        .annotate(mapped_here=mapped)
        .order_by("title", "pk")
    )
    return found


def tree_for(framework: Framework, control: Control) -> list[TreeLine]:
    """Return the current edition's lines in order, without what was withdrawn; one query."""
    with connection.cursor() as cursor:
        cursor.execute(LINES, [control.pk, framework.current_id])
        lines = [TreeLine._make(row) for row in cursor.fetchall()]
    return [line for line in lines if not line.is_withdrawn]


def requirements_meant(framework: Framework, texts: list[int]) -> "QuerySet[Requirement]":
    """Return the requirements whose texts in the current edition were chosen. One query."""
    chosen = RequirementText.objects.testable().filter(edition=framework.current_id, pk__in=texts)
    found: QuerySet[Requirement] = Requirement.objects.filter(pk__in=chosen.values("requirement"))
    return found.order_by("pk")


def documents_to_map(text: str, *, control: Control, user: "AnyUser") -> list[DocumentSuggestion]:
    """Return some documents that the person may know of, not retired, by parts of their reference or title. One query."""
    words = text.strip()[:100]
    if not words:
        return []
    found = (
        Document.objects.visible_to(user)
        .exclude(state=DocumentState.RETIRED)
        .exclude(control_links__control=control)
        .filter(Q(title__icontains=words) | Q(reference__icontains=words))
        .order_by("title", "pk")[:SUGGESTED]
    )
    return [
        DocumentSuggestion(f"{one.reference} {one.title}", str(DocumentState(one.state).label), one.reference)
        for one in found
    ]


def document_written(text: str, user: "AnyUser") -> Document | None:
    """Return the document whose reference a text is or begins with, if the person may know of it. One query."""
    reference = (text.strip().split() or [""])[0].upper()
    if not reference.isprintable():
        return None
    found: Document | None = Document.objects.visible_to(user).filter(reference=reference).first()
    return found
