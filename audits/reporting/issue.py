"""Which report it is: what it was made from, by whom, and whether anybody stands for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Issue:
    """A report about to be made.

    `content` is what `report_content` says of the audit: now, or (of a final report) when it was approved. `standing` says
    how far its findings and actions are at `made_at`. All words are in one language already.
    """

    number: int
    content: Mapping[str, Any]
    digest: str
    standing: Mapping[str, str]
    organisation: str
    language: str
    prepared_by: str
    made_at: datetime
    approvals: tuple[tuple[str, str, datetime], ...] = field(default=())  # the step, who decided, when

    @property
    def is_final(self) -> bool:
        """Tell whether it was approved."""
        return bool(self.approvals)
