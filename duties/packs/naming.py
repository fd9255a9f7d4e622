"""Names in the archive: readable, and safe on every system."""

import re
import unicodedata

LONGEST = 100  # bytes of a file's name, without its number
UNWANTED = re.compile(r'[<>:"/\\|?*]+')


def path_of(reference: str, number: int, name: str) -> str:
    """Return where a file of a record lies in the archive: `evidence/DUT-0042/01-minutes.pdf`.

    The number before the name keeps names apart, also where a system does not tell large letters from small ones, and from
    names that Windows keeps for devices.
    """
    return f"evidence/{safe(reference)}/{number:02d}-{safe(name)}"


def safe(name: str) -> str:
    """Return a name without what some system does not take, in composed letters, and not too long."""
    plain = unicodedata.normalize("NFC", name)
    plain = "".join(letter if letter.isprintable() else " " for letter in plain)
    plain = " ".join(UNWANTED.sub("-", plain).split()).strip(". ")
    stem, dot, extension = plain.rpartition(".")
    if not dot or len(extension) > 10 or not stem:
        stem, extension = plain, ""
    ending = f".{extension}" if extension else ""
    room = LONGEST - len(ending.encode())
    return f"{stem.encode()[:room].decode(errors='ignore').rstrip('. ')}{ending}" or "file"
