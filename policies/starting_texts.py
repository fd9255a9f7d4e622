"""Texts that a document may start from: of our own writing, to be fitted to the organisation.

What stands in square brackets is a proposal: a number, a name, an address that the author settles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from policies.choices import DocumentType

BEGINS = re.compile(r"\s*([-*] |\d+\. |\||#|>|$)")  # a line that does not go on with the one before
FOLDER = Path(__file__).parent / "texts"
ORGANISATION = "[organisation]"


@dataclass(frozen=True)
class StartingText:
    """A text to start from, by a key that is also its file's name. `title` is what the document is called at first."""

    key: str
    type: str
    title: str
    body: str

    def body_for(self, organisation: str) -> str:
        """Return the text with the organisation's name in it."""
        return self.body.replace(ORGANISATION, organisation) if organisation else self.body


TYPES: dict[str, str] = {
    "information-security-policy": DocumentType.POLICY,
    "acceptable-use-policy": DocumentType.POLICY,
    "access-control-policy": DocumentType.POLICY,
    "information-classification-policy": DocumentType.POLICY,
    "cryptography-policy": DocumentType.POLICY,
    "backup-and-recovery-policy": DocumentType.POLICY,
    "vulnerability-management-policy": DocumentType.POLICY,
    "supplier-security-policy": DocumentType.POLICY,
    "remote-work-policy": DocumentType.POLICY,
    "secure-development-policy": DocumentType.POLICY,
    "incident-response-plan": DocumentType.PLAN,
    "ransomware-playbook": DocumentType.PLAN,
}


@cache
def starting_texts() -> tuple[StartingText, ...]:
    """Return all of them, policies first."""
    return tuple(_read(key, type) for key, type in TYPES.items())


def starting_text(key: str) -> StartingText | None:
    """Return one by its key, or None for an unknown one."""
    return next((text for text in starting_texts() if text.key == key), None)


def _read(key: str, type: str) -> StartingText:
    heading, _, body = (FOLDER / f"{key}.md").read_text(encoding="utf-8").partition("\n")
    return StartingText(key, type, heading.removeprefix("# ").strip(), _unwrapped(body.strip()) + "\n")


def _unwrapped(text: str) -> str:
    """Return a text with each paragraph and item on one line: pages keep the breaks that people type."""
    lines: list[str] = []
    for line in text.split("\n"):
        goes_on = (
            lines and lines[-1].strip() and not lines[-1].startswith(("|", "#")) and not BEGINS.match(line)
        )
        if goes_on:
            lines[-1] += f" {line.strip()}"
        else:
            lines.append(line)
    return "\n".join(lines)
