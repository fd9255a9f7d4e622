"""The sample bank's findings: raised while an audit is at its place, answered, agreed on, and closed or not."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Protocol

from audits.models import Audit, Check, Finding
from audits.sample_plan.findings import (
    AGREED,
    ANSWERED,
    CLOSED,
    DONE,
    EFFECTIVE,
    FINDINGS,
    VERIFIED,
    SampleFinding,
)
from audits.services import finding_answer_write, finding_create
from compliance.models import Requirement
from foundation.accounts.models import User
from foundation.actions.models import Action
from foundation.actions.services import action_create, action_propose
from foundation.lifecycle.services import apply_transition

# How far into the time from the finding to the follow-up each step lies.
SHARES = {ANSWERED: 0.16, AGREED: 0.28, DONE: 0.62, VERIFIED: 0.74, CLOSED: 0.86}
AUDIT_CLOSES = timedelta(days=22)  # before its follow-up is due, at the earliest
ANSWERED_WITHIN = timedelta(days=10)
EFFECT_DAYS = 45
PROPOSED_WITHIN = timedelta(days=60)


class Days(Protocol):
    """Lets something happen on a day, if that is not still to come."""

    def __call__(self, day: date, act: Callable[[datetime], None], hour: int = 9) -> None: ...


class SampleFindings:
    """Lives through what audits found: the bank says when something happens (`at`), and who people are."""

    def __init__(self, *, at: Days, person: Callable[[str], User]) -> None:
        self._at = at
        self._person = person
        self._begun: dict[str, int] = {}
        self.known: list[int] = []

    def audit_begun(self, audit: Audit, lead: str) -> None:
        """Queue what an audit finds, now that its fieldwork has begun."""
        nth = self._begun[audit.title] = self._begun.get(audit.title, 0) + 1
        day = audit.starts_on + timedelta(days=max(1, audit.fieldwork_days // 2))
        for plan in FINDINGS:
            if (plan.audit, plan.nth) == (audit.title, nth):
                self._at(day, partial(self._raise, audit, plan, lead), hour=15)

    def _raise(self, audit: Audit, plan: SampleFinding, lead: str, at: datetime) -> None:
        requirement = Requirement.objects.filter(
            identifier=plan.requirement, framework__key__gt="", is_withdrawn=False
        ).first()
        day = at.date()
        finding = finding_create(
            audit=audit,
            title=plan.title,
            grade=plan.grade,
            owner=self._person(plan.owner),
            answer_due_on=day + ANSWERED_WITHIN,
            actor=self._person(lead),
            now=at,
            description=plan.found,
            evidence=plan.evidence,
            risk=plan.risk,
            requirement=requirement,
            check=Check.objects.filter(audit=audit, requirement=requirement).first() if requirement else None,
        )
        self.known.append(finding.pk)
        span = (audit.follow_up_on - AUDIT_CLOSES - day).days
        days = {step: day + timedelta(days=round(span * share)) for step, share in SHARES.items()}
        self._queue(finding, plan, lead, days)

    def _queue(self, finding: Finding, plan: SampleFinding, lead: str, days: dict[int, date]) -> None:
        if plan.ends == "withdrawn":
            act = partial(self._step, finding, "withdraw", lead, "It was open to let our own people in.")
            self._at(days[ANSWERED], act, hour=11)
            return
        if plan.until >= ANSWERED:
            self._at(days[ANSWERED], partial(self._answer, finding, plan), hour=10)
        if plan.ends == "accepted":
            act = partial(self._step, finding, "accept_without_action", lead, "What is under way is enough.")
            self._at(days[AGREED], act, hour=11)
        elif plan.until >= AGREED:
            self._at(days[AGREED], partial(self._agree, finding, plan, lead, days), hour=11)

    def _step(self, finding: Finding, name: str, who: str, comment: str, at: datetime) -> None:
        apply_transition(record=finding, name=name, actor=self._person(who), now=at, comment=comment)

    def _answer(self, finding: Finding, plan: SampleFinding, at: datetime) -> None:
        owner = self._person(plan.owner)
        finding = Finding.objects.get(pk=finding.pk)
        answer = {
            "response": plan.response,
            "whys": list(plan.whys),
            "root_cause": plan.root_cause,
            "correction": plan.correction,
        }
        written = finding_answer_write(finding=finding, changes=answer, actor=owner, version=finding.version)
        if plan.action and plan.until == ANSWERED:
            action = action_propose(
                source=written,
                title=plan.action,
                owner=owner,
                due_on=at.date() + PROPOSED_WITHIN,
                actor=owner,
                now=at,
            )
            self.known.append(action.pk)
        apply_transition(record=written, name="answer", actor=owner, now=at)

    def _agree(
        self, finding: Finding, plan: SampleFinding, lead: str, days: dict[int, date], at: datetime
    ) -> None:
        action = action_create(
            source=finding,
            title=plan.action,
            owner=self._person(plan.owner),
            due_on=days[DONE] + timedelta(days=5),
            actor=self._person(lead),
            now=at,
            effectiveness_days=EFFECT_DAYS,
        )
        self.known.append(action.pk)
        self._step(finding, "agree", lead, "", at)
        steps = (
            (DONE, "report_done", plan.owner, "Done; the protocol is with the auditors."),
            (VERIFIED, "verify", lead, "Seen on the spot, on a sample of five."),
        )
        for until, name, who, comment in steps:
            if plan.until >= until:
                self._at(days[until], partial(self._act, action, name, who, comment), hour=14)
        if plan.until >= CLOSED:
            self._at(days[CLOSED], partial(self._step, finding, "close", lead, ""), hour=15)
        checked = days[VERIFIED] + timedelta(days=EFFECT_DAYS)
        if plan.ends == "not effective":
            comment = "Nine accounts were open again after a quarter: the rule leaves out one directory."
            self._at(checked, partial(self._act, action, "not_effective", lead, comment), hour=16)
        elif plan.until >= EFFECTIVE:
            comment = "A sample of twenty, a quarter later: none falls short."
            self._at(checked, partial(self._act, action, "confirm_effective", lead, comment), hour=16)

    def _act(self, action: Action, name: str, who: str, comment: str, at: datetime) -> None:
        apply_transition(record=action, name=name, actor=self._person(who), now=at, comment=comment)
