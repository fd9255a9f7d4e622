"""Who may ask for evidence, judge it and answer for it, and when."""

from datetime import date

from django.utils.translation import gettext as _

from audits.choices import WAITING_EVIDENCE_STATES, AuditState
from audits.models import Audit, EvidenceRequest
from audits.permissions.sides import audited_refusal, is_auditor_of, parts_in
from foundation.accounts.models import User
from foundation.accounts.selectors import stood_in_for

# The states of an audit in which evidence is asked for: before, nobody works on it; after, the report is settled.
ASKING_STATES = (AuditState.PREPARING, AuditState.FIELDWORK, AuditState.REPORTING)


def asking_refusal(*, audit: Audit, user: User) -> str | None:
    """Return why nobody, or not this person, can ask for evidence in an audit, or None. The right is another matter."""
    if audit.state not in ASKING_STATES:
        return _("Evidence is asked for from the preparation to the report. It is now “%(state)s”.") % {
            "state": AuditState(audit.state).label
        }
    return audited_refusal(audit=audit, user=user)


def can_ask_for_evidence(user: User, audit: Audit) -> bool:
    """Tell whether a person may ask for evidence in an audit as it stands."""
    return is_auditor_of(user, audit) and asking_refusal(audit=audit, user=user) is None


def evidence_judging_refusal(*, request: EvidenceRequest, user: User) -> str | None:
    """Return why a person can't do the auditors' part on a request for evidence, or None."""
    if request.owner_id == user.pk:
        return _("You are asked for this evidence, so somebody else must do this.")
    if request.answered_by_id == user.pk:
        return _("You answered this, so somebody else must do this.")
    return audited_refusal(audit=request.audit, user=user)


def evidence_change_refusal(request: EvidenceRequest) -> str | None:
    """Return why what is asked can't be changed in the request's state, or None."""
    if request.state in WAITING_EVIDENCE_STATES:
        return None
    return _("Only what still waits for an answer can be changed.")


def can_change_evidence(user: User, request: EvidenceRequest) -> bool:
    """Tell whether a person may change what is asked."""
    return (
        evidence_change_refusal(request) is None
        and is_auditor_of(user, request)
        and evidence_judging_refusal(request=request, user=user) is None
    )


def answering_refusal(*, request: EvidenceRequest, user: User, on: date) -> str | None:
    """Return why a person may not answer a request, or None: who is asked does, or who stands in for them that day.

    Nobody who audits there answers in the place of those who are audited: neither by a part in the audit nor by a right.
    """
    if request.state not in WAITING_EVIDENCE_STATES:
        return _("It does not wait for an answer any more.")
    if request.owner_id == user.pk:
        return None
    if not audits_there(user, request) and any(
        person.pk == request.owner_id for person in stood_in_for(user, on=on)
    ):
        return None
    return _("%(person)s is asked for this, and answers it.") % {"person": request.owner}


def audits_there(user: User, request: EvidenceRequest) -> bool:
    """Tell whether a person is on the auditors' side of a request, by a part or by a right, and so answers it in nobody's place."""
    return bool(parts_in(user, request)) or is_auditor_of(user, request)
