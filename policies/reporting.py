"""A version of a document on paper: what it is and who approved it, what it was before, and all that it says."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from PIL import Image

from foundation.accounts.organisation import current_organisation, organisation_zone
from foundation.approvals.models import ApprovalDecision
from foundation.documents import blocks
from foundation.documents.blocks import (
    Block,
    Cell,
    Contents,
    Facts,
    Grid,
    Head,
    Heading,
    Manuscript,
    Mono,
    Note,
    SignOff,
    State,
    document_data,
)
from foundation.documents.manuscript import Picture
from foundation.documents.typesetting import document_pdf
from foundation.files.models import FileVersion
from foundation.files.previews import CONTENT_TYPE, NotDrawn, page_picture
from foundation.ui import components
from policies.choices import VERSION_TONES, VersionState
from policies.models import DocumentVersion
from policies.selectors import approvals_of, audience_words, history_of, pictures_printed

logger = structlog.get_logger(__name__)

WIDTH = 32  # characters of a digest in a line
KEPT_SECONDS = 3_600
MOST_KEPT = 3 * 1024 * 1024  # bytes; what is longer is made anew each time
MOST_PICTURES = 12 * 1024 * 1024  # bytes of all pictures of a text
TONES: dict[str, blocks.Tone] = {
    components.Tone.NEUTRAL: blocks.Tone.PLAIN,
    components.Tone.GOOD: blocks.Tone.GOOD,
    components.Tone.ATTENTION: blocks.Tone.WARNING,
    components.Tone.INFO: blocks.Tone.INFO,
}


@dataclass(frozen=True)
class Sheet:
    """All that is printed of a version."""

    version: DocumentVersion
    history: Sequence[DocumentVersion]
    decisions: Sequence[ApprovalDecision]
    audience: str
    pictures: Mapping[str, Picture]
    for_readers: bool = False


def version_pdf(version: DocumentVersion, *, for_readers: bool = False) -> bytes:
    """Return a version as PDF, in the organisation's language and time whoever asks; raise NotTypeset.

    `for_readers` of the library it tells nothing of other versions: those are not theirs to read.

    The same version gives the same bytes, until what is said of it changes: its state, its next review, its owner. What was
    made within the hour is handed out again, so that a thousand readers of a new policy cost one typesetting.
    """
    with translation.override(settings.LANGUAGE_CODE), timezone.override(organisation_zone()):
        document = version_document(sheet_of(version, for_readers=for_readers))
    at = version.ended_at or version.published_at or version.written_at
    said = json.dumps([document_data(document), int(at.timestamp())]).encode()
    key = f"policies:pdf:{hashlib.sha256(said).hexdigest()}"
    kept: bytes | None = cache.get(key)
    if kept is not None:
        return kept
    content = document_pdf(document, at=at)
    if len(content) <= MOST_KEPT:
        cache.set(key, content, timeout=KEPT_SECONDS)
    return content


def sheet_of(version: DocumentVersion, *, for_readers: bool = False) -> Sheet:
    """Return all that is printed of a version; five queries at most."""
    return Sheet(
        version,
        history=[version] if for_readers else list(history_of(version)),
        decisions=list(approvals_of(version)),
        audience=audience_words(version),
        pictures={} if version.file_id else _pictures(pictures_printed(version)),
        for_readers=for_readers,
    )


def version_document(sheet: Sheet) -> blocks.Document:
    """Return a version as a document; its words are in the language and its instants in the time zone that are active."""
    version = sheet.version
    document = version.document
    organisation = current_organisation()
    digest = (_("SHA-256 of what was approved:"), version.digest) if version.digest else ("", "")
    return blocks.Document(
        kind=str(document.get_type_display()),
        title=version.title,
        reference=_("%(reference)s, version %(label)s")
        % {"reference": document.reference, "label": version.label},
        organisation=organisation.name if organisation else "",
        confidentiality=str(document.get_confidentiality_display()),
        cover=[
            (_("State"), _state(version)),
            (_("In force from"), _from(version)),
            (_("For"), sheet.audience),
            (_("Owner"), document.owner.full_name),
            (_("Business unit"), document.unit.name),
        ],
        digest=digest,
        blocks=list(_blocks(sheet)),
        page=_("Page {page} of {pages}"),
        language=settings.LANGUAGE_CODE.partition("-")[0],
        draft=_mark(version),
    )


def _mark(version: DocumentVersion) -> str:
    """Return the word across each page of what does not hold."""
    if version.state == VersionState.PUBLISHED:
        return ""
    if version.state == VersionState.IN_REVIEW:
        return _("Draft")
    return str(VersionState(version.state).label)


def _state(version: DocumentVersion) -> State:
    return State(str(version.get_state_display()), TONES[VERSION_TONES[version.state]])


def _from(version: DocumentVersion) -> str:
    """Return the day on which a version came in force; before that is known, the one that was chosen."""
    if version.published_at:
        return _day(version.published_at)
    return date_format(version.effective_on, "DATE_FORMAT") if version.effective_on else _("its approval")


def _day(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "DATE_FORMAT") if at else ""


def _blocks(sheet: Sheet) -> Iterator[Block]:
    version = sheet.version
    yield Heading(_("Document control"), on_new_page=True)
    yield Facts(_control(sheet))
    yield from _approved(sheet)
    yield from _history(sheet)
    if version.file:
        yield Heading(_("The document"))
        yield Note(
            _("What holds is the file that is named here. This is its control sheet; the file goes with it.")
        )
        yield Facts(
            [
                (_("File"), version.file.name),
                (_("SHA-256"), [Mono(version.file.sha256[:WIDTH]), Mono(version.file.sha256[WIDTH:])]),
            ]
        )
        return
    yield Contents(_("Contents"), depth=3)
    yield Heading(version.title, on_new_page=True)
    yield Manuscript(version.body, sheet.pictures, below=1)


def _control(sheet: Sheet) -> list[tuple[str, Cell]]:
    version = sheet.version
    document = version.document
    change = _("Material: to be acknowledged anew") if version.is_material else _("Minor")
    rows: list[tuple[str, Cell]] = [
        (_("Reference"), document.reference),
        (_("Title"), version.title),
        (_("Kind"), str(document.get_type_display())),
        (_("Version"), version.label),
        (_("State"), _state(version)),
        (_("Change"), change),
        (_("Classification"), str(document.get_confidentiality_display())),
        (_("Owner"), document.owner.full_name),
        (_("Business unit"), document.unit.name),
        (_("Audience"), sheet.audience),
        (_("Written by"), version.written_by.full_name),
        (_("In force from"), _from(version)),
    ]
    if version.ended_at:
        rows.append((_("Until"), _day(version.ended_at)))
    if version.state == VersionState.PUBLISHED and document.review_on:
        rows.append((_("Next review"), date_format(document.review_on, "DATE_FORMAT")))
    rows.append((_("Reviewed every"), _("%(count)d months") % {"count": document.cadence_months}))
    if version.digest:
        rows.append((_("SHA-256"), [Mono(version.digest[:WIDTH]), Mono(version.digest[WIDTH:])]))
    return rows


def _approved(sheet: Sheet) -> Iterator[Block]:
    yield Heading(_("Approved by"), level=2)
    if not sheet.decisions:
        yield Note(_("Nobody has approved this version."), blocks.Tone.WARNING)
        return
    yield SignOff(
        [(_("Approved"), _speaker(one), one.step.label, _instant(one.decided_at)) for one in sheet.decisions]
    )


def _speaker(decision: ApprovalDecision) -> str:
    person, other = decision.decided_by.full_name, decision.on_behalf_of
    if other is None:
        return person
    return _("%(person)s for %(other)s") % {"person": person, "other": other.full_name}


def _instant(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{date_format(local, 'DATETIME_FORMAT')} {local:%Z}"


def _history(sheet: Sheet) -> Iterator[Block]:
    yield Heading(_("This version") if sheet.for_readers else _("History of versions"), level=2)
    yield Grid(
        [
            Head(_("Version"), 2),
            Head(_("State"), 3),
            Head(_("In force from"), 3),
            Head(_("Until"), 3),
            Head(_("What changed"), 6),
        ],
        [
            [one.label, _state(one), _from(one), _day(one.ended_at) or None, one.summary or None]
            for one in sheet.history
        ],
    )


def _pictures(files: Mapping[str, FileVersion]) -> dict[str, Picture]:
    """Return pictures as they are drawn here, by what the text calls them; those that can't be drawn are left out."""
    found: dict[str, Picture] = {}
    left = MOST_PICTURES
    for reference, file in files.items():
        try:
            content = page_picture(file, 1)
        except (NotDrawn, OSError) as error:
            logger.warning("policies.picture_not_printed", reference=reference, reason=str(error))
            continue
        left -= len(content)
        if left < 0:
            break
        with Image.open(io.BytesIO(content)) as drawn:  # of our own making: see foundation/files/previews.py
            found[reference] = Picture(content, CONTENT_TYPE, *drawn.size)
    return found
