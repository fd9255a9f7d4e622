"""What the report of an audit says, as plain values: what is approved, and what was answered to it and agreed on since."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import translation

from audits.choices import AuditRole, CheckMethod, CheckResult, FindingState
from audits.models import Audit, AuditReport, Check, Finding
from audits.selectors.frameworks import framework_name, is_framework_hidden
from compliance.models import Edition, RequirementText
from foundation.actions.choices import ActionState
from foundation.actions.models import Action

Row = dict[str, Any]


@dataclass(frozen=True)
class AgreedAction:
    """An action that was agreed on to see to a finding."""

    reference: str
    title: str
    nature: str
    owner: str
    due_on: date
    state: str


@dataclass(frozen=True)
class Answer:
    """What those who answer for a finding said to it, what is done about it, and how far it is."""

    state: str
    response: str
    whys: tuple[str, ...]
    root_cause: str
    correction: str
    actions: tuple[AgreedAction, ...]

    @property
    def is_written(self) -> bool:
        """Tell whether anything was answered yet."""
        return bool(self.response or self.whys or self.root_cause or self.correction)


def report_content(audit: Audit) -> dict[str, Any]:
    """Return what the auditors say in the report, in the organisation's language: the digest of an approval binds to the words.

    It holds the checklist and all findings, so before it is approved only those may read it who may read these
    (`can_see_checks`). Findings that were withdrawn are left out. What is answered to findings and done about them is no part
    of it (`report_answers`), since that goes on while the report is approved and after. The report is one document for all
    its readers: of a confidential framework it says no word, unless the audit is as confidential. Five queries, however much there is.
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
            "frameworks": [framework_name(one, audit) for one in audit.frameworks.order_by("title", "pk")],
            "conclusion": audit.conclusion,
            "coverage": _coverage(checks, audit),
            "checks": [_check(check, audit) for check in checks],
            "findings": _findings(audit),
        }


def report_answers(audit: Audit) -> dict[str, Answer]:
    """Return what is answered to the findings of an audit and agreed on, as it stands now, by their references. Two queries.

    In the organisation's language. Nobody approves it: it has no digest of its own, and is proven by that of the document.
    """
    with translation.override(settings.LANGUAGE_CODE):
        findings = list(audit.findings.order_by("pk"))
        actions: dict[int, list[AgreedAction]] = defaultdict(list)
        agreed = Action.objects.filter(source__in=[finding.pk for finding in findings])
        for action in (
            agreed.exclude(state=ActionState.CANCELLED).select_related("owner").order_by("due_on", "pk")
        ):
            actions[action.source_id].append(
                AgreedAction(
                    reference=action.reference,
                    title=action.title,
                    nature=str(action.get_nature_display()),
                    owner=action.owner.full_name,
                    due_on=action.due_on,
                    state=str(ActionState(action.state).label),
                )
            )
        return {
            finding.reference: Answer(
                state=str(FindingState(finding.state).label),
                response=finding.response,
                whys=tuple(finding.whys),
                root_cause=finding.root_cause,
                correction=finding.correction,
                actions=tuple(actions[finding.pk]),
            )
            for finding in findings
        }


def report_is_open() -> Exists:
    """Return what tells of each audit whether there is a report that those read who are audited."""
    return Exists(AuditReport.objects.filter(audit=OuterRef("pk"), is_final=True, file__file__kept_from=""))


def reports_open_to_audited(audit: Audit) -> QuerySet[AuditReport]:
    """Return the reports of an audit that those read who are audited: issued once approved, and not kept from them."""
    found: QuerySet[AuditReport] = audit.reports.filter(is_final=True, file__file__kept_from="")
    return found


def _coverage(checks: list[Check], audit: Audit) -> list[Row]:
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
            "framework": framework_name(edition.framework, audit),
            "edition": "" if is_framework_hidden(edition.framework, audit) else edition.label,
            "requirements": edition.testable_count,
            "chosen": chosen[key],
            "tested": tested[key],
        }
        for key, edition in editions.items()
    ]


def _check(check: Check, audit: Audit) -> Row:
    framework = check.text.edition.framework
    return {
        "requirement": check.text.identifier,
        "title": "" if is_framework_hidden(framework, audit) else check.text.title,
        "framework": framework_name(framework, audit),
        "methods": ", ".join(str(CheckMethod(method).label) for method in check.methods),
        "sample": check.sample,
        "result": str(check.get_result_display()),
        "reason": check.reason,
    }


def _findings(audit: Audit) -> list[Row]:
    findings = list(
        audit.findings.exclude(state=FindingState.WITHDRAWN)
        .select_related("owner", "requirement__framework", "from_check__text")
        .order_by("pk")
    )
    texts = _current_texts(findings)
    return [_finding(finding, texts, audit) for finding in findings]


def _current_texts(findings: list[Finding]) -> dict[int, RequirementText]:
    """Return what the requirements of findings that come from no check say today."""
    asked = {finding.requirement_id for finding in findings if not finding.from_check_id}
    texts = RequirementText.objects.filter(
        requirement__in=asked - {None}, edition=F("requirement__framework__current")
    )
    return {text.requirement_id: text for text in texts}


def _finding(finding: Finding, texts: dict[int, RequirementText], audit: Audit) -> Row:
    text = finding.from_check.text if finding.from_check else texts.get(finding.requirement_id or 0)
    if finding.requirement and is_framework_hidden(finding.requirement.framework, audit):
        text = None
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
    }
