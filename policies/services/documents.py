"""Beginning documents, and changing what is said of them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import BusinessUnit, User
from foundation.records.choices import Confidentiality
from foundation.records.services import record_create, record_update
from foundation.registry import registry
from policies.choices import DocumentState, VersionState
from policies.models import Document, DocumentVersion
from policies.models.documents import USUAL_CADENCE
from policies.permissions import settling_refusal
from policies.services.announcing import announcements_call_off
from policies.services.errors import DocumentRefused
from policies.services.reviews import review_after_change

SETTLED_FIELDS = ("owner", "unit", "cadence_months", "confidentiality")


@transaction.atomic
def document_create(
    *,
    actor: User,
    now: datetime,
    type: str,
    title: str,
    unit: BusinessUnit,
    owner: User,
    body: str = "",
    summary: str = "",
    effective_on: date | None = None,
    audience: Sequence[int] = (),
    audience_roles: Sequence[str] = (),
    cadence_months: int = USUAL_CADENCE,
    confidentiality: str = Confidentiality.INTERNAL,
) -> Document:
    """Begin a document with the draft of its first version."""
    document = Document(
        type=type,
        title=title,
        unit=unit,
        owner=owner,
        cadence_months=cadence_months,
        confidentiality=confidentiality,
    )
    record_create(record=document, kind="document", actor=actor, state=DocumentState.DRAFT)
    DocumentVersion.objects.create(
        document=document,
        number=1,
        major=1,
        title=title,
        body=body,
        summary=summary,
        effective_on=effective_on,
        audience=list(audience),
        audience_roles=list(audience_roles),
        written_by=actor,
        written_at=now,
        writers=[actor.pk],
    )
    document.save()  # which writes the words that search finds it by, now that it has a text
    return document


@transaction.atomic
def document_change(
    *, document: Document, changes: dict[str, Any], actor: User, now: datetime, version: int
) -> Document:
    """Change whose a document is, and how often it is reviewed, as it was read at `version`; its text is another matter.

    What hangs on it in other apps follows (`RecordFollowed`).

    Raises DocumentRefused once it is retired, StaleRecord when somebody else was faster.
    """
    if unknown := changes.keys() - set(SETTLED_FIELDS):
        raise ValueError(f"Not changed here: {sorted(unknown)}")
    if refusal := settling_refusal(document):
        raise DocumentRefused(refusal)
    before = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    changed = record_update(record=document, changes=changes, actor=actor, version=version)
    if changed.unit_id != before.unit_id and changed.versions.filter(state=VersionState.APPROVED).exists():
        raise DocumentRefused(
            _("A version of it waits for its day, approved for this unit. Take that version back first.")
        )
    if changed.is_restricted:
        announcements_call_off(document=changed)
    if changed.current_id is not None:
        review_after_change(document=changed, cadence_before=before.cadence_months, now=now)
    registry.record_changed(record=changed, actor=actor, now=now)
    return changed
