"""A kind of record with a small lifecycle: drafts are sent, judged, and perhaps withdrawn."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import models

from foundation.accounts.models import User
from foundation.lifecycle.tables import Lifecycle, Moment, Transition
from foundation.records.models import Record
from foundation.records.services import participants_set, record_create
from foundation.registry import RecordKind, registry


class PleaState(models.TextChoices):
    DRAFT = "draft", "Draft"
    SENT = "sent", "Sent"
    JUDGED = "judged", "Judged"
    WITHDRAWN = "withdrawn", "Withdrawn"


KIND = RecordKind(
    key="plea",
    model="records.Record",
    prefix="PLE",
    label="Plea",
    label_plural="Pleas",
    icon="scale",
    detail_url_name="plea-detail",
)


def not_the_owner(record: Record, actor: User) -> str | None:
    """Refuse whoever owns the plea."""
    return "Nobody judges the own plea." if record.owner_id == actor.pk else None


def name_the_judge(moment: Moment) -> None:
    """Write who judged, as a thing that follows from the judgement."""
    participants_set(record=moment.record, role="judge", users=[moment.actor], actor=moment.actor)


TRANSITIONS = (
    Transition(
        name="send", label="Send", sources=("draft",), target="sent", right="audits.plan", owner_may=True
    ),
    Transition(
        name="judge",
        label="Judge",
        sources=("sent",),
        target="judged",
        right="audits.close",
        refusal=not_the_owner,
        consequence=name_the_judge,
    ),
    Transition(
        name="withdraw",
        label="Withdraw",
        sources=("draft", "sent"),
        target="withdrawn",
        right="audits.run",
        needs_comment=True,
    ),
    Transition(
        name="settle",
        label="Settle",
        sources=("sent",),
        target="judged",
        right="audits.plan",
        by_approval=True,
    ),
)


def table(**changes: Any) -> Lifecycle:
    """Return the lifecycle of pleas."""
    values: dict[str, Any] = {
        "key": "plea",
        "states": PleaState,
        "initial": "draft",
        "path": ("draft", "sent", "judged"),
        "transitions": TRANSITIONS,
    }
    return Lifecycle(**{**values, **changes})


@pytest.fixture
def pleas(monkeypatch: pytest.MonkeyPatch) -> Lifecycle:
    """Let there be pleas while the test runs."""
    monkeypatch.setitem(registry._items.setdefault(RecordKind, {}), "plea", KIND)
    monkeypatch.setitem(registry._items.setdefault(Lifecycle, {}), "plea", table())
    return table()


@pytest.fixture
def plea(pleas: Lifecycle) -> Callable[..., Record]:
    """Return a function that makes a plea."""

    def made(owner: User, *, state: str = "draft", **fields: Any) -> Record:
        record = Record(**{"title": "A plea", "owner": owner, "unit": owner.unit, **fields})
        return record_create(record=record, kind="plea", actor=owner, state=state)

    return made
