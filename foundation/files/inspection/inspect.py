"""The whole judgement of a file."""

import hashlib
from dataclasses import dataclass
from typing import IO

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from foundation.files.inspection.kinds import KINDS, FileKind, allowed_words
from foundation.files.inspection.names import clean_name, extension_of
from foundation.files.inspection.refusals import FileRefused
from foundation.files.inspection.signatures import chunks_of, refuse_eicar


@dataclass(frozen=True)
class Inspection:
    """What a file that may come in is: its clean name, kind, length in bytes and SHA-256."""

    name: str
    kind: FileKind
    size: int
    sha256: str


def inspect_file(file: IO[bytes], name: str, *, most_bytes: int) -> Inspection:
    """Return what a file is; raise FileRefused, with the reason for its sender, when it may not come in."""
    clean = clean_name(name)
    extension = extension_of(clean)
    kind = KINDS.get(extension)
    if kind is None:
        raise FileRefused(_unknown_kind(extension))
    size = file.seek(0, 2)
    if not size:
        raise FileRefused(_("It is empty."))
    if size > most_bytes:
        raise FileRefused(too_large(most_bytes))
    refuse_eicar(chunks_of(file))
    kind.check(file, kind.label)
    return Inspection(clean, kind, size, _sha256(file))


def too_large(most_bytes: int) -> str:
    """Return the sentence for a file above the limit."""
    return _("It is larger than %(limit)s, the most that is taken.") % {"limit": filesizeformat(most_bytes)}


def _unknown_kind(extension: str) -> str:
    allowed = allowed_words()
    if not extension:
        return _("Its name does not say what it is. These can be added: %(allowed)s.") % {"allowed": allowed}
    return _("Files of the kind .%(extension)s can't be added. These can: %(allowed)s.") % {
        "extension": extension,
        "allowed": allowed,
    }


def _sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks_of(file):
        digest.update(chunk)
    return digest.hexdigest()
