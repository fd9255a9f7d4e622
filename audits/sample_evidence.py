"""What the sample bank's auditors ask for: requests in every state, answered with invented files, by the services that people use."""

import io
from dataclasses import dataclass
from datetime import timedelta

from audits.choices import AuditRole
from audits.models import Audit, EvidenceRequest
from audits.services import EvidenceAsk, evidence_answer, evidence_ask
from foundation.accounts.sample import SampleContext
from foundation.files.services import Upload, file_add
from foundation.lifecycle.services import apply_transition
from foundation.notifications.services import notices_cancel

BACKUP, CARDS, WIRELESS, ONBOARDING = (
    "Backup and restore audit",
    "PCI DSS pre-assessment",
    "Wireless test of the head office",
    "Customer onboarding identity checks",
)


@dataclass(frozen=True, kw_only=True)
class SampleRequest:
    """Something that was asked for `asked` days ago, due `due` days from today, and how far it came.

    `answer` and `files` came four days after it was asked; `step` is what the auditor did then, with what was said.
    """

    audit: str
    title: str
    details: str = ""
    asked: int = 12
    due: int = 3
    answer: str = ""
    files: tuple[tuple[str, str], ...] = ()
    step: str = ""
    said: str = ""


REQUESTS = (
    SampleRequest(
        audit=BACKUP,
        title="Log of the restore tests of the last twelve months",
        details="With date, system, duration and result of each.",
        asked=20,
        due=-8,
        answer="All fourteen tests. The one in March was repeated in April.",
        files=(
            (
                "Restore tests.csv",
                "date,system,minutes,result\n2026-01-14,ledger,41,passed\n2026-03-11,cards,,failed\n",
            ),
        ),
        step="accept",
    ),
    SampleRequest(
        audit=BACKUP,
        title="Plan of what is backed up, how often and for how long",
        asked=20,
        due=-8,
        files=(("Backup plan.txt", "Ledger: hourly, kept 35 days. Cards: daily, kept 90 days.\n"),),
        step="accept",
    ),
    SampleRequest(
        audit=BACKUP,
        title="Contract with the keeper of the tapes",
        details="The part about access and transport is enough.",
        asked=18,
        due=-5,
        answer="Attached.",
        files=(("Tape contract.txt", "Schedule 3: transport in sealed cases, two persons.\n"),),
        step="return",
        said="Schedule 3 is there, but not the list of who may fetch tapes. Please add it.",
    ),
    SampleRequest(
        audit=BACKUP, title="Names of those who may start a restore of the ledger", asked=15, due=-2
    ),
    SampleRequest(
        audit=CARDS,
        title="Network diagram of the card data environment",
        details="As of this quarter, with all connections to the outside.",
        asked=11,
        due=2,
        files=(("Card network.txt", "dmz -> gateway -> vault; no other way in.\n"),),
        step="accept",
    ),
    SampleRequest(
        audit=CARDS,
        title="Accounts with access to the key vault",
        asked=11,
        due=2,
        answer="Exported this morning. Two accounts are of people on leave.",
        files=(
            (
                "Vault accounts.csv",
                "account,owner,last used\nsvc-vault,,2026-11-02\nm.okafor,M. Okafor,2026-11-20\n",
            ),
        ),
    ),
    SampleRequest(
        audit=CARDS,
        title="Results of the last quarterly scan from the outside",
        asked=11,
        due=4,
        answer="The scan was in October.",
        step="return",
        said="The report itself is missing. A summary page is enough.",
    ),
    SampleRequest(audit=CARDS, title="Minutes of the last key ceremony", asked=6, due=5),
    SampleRequest(
        audit=CARDS,
        title="Approval of the exception for the old terminals",
        asked=9,
        due=6,
        step="withdraw",
        said="Found in the register of exceptions.",
    ),
    SampleRequest(
        audit=WIRELESS,
        title="Floor plan with all access points",
        asked=9,
        due=1,
        answer="The third floor was measured anew last week.",
        files=(("Access points.txt", "Floor 1: 14. Floor 2: 12. Floor 3: 17.\n"),),
    ),
    SampleRequest(
        audit=ONBOARDING,
        title="Sample of ten identity checks of last month",
        details="Any ten; names may be blackened.",
        asked=3,
        due=7,
    ),
    SampleRequest(
        audit=ONBOARDING, title="How a failed check is followed up, in the words of the team", asked=3, due=7
    ),
)


def sample_evidence(context: SampleContext) -> None:
    """Ask for evidence in the audits that are under way, and let it be answered as the plan says."""
    for number, plan in enumerate(REQUESTS):
        audit = Audit.objects.select_related("lead_auditor").get(title=plan.audit)
        request = _ask(context, audit, plan, number)
        if plan.answer or plan.files:
            request = _answer(context, request, plan)
        if plan.step:
            apply_transition(
                record=request,
                name=plan.step,
                actor=audit.lead_auditor,
                now=context.now - timedelta(days=max(plan.asked - 6, 0)),
                comment=plan.said,
            )
        if plan.step in ("accept", "withdraw"):
            notices_cancel(record_id=request.pk)  # what was told along the way was read long ago


def _ask(context: SampleContext, audit: Audit, plan: SampleRequest, number: int) -> EvidenceRequest:
    parts = audit.participants.filter(role=AuditRole.AUDITEE).select_related("user").order_by("pk")
    auditees = [part.user for part in parts]
    (request,) = evidence_ask(
        audit=audit,
        asks=[EvidenceAsk(title=plan.title, description=plan.details)],
        owners=[auditees[number % len(auditees)]],
        due_on=context.now.date() + timedelta(days=plan.due),
        actor=audit.lead_auditor,
        now=context.now - timedelta(days=plan.asked),
    )
    return request


def _answer(context: SampleContext, request: EvidenceRequest, plan: SampleRequest) -> EvidenceRequest:
    at = context.now - timedelta(days=max(plan.asked - 4, 0), hours=1)
    for name, content in plan.files:
        file_add(
            record=request,
            upload=Upload(name, io.BytesIO(content.encode())),
            actor=request.owner,
            now=at,
        )
    return evidence_answer(
        request=request, answer=plan.answer, actor=request.owner, now=at, version=request.version
    )
