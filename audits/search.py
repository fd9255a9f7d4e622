"""What audits, programmes, findings and requests for evidence are found by, besides their reference and title."""

from audits.models import Audit, EvidenceRequest, Finding, Programme


def audit_search_text(audit: Audit) -> str:
    """Return what an audit examines, against what, and its number elsewhere."""
    parts = (audit.external_reference, audit.scope, audit.criteria, audit.objectives)
    return "\n".join(part for part in parts if part)


def programme_search_text(programme: Programme) -> str:
    """Return what a programme is for."""
    return programme.objectives


def finding_search_text(finding: Finding) -> str:
    """Return what was found, and what was answered."""
    parts = (
        finding.description,
        finding.evidence,
        finding.risk,
        finding.response,
        *finding.whys,
        finding.root_cause,
        finding.correction,
    )
    return "\n".join(part for part in parts if part)


def evidence_search_text(request: EvidenceRequest) -> str:
    """Return what is asked for in detail, and what was answered."""
    return "\n".join(part for part in (request.description, request.answer) if part)
