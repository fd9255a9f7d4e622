"""Names of files that strangers chose."""

import re
import unicodedata

from django.utils.translation import gettext as _

LONGEST_NAME = 150
LONGEST_EXTENSION = 10
# Controls, characters without a shape (among them those that turn the direction of writing), halves of characters and
# those that nobody assigned.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# What has a meaning in the paths of an operating system, or in a header.
MEANINGFUL = re.compile(r'[<>:"|?*%;\x00-\x1f]')
# Windows opens a device for these, whatever follows the dot.
DEVICES = re.compile(r"(?i)\A(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|\Z)")


def clean_name(name: str) -> str:
    """Return a file's name without path, controls, characters that nobody sees, and whatever else a system reads into it.

    At most 150 characters; the extension survives.
    """
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(char for char in last if unicodedata.category(char) not in UNSEEN)
    plain = MEANINGFUL.sub("_", unicodedata.normalize("NFC", seen))
    plain = re.sub(r"\s+", " ", plain).rstrip(" .")
    stem, dot, extension = plain.rpartition(".")
    if not dot or len(extension) > LONGEST_EXTENSION:
        return _stem(plain, LONGEST_NAME)
    return f"{_stem(stem, LONGEST_NAME - len(extension) - 1)}.{extension}"


def _stem(text: str, most: int) -> str:
    """Return what stands before the extension: hidden from nobody, no device, and never empty."""
    return DEVICES.sub(r"_\1", text.lstrip(" .")[:most].rstrip(" ."), count=1)[:most] or _("file")


def extension_of(name: str) -> str:
    """Return what follows the last dot of a clean name, in lower case; empty without a dot."""
    _stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot else ""
