"""Which report it is: what it was made from, by whom, and whether anybody stands for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from audits.selectors import AgreedAction, Answer, Answers


@dataclass(frozen=True)
class Issue:
    """A report about to be made.

    `content` is what `report_content` says of the audit: now, or (of a final report) when it was approved. `answers` is what
    those who answer for the findings said, and what was agreed on for them and for the audit itself, as it stands at `made_at`:
    no part of what is approved.
    Reports that were approved while answers were part of the content hold them there as well: what was approved stays.
    All words are in one language already.
    """

    number: int
    content: Mapping[str, Any]
    digest: str
    answers: Answers
    organisation: str
    language: str
    prepared_by: str
    made_at: datetime
    approvals: tuple[tuple[str, str, datetime], ...] = field(default=())  # the step, who decided, when

    @property
    def is_final(self) -> bool:
        """Tell whether it was approved."""
        return bool(self.approvals)

    @property
    def answered(self) -> list[tuple[Mapping[str, Any], Answer]]:
        """Return the findings that the report names, each with what is answered to it."""
        return [
            (one, self.answers.to_findings[one["reference"]])
            for one in self.content["findings"]
            if one["reference"] in self.answers.to_findings
        ]

    @property
    def agreed(self) -> list[tuple[str, AgreedAction]]:
        """Return the actions that were agreed on by their days, each with the reference of what it follows from."""
        own = [(self.content["reference"], action) for action in self.answers.own_actions]
        agreed = own + [
            (one["reference"], action) for one, answer in self.answered for action in answer.actions
        ]
        return sorted(agreed, key=lambda both: (both[1].due_on, both[1].reference))

    @property
    def has_more(self) -> bool:
        """Tell whether there is anything to say beside what is approved."""
        return bool(self.answered or self.answers.own_actions)
