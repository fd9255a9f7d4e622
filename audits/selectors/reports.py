"""What the report of an audit says, as plain values: what is approved, and what was answered to it and agreed on since."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, QuerySet
from django.utils import translation

from audits.choices import AuditRole, CheckMethod, CheckResult, FindingState
from audits.models import Audit, AuditReport, Check, Finding
from audits.selectors.frameworks import framework_name, is_framework_hidden
from audits.selectors.required import Required, required_by
from compliance.models import Edition
from foundation.actions.choices import ActionState
from foundation.actions.models import Action
from foundation.records.written import Written

Row = dict[str, Any]
REPORT_OPEN = """EXISTS (
    SELECT 1 FROM audits_auditreport AS report
    JOIN files_fileversion AS issued ON issued.id = report.file_id
    JOIN files_file AS file ON file.id = issued.file_id
    WHERE report.audit_id = {audit} AND report.is_final AND file.kept_from = ''
)"""


@dataclass(frozen=True)
class AgreedAction:
    """An action that was agreed on to see to a finding, or to what the audit came to as a whole."""

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
    its readers: of a confidential framework it gives the numbers of requirements alone, neither its name nor its words, unless the
    audit is as confidential. Five queries, however much there is.
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


@dataclass(frozen=True)
class Answers:
    """What was answered to the findings of an audit, by their references, and the actions agreed on for the audit itself."""

    to_findings: Mapping[str, Answer]
    own_actions: tuple[AgreedAction, ...] = ()


def report_answers(audit: Audit) -> Answers:
    """Return what is answered to the findings of an audit, and what was agreed on for them and for the audit itself, as it stands now.

    In the organisation's language; two queries. Nobody approves it: it has no digest of its own, and is proven by that of the document.
    """
    with translation.override(settings.LANGUAGE_CODE):
        findings = list(audit.findings.order_by("pk"))
        actions: dict[int, list[AgreedAction]] = defaultdict(list)
        agreed = Action.objects.agreed().filter(source__in=[audit.pk, *(finding.pk for finding in findings)])
        for action in agreed.select_related("owner").order_by("due_on", "pk"):
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
        answers = {
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
        return Answers(answers, tuple(actions[audit.pk]))


def report_is_open() -> Written:
    """Return what tells of each audit whether there is a report that those read who are audited."""
    return Written(REPORT_OPEN, {"audit": "pk"}, output_field=BooleanField())


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
        "reason": check.reason_given,
    }


def _findings(audit: Audit) -> list[Row]:
    findings = list(
        audit.findings.exclude(state=FindingState.WITHDRAWN)
        .select_related("owner", "requirement__framework", "text__edition")
        .order_by("pk")
    )
    required = required_by(findings)
    return [_finding(finding, required.get(finding.pk), audit) for finding in findings]


def _finding(finding: Finding, required: Required | None, audit: Audit) -> Row:
    requirement = finding.requirement
    told = required if requirement and not is_framework_hidden(requirement.framework, audit) else None
    return {
        "reference": finding.reference,
        "title": finding.title,
        "grade": str(finding.get_grade_display()),
        "requirement": required.text.identifier if required else str(requirement or ""),
        "requirement_title": _title(told) if told else "",
        "requirement_text": told.text.statement if told else "",
        "owner": finding.owner.full_name,
        "description": finding.description,
        "evidence": finding.evidence,
        "risk": finding.risk,
    }


def _title(required: Required) -> str:
    return f"{required.text.title} ({required.mark})" if required.mark else required.text.title
