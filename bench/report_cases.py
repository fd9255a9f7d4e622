"""Reports of audits as documents: typeset and written as a table, from what a report of that size says."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from time import perf_counter
from typing import Any

from audits.choices import CheckMethod, CheckResult, Grade
from audits.reporting import Issue, report_document, report_sheets
from audits.selectors import AgreedAction, Answer, Answers
from bench.measures import Bound, Row, times_row
from bench.scene import Case, Scene
from foundation.documents.typesetting import document_pdf
from foundation.ui.exports import book_write

REPEATS = 3  # each takes seconds
PARAGRAPH = (
    "Twelve of forty accounts belonged to people who had left, and the oldest had been unused for 400 days. "
)
# A worker makes them while nobody waits; bounds of our own.
BOUNDS = {150: Bound(p95_ms=5_000), 1_000: Bound(p95_ms=12_000)}


def _check(number: int) -> dict[str, Any]:
    result = list(CheckResult)[number % len(CheckResult)]
    return {
        "requirement": f"BB-{number}",
        "title": f"What the benchmark's requirement {number} asks for",
        "framework": "Benchmark baseline",
        "methods": ", ".join(str(method.label) for method in list(CheckMethod)[: number % 4]),
        "sample": PARAGRAPH if number % 3 == 0 else "",
        "result": str(result.label),
        "reason": PARAGRAPH if result == CheckResult.NOT_APPLICABLE else "",
    }


def _finding(number: int) -> dict[str, Any]:
    return {
        "reference": f"FND-{number:04}",
        "title": f"Accounts outlive their people, {number}",
        "grade": str(list(Grade)[number % len(Grade)].label),
        "requirement": f"BB-{number}",
        "requirement_title": f"What the benchmark's requirement {number} asks for",
        "requirement_text": f"- {PARAGRAPH}\n- {PARAGRAPH}",
        "owner": "Ines Halvorsen",
        **dict.fromkeys(("description", "evidence", "risk"), PARAGRAPH * 6),
    }


def _answer(number: int) -> Answer:
    return Answer(
        state="Agreed",
        response=PARAGRAPH * 6,
        whys=(PARAGRAPH,) * 5,
        root_cause=PARAGRAPH * 6,
        correction=PARAGRAPH * 6,
        actions=tuple(
            AgreedAction(
                reference=f"ACT-{number * 2 + step:04}",
                title="Close the accounts of leavers each week",
                nature="Corrective action",
                owner="Ines Halvorsen",
                due_on=date(2027, 4, 1),
                state="Open",
            )
            for step in range(2)
        ),
    )


def _content(checks: int, findings: int) -> dict[str, Any]:
    texts = dict.fromkeys(("scope", "criteria", "objectives", "conclusion"), PARAGRAPH * 8)
    people = dict.fromkeys(("owner", "lead_auditor"), "Ines Halvorsen")
    return {
        "reference": "AUD-0001",
        "title": "Benchmark of access",
        "type": "Internal",
        "confidentiality": "Internal",
        "unit": "Payments",
        "period": "2027-01-18 – 2027-01-22",
        "team": [],
        "auditees": [],
        "frameworks": ["Benchmark baseline"],
        **texts,
        **people,
        "coverage": [
            {
                "framework": "Benchmark baseline",
                "edition": "1.0",
                "requirements": checks,
                "chosen": checks,
                "tested": checks,
            }
        ],
        "checks": [_check(number) for number in range(checks)],
        "findings": [_finding(number) for number in range(findings)],
    }


def _report(checks: int, findings: int) -> Case:
    """Return the case of a report with so many checks and findings."""
    name = f"report-{checks}-checks"

    def measure(scene: Scene) -> Iterator[Row]:
        issue = Issue(
            number=1,
            content=_content(checks, findings),
            digest="0" * 64,
            answers=Answers({f"FND-{number:04}": _answer(number) for number in range(findings)}),
            organisation="Benchmark",
            language="en",
            prepared_by="Ines Halvorsen",
            made_at=scene.now,
        )
        times = []
        for _number in range(REPEATS):
            begun = perf_counter()
            document_pdf(report_document(issue), at=scene.now)
            book_write(report_sheets(issue), io.BytesIO())
            times.append(1_000 * (perf_counter() - begun))
        yield times_row(name=name, n=scene.n, role="worker", times=times, queries=0)

    return Case(name, BOUNDS[checks], measure)


REPORT_CASES = (_report(150, 40), _report(1_000, 40))
