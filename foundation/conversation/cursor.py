"""How far a reader has gone back in a record's activity: what the address of the older part carries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

FORM = re.compile(r"(\d{1,17})-(\d{1,18})-(\d{1,18})-(\d{1,18})", re.ASCII)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Cursor:
    """The oldest that was shown of each kind: an entry of the trail by instant and number, the others by number.

    Zero means that none was shown.
    """

    at: datetime = EPOCH
    entry: int = 0
    notice: int = 0
    comment: int = 0

    def __str__(self) -> str:
        microseconds = (self.at - EPOCH) // timedelta(microseconds=1)
        return f"{microseconds}-{self.entry}-{self.notice}-{self.comment}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the cursor of an address; the beginning for anything that is none."""
        found = FORM.fullmatch(text)
        if not found:
            return cls()
        microseconds, entry, notice, comment = map(int, found.groups())
        return cls(EPOCH + timedelta(microseconds=microseconds), entry, notice, comment)
