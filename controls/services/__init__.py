"""Writing controls, and what follows from their steps."""

from controls.services.controls import (
    control_change,
    control_create,
    control_give,
    control_implementation_set,
)
from controls.services.errors import ControlRefused
from controls.services.evidence import (
    EVIDENCE,
    evidence_astray,
    evidence_find_back,
    evidence_give,
    evidence_move,
    evidence_move_refusal,
)
from controls.services.ratings import control_rate
from controls.services.versions import (
    draft_write,
    revision_begin,
    revision_discard,
    version_approve,
    version_return,
    version_submit,
    versions_retire,
)

__all__ = [
    "EVIDENCE",
    "ControlRefused",
    "control_change",
    "control_create",
    "control_give",
    "control_implementation_set",
    "control_rate",
    "draft_write",
    "evidence_astray",
    "evidence_find_back",
    "evidence_give",
    "evidence_move",
    "evidence_move_refusal",
    "revision_begin",
    "revision_discard",
    "version_approve",
    "version_return",
    "version_submit",
    "versions_retire",
]
