"""How a document is approved: by somebody who neither wrote it nor asked, on exactly what it will say."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.models import User
from foundation.approvals.choices import RequestState
from foundation.approvals.kinds import ApprovalKind, Outcome, StepPlan
from foundation.files.models import FileVersion
from foundation.lifecycle.services import apply_transition
from policies.choices import DocumentState
from policies.models import Document, DocumentVersion
from policies.permissions import APPROVE
from policies.selectors import audience_names, coming_of, coming_read, pictures_shown, unit_names

DECISION_DAYS = 14


def document_content(document: Document) -> dict[str, Any]:
    """Return what is approved: the text that comes, and for whom and from when it holds."""
    version = coming_of(document)
    assert version is not None, "what is in review has a version that comes"
    return version_content(document, version)


def version_content(document: Document, version: DocumentVersion) -> dict[str, Any]:
    """Return what a version says, as plain values; its digest is what an approval binds to.

    In one language, whoever asks and whoever decides. Whose the document is, is no part of it: that may change meanwhile.
    """
    names = unit_names() if version.audience else {}
    with translation.override(settings.LANGUAGE_CODE):
        return {
            "reference": document.reference,
            "title": version.title,
            "type": str(document.get_type_display()),
            "version": version.label,
            "change": str(_("Material: to be acknowledged anew") if version.is_material else _("Minor")),
            "unit": document.unit.name,
            "audience": audience_names(version, names) or [str(_("Everyone"))],
            "effective_on": version.effective_on.isoformat()
            if version.effective_on
            else str(_("once approved")),
            "summary": version.summary,
            **_file(version),
            "body": version.body,
            **_pictures(document, version),
        }


def _file(version: DocumentVersion) -> dict[str, Any]:
    """Return the file that is approved, by what proves its content; nothing where it is a text."""
    return {"file": f"{version.file.name}, SHA-256 {version.file.sha256}"} if version.file else {}


def _pictures(document: Document, version: DocumentVersion) -> dict[str, Any]:
    """Return the pictures that the text shows, each by what proves its content; nothing where there are none."""
    shown = [f"{one.name}, SHA-256 {one.sha256}" for one in pictures_shown(document, version.body)]
    return {"pictures": shown} if shown else {}


def document_writers(document: Document) -> list[int]:
    """Return the keys of all who wrote on the version that comes, whoever wrote on it last."""
    return [
        key
        for version in document.coming  # type: ignore[attr-defined]
        for key in (*version.writers, version.written_by_id)
    ]


def writer_refusal(document: Document, user: User) -> str | None:
    """Return why a person may not decide on a document: nobody approves the own text."""
    if user.pk in document_writers(document):
        return _("You wrote on this version, so somebody else must decide it.")
    return None


def document_settle(outcome: Outcome) -> None:
    """Let the document follow the approval of its version: on to being published, or back to the draft."""
    is_revision = outcome.record.state == DocumentState.REVISION_REVIEW
    name = "approve" if outcome.state == RequestState.APPROVED else "return"
    apply_transition(
        record=outcome.record,
        name=f"{name}_revision" if is_revision else name,
        actor=outcome.actor,
        now=outcome.now,
        comment=outcome.comment,
        by_approval=True,
    )


def decided_by(document: Document, today: date) -> date:
    """Return the day by which a decision is due: in two weeks, or before the text is to hold."""
    due = today + timedelta(days=DECISION_DAYS)
    version = coming_of(document)
    if version is None or version.effective_on is None:
        return due
    return max(today, min(due, version.effective_on - timedelta(days=1)))


def document_compared(document: Document) -> str:
    """Return where one sees what the version that comes changes of the one in force; nothing before there is one."""
    if document.current_id is None:
        return ""
    return document.get_differences_url(document.coming[0].number)  # type: ignore[attr-defined]


def document_enclosed(document: Document) -> list[FileVersion]:
    """Return the file, or the pictures, that the version that comes consists of. At most two queries."""
    coming = document.coming[0]  # type: ignore[attr-defined]
    if coming.file:
        return [coming.file]
    return list(pictures_shown(document, coming.body)) if coming.names_files else []


DOCUMENT_APPROVAL = ApprovalKind(
    key="document",
    content=document_content,
    labels={
        "reference": lazy("Reference"),
        "title": lazy("Title"),
        "type": lazy("Type"),
        "version": lazy("Version"),
        "change": lazy("Change"),
        "unit": lazy("Business unit"),
        "audience": lazy("Audience"),
        "effective_on": lazy("In force from"),
        "summary": lazy("What changed"),
        "file": lazy("File"),
        "body": lazy("Text"),
        "pictures": lazy("Pictures"),
    },
    steps=lambda document: (StepPlan(label=_("Approval by the CISO"), right=APPROVE),),
    decide_by=decided_by,
    refusal=writer_refusal,
    authors=document_writers,
    settle=document_settle,
    related=("unit",),
    markdown=frozenset({"body"}),
    compared=document_compared,
    enclosed=document_enclosed,
    prepare=coming_read,
)
