"""What is done about a finding, as far as its steps ask, who proposes it, and who decides on that."""

from collections.abc import Collection
from dataclasses import dataclass

from audits.choices import AUDIT_OWNER, AuditRole
from audits.models import Finding
from audits.selectors.auditors import NAMED, playing
from foundation.accounts.models import User
from foundation.actions.choices import UNFINISHED, ActionState
from foundation.actions.models import Action


@dataclass(frozen=True)
class Standing:
    """The references of the actions that were agreed on for a finding and not cancelled: all, the corrective ones, and those not
    yet verified or done, with those below them; beside them those that are proposed, and wait for the auditors.
    """

    all: tuple[str, ...]
    corrective: tuple[str, ...]
    unfinished: tuple[str, ...]
    proposed: tuple[str, ...]


def actions_standing(finding: Finding) -> Standing:
    """Return what was agreed on for a finding and not cancelled, and what is proposed, whoever may know of it. One query."""
    found = list(Action.objects.filter(source_id=finding.pk).with_unfinished_below().order_by("pk"))
    actions = [one for one in found if one.is_agreed]
    unfinished = [action.reference for action in actions if action.state in UNFINISHED]
    below = [reference for action in found for reference in action.unfinished_below]
    return Standing(
        all=tuple(action.reference for action in actions),
        corrective=tuple(action.reference for action in actions if action.is_corrective),
        unfinished=(*unfinished, *below),
        proposed=tuple(action.reference for action in found if action.state == ActionState.PROPOSED),
    )


def finding_proposers(finding_id: int) -> list[User]:
    """Return who may propose what is done about a finding: who answers for it."""
    return list(User.objects.filter(pk__in=Finding.objects.filter(pk=finding_id).values("owner_id")))


def finding_deciders(finding_ids: Collection[int]) -> dict[int, list[User]]:
    """Return who is to agree on what was proposed for findings: who leads there, then who owns the audit, as the finding names them.

    By the key of the finding; two queries.
    """
    found = Finding.objects.select_related("audit__lead_auditor").prefetch_related(NAMED)
    return {
        one.pk: [*playing(one, AuditRole.LEAD), *playing(one, AUDIT_OWNER)] or [one.audit.lead_auditor]
        for one in found.filter(pk__in=finding_ids)
    }
