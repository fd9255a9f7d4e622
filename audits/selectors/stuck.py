"""Whether nobody may see to something for the auditors, in words for its page."""

from datetime import datetime

from django.utils.translation import gettext as _

from audits.choices import AuditRole
from audits.models import EvidenceRequest, Finding
from audits.permissions import auditor_refusal, evidence_judging_refusal, is_auditor_of, parts_in
from audits.selectors.auditors import RUNS
from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.accounts.rights import roles_named


def stuck_words(record: Finding | EvidenceRequest, *, person: User, is_stuck: bool, now: datetime) -> str:
    """Return why nobody may see to what waits for a person (`SeenTo`), and who changes that; empty where the person may.

    `is_stuck` is what the date says, which is looked at anew each hour. No query for who audits there while it doesn't, else two at most.
    """
    if not is_stuck and parts_in(person, record) & {AuditRole.LEAD, AuditRole.TEAM}:
        return ""
    access_of(person, now)
    refusal = (
        auditor_refusal(finding=record, user=person)
        if isinstance(record, Finding)
        else evidence_judging_refusal(request=record, user=person)
    )
    if refusal is None and is_auditor_of(person, record):
        return ""
    return _(
        "Nobody may see to this for the auditors now: whoever runs audits of %(unit)s answers here, belongs to what is audited, "
        "or has left. %(person)s sees to it that somebody else is given the role %(roles)s there."
    ) % {"unit": record.unit, "person": person, "roles": roles_named(RUNS)}
