"""Whatever people do to a document, one thing after another: nothing holds that others did not approve word for word.

Each walk is a sequence of things that people try, over weeks; what is refused changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from foundation import clock
from foundation.accounts.models import Delegation, User
from foundation.accounts.organisation import organisation_day
from foundation.approvals.choices import RequestState, Verdict
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.permissions import voice_of
from foundation.approvals.selectors import latest_request, stage_values
from foundation.approvals.services import (
    approval_hand_on,
    approval_withdraw,
    content_digest,
    content_seen,
    hand_on_take_back,
)
from foundation.approvals.tests.factories import reviewer, route_make, stage
from foundation.lifecycle.services import TransitionRefused
from foundation.testing.cast import Cast
from policies.approvals import version_content
from policies.choices import COMING, DECIDING, IN_FORCE, SETTLED, DocumentState, VersionState
from policies.models import Document, DocumentVersion
from policies.models.versions import SAID
from policies.permissions import can_write_now
from policies.selectors import coming_of, documents_visible, library_version, lock_of, version_of
from policies.services import (
    DocumentRefused,
    DraftHeld,
    document_change,
    document_publish_due,
    documents_due,
    draft_open,
    draft_take_over,
    draft_write,
)
from policies.tests.factories import NOW, decide, document_make, step

pytestmark = pytest.mark.django_db

PEOPLE = ("ciso", "analyst", "reviewer", "unit_lead", "auditor", "personnel")
STEPS = ("submit", "revise", "take_back", "discard", "retire")
REFUSALS = (TransitionRefused, DocumentRefused, DraftHeld)
ROUTES = ("two stages", "CISO", "two of three", "leads")
UNITS = ("payments", "cards", "root")
Deed = tuple[str, str, str]  # what is done, by whom, and how or to whom

people = st.sampled_from(PEOPLE)
verdicts = st.sampled_from(list(Verdict.values))
# Mostly the way forward, by who may, so that walks come far; now and then anything, by anybody.
deeds = st.one_of(
    st.tuples(st.just("edit"), st.sampled_from(["analyst", "analyst", "ciso"]), st.sampled_from("0123")),
    st.tuples(st.sampled_from(["submit", "submit", "revise"]), st.just("analyst"), st.just("")),
    st.tuples(st.just("decide"), st.just("decider"), st.just(Verdict.APPROVE.value)),
    st.tuples(st.just("decide"), st.just("decider"), st.just(Verdict.APPROVE.value)),
    st.tuples(st.just("days"), st.just(""), st.sampled_from("123")),
    st.tuples(st.just("decide"), people, verdicts),
    st.tuples(st.sampled_from(STEPS), people, st.just("")),
    st.tuples(st.sampled_from(["hand_on", "delegate"]), people, people),
    st.tuples(st.sampled_from(["withdraw", "hand_back"]), people, st.just("")),
    st.tuples(st.sampled_from(["open", "take_over"]), st.sampled_from(["analyst", "ciso"]), st.just("")),
    st.tuples(st.just("move"), st.just("analyst"), st.sampled_from(UNITS)),
    st.tuples(st.just("give"), st.just("analyst"), st.sampled_from(["ciso", "unit_lead", "analyst"])),
    st.tuples(st.just("route"), st.just("administrator"), st.sampled_from(ROUTES)),
)


@dataclass
class Walk:
    """A document on its way; `wrote` is who wrote on each version, `said` what each said when it came in force, `stages` who was to decide each request."""

    cast: Cast
    document: Document
    now: datetime = NOW
    count: int = 0
    wrote: dict[int, set[int]] = field(default_factory=dict)
    said: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    stages: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        draft = coming_of(self.document)
        assert draft is not None
        self.wrote = {draft.pk: {draft.written_by_id}}

    def person(self, name: str) -> User:
        """Return one of the cast, as somebody whose access was not read yet; `decider` is the first who may decide now."""
        if name == "decider":
            request = latest_request(self.document)
            mays = (one for one in PEOPLE if request and voice_of(request, self.person(one)).refusal is None)
            name = next(mays, "ciso")
        return User.objects.get(
            pk=(reviewer(self.cast) if name == "reviewer" else getattr(self.cast, name)).pk
        )

    def do(self, deed: Deed) -> bool:
        """Try something; tell whether it was done."""
        what, by, how = deed
        self.now += timedelta(minutes=5)
        self.document = Document.objects.get(pk=self.document.pk)
        tried: dict[str, Callable[[], object]] = {
            "edit": lambda: self.edit(by, int(how)),
            "decide": lambda: self.decide(by, Verdict(how)),
            "hand_on": lambda: approval_hand_on(
                request=self.asked(), actor=self.person(by), to=self.person(how), reason="So.", now=self.now
            ),
            "hand_back": lambda: hand_on_take_back(request=self.asked(), actor=self.person(by), now=self.now),
            "withdraw": lambda: approval_withdraw(request=self.asked(), actor=self.person(by), now=self.now),
            "delegate": lambda: self.delegate(by, how),
            "open": lambda: draft_open(document=self.document, actor=self.person(by), now=self.now),
            "take_over": lambda: self.take_over(by),
            "move": lambda: self.change(by, unit=getattr(self.cast.units, how)),
            "give": lambda: self.change(by, owner=self.person(how)),
            "route": lambda: route_make(self.cast, *stages_of(self.cast, how), kind="document"),
            "days": lambda: self.days(int(how)),
        }
        try:
            with transaction.atomic():
                tried[what]() if what in tried else self.step(what, by)
        except REFUSALS:
            return False
        return True

    def step(self, what: str, by: str) -> None:
        is_revised = self.document.state in IN_FORCE and what in ("submit", "take_back")
        name = f"{what}_revision" if is_revised else what
        step(self.document, name, self.person(by), now=self.now, comment="So.")

    def asked(self) -> ApprovalRequest:
        request = latest_request(self.document)
        if request is None:
            raise TransitionRefused("Nobody asked.")
        return request

    def decide(self, by: str, verdict: Verdict) -> None:
        person = self.person(by)
        content_seen(request=self.asked(), person=person, now=self.now)
        decide(self.document, person, verdict, now=self.now, comment="So.")

    def change(self, by: str, **changes: Any) -> None:
        """Say of the document itself something else."""
        person = self.person(by)
        document_change(
            document=self.document, changes=changes, actor=person, now=self.now, version=self.document.version
        )

    def take_over(self, by: str) -> None:
        """Take the draft from whoever has it, as one does who sees their name."""
        lock = lock_of(self.document, self.now)
        if lock is None:
            raise DocumentRefused("Nobody has it.")
        draft_take_over(document=self.document, actor=self.person(by), now=self.now, key=str(lock.key))

    def edit(self, by: str, days: int) -> None:
        """Write something new, to hold so many days from now, or as soon as it is approved; never on what somebody else has."""
        person, draft = self.person(by), coming_of(self.document)
        if draft is None or not can_write_now(person, self.document):
            raise DocumentRefused("Not now.")
        lock = lock_of(self.document, self.now)
        self.count += 1
        day = organisation_day(self.now) + timedelta(days=days) if days else None
        draft_write(
            document=self.document,
            changes={"body": f"Rule {self.count}.\n", "summary": "A rule", "effective_on": day},
            is_material=bool(self.count % 2),
            actor=person,
            now=self.now,
            revision=draft.revision,
        )
        assert lock is None or lock.holder == person, "one writes at a time"
        self.wrote.setdefault(draft.pk, set()).add(person.pk)

    def delegate(self, by: str, to: str) -> None:
        if by == to:
            raise TransitionRefused("Nobody stands in for oneself.")
        day = organisation_day(self.now)
        Delegation.objects.create(
            person=self.person(by),
            stand_in=self.person(to),
            starts_on=day,
            ends_on=day + timedelta(days=2),
            created_by=self.person(by),
            created_at=self.now,
        )

    def days(self, count: int) -> None:
        """Let days pass, and the task run that puts in force what is due."""
        self.now += timedelta(days=count)
        for key in documents_due(now=self.now):
            document_publish_due(key=key, now=self.now)

    def check(self) -> None:
        """Hold what must be true after whatever was done."""
        connection.check_constraints()
        document = documents_visible(self.person("auditor")).get(pk=self.document.pk)
        versions = list(document.versions.select_related("approval").order_by("number"))
        in_force = [one for one in versions if one.state == VersionState.PUBLISHED]
        assert in_force == ([document.current] if document.state in IN_FORCE else [])
        assert sum(one.state in COMING for one in versions) <= 1
        requests = ApprovalRequest.objects.filter(record=document, state=RequestState.OPEN)
        assert requests.count() == (document.state in DECIDING), "what is decided waits for a decision"
        for request in ApprovalRequest.objects.filter(record=document):
            stages = [stage_values(one) for one in request.steps.order_by("position")]
            assert self.stages.setdefault(request.pk, stages) == stages, "who is asked stays who is asked"
        for version in versions:
            if version.state == VersionState.APPROVED or version.state in SETTLED:
                self.check_approved(document, version)
            if version.state in SETTLED:
                self.check_kept(document, version)
        read = library_version(self.person("personnel"), document.reference)
        assert ([read] if read else []) == in_force, "readers have what is in force, and nothing else"

    def check_approved(self, document: Document, version: DocumentVersion) -> None:
        """Hold that others approved exactly what the version says: neither who asked nor any who wrote on it."""
        request = version.approval
        assert (request.state, request.record_id) == (RequestState.APPROVED, document.pk)
        assert request.digest == version.digest == content_digest(request.content)
        content = version_content(document, version)
        if version.state in SETTLED:
            content["unit"] = request.content["unit"]  # which may be another by now
        assert content_digest(content) == version.digest
        assert request.content["body"] == version.body
        barred = {request.requested_by_id, *self.wrote[version.pk], self.cast.auditor.pk}
        decisions = list(request.decisions.all())
        voices = [one.on_behalf_of_id or one.decided_by_id for one in decisions]
        assert len(set(voices)) == len(voices), "nobody decides twice"
        for stage_of in request.steps.all():
            assert sum(one.step_id == stage_of.pk for one in decisions) == stage_of.needed, "each stage"
        seen = dict(request.seen.values_list("person_id", "digest"))
        for one in decisions:
            assert one.verdict == Verdict.APPROVE
            assert one.digest == version.digest
            assert not barred & {one.decided_by_id, one.on_behalf_of_id}, (
                "nobody approves the own text, and auditors nothing"
            )
            assert seen[one.decided_by_id] == version.digest, "who signs has seen it"

    def check_kept(self, document: Document, version: DocumentVersion) -> None:
        """Hold that what was in force once says the same for ever, to be read, and was not before its day."""
        said = tuple(getattr(version, name) for name in (*SAID, "digest", "approval_id", "published_at"))
        assert self.said.setdefault(version.pk, said) == said, "what was published never changes"
        again = version_of(document, version.number)
        assert again is not None
        assert again.body == version.body
        day = organisation_day(version.published_at)
        assert version.effective_on is None or version.effective_on <= day


def stages_of(cast: Cast, route: str) -> list[dict[str, Any]]:
    """Return the stages of a way that approvals may go."""
    some = [reviewer(cast), cast.unit_lead, cast.analyst]
    return {
        "two stages": [stage("Review", people=some), stage("CISO", roles=["ciso"])],
        "CISO": [stage("CISO", roles=["ciso"])],
        "two of three": [stage("Both", people=[*some[:2], cast.ciso], needed=2)],
        "leads": [stage("Leads", units=[cast.units.payments.pk]), stage("CISO", roles=["ciso"])],
    }[route]


@pytest.fixture
def walk(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Walk:
    """A policy of payments, which the analyst writes; somebody of two, and then the CISO, approve it."""
    route_make(cast, *stages_of(cast, "two stages"), kind="document")
    return Walk(cast, document_make(cast, unit=cast.units.payments))


def walk_through(walk: Walk, way: list[Deed], monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Do one thing after another, look after each, and tell what was done."""
    monkeypatch.setattr(clock, "now", lambda: walk.now)
    done = []
    for deed in way:
        done.append(walk.do(deed))
        walk.check()
    return done


FORWARD: list[Deed] = [
    ("submit", "analyst", ""),
    ("decide", "decider", "approve"),
    ("decide", "decider", "approve"),
]
ONE_AND_THE_NEXT: list[Deed] = [
    *FORWARD,
    ("revise", "analyst", ""),
    ("edit", "analyst", "2"),
    *FORWARD,
    ("days", "", "3"),
]


@example(way=[*ONE_AND_THE_NEXT, ("retire", "ciso", "")])
@example(way=[("edit", "ciso", "0"), ("edit", "analyst", "0"), *FORWARD])
@example(way=[("edit", "analyst", "3"), *FORWARD, ("take_back", "analyst", ""), ("days", "", "3"), *FORWARD])
@example(way=[("delegate", "ciso", "analyst"), ("delegate", "ciso", "reviewer"), *FORWARD])
@example(way=[("open", "ciso", ""), ("edit", "analyst", "0"), ("take_over", "analyst", ""), *FORWARD])
@example(way=[FORWARD[0], ("move", "analyst", "cards"), *FORWARD, ("move", "analyst", "root")])
@example(way=[FORWARD[0], ("route", "administrator", "two of three"), *FORWARD, *ONE_AND_THE_NEXT[3:]])
@example(way=[("give", "analyst", "ciso"), ("route", "administrator", "leads"), *FORWARD])
@given(way=st.lists(deeds, min_size=4, max_size=14))
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_people_do(walk: Walk, monkeypatch: pytest.MonkeyPatch, way: list[Deed]) -> None:
    with transaction.atomic():
        saved = transaction.savepoint()
        walk_through(Walk(walk.cast, walk.document), way, monkeypatch)
        transaction.savepoint_rollback(saved)


def test_walks_come_to_the_end(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(walk_through(walk, ONE_AND_THE_NEXT, monkeypatch))
    document = Document.objects.get()
    assert document.state == DocumentState.PUBLISHED
    assert [one.state for one in document.versions.order_by("number")] == ["superseded", "published"]


def test_walks_go_by_the_side(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    way: list[Deed] = [
        ("open", "ciso", ""),
        ("edit", "analyst", "0"),
        ("take_over", "analyst", ""),
        ("edit", "analyst", "0"),
        ("route", "administrator", "leads"),
        ("move", "analyst", "cards"),
        ("give", "analyst", "ciso"),
        *FORWARD,
    ]
    done = walk_through(walk, way, monkeypatch)
    assert [deed for deed, was_done in zip(way, done, strict=True) if not was_done] == [way[1]]
    assert Document.objects.get().state == DocumentState.PUBLISHED
