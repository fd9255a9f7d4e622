"""What an OSCAL file says of itself: its versions, its identity, its publisher."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from compliance.catalogues.values import LABEL_LENGTH
from compliance.oscal.places import Place

TITLE_READ = 10_000
UUID_FORM = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
VERSION_FORM = re.compile(r"1\.(?P<minor>\d{1,3})(\.\d{1,3})?(?P<early>-[\w.-]+)?")
VERSION_LENGTH = 20
KNOWN_MINORS = (0, 1)


@dataclass(frozen=True)
class Metadata:
    """What is said of a catalogue as a whole."""

    title: str
    label: str
    publisher: str
    description: str
    oscal_version: str
    uuid: UUID
    last_modified: datetime
    document_ids: tuple[str, ...]
    note: str


def read_metadata(root: Place) -> Metadata:
    """Return what a catalogue says of itself; `note` says that its version of OSCAL is none that is known in full."""
    if not root.has("metadata"):
        root.fail(_("“%(name)s” is missing here.") % {"name": "metadata"})
    place = root.child("metadata").as_object()
    version = _oscal_version(place)
    return Metadata(
        title=place.text("title", required=True, most=TITLE_READ),
        label=place.text("version", required=True, most=LABEL_LENGTH),
        publisher=_publisher(place),
        description=place.text("remarks", most=TITLE_READ),
        oscal_version=version,
        uuid=_uuid(root),
        last_modified=_last_modified(place),
        document_ids=_document_ids(place),
        note=_note(version),
    )


def _note(version: str) -> str:
    found = VERSION_FORM.fullmatch(version)
    assert found is not None, "it was read"
    if int(found["minor"]) in KNOWN_MINORS and not found["early"]:
        return ""
    return _(
        "The file is OSCAL %(version)s, and 1.0 and 1.1 are what is known here. It reads as one of these; what it has beyond them is"
        " listed as left out."
    ) % {"version": version}


def _oscal_version(metadata: Place) -> str:
    version = metadata.text("oscal-version", required=True)
    if len(version) > VERSION_LENGTH or not VERSION_FORM.fullmatch(version):
        metadata.child("oscal-version").fail(
            _(
                "“%(version)s” is no version of OSCAL that is read here: 1.0, 1.1 and what follows them in 1 are."
            )
            % {"version": version[:40]}
        )
    return version


def _uuid(root: Place) -> UUID:
    text = root.text("uuid", required=True)
    if not UUID_FORM.fullmatch(text):
        root.child("uuid").fail(_("“%(text)s” is no UUID.") % {"text": text[:40]})
    return UUID(text)


def _last_modified(metadata: Place) -> datetime:
    text = metadata.text("last-modified", required=True, most=60)
    moment: datetime | None = None
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
    if moment is None or moment.tzinfo is None or not 1970 <= moment.year <= 2200:
        metadata.child("last-modified").fail(
            _("“%(text)s” is no instant with a time zone, such as 2024-02-13T17:43:40Z.") % {"text": text}
        )
    return moment


def _document_ids(metadata: Place) -> tuple[str, ...]:
    return tuple(one.text("identifier", required=True) for one in metadata.items("document-ids"))


def _publisher(metadata: Place) -> str:
    """Return the name of whoever created the catalogue, or published it; else of the only party that it names."""
    names = {one.text("uuid").lower(): one.text("name") for one in metadata.items("parties")}
    parts = [
        (one.text("role-id"), uuid.as_text().lower())
        for one in metadata.items("responsible-parties")
        for uuid in one.values("party-uuids")
    ]
    for role in ("publisher", "creator"):
        for of_role, uuid in parts:
            if of_role == role and names.get(uuid):
                return names[uuid][:200]
    named = [name for name in names.values() if name]
    return named[0][:200] if len(named) == 1 else ""
