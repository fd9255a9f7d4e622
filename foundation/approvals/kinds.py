"""What the owner of a kind of record tells the approvals about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from foundation.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class StepPlan:
    """A step of a route: `needed` people who hold `right` for the record's unit."""

    label: str
    right: str
    needed: int = 1


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A request that came to its end, as handed to the kind's `settle`."""

    record: Any
    state: str
    actor: User
    now: datetime
    comment: str


@dataclass(frozen=True, kw_only=True)
class ApprovalKind:
    """How records of a kind are approved. `key` is the record kind.

    `content` returns exactly what is approved, as plain JSON values by code, and `labels` how the codes are called on
    the page; `steps` the route; `decide_by` the day by which a decision is due; `refusal` why a person may not decide
    although the right is there (separation of duties); it asks nothing of the database. `settle` lets the record follow, in the same transaction.
    """

    key: str
    content: Callable[[Any], dict[str, Any]]
    labels: Mapping[str, Any]
    steps: Callable[[Any], tuple[StepPlan, ...]]
    decide_by: Callable[[Any, date], date]
    refusal: Callable[[Any, User], str | None]
    settle: Callable[[Outcome], None]
