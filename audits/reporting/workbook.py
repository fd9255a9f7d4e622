"""The facts of an audit's report as a workbook: a sheet for what is said once, and one for each sort of row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from audits.reporting.document import moment
from audits.reporting.issue import Issue
from foundation.ui.exports import Sheet


def report_sheets(issue: Issue) -> list[Sheet]:
    """Return the sheets, in the language that is active."""
    return [_about(issue), _findings(issue), _actions(issue), _checks(issue), _coverage(issue)]


def _sheet(title: str, header: list[str], rows: list[list[Any]]) -> Sheet:
    return Sheet("report", title, header, rows)


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
    ]
    return _sheet(_("Report"), [_("Fact"), _("Value")], rows)


def _findings(issue: Issue) -> Sheet:
    header = [
        _("Reference"),
        _("Title"),
        _("Grade"),
        _("State"),
        _("Requirement"),
        _("What it asks for"),
        _("What was found"),
        _("Evidence"),
        _("Risk"),
        _("Answers for it"),
        _("Auditee's response"),
        _("Five whys"),
        _("Root cause"),
        _("Correction"),
    ]
    rows = [
        [
            finding["reference"],
            finding["title"],
            finding["grade"],
            issue.standing.get(finding["reference"], ""),
            f"{finding['requirement']} {finding.get('requirement_title', '')}".strip(),
            finding.get("requirement_text", ""),
            finding["description"],
            finding["evidence"],
            finding["risk"],
            finding["owner"],
            finding["response"],
            "\n".join(finding.get("whys", ())),
            finding["root_cause"],
            finding["correction"],
        ]
        for finding in issue.content["findings"]
    ]
    return _sheet(_("Findings"), header, rows)


def _actions(issue: Issue) -> Sheet:
    header = [_("Reference"), _("Action"), _("Nature"), _("Finding"), _("Owner"), _("Due"), _("State")]
    return _sheet(_("Actions"), header, list(_action_rows(issue)))


def _action_rows(issue: Issue) -> Iterator[list[Any]]:
    for finding in issue.content["findings"]:
        for action in finding["actions"]:
            yield [
                action["reference"],
                action["title"],
                action["nature"],
                finding["reference"],
                action["owner"],
                date.fromisoformat(action["due_on"]),
                issue.standing.get(action["reference"], ""),
            ]


def _checks(issue: Issue) -> Sheet:
    header = [
        _("Requirement"),
        _("Title"),
        _("Framework"),
        _("Methods"),
        _("Sample"),
        _("Result"),
        _("Why it does not apply"),
    ]
    keys = ("requirement", "title", "framework", "methods", "sample", "result", "reason")
    rows = [[check.get(key, "") for key in keys] for check in issue.content["checks"]]
    return _sheet(_("Checks"), header, rows)


def _coverage(issue: Issue) -> Sheet:
    header = [_("Framework"), _("Version"), _("Requirements"), _("Chosen"), _("Tested")]
    keys = ("framework", "edition", "requirements", "chosen", "tested")
    rows = [[row[key] for key in keys] for row in issue.content.get("coverage", ())]
    return _sheet(_("Coverage"), header, rows)
