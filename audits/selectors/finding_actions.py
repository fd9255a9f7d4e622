"""What is done about a finding, as far as its steps ask."""

from dataclasses import dataclass

from audits.models import Finding
from foundation.actions.choices import ActionState
from foundation.actions.models import Action

# A task is finished once it is done, a corrective action once it is verified: whether it works is checked later.
UNFINISHED = (ActionState.OPEN, ActionState.TO_VERIFY)


@dataclass(frozen=True)
class Standing:
    """The references of a finding's actions that were not cancelled: all, the corrective ones, and those not yet verified or done."""

    all: tuple[str, ...]
    corrective: tuple[str, ...]
    unfinished: tuple[str, ...]


def actions_standing(finding: Finding) -> Standing:
    """Return what was agreed on for a finding and not cancelled, whoever may know of it. One query."""
    actions = list(
        Action.objects.filter(source_id=finding.pk).exclude(state=ActionState.CANCELLED).order_by("pk")
    )
    return Standing(
        all=tuple(action.reference for action in actions),
        corrective=tuple(action.reference for action in actions if action.is_corrective),
        unfinished=tuple(action.reference for action in actions if action.state in UNFINISHED),
    )
