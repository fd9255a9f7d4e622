"""The report of an audit as a document, put together from what it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.choices import CHECK_TONES, CheckMethod, CheckResult, Grade
from audits.reporting.issue import Issue
from foundation.documents.blocks import (
    Block,
    Contents,
    Document,
    Facts,
    Faint,
    Grid,
    Head,
    Heading,
    Line,
    Mono,
    Note,
    Plain,
    Prose,
    SignOff,
    State,
    Strong,
    Tiles,
    Tone,
)
from foundation.ui import components
from foundation.ui.shares import percents

Row = Mapping[str, Any]
BETWEEN_DAYS = " – "
WIDE = 150  # letters: more of them stand across the page
TONES: dict[str, Tone] = {
    components.Tone.NEUTRAL: Tone.PLAIN,
    components.Tone.GOOD: Tone.GOOD,
    components.Tone.BAD: Tone.BAD,
    components.Tone.ATTENTION: Tone.WARNING,
    components.Tone.INFO: Tone.INFO,
}


def report_document(issue: Issue) -> Document:
    """Return the report; its words are in the language and its instants in the time zone that are active."""
    said = issue.content
    return Document(
        kind=_("Audit report"),
        title=said["title"],
        reference=said["reference"],
        organisation=issue.organisation,
        confidentiality=said.get("confidentiality", ""),
        cover=[
            (_("Type"), said["type"]),
            (_("Business unit"), said["unit"]),
            (_("Fieldwork"), _period(said["period"])),
            (_("Lead auditor"), said["lead_auditor"]),
            (_("Audit team"), said["team"]),
            (_("Auditees"), said["auditees"]),
            (_("Owner"), said["owner"]),
            (_("Report"), _version(issue)),
        ],
        digest=(_("SHA-256 of what this report says:"), issue.digest),
        blocks=list(_blocks(issue)),
        page=_("Page {page} of {pages}"),
        language=issue.language,
        draft="" if issue.is_final else _("Draft"),
    )


def _version(issue: Issue) -> list[Any]:
    number = _("Number %(number)d, made on %(when)s") % {
        "number": issue.number,
        "when": moment(issue.made_at),
    }
    if issue.is_final:
        return [number, State(_("Approved"), Tone.GOOD)]
    return [number, State(_("Draft: nobody has approved it yet"), Tone.WARNING)]


def _blocks(issue: Issue) -> Iterator[Block]:
    said = issue.content
    yield Contents(_("Contents"))
    yield from _summary(said)
    yield from _method(said)
    yield from _findings(said)
    yield from _sign_off(issue)
    yield from _checks(said)
    yield from _answers(issue)


def _summary(said: Row) -> Iterator[Block]:
    yield Heading(_("Summary"), on_new_page=True)
    yield Plain(said["conclusion"]) if said["conclusion"] else Note(_("The conclusion is not written yet."))
    grades = Counter(finding["grade"] for finding in said["findings"])
    yield Heading(_("Findings by grade"), level=2)
    yield Tiles([(str(grade.label), grades[str(grade.label)], _tone(grade.value)) for grade in Grade])
    yield Heading(_("Checks by result"), level=2)
    results = Counter(check["result"] for check in said["checks"])
    total = len(said["checks"])
    if not total:
        yield Note(_("The audit has no checklist."))
        return
    counts = [(result, count) for result in CheckResult if (count := results[str(result.label)])]
    shares = percents([count for _result, count in counts])
    yield Grid(
        [Head(_("Result"), 3), Head(_("Checks"), 1, at_end=True), Head(_("Share"), 1, at_end=True)],
        [
            [State(str(result.label), _tone(result.value)), count, f"{share} %"]
            for (result, count), share in zip(counts, shares, strict=True)
        ],
        total=[_("All"), total, "100 %"],
    )
    if untested := [
        check for check in said["checks"] if check["result"] == str(CheckResult.NOT_TESTED.label)
    ]:
        count = len(untested)
        told = ngettext("%(count)d check was not tested.", "%(count)d checks were not tested.", count)
        why = _("The annex says why.") if all(check["reason"] for check in untested) else ""
        yield Note(f"{told % {'count': count}} {why}".rstrip())
    yield Heading(_("Coverage of the requirements"), level=2)
    yield Grid(
        [
            Head(_("Framework"), 5),
            Head(_("Version"), 2),
            Head(_("Requirements"), 2, at_end=True),
            Head(_("Chosen"), 1, at_end=True),
            Head(_("Tested"), 1, at_end=True),
        ],
        [
            [row["framework"], row["edition"], row["requirements"], row["chosen"], row["tested"]]
            for row in said.get("coverage", ())
        ],
    )


def _method(said: Row) -> Iterator[Block]:
    yield Heading(_("Scope and method"), on_new_page=True)
    yield Facts(
        [
            (_("Objectives"), Plain(said["objectives"])),
            (_("Scope"), Plain(said["scope"])),
            (_("Criteria"), Plain(said["criteria"])),
            (_("Frameworks"), list(said["frameworks"])),
        ]
    )
    checks = said["checks"]
    if not checks:
        return
    methods = Counter(method for check in checks for method in check["methods"].split(", ") if method)
    sampled = sum(1 for check in checks if check.get("sample"))
    yield Heading(_("How it was tested"), level=2)
    yield Grid(
        [Head(_("Method"), 3), Head(_("Checks"), 1, at_end=True)],
        [[str(method.label), methods[str(method.label)]] for method in CheckMethod],
    )
    if not sampled:
        yield Note(_("No check names a sample."))
        return
    yield Note(
        ngettext(
            "In %(count)d check a sample was drawn; the annex says which.",
            "In %(count)d checks samples were drawn; the annex says which.",
            sampled,
        )
        % {"count": sampled}
    )


def _findings(said: Row) -> Iterator[Block]:
    findings = said["findings"]
    yield Heading(_("Findings"), on_new_page=True)
    if not findings:
        yield Note(_("Nothing was found that falls short of the criteria."), Tone.GOOD)
        return
    yield Grid(
        [
            Head(_("Finding")),
            Head(_("What was found"), 9),
            Head(_("Grade"), 5),
            Head(_("Requirement"), 3),
            Head(_("Answers for it"), 4),
        ],
        [
            [
                Mono(finding["reference"]),
                finding["title"],
                _grade(finding),
                finding["requirement"],
                finding["owner"],
            ]
            for finding in findings
        ],
    )
    for finding in findings:
        yield Heading(finding["title"], level=2, mark=finding["reference"])
        yield Facts([*_finding(finding), *_answer_approved(finding)])


def _finding(finding: Row) -> list[tuple[str, Any]]:
    requirement = [
        Strong(f"{finding['requirement']} {finding.get('requirement_title', '')}".strip()),
        Prose(finding.get("requirement_text", "")),
    ]
    return [
        (_("Grade"), _grade(finding)),
        (_("Answers for it"), finding["owner"]),
        (_("Requirement"), requirement if finding["requirement"] else ""),
        (_("What was found"), Plain(finding["description"])),
        (_("Evidence"), Plain(finding["evidence"])),
        (_("Risk"), Plain(finding["risk"])),
    ]


def _answer_approved(finding: Row) -> list[tuple[str, Any]]:
    """Return the answer that was approved along with a finding: reports held it until answers stood beside them."""
    if "response" not in finding:
        return []
    actions = [
        f"{action['reference']} {action['title']} ({action['nature']}, {action['owner']}, {_day(action['due_on'])})"
        for action in finding["actions"]
    ]
    return [
        *_answer(finding["response"], finding.get("whys", ()), finding["root_cause"], finding["correction"]),
        (_("Actions that were agreed on"), actions),
    ]


def _answer(response: str, whys: Sequence[str], root_cause: str, correction: str) -> list[tuple[str, Any]]:
    return [
        (_("Auditee's response"), Plain(response)),
        (_("Five whys"), [Plain(f"{number}. {why}") for number, why in enumerate(whys, start=1)]),
        (_("Root cause"), Plain(root_cause)),
        (_("Correction"), Plain(correction)),
    ]


def _answers(issue: Issue) -> Iterator[Block]:
    """Yield what goes on beside the report: the last chapter, so that all before it is what is approved."""
    if not issue.has_more:
        return
    answered = issue.answered
    yield Heading(_beside(issue), on_new_page=True)
    yield Note(
        _(
            "This chapter is no part of what is approved, which ends before it. It says what was answered to the findings, "
            "and which actions were agreed on, by %(when)s. That goes on while the report is approved, and after."
        )
        % {"when": moment(issue.made_at)},
        Tone.INFO,
    )
    if answered:
        yield Grid(
            [
                Head(_("Finding")),
                Head(_("What was found"), 8),
                Head(_("Answers for it"), 4),
                Head(_("State"), 3),
            ],
            [[Mono(one["reference"]), one["title"], one["owner"], answer.state] for one, answer in answered],
        )
    if any(answer.is_written for _one, answer in answered):
        yield Heading(_("Answers"), level=2)
    for one, answer in answered:
        if answer.is_written:
            yield Heading(one["title"], level=3, mark=one["reference"])
            yield Facts(_answer(answer.response, answer.whys, answer.root_cause, answer.correction))
    yield from _actions(issue)


def _actions(issue: Issue) -> Iterator[Block]:
    agreed = issue.agreed
    yield Heading(_("Agreed actions"), level=2)
    if not agreed:
        yield Note(_("No actions were agreed on."))
        return
    yield Grid(
        [
            Head(_("Reference")),
            Head(_("Action"), 8),
            Head(_("Follows from")),
            Head(_("Owner"), 4),
            Head(_("Due"), 3),
            Head(_("State"), 3),
        ],
        [
            [
                Mono(action.reference),
                [action.title, Faint(action.nature)],
                Mono(source),
                action.owner,
                date_format(action.due_on, "SHORT_DATE_FORMAT"),
                action.state,
            ]
            for source, action in agreed
        ],
    )


def _sign_off(issue: Issue) -> Iterator[Block]:
    yield Heading(_("Sign-off"))
    rows = [
        (_("Prepared"), issue.content["lead_auditor"], _("Lead auditor"), ""),
        (_("Made"), issue.prepared_by, _("from the portal's records"), moment(issue.made_at)),
    ]
    rows += [(_("Approved"), name, step, moment(at)) for step, name, at in issue.approvals]
    if not issue.is_final:
        rows.append((_("Approved"), "–", _("nobody yet"), ""))
    yield SignOff(
        rows,
        facts=[(_("SHA-256 of what this report says"), Mono(issue.digest))],
        note=_binding(issue),
    )


def _binding(issue: Issue) -> str:
    """Return what the approval binds to, and which chapter is no part of that, where there is one."""
    if not issue.has_more:
        return _("The approval binds to this digest.")
    return _(
        "The approval binds to this digest. The last chapter, “%(chapter)s”, is no part of what is approved."
    ) % {"chapter": _beside(issue)}


def _checks(said: Row) -> Iterator[Block]:
    if not said["checks"]:
        return
    yield Heading(_("Annex: all checks"), on_new_page=True)
    by_framework: dict[str, list[Row]] = {}
    for check in said["checks"]:
        by_framework.setdefault(check.get("framework", ""), []).append(check)
    for framework, checks in by_framework.items():
        if framework:
            yield Heading(framework, level=2)
        yield Grid(
            [
                Head(_("Requirement"), 3),
                Head(_("Title"), 6),
                Head(_("Methods"), 3),
                Head(_("Sample, or why it was not tested"), 6),
                Head(_("Result"), 4),
            ],
            [_check(check) for check in checks],
        )


def _check(check: Row) -> Line:
    """Return a check's row; what is said at length stands below it, across the page."""
    said = [text for text in (check.get("sample", ""), check["reason"]) if text]
    is_long = any(len(text) > WIDE or text.count("\n") > 1 for text in said)
    words = [Plain(text) for text in said]
    return Line(
        [
            Strong(check["requirement"]),
            check["title"],
            check["methods"],
            Faint(_("see below")) if is_long else words,
            State(check["result"], _result_tone(check["result"])),
        ],
        below=words if is_long else None,
    )


def _grade(finding: Row) -> State:
    return State(finding["grade"], _result_tone(finding["grade"]))


def _result_tone(label: str) -> Tone:
    return next((_tone(result.value) for result in CheckResult if str(result.label) == label), Tone.PLAIN)


def _tone(code: str) -> Tone:
    return TONES[CHECK_TONES[code]]


def _beside(issue: Issue) -> str:
    """Return the title of the chapter that is no part of what is approved: of what there is in it."""
    day = {"day": date_format(issue.made_at.date(), "DATE_FORMAT")}
    return (_("Answers and actions as of %(day)s") if issue.answered else _("Actions as of %(day)s")) % day


def _day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "SHORT_DATE_FORMAT")


def _period(said: str) -> str:
    """Return two days, which a report keeps as they are in every language, in words."""
    return BETWEEN_DAYS.join(_day(day) for day in said.split(BETWEEN_DAYS))


def moment(at: datetime) -> str:
    """Return an instant in words, with its time zone."""
    return f"{date_format(at, 'DATETIME_FORMAT')} ({at.tzname()})"
