"""The sample bank's audits: three years of plans lived through day by day, by the services that people use.

Every step is taken at its own past moment, so states, dates, series, approvals and reminders are what they would be
had the bank used the portal all along. Only the trail's clock can't be set back: it says when the sample was loaded.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count

from audits.choices import AuditState, AuditType, ProgrammeState
from audits.models import Audit, AuditReport, Programme
from audits.sample_checks import SampleChecks
from audits.sample_findings import SampleFindings
from audits.sample_plan import DAWIT, HANNEKE, INGRID, LEONOR, PRIYANKA, SERIES, SINGLE, SampleAudit
from audits.schedule import Offsets
from audits.services import audit_change, audit_plan, conclusion_write, occurrences_plan, programme_create
from compliance.models import Framework
from foundation.accounts.models import Delegation, User
from foundation.accounts.organisation import organisation_zone
from foundation.accounts.sample import SampleContext
from foundation.actions.choices import ActionNature, ActionState
from foundation.actions.models import Action
from foundation.actions.services import action_create
from foundation.approvals.sample import open_and_decide
from foundation.lifecycle.services import apply_transition
from foundation.notifications.services import notices_cancel
from foundation.records.choices import Confidentiality

ROOT = "QHB"
STEPS = ("prepare", "start_fieldwork", "start_reporting", "submit_report", "close")
REACHED = {
    AuditState.PLANNED: 0,
    AuditState.PREPARING: 1,
    AuditState.FIELDWORK: 2,
    AuditState.REPORTING: 3,
    AuditState.REPORT_REVIEW: 4,
    AuditState.FOLLOW_UP: 4,
    AuditState.CLOSED: 5,
}
FINDINGS = (
    "Remove accounts that nobody answers for",
    "Write the exception down and have it approved",
    "Test the restore every quarter, and keep the record",
    "Rotate the shared keys, and give each service its own",
    "Close the ports that the design does not name",
    "Train the new colleagues before they get access",
    "Let alerts reach the team on duty at night",
    "Agree on recovery times with the supplier",
)
CONCLUSIONS = (
    "What was audited is in place and works. What falls short is limited, and its owners know of it.",
    "The rules are sound, and mostly followed. Where they are not, nobody had noticed: that is to be mended first.",
    "The criteria are fulfilled in the main. Two weaknesses of the year before were found again, so their causes need a look.",
    "The controls do what they are for on an ordinary day. Whether they hold on a bad one has not been tried enough.",
)
OBJECTIVES = (
    "Audit every critical service once, every supplier of a critical function, and what the supervisor asks for; "
    "follow up what last year's audits found."
)


@dataclass(order=True)
class _Event:
    """Something that somebody did at a moment."""

    at: datetime
    order: int
    act: Callable[[datetime], None] = field(compare=False)


def sample_audits(context: SampleContext) -> None:
    """Live through the bank's audits up to the moment of loading."""
    _Bank(context).live()


class _Bank:
    """The bank's days in order: what is to happen waits in a queue, and what happens puts more into it."""

    def __init__(self, context: SampleContext) -> None:
        self._context = context
        self._random = context.random
        self._zone = organisation_zone()
        self._today = context.now.astimezone(self._zone).date()
        self._queue: list[_Event] = []
        self._order = count()
        self._programmes: dict[int, Programme] = {}
        self._known: dict[int, SampleAudit] = {}
        self._series: dict[int, SampleAudit] = {}
        self._decided: list[int] = []
        self._known_actions: list[int] = []
        self._sent_back: set[int] = set()
        self._findings = SampleFindings(at=self._at, person=self._person)
        self._checks = SampleChecks(at=self._at, person=self._person)

    def live(self) -> None:
        """Let everything happen that has happened by now."""
        plans = [*SERIES, *SINGLE]
        first = min(self._today + timedelta(days=plan.start) for plan in plans)
        for year in range(first.year, self._today.year + 2):
            self._at(date(year - 1, 11, 3), partial(self._draft, year))
        for plan in plans:
            self._at(self._planned_on(plan), partial(self._plan, plan))
        while self._queue:
            event = heappop(self._queue)
            event.act(event.at)
        occurrences_plan(now=self._context.now)
        self._find_planned(self._context.now)
        for year, programme in self._programmes.items():
            if year < self._today.year:
                self._close_programme(programme)
        self._change_people()
        self._issue_reports()
        known = [*self._known, *self._decided, *self._known_actions, *self._findings.known]
        for record_id in known:
            notices_cancel(record_id=record_id)  # what was told along the way was read long ago

    def _issue_reports(self) -> None:
        """Leave the reports of the last weeks to a worker, and the earlier ones to who asks for them."""
        waiting = AuditReport.objects.filter(made_at=None)
        waiting.filter(requested_at__lt=self._context.now - timedelta(days=60)).delete()

    def _at(self, day: date, act: Callable[[datetime], None], hour: int = 9) -> None:
        """Let something happen on a day, during office hours; not at all if that is still to come."""
        minute = self._random.randrange(60)
        moment = datetime.combine(day, time(hour, minute), self._zone)
        if moment <= self._context.now:
            heappush(self._queue, _Event(moment, next(self._order), act))

    def _person(self, key: str) -> User:
        return self._context.person(key)

    def _change_people(self) -> None:
        """Let an auditor go on leave during a fieldwork, and another move to a unit that is to be audited."""
        away, stand_in = self._person(PRIYANKA), self._person(INGRID)
        Delegation.objects.create(
            person=away,
            stand_in=stand_in,
            starts_on=self._today + timedelta(days=8),
            ends_on=self._today + timedelta(days=13),
            created_by=away,
            created_at=self._context.now,
        )
        User.objects.filter(pk=self._person(DAWIT).pk).update(unit=self._context.units["COR"])

    # Programmes

    def _draft(self, year: int, at: datetime) -> None:
        programme = programme_create(
            actor=self._person(HANNEKE),
            now=at,
            title=f"Audit programme {year}",
            year=year,
            unit=self._context.units[ROOT],
            owner=self._person(LEONOR),
            objectives=OBJECTIVES,
        )
        self._programmes[year] = programme
        for audit in Audit.objects.filter(pk__in=list(self._known), starts_on__year=year).order_by("pk"):
            if audit.is_open and not audit.is_restricted:
                self._put_into(programme, audit, self._known[audit.pk], at)
        submitted_on = at.date() + timedelta(days=14)
        if year > self._today.year:  # still waits for its decision
            submitted_on = max(submitted_on, self._today - timedelta(days=3))
        self._at(submitted_on, partial(self._submit, programme), hour=10)

    def _submit(self, programme: Programme, at: datetime) -> None:
        apply_transition(record=programme, name="submit", actor=self._person(HANNEKE), now=at)
        if programme.year <= self._today.year:
            self._at(at.date(), partial(self._approve, programme), hour=11)

    def _approve(self, record: Programme | Audit, at: datetime) -> None:
        self._decided.append(record.pk)
        request = record.approval_requests.get()
        open_and_decide(request=request, actor=self._person(LEONOR), now=at)

    def _close_programme(self, programme: Programme) -> None:
        programme.refresh_from_db()
        if programme.state == ProgrammeState.APPROVED and not programme.audits.open().exists():
            apply_transition(
                record=programme, name="close", actor=self._person(LEONOR), now=self._context.now
            )

    def _programme_of(self, day: date) -> Programme | None:
        programme = self._programmes.get(day.year)
        if programme is not None:
            programme.refresh_from_db()
        return programme if programme and programme.state != ProgrammeState.IN_REVIEW else None

    # Audits

    def _planned_on(self, plan: SampleAudit) -> date:
        ahead = timedelta(days=plan.days[0] + self._random.randrange(20, 60))
        if plan.slipped:
            return date((self._today + timedelta(days=plan.start - plan.slipped)).year - 1, 10, 20)
        return min(self._today + timedelta(days=plan.start) - ahead, self._today - timedelta(days=2))

    def _plan(self, plan: SampleAudit, at: datetime) -> None:
        starts_on = self._today + timedelta(days=plan.start - plan.slipped)
        preparation, fieldwork, report, follow_up = plan.days
        audit = audit_plan(
            actor=self._person(plan.owner),
            now=at,
            title=plan.title,
            type=plan.type,
            unit=self._context.units[plan.unit],
            owner=self._person(plan.owner),
            lead_auditor=self._person(plan.lead),
            starts_on=starts_on,
            offsets=Offsets(
                preparation_days=preparation,
                fieldwork_days=fieldwork,
                report_days=report,
                follow_up_days=follow_up,
            ),
            scope=plan.scope,
            criteria=plan.criteria,
            confidentiality=Confidentiality.RESTRICTED if plan.restricted else Confidentiality.INTERNAL,
            programme=None if plan.restricted else self._programme_of(starts_on),
            team=[self._person(key) for key in plan.team],
            auditees=[self._person(key) for key in plan.auditees],
            frameworks=self._frameworks(plan, at),
            rrule=plan.rrule,
        )
        if plan.slipped:
            self._known[audit.pk] = plan
            self._at(audit.preparation_on - timedelta(days=5), partial(self._put_off, audit, plan))
            return
        if audit.series_id:
            self._series[audit.series_id] = plan
        self._run(audit, plan)

    def _frameworks(self, plan: SampleAudit, at: datetime) -> list[Framework]:
        """Return what an internal audit is held against: the frameworks that were there when it was planned."""
        if plan.type != AuditType.INTERNAL:
            return []
        return list(Framework.objects.filter(editions__accepted_at__lte=at).distinct().order_by("pk"))

    def _put_off(self, audit: Audit, plan: SampleAudit, at: datetime) -> None:
        """Move an audit that the year's programme had planned for an earlier day."""
        moved = audit_change(
            audit=audit,
            changes={"starts_on": audit.starts_on + timedelta(days=plan.slipped)},
            actor=self._planner(plan),
            now=at,
            version=Audit.objects.values_list("version", flat=True).get(pk=audit.pk),
            comment="The unit asked for a later week.",
        )
        self._run(moved, plan)

    def _planner(self, plan: SampleAudit) -> User:
        """Return who changes an audit: the head of governance, or the CISO where that one is audited."""
        return self._person(LEONOR if HANNEKE in plan.auditees else HANNEKE)

    def _run(self, audit: Audit, plan: SampleAudit) -> None:
        """Queue the steps of an audit by its dates, as far as it goes."""
        self._known[audit.pk] = plan
        if plan.cancelled:
            self._at(
                audit.starts_on - timedelta(days=7),
                partial(self._step, audit, "cancel", plan.owner, comment=plan.cancelled),
            )
            return
        roll = self._random.randrange
        days = (
            audit.preparation_on + timedelta(days=roll(3)),
            audit.starts_on,
            audit.fieldwork_ends_on + timedelta(days=roll(2)),
            audit.report_due_on - timedelta(days=roll(3)),
            audit.follow_up_on - timedelta(days=roll(1, 21)),
        )
        for step, day, hour in zip(STEPS[: REACHED[plan.until]], days, range(9, 18, 2), strict=False):
            who = plan.owner if step == "close" else plan.lead
            if step == "submit_report" and plan.until == AuditState.REPORT_REVIEW:
                day = min(day, self._today - timedelta(days=1))  # noqa: PLW2901 - it waits for its decision
            self._at(day, partial(self._step, audit, step, who), hour=hour)

    def _step(self, audit: Audit, name: str, who: str, at: datetime, comment: str = "") -> None:
        if name == "close":
            self._finish_actions(audit, at)
        elif name == "start_reporting":
            self._checks.test(audit, who, at)
        elif name == "submit_report":
            self._conclude(audit, who)
        apply_transition(record=audit, name=name, actor=self._person(who), now=at, comment=comment)
        if name == "prepare":
            self._checks.audit_prepared(audit, who, at)
        elif name == "start_fieldwork":
            self._findings.audit_begun(audit, who)
            self._checks.audit_begun(audit, who)
        if name == "submit_report" and self._known[audit.pk].until != AuditState.REPORT_REVIEW:
            self._at(at.date() + timedelta(days=1), partial(self._approve_report, audit), hour=10)
        elif name == "close":
            self._find_planned(at)

    def _conclude(self, audit: Audit, who: str) -> None:
        audit.refresh_from_db()
        conclusion = self._random.choice(CONCLUSIONS)
        conclusion_write(audit=audit, conclusion=conclusion, actor=self._person(who), version=audit.version)

    def _approve_report(self, audit: Audit, at: datetime) -> None:
        self._approve(audit, at)
        self._agree_actions(audit, at)

    def _find_planned(self, at: datetime) -> None:
        """Take up the audits that the portal planned by itself, and put each into the programme of its year."""
        for audit in Audit.objects.exclude(pk__in=list(self._known)).select_related("series").order_by("pk"):
            programme = self._programme_of(audit.starts_on)
            plan = self._series[audit.series_id]
            if programme is not None and audit.programme_id is None:
                self._put_into(programme, audit, plan, at)
            self._run(audit, plan)

    def _put_into(self, programme: Programme, audit: Audit, plan: SampleAudit, at: datetime) -> None:
        audit_change(
            audit=audit,
            changes={"programme": programme},
            actor=self._planner(plan),
            now=at,
            version=audit.version,
        )

    # Actions

    def _agree_actions(self, audit: Audit, at: datetime) -> None:
        """Agree on what follows from an audit with those who were audited."""
        plan = self._known[audit.pk]
        for number, title in enumerate(self._random.sample(FINDINGS, self._random.randrange(1, 3))):
            action = action_create(
                source=audit,
                title=title,
                owner=self._person(self._random.choice(plan.auditees)),
                due_on=audit.follow_up_on - timedelta(days=self._random.randrange(25, 60)),
                actor=self._person(plan.owner),
                now=at,
                nature=ActionNature.TASK if number else ActionNature.CORRECTIVE,
                effectiveness_days=60,
            )
            self._known_actions.append(action.pk)
            if action.is_corrective:
                self._at(
                    action.due_on - timedelta(days=_number(action) % 9), partial(self._report_done, action)
                )

    def _finish_actions(self, audit: Audit, at: datetime) -> None:
        open_actions = Action.objects.open().filter(source_id=audit.pk)
        for action in open_actions.select_related("owner").order_by("pk"):
            if action.is_corrective:
                self._report_done(action, at)
            else:
                self._act(action, "complete", action.owner, at, "Done, and shown to the auditor.")

    def _report_done(self, action: Action, at: datetime) -> None:
        """Let the owner report a corrective action done, and who verifies it look at it some days later."""
        action.refresh_from_db()
        if action.state == ActionState.OPEN:
            self._act(action, "report_done", action.owner, at, "Done; the record of it is with the team.")
            self._at(at.date() + timedelta(days=3 + _number(action) % 7), partial(self._verify, action))

    def _verify(self, action: Action, at: datetime) -> None:
        action.refresh_from_db()
        if _number(action) % 5 == 0 and action.pk not in self._sent_back:
            self._sent_back.add(action.pk)
            self._act(action, "send_back", action.verifier, at, "The record covers half of the systems.")
            self._at(at.date() + timedelta(days=9), partial(self._report_done, action))
            return
        self._act(action, "verify", action.verifier, at, "Looked through the record with the team.")
        self._at(at.date() + timedelta(days=action.effectiveness_days), partial(self._check_effect, action))

    def _check_effect(self, action: Action, at: datetime) -> None:
        action.refresh_from_db()
        if _number(action) % 6 == 1 and not action.times_reopened:
            self._act(
                action, "not_effective", action.verifier, at, "The same was found again in two systems."
            )
            self._at(at.date() + timedelta(days=21), partial(self._report_done, action))
            return
        self._act(action, "confirm_effective", action.verifier, at, "A sample of ten shows nothing of it.")

    def _act(self, action: Action, name: str, actor: User | None, at: datetime, comment: str) -> None:
        assert actor is not None
        apply_transition(record=action, name=name, actor=actor, now=at, comment=comment)


def _number(action: Action) -> int:
    """Return the number of an action's reference: the same each time the bank is loaded, as keys are not."""
    return int(action.reference.partition("-")[2])
