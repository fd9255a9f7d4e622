"""Audits with checklists and findings for tests of their reports, small and large, with texts of every kind."""

from __future__ import annotations

from datetime import date
from typing import Any

from audits.choices import AuditState, CheckMethod, CheckResult, Grade
from audits.models import Audit, Check, Finding
from audits.services import finding_create
from audits.tests.factories import NOW, audit_make
from compliance.models import Framework, RequirementText
from compliance.tests.factories import framework_make
from foundation.actions.choices import ActionNature
from foundation.actions.models import Action
from foundation.actions.services import action_create
from foundation.records.models import Record
from foundation.testing.cast import Cast

RESULTS = (
    CheckResult.CONFORMS,
    CheckResult.CONFORMS,
    CheckResult.MINOR,
    CheckResult.NOT_APPLICABLE,
    CheckResult.CONFORMS,
    CheckResult.OBSERVATION,
    CheckResult.MAJOR,
    CheckResult.NOT_TESTED,
)
# Texts as people write them: of all lengths and scripts, with signs that mean something to a typesetter, or nothing at all.
TEXTS = (
    "Twelve of forty accounts belonged to people who had left. The oldest had been unused for 400 days.",
    "Δώδεκα από τους σαράντα λογαριασμούς ανήκαν σε άτομα που είχαν φύγει.",
    "Двенадцать из сорока учётных записей принадлежали уволившимся сотрудникам.",
    "اثنا عشر حسابًا من أصل أربعين تعود إلى أشخاص غادروا المؤسسة. See ticket OPS-4411.",
    "שנים־עשר חשבונות מתוך ארבעים שייכים לעובדים שעזבו.",
    "चालीस में से बारह खाते उन लोगों के थे जो संगठन छोड़ चुके थे।",
    "บัญชีสิบสองบัญชีจากสี่สิบบัญชีเป็นของพนักงานที่ลาออกไปแล้วและยังไม่ได้ปิดการใช้งาน",
    "四十个账户中有十二个属于已离职人员，最早的一个已有四百天未使用。",
    "四十件のアカウントのうち十二件は退職者のものであり、最も古いものは四百日間使われていなかった。",
    "마흔 개의 계정 중 열두 개는 퇴사한 직원의 것이었다.",
    '#read("/etc/passwd") $x^2$ *bold* _under_ `code` [a](b) \\ <label> @ref // note\n\n= Not a heading\n- not a list',
    "https://wiki.example.com/spaces/security/pages/" + "very-long-path/" * 12 + "?token=" + "a1b2c3d4" * 16,
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsvorstand" * 2,
    "",
    "First paragraph, with a line\nand another line.\n\nSecond paragraph.\n\n\nThird, after two empty lines.",
    "\n\n".join(
        f"Paragraph {number}. " + "The control was tested on three sites. " * 12 for number in range(12)
    ),
    "cuneiform 𒀀, emoji 🔒⚠, symbols ≤ ≥ → ✓ ✗ ☐, euro €, and a control \x07 sign",
)


def text_at(place: int) -> str:
    return TEXTS[place % len(TEXTS)]


def checks_make(audit: Audit, framework: Framework, **values: Any) -> list[Check]:
    """Let an audit test all requirements of a framework."""
    texts = RequirementText.objects.filter(edition=framework.current, requirement__isnull=False)
    checks = [
        Check(audit=audit, text=text, requirement=text.requirement, position=place, **values)
        for place, text in enumerate(texts)
    ]
    return list(Check.objects.bulk_create(checks))


def checks_test(checks: list[Check]) -> None:
    """Give each check a result, and what goes with it."""
    methods = list(CheckMethod)
    for place, check in enumerate(checks):
        check.result = RESULTS[place % len(RESULTS)]
        is_tested = check.result != CheckResult.NOT_TESTED
        check.tested_by, check.tested_at = (check.audit.lead_auditor, NOW) if is_tested else (None, None)
        check.methods = methods[: place % 4]
        check.sample = text_at(place)[:2_000] if place % 3 == 0 else ""
        check.reason = text_at(place + 1) or "Outside" if check.result == CheckResult.NOT_APPLICABLE else ""
    Check.objects.bulk_update(
        checks, ["result", "methods", "sample", "reason", "tested_by", "tested_at"], batch_size=500
    )


def finding_make(audit: Audit, cast: Cast, *, check: Check | None = None, **values: Any) -> Finding:
    """Raise a finding by the auditor, which the unit's lead answers for."""
    given: dict[str, Any] = {
        "title": "Accounts outlive their people",
        "grade": Grade.MAJOR,
        "answer_due_on": date(2027, 3, 1),
        "owner": cast.unit_lead,
        "description": "",
        "evidence": "",
        "risk": "",
    }
    later = {
        key: values.pop(key) for key in ("response", "whys", "root_cause", "correction") if key in values
    }
    finding = finding_create(
        audit=audit,
        check=check,
        requirement=values.pop("requirement", check.requirement if check else None),
        actor=cast.auditor,
        now=NOW,
        **{**given, **values},
    )
    if later:
        Finding.objects.filter(pk=finding.pk).update(**later)
    return Finding.objects.get(pk=finding.pk)


def action_make(source: Record, cast: Cast, **values: Any) -> Action:
    """Agree on a corrective action for a finding or an audit, which the unit's lead owns."""
    given: dict[str, Any] = {
        "title": "Close the accounts of leavers each week",
        "due_on": date(2027, 4, 1),
        "nature": ActionNature.CORRECTIVE,
        "owner": cast.unit_lead,
        "verifier": cast.auditor,
    }
    return action_create(source=source, actor=cast.auditor, now=NOW, **{**given, **values})


def state_set(record: Record, state: str) -> None:
    """Put a record into a state by force."""
    Record.objects.filter(pk=record.pk).update(state=state)
    record.state = state


def audit_full(
    cast: Cast, *, checks: int = 8, findings: int = 3, framework: str = "Harbour baseline", **values: Any
) -> Audit:
    """Make an audit in reporting, with so many checks tested and findings raised, and texts of all kinds in them."""
    audit = audit_make(cast, **{"team": [cast.ciso], "objectives": TEXTS[0], "scope": TEXTS[14], **values})
    state_set(audit, AuditState.FIELDWORK)
    held_against = framework_make(cast, title=framework, requirements=checks)
    audit.frameworks.set([held_against])
    made = checks_make(audit, held_against)
    checks_test(made)
    grades = list(Grade)
    for place in range(findings):
        finding = finding_make(
            audit,
            cast,
            check=made[place % checks] if place % 4 else None,
            title=f"{place + 1}. {text_at(place)}".split("\n", maxsplit=1)[0][:200],
            grade=grades[place % len(grades)],
            description=text_at(place),
            evidence=text_at(place + 3),
            risk=text_at(place + 5),
            response=text_at(place + 7),
            whys=[text_at(place + step)[:900] or "Nobody asked" for step in range(place % 6)],
            root_cause=text_at(place + 11),
            correction=text_at(place + 12),
        )
        for step in range(place % 3):
            action_make(finding, cast, title=text_at(place + step).split("\n")[0][:200] or "Close them")
    Audit.objects.filter(pk=audit.pk).update(conclusion=TEXTS[15])
    state_set(audit, AuditState.REPORTING)
    return Audit.objects.select_related("unit", "owner", "lead_auditor").get(pk=audit.pk)
