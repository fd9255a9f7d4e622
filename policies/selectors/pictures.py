"""Pictures in texts: files of the document that may be shown there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.urls import reverse

from foundation.files.choices import Scan
from foundation.files.models import FileVersion
from policies.models import Document
from policies.prose import PICTURE, Prose, prose_of

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser

MOST_OFFERED = 50


@dataclass(frozen=True)
class Picture:
    """A picture among the files of a document: its name, what a text calls it, and the address that serves it."""

    name: str
    reference: str
    url: str

    @property
    def markdown(self) -> str:
        """Return what is typed to show it."""
        words = self.name.rpartition(".")[0].replace("[", "(").replace("]", ")")
        return f"![{words}]({self.reference})"


def pictures_of(document: Document, user: "AnyUser") -> "QuerySet[FileVersion]":
    """Return the pictures among a document's files that a person sees, in all versions."""
    found: QuerySet[FileVersion] = (
        FileVersion.objects.present()
        .unkept(user)
        .filter(file__record_id=document.pk, content_type__startswith="image/", pages__gt=0)
        .exclude(scan=Scan.FOUND)
        .select_related("file")
        .order_by("-uploaded_at", "-pk")
    )
    return found


def pictures_offered(document: Document, user: "AnyUser") -> list[Picture]:
    """Return the newest versions of a document's pictures, the latest first. One query."""
    return [_picture(version) for version in pictures_of(document, user).newest()[:MOST_OFFERED]]  # type: ignore[attr-defined]


def pictures_in(text: str, document: Document, user: "AnyUser") -> tuple[tuple[str, str], ...]:
    """Return the pictures of a text that a person may see, with their addresses. One query, and none without pictures."""
    named = set(PICTURE.findall(text))
    if not named:
        return ()
    keys = {reference.split("/")[1] for reference in named}
    shown = (_picture(version) for version in pictures_of(document, user).filter(file__key__in=keys))
    return tuple(sorted((one.reference, one.url) for one in shown if one.reference in named))


def prose_for(text: str, document: Document, user: "AnyUser") -> Prose:
    """Return a text of a document as a person reads it, with the pictures that they may see."""
    return prose_of(text, pictures_in(text, document, user))


def pictures_shown(document: Document, text: str) -> Sequence[FileVersion]:
    """Return the files of a document that a text shows as pictures, whoever reads it. One query, and none without pictures."""
    named = set(PICTURE.findall(text))
    if not named:
        return ()
    keys = {reference.split("/")[1] for reference in named}
    versions = FileVersion.objects.filter(file__record_id=document.pk, file__key__in=keys).select_related(
        "file"
    )
    return [one for one in versions.order_by("pk") if _picture(one).reference in named]


def _picture(version: FileVersion) -> Picture:
    return Picture(
        version.name,
        f"files/{version.file.key}/{version.number}",
        reverse("files:file-picture", args=[version.file.key, version.number, 1]),
    )
