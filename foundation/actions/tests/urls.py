"""Who meets what behind the addresses of actions."""

from collections.abc import Sequence
from datetime import date

from audits.tests.factories import NOW, audit_make, finding_make
from foundation.actions.services import action_create, action_propose
from foundation.lifecycle.services import apply_transition
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, answers, everyone, only

OWNERS = {"ciso": 403, "analyst": 403, "auditor": 403}
READERS = {"ciso": 200, "analyst": 200, "auditor": 200, "unit_lead": 200}
MANAGERS = {"ciso": 422, "analyst": 422, "auditor": 422, "unit_lead": 403}
FORMS = {"ciso": 200, "analyst": 200, "auditor": 200, "unit_lead": 403}


def _action(cast: Cast) -> str:
    audit = audit_make(cast)
    return action_create(
        source=audit,
        title="Close it",
        owner=cast.analyst,
        due_on=date(2027, 3, 1),
        actor=cast.analyst,
        now=NOW,
    ).reference


def _returned(cast: Cast) -> str:
    action = action_propose(
        source=finding_make(cast),
        title="Close it",
        owner=cast.unit_lead,
        due_on=date(2027, 3, 1),
        actor=cast.unit_lead,
        now=NOW,
    )
    apply_transition(record=action, name="return", actor=cast.auditor, now=NOW, comment="Sooner")
    return action.reference


def _args(cast: Cast) -> Sequence[str]:
    return [_action(cast)]


ROWS = [
    UrlRow(name="actions:action-list", get=everyone()),
    UrlRow(
        name="actions:actions-assign",
        get=only("ciso", "analyst", "auditor", answer=302),
        post=only("ciso", "analyst", "auditor", answer=422),
    ),
    UrlRow(
        name="actions:actions-move",
        get=only("ciso", "analyst", "auditor", answer=302),
        post=only("ciso", "analyst", "auditor", answer=422),
    ),
    UrlRow(
        name="actions:action-create",
        args=lambda cast: [audit_make(cast).reference],
        get=answers(otherwise=404, **FORMS),
        post=answers(otherwise=404, **MANAGERS),
    ),
    UrlRow(
        name="actions:action-propose",
        args=lambda cast: [finding_make(cast).reference],
        get=answers(otherwise=404, **{**OWNERS, "unit_lead": 200}),
        post=answers(otherwise=404, **{**OWNERS, "unit_lead": 422}),
        refused_otherwise=True,
    ),
    UrlRow(
        name="actions:action-revise",
        args=lambda cast: [_returned(cast)],
        get=answers(otherwise=404, **{**OWNERS, "unit_lead": 200}),
        post=answers(otherwise=404, **{**OWNERS, "unit_lead": 422}),
        refused_otherwise=True,
    ),
    UrlRow(name="actions:action-detail", args=_args, get=answers(otherwise=404, **READERS)),
    UrlRow(
        name="actions:action-tab",
        args=lambda cast: [_action(cast), "history"],
        get=answers(otherwise=404, **READERS),
    ),
    UrlRow(
        name="actions:action-edit",
        args=_args,
        get=answers(otherwise=404, **FORMS),
        post=answers(otherwise=404, **MANAGERS),
    ),
    UrlRow(
        name="actions:action-step",
        args=lambda cast: [_action(cast), "complete"],
        get=answers(otherwise=404, **FORMS),
        post=answers(otherwise=404, **MANAGERS),
    ),
]
