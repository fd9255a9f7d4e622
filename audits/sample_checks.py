"""The sample bank's checklists: put together while an audit is prepared, tested in its fieldwork, as its findings have it."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from random import Random

from audits.choices import CheckResult
from audits.models import Audit, Check
from audits.sample_findings import Days
from audits.sample_plan.findings import FINDINGS, SampleFinding
from audits.services import check_save, checks_add, checks_set
from compliance.models import Framework, RequirementText
from foundation.accounts.models import User

WHOLE = ("ISMS internal audit",)  # tests all of the standard; others some groups of it
GROUPS = 2
NOTES = (
    "Shown by the team on screen; agrees with what is written down.",
    "Register compared with the directory: no difference.",
    "Interviewed two engineers apart from each other: both describe it alike.",
    "Ticket, approval and change looked at for each of the sample.",
    "The owner knows the date of the last review and what came of it.",
)
SAMPLES = (
    "10 of 140 accounts, drawn at random",
    "All changes of the last quarter",
    "5 servers, one of each kind",
    "25 of 310 tickets",
)
ABSENT = ("The unit runs none of its own.", "Done for the unit by Group IT, which is audited apart.")
METHODS = (["examine"], ["interview", "examine"], ["examine", "test"], ["interview"])


class SampleChecks:
    """Lives through checklists: the bank says when something happens (`at`), and who people are."""

    def __init__(self, *, at: Days, person: Callable[[str], User]) -> None:
        self._at = at
        self._person = person
        self._begun: dict[str, int] = {}
        self._plans: dict[int, list[SampleFinding]] = {}

    def audit_prepared(self, audit: Audit, lead: str, at: datetime) -> None:
        """Put the checklist together from the bank's standard: none before its version that counts today was brought."""
        nth = self._begun[audit.title] = self._begun.get(audit.title, 0) + 1
        plans = [
            plan for plan in FINDINGS if (plan.audit, plan.nth) == (audit.title, nth) and plan.requirement
        ]
        for framework in Framework.objects.filter(current__accepted_at__lte=at).order_by("pk")[:1]:
            dice = Random(f"{audit.title} {nth}")  # noqa: S311 - nothing secret
            texts = self._texts(framework, audit, plans, dice)
            checks_add(audit=audit, texts=texts, actor=self._person(lead), now=at)
            self._plans[audit.pk] = plans
            self._prepare(audit, lead, at, dice)

    def _texts(
        self, framework: Framework, audit: Audit, plans: Iterable[SampleFinding], dice: Random
    ) -> list[int]:
        texts = RequirementText.objects.filter(edition=framework.current_id).testable().order_by("position")
        if audit.title in WHOLE:
            return list(texts.values_list("pk", flat=True))
        rows = [
            (key, identifier, identifier.partition("-")[0])
            for key, identifier in texts.values_list("pk", "identifier")
        ]
        needed = {plan.requirement.partition("-")[0] for plan in plans}
        others = sorted({group for _key, _identifier, group in rows} - needed)
        groups = needed | set(dice.sample(others, max(0, GROUPS - len(needed))))
        return [key for key, _identifier, group in rows if group in groups]

    def _prepare(self, audit: Audit, lead: str, at: datetime, dice: Random) -> None:
        """Say of some checks beforehand how they are tested."""
        for check in audit.checks.order_by("position")[::3]:
            values = {"methods": dice.choice(METHODS), "sample": dice.choice(SAMPLES)}
            check_save(check=check, values=values, version=1, actor=self._person(lead), now=at)

    def audit_begun(self, audit: Audit, lead: str) -> None:
        """Queue half of the testing for the middle of the fieldwork: the rest is done by its end."""
        middle = audit.starts_on + timedelta(days=max(1, audit.fieldwork_days // 2))
        self._at(middle, partial(self.test, audit, lead, half=True), hour=16)

    def test(self, audit: Audit, lead: str, at: datetime, *, half: bool = False) -> None:
        """Let the checks that are left (or half of all) come to a result: what findings say, else they conform."""
        checks = list(audit.checks.select_related("text").order_by("position"))
        grades = {plan.requirement: plan.grade.value for plan in self._plans.get(audit.pk, ())}
        if half:
            checks = checks[: len(checks) // 2] + [
                check for check in checks[len(checks) // 2 :] if check.text.identifier in grades
            ]
        checks = [check for check in checks if check.result == CheckResult.NOT_TESTED]
        dice = Random(f"{audit.reference} {half}")  # noqa: S311 - nothing secret
        plain = {}
        for place, check in enumerate(checks):
            if check.text.identifier in grades or place % 4 == 0:
                self._test_one(check, grades.get(check.text.identifier, ""), dice, lead, at)
            else:
                plain[check.pk] = check.version
        if plain:
            actor = self._person(lead)
            checks_set(audit=audit, chosen=plain, result=CheckResult.CONFORMS, actor=actor, now=at)

    def _test_one(self, check: Check, grade: str, dice: Random, lead: str, at: datetime) -> None:
        result, reason = grade or CheckResult.CONFORMS.value, ""
        if not grade and dice.randrange(6) == 0:
            result, reason = CheckResult.NOT_APPLICABLE.value, dice.choice(ABSENT)
        values = {
            "result": result,
            "reason": reason,
            "methods": check.methods or dice.choice(METHODS),
            "sample": check.sample or dice.choice(SAMPLES),
            "notes": "See the finding." if grade else dice.choice(NOTES),
        }
        check_save(check=check, values=values, version=check.version, actor=self._person(lead), now=at)
