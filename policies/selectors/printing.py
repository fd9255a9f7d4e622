"""What is printed of a version besides its text."""

from collections.abc import Mapping, Sequence

from django.db.models import Q, QuerySet

from foundation.approvals.choices import Verdict
from foundation.approvals.models import ApprovalDecision
from foundation.files.choices import Scan
from foundation.files.models import FileVersion
from policies.choices import SETTLED
from policies.models import Document, DocumentVersion
from policies.selectors.pictures import pictures_shown


def history_of(version: DocumentVersion) -> QuerySet[DocumentVersion]:
    """Return the versions of the document that were in force until this one came, and this one, the newest first. One query.

    What is being written stays with who writes it.
    """
    found: QuerySet[DocumentVersion] = (
        DocumentVersion.objects.filter(Q(state__in=SETTLED) | Q(pk=version.pk), document=version.document_id)
        .filter(number__lte=version.number)
        .defer("body")
        .order_by("-number")
    )
    return found


def approvals_of(version: DocumentVersion) -> QuerySet[ApprovalDecision]:
    """Return who approved a version, in their order. One query."""
    found: QuerySet[ApprovalDecision] = (
        ApprovalDecision.objects.filter(request=version.approval_id, verdict=Verdict.APPROVE)
        .select_related("step", "decided_by", "on_behalf_of")
        .order_by("id")
    )
    return found if version.digest else found.none()


def approvals_read(documents: Sequence[Document]) -> None:
    """Read for many documents at once who approved the version in force (`approved_by`, in their order). One query."""
    current = [one.current for one in documents if one.current]
    found = approvals_by_version(current)
    for one in documents:
        one.approved_by = found.get(one.current.pk, []) if one.current else []  # type: ignore[attr-defined]


def approvals_by_version(versions: Sequence[DocumentVersion]) -> dict[int, list[ApprovalDecision]]:
    """Return who approved each of many versions, in their order, by the keys of these. One query."""
    requests = {one.approval_id: one.pk for one in versions if one.digest and one.approval_id}
    decisions = ApprovalDecision.objects.filter(request__in=requests, verdict=Verdict.APPROVE)
    found: dict[int, list[ApprovalDecision]] = {}
    people = ("decided_by__full_name", "on_behalf_of__full_name")
    read = decisions.select_related("decided_by", "on_behalf_of").only("request_id", "decided_at", *people)
    for decision in read.order_by("id"):
        found.setdefault(requests[decision.request_id], []).append(decision)
    return found


def pictures_printed(version: DocumentVersion) -> Mapping[str, FileVersion]:
    """Return the pictures of a text that can be printed, by what it calls them. One query, and none without pictures."""
    return {
        f"files/{one.file.key}/{one.number}": one
        for one in pictures_shown(version.document, version.body)
        if one.content_type.startswith("image/")
        and one.pages
        and one.scan != Scan.FOUND
        and one.file.withdrawn_at is None
        and not one.file.kept_from
    }
