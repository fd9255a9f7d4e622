"""What the report of an audit says, as plain values: what is approved, and what its documents are made of."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import translation

from audits.choices import AuditRole, CheckMethod, CheckResult, FindingState
from audits.models import Audit, Check, Finding
from compliance.models import Edition, RequirementText
from foundation.actions.choices import ActionState
from foundation.actions.models import Action

Row = dict[str, Any]


def report_content(audit: Audit) -> dict[str, Any]:
    """Return what the report says, in the organisation's language: the digest of an approval binds to the words.

    It holds the checklist and all findings, so only those may read it who may read these (`can_see_checks`). Findings
    that were withdrawn, and actions that were cancelled, are left out; how far findings and actions are is no part of it,
    since that goes on after the report was approved. Six queries, however much there is.
    """
    people: dict[str, list[str]] = defaultdict(list)
    for part in audit.participants.select_related("user").order_by("user__full_name", "user"):
        people[part.role].append(part.user.full_name)
    with translation.override(settings.LANGUAGE_CODE):
        checks = list(audit.checks.select_related("text__edition__framework").order_by("position", "pk"))
        return {
            "reference": audit.reference,
            "title": audit.title,
            "type": str(audit.get_type_display()),
            "confidentiality": str(audit.get_confidentiality_display()),
            "unit": audit.unit.name,
            "period": f"{audit.starts_on:%Y-%m-%d} – {audit.fieldwork_ends_on:%Y-%m-%d}",
            "owner": audit.owner.full_name,
            "lead_auditor": audit.lead_auditor.full_name,
            "team": people[AuditRole.TEAM],
            "auditees": people[AuditRole.AUDITEE],
            "scope": audit.scope,
            "criteria": audit.criteria,
            "objectives": audit.objectives,
            "frameworks": list(audit.frameworks.order_by("title", "pk").values_list("title", flat=True)),
            "conclusion": audit.conclusion,
            "coverage": _coverage(checks),
            "checks": [_check(check) for check in checks],
            "findings": _findings(audit),
        }


def report_standing(audit: Audit) -> dict[str, str]:
    """Return how far the findings of an audit and their actions are today, in words, by their references. Two queries."""
    with translation.override(settings.LANGUAGE_CODE):
        findings = {
            finding.reference: str(FindingState(finding.state).label) for finding in audit.findings.all()
        }
        actions = Action.objects.filter(source__as_finding__audit=audit)
        return findings | {action.reference: str(ActionState(action.state).label) for action in actions}


def _coverage(checks: list[Check]) -> list[Row]:
    """Return how much of each edition the audit looked at, in the order in which its checks come."""
    chosen: Counter[int] = Counter()
    tested: Counter[int] = Counter()
    editions: dict[int, Edition] = {}
    for check in checks:
        edition = check.text.edition
        editions.setdefault(edition.pk, edition)
        chosen[edition.pk] += 1
        tested[edition.pk] += check.result not in (CheckResult.NOT_TESTED, CheckResult.NOT_APPLICABLE)
    return [
        {
            "framework": edition.framework.title,
            "edition": edition.label,
            "requirements": edition.testable_count,
            "chosen": chosen[key],
            "tested": tested[key],
        }
        for key, edition in editions.items()
    ]


def _check(check: Check) -> Row:
    return {
        "requirement": check.text.identifier,
        "title": check.text.title,
        "framework": check.text.edition.framework.title,
        "methods": ", ".join(str(CheckMethod(method).label) for method in check.methods),
        "sample": check.sample,
        "result": str(check.get_result_display()),
        "reason": check.reason,
    }


def _findings(audit: Audit) -> list[Row]:
    findings = list(
        audit.findings.exclude(state=FindingState.WITHDRAWN)
        .select_related("owner", "requirement", "from_check__text")
        .order_by("pk")
    )
    texts = _current_texts(findings)
    actions: dict[int, list[Row]] = defaultdict(list)
    agreed = Action.objects.filter(source__in=[finding.pk for finding in findings])
    for action in (
        agreed.exclude(state=ActionState.CANCELLED).select_related("owner").order_by("due_on", "pk")
    ):
        actions[action.source_id].append(
            {
                "reference": action.reference,
                "title": action.title,
                "nature": str(action.get_nature_display()),
                "owner": action.owner.full_name,
                "due_on": action.due_on.isoformat(),
            }
        )
    return [_finding(finding, texts, actions[finding.pk]) for finding in findings]


def _current_texts(findings: list[Finding]) -> dict[int, RequirementText]:
    """Return what the requirements of findings that come from no check say today."""
    asked = {finding.requirement_id for finding in findings if not finding.from_check_id}
    texts = RequirementText.objects.filter(
        requirement__in=asked - {None}, edition=F("requirement__framework__current")
    )
    return {text.requirement_id: text for text in texts}


def _finding(finding: Finding, texts: dict[int, RequirementText], actions: list[Row]) -> Row:
    text = finding.from_check.text if finding.from_check else texts.get(finding.requirement_id or 0)
    return {
        "reference": finding.reference,
        "title": finding.title,
        "grade": str(finding.get_grade_display()),
        "requirement": finding.requirement.identifier if finding.requirement else "",
        "requirement_title": text.title if text else "",
        "requirement_text": text.statement if text else "",
        "owner": finding.owner.full_name,
        "description": finding.description,
        "evidence": finding.evidence,
        "risk": finding.risk,
        "response": finding.response,
        "whys": list(finding.whys),
        "root_cause": finding.root_cause,
        "correction": finding.correction,
        "actions": actions,
    }
