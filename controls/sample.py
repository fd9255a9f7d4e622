"""The sample bank's controls: in varied states, mapped to the sample standard and the sample documents."""

from datetime import datetime, timedelta
from io import BytesIO

from compliance.models import Requirement
from controls.choices import Effectiveness, Extent, Implementation
from controls.models import Control
from controls.sample_plan import CONTROLS, SampleControl
from controls.selectors import coming_of
from controls.services import (
    control_create,
    control_implementation_set,
    control_rate,
    draft_write,
)
from controls.services.evidence import evidence_upload_give
from controls.services.mappings import document_map, requirements_map
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.sample import SampleContext
from foundation.approvals.sample import open_and_decide
from foundation.approvals.selectors import latest_request
from foundation.files.services import Upload
from foundation.lifecycle.services import apply_transition
from foundation.notifications.services import notices_cancel
from policies.models import Document

WRITER, DECIDER, RATER = "yusuf.adeyinka", "leonor.vasconcelos", "kenjiro.matsuda"


def sample_controls(context: SampleContext) -> None:
    """Write the controls, each at its time, and take them as far as they have come."""
    for sample in CONTROLS:
        _Telling(context, sample).tell()


class _Telling:
    """One control of the sample, from its first draft to today."""

    def __init__(self, context: SampleContext, sample: SampleControl) -> None:
        self.context, self.sample = context, sample
        self.writer, self.decider = context.person(WRITER), context.person(DECIDER)
        self.begun = context.now - timedelta(days=sample.days)
        self.control: Control

    def tell(self) -> None:
        """Let it happen."""
        sample = self.sample
        self.control = control_create(
            actor=self.writer,
            now=self.begun,
            title=sample.title,
            statement=sample.statement,
            purpose=sample.purpose,
            type=sample.type,
            nature=sample.nature,
            is_key=sample.is_key,
            frequency=sample.frequency,
            evidence_how=sample.evidence_how,
            evidence_months=sample.months,
            unit=next(unit for unit in self.context.units.values() if unit.parent_id is None),
            owner=self.context.person(sample.owner),
        )
        self._map()
        if sample.implementation != Implementation.NOT_STARTED:
            self._implement(self.begun + timedelta(hours=3))
        if sample.reach != "draft":
            self._step("submit", self.begun + timedelta(days=1))
        if sample.reach in ("in_force", "revising", "retired"):
            self._approve(self.begun + timedelta(days=3))
            self._give()
            self._rate()
        if sample.reach == "revising":
            self._revise(self.context.now - timedelta(days=5))
        if sample.reach == "retired":
            self._step("retire", self.context.now - timedelta(days=40), self.decider, sample.note)
        if sample.reach in ("in_force", "revising", "retired"):
            notices_cancel(record_id=self.control.pk)  # what was told along the way was read long ago

    def _now(self) -> Control:
        self.control = Control.objects.get(pk=self.control.pk)
        return self.control

    def _step(self, name: str, at: datetime, actor: User | None = None, comment: str = "") -> None:
        apply_transition(record=self._now(), name=name, actor=actor or self.writer, now=at, comment=comment)

    def _approve(self, at: datetime) -> None:
        request = latest_request(self._now())
        assert request is not None, "it was submitted"
        open_and_decide(request=request, actor=self.decider, now=at)

    def _map(self) -> None:
        for extent, identifiers in ((Extent.FULL, self.sample.covers), (Extent.PARTLY, self.sample.touches)):
            found = Requirement.objects.filter(identifier__in=identifiers.split()).select_related("framework")
            requirements_map(
                control=self.control,
                requirements=found,
                extent=extent,
                note="" if extent == Extent.FULL else self.sample.part,
                actor=self.writer,
                now=self.begun,
            )
        for document in Document.objects.filter(title__in=self.sample.documents):
            document_map(control=self.control, document=document, note="", actor=self.writer, now=self.begun)

    def _implement(self, at: datetime) -> None:
        control_implementation_set(
            control=self.control,
            implementation=self.sample.implementation,
            note=self.sample.note,
            actor=self.writer,
            now=at,
            version=self._now().version,
        )

    def _give(self) -> None:
        """Give evidence for each period, a few days before it ends, but for as many of the last as are missing."""
        due = [self._now().evidence_on]
        while due[-1] is not None and self.sample.months and len(due) < 12:
            at = self.begun.replace(year=due[-1].year, month=due[-1].month, day=min(due[-1].day, 28))
            at -= timedelta(days=4)
            if at >= self.context.now - timedelta(days=31 * self.sample.months * self.sample.missing):
                return
            text = f"{self.sample.title}\n{at:%Y-%m-%d}\nLooked at {8 + len(due)} cases; none out of order.\n"
            evidence_upload_give(
                control=self.control,
                note=f"{8 + len(due)} cases of the period were looked at, none was out of order.",
                files=(),
                uploads=[Upload(f"Evidence {at:%Y-%m}.txt", BytesIO(text.encode()))],
                actor=self.control.owner,
                now=at,
                version=self._now().version,
            )
            due.append(self._now().evidence_on)

    def _rate(self) -> None:
        for days, effectiveness, reason in self.sample.ratings:
            at = self.context.now - timedelta(days=days)
            control_rate(
                control=self.control,
                effectiveness=Effectiveness(effectiveness),
                reason=reason,
                rated_on=organisation_day(at),
                actor=self.context.person(RATER),
                now=at,
                version=self._now().version,
            )

    def _revise(self, at: datetime) -> None:
        self._step("revise", at)
        draft = coming_of(self._now())
        assert draft is not None, "a revision was begun"
        draft_write(
            control=self.control,
            changes={"summary": self.sample.change, "statement": f"{draft.statement}\n\n{self.sample.adds}"},
            actor=self.writer,
            now=at + timedelta(hours=1),
            version=self.control.version,
        )
