"""The facts of an audit's report as a workbook: a sheet for what is said once, and one for each sort of row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from audits.reporting.document import moment
from audits.reporting.issue import Issue
from foundation.ui.exports import Sheet

Row = Mapping[str, Any]


def report_sheets(issue: Issue) -> list[Sheet]:
    """Return the sheets, in the language that is active: what is approved, and after it what goes on beside that."""
    return [
        _about(issue),
        _findings(issue.content["findings"]),
        _checks(issue),
        _coverage(issue),
        _answers(issue),
        _actions(issue),
    ]


def _sheet(title: str, header: list[str], rows: list[list[Any]]) -> Sheet:
    return Sheet("report", title, header, rows, wraps=True)


def _about(issue: Issue) -> Sheet:
    said = issue.content
    rows = [
        [_("Reference"), said["reference"]],
        [_("Title"), said["title"]],
        [_("Type"), said["type"]],
        [_("Organisation"), issue.organisation],
        [_("Business unit"), said["unit"]],
        [_("Confidentiality"), said.get("confidentiality", "")],
        [_("Fieldwork"), said["period"]],
        [_("Lead auditor"), said["lead_auditor"]],
        [_("Audit team"), ", ".join(said["team"])],
        [_("Auditees"), ", ".join(said["auditees"])],
        [_("Owner"), said["owner"]],
        [_("Objectives"), said["objectives"]],
        [_("Scope"), said["scope"]],
        [_("Criteria"), said["criteria"]],
        [_("Frameworks"), ", ".join(said["frameworks"])],
        [_("Conclusion"), said["conclusion"]],
        [_("Report"), issue.number],
        [_("State"), _("Approved") if issue.is_final else _("Draft")],
        [_("Made"), f"{issue.prepared_by}, {moment(issue.made_at)}"],
        *([_("Approved"), f"{name}, {step}, {moment(at)}"] for step, name, at in issue.approvals),
        [_("SHA-256 of what this report says"), issue.digest],
        [
            _("No part of what is approved"),
            ", ".join(_as_of(title, issue) for title in (_("Answers"), _("Actions"))),
        ],
    ]
    return _sheet(_("Report"), [_("Fact"), _("Value")], rows)


def _as_of(title: str, issue: Issue) -> str:
    """Return the title of a sheet that tells of the day on which the report was made."""
    return _("%(what)s as of %(day)s") % {"what": title, "day": issue.made_at.date().isoformat()}


def _findings(findings: list[Row]) -> Sheet:
    header = [
        _("Reference"),
        _("Title"),
        _("Grade"),
        _("Requirement"),
        _("What it asks for"),
        _("What was found"),
        _("Evidence"),
        _("Risk"),
        _("Answers for it"),
    ]
    rows = [
        [
            finding["reference"],
            finding["title"],
            finding["grade"],
            f"{finding['requirement']} {finding.get('requirement_title', '')}".strip(),
            finding.get("requirement_text", ""),
            finding["description"],
            finding["evidence"],
            finding["risk"],
            finding["owner"],
            *_answer_approved(finding),
        ]
        for finding in findings
    ]
    if any("response" in finding for finding in findings):
        header += [*_answer_header(), _("Actions that were agreed on")]
    return _sheet(_("Findings"), header, rows)


def _answer_approved(finding: Row) -> list[str]:
    """Return the answer that was approved along with a finding: reports held it until answers stood beside them."""
    if "response" not in finding:
        return []
    return [
        finding["response"],
        "\n".join(finding.get("whys", ())),
        finding["root_cause"],
        finding["correction"],
        "\n".join(
            f"{one['reference']} {one['title']}, {one['owner']}, {one['due_on']}"
            for one in finding["actions"]
        ),
    ]


def _answer_header() -> list[str]:
    return [_("Auditee's response"), _("Five whys"), _("Root cause"), _("Correction")]


def _answers(issue: Issue) -> Sheet:
    header = [_("Finding"), _("Answers for it"), _("State"), *_answer_header(), _("Part of what is approved")]
    rows = [
        [
            one["reference"],
            one["owner"],
            answer.state,
            answer.response,
            "\n".join(answer.whys),
            answer.root_cause,
            answer.correction,
            _("no"),
        ]
        for one, answer in issue.answered
    ]
    return _sheet(_as_of(_("Answers"), issue), header, rows)


def _actions(issue: Issue) -> Sheet:
    header = [
        _("Reference"),
        _("Action"),
        _("Nature"),
        _("Follows from"),
        _("Owner"),
        _("Due"),
        _("State"),
        _("Part of what is approved"),
    ]
    rows = [
        [
            action.reference,
            action.title,
            action.nature,
            source,
            action.owner,
            action.due_on,
            action.state,
            _("no"),
        ]
        for source, action in issue.agreed
    ]
    return _sheet(_as_of(_("Actions"), issue), header, rows)


def _checks(issue: Issue) -> Sheet:
    header = [
        _("Requirement"),
        _("Title"),
        _("Framework"),
        _("Methods"),
        _("Sample"),
        _("Result"),
        _("Why it does not apply, or was not tested"),
    ]
    keys = ("requirement", "title", "framework", "methods", "sample", "result", "reason")
    rows = [[check.get(key, "") for key in keys] for check in issue.content["checks"]]
    return _sheet(_("Checks"), header, rows)


def _coverage(issue: Issue) -> Sheet:
    header = [_("Framework"), _("Version"), _("Requirements"), _("Chosen"), _("Tested")]
    keys = ("framework", "edition", "requirements", "chosen", "tested")
    rows = [[row[key] for key in keys] for row in issue.content.get("coverage", ())]
    return _sheet(_("Coverage"), header, rows)
