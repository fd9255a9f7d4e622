"""Reads of checklists: all checks of an audit by one plain statement, and one check with what belongs to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BigIntegerField, Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from audits.choices import CheckResult, EvidenceState
from audits.models import Audit, AuditListing, Check, EvidenceRequest, Finding, FindingListing
from audits.permissions import checks_seen_by
from compliance.models import Framework
from compliance.querysets import readable_sql
from foundation.accounts.models import User
from foundation.files.models import File, FileVersion
from foundation.files.querysets import FileVersionQuerySet
from foundation.files.selectors import FileLine
from foundation.records.lexemes import Question

# By hand: a checklist shows a thousand of them, and its page waits for nothing else.
LINES = """
    SELECT checked.id, checked.version, checked.result, checked.methods, checked.tested_by_id,
        said.identifier, said.title, said.kind, edition.framework_id, checked.group_id,
        (checked.notes <> '')::int,
        checked.result = 'not_tested' AND checked.tested_by_id IS NOT NULL,
        coalesce(shown.files, 0),
        {asked}
    FROM audits_check AS checked
    JOIN compliance_requirementtext AS said ON said.id = checked.text_id
    JOIN compliance_edition AS edition ON edition.id = said.edition_id
    LEFT JOIN (
        SELECT evidence.check_id, count(*) AS files
        FROM audits_checkevidence AS evidence JOIN audits_check AS held ON held.id = evidence.check_id
        WHERE held.audit_id = %s GROUP BY evidence.check_id
    ) AS shown ON shown.check_id = checked.id
    WHERE checked.audit_id = %s
    ORDER BY checked.position, checked.id
"""
HEADINGS = """
    SELECT heading.id, heading.identifier, heading.title
    FROM compliance_requirementtext AS heading WHERE heading.id = ANY(%s)
    UNION ALL
    SELECT -framework.id, framework.reference, framework.title
    FROM records_record AS framework WHERE framework.id = ANY(%s) AND {known}
"""
WORDS = "said.words @@ %s::tsquery OR position(lower(%s) IN lower(said.identifier)) > 0"


class CheckLine(NamedTuple):
    """A check as the list shows it.

    `is_left` tells of one that is not tested that the reason is given, `fits` whether its requirement has the words that were asked for.
    """

    id: int
    version: int
    result: str
    methods: list[str]
    tested_by_id: int | None
    identifier: str
    title: str
    kind: str
    framework_id: int
    group_id: int | None
    has_notes: int
    is_left: bool
    evidence: int
    fits: bool

    @property
    def is_open(self) -> bool:
        """Tell whether it is still to be tested, or the reason to be given."""
        return self.result == CheckResult.NOT_TESTED and not self.is_left


@dataclass(frozen=True)
class Filters:
    """Which checks of a list are shown."""

    result: str = ""
    group: str = ""
    mine: bool = False
    words: str = ""

    @property
    def are_on(self) -> bool:
        """Tell whether any is."""
        return bool(self.result or self.group or self.mine or self.words)

    def keep(self, line: CheckLine, group: str, user: User) -> bool:
        """Tell whether they let a check through, which stands in this group."""
        return (
            (not self.result or line.result == self.result)
            and (not self.group or group == self.group)
            and (not self.mine or line.tested_by_id == user.pk)
            and line.fits
        )


@dataclass(frozen=True)
class Heading:
    """A group of a framework in a checklist; `key` names it in addresses and in the page."""

    key: str
    identifier: str
    title: str
    framework_id: int


@dataclass
class CheckGroup:
    """The checks under one heading: how far they are, and those that the filters let through."""

    heading: Heading
    total: int = 0
    tested: int = 0
    shown: list[CheckLine] | None = None


@dataclass(frozen=True)
class Checklist:
    """All of an audit's checks by group, in order, with how many there are by result, and the frameworks' names."""

    groups: list[CheckGroup]
    counts: Mapping[str, int]
    frameworks: Mapping[int, str]

    @property
    def total(self) -> int:
        """Return how many checks there are."""
        return sum(self.counts.values())

    @property
    def tested(self) -> int:
        """Return how many came to a result."""
        return self.total - self.counts.get(CheckResult.NOT_TESTED, 0)

    @property
    def shown(self) -> list[CheckLine]:
        """Return what the filters let through, in order."""
        return [line for group in self.groups for line in group.shown or ()]


def check_lines(audit: Audit, *, question: Question | None = None, text: str = "") -> list[CheckLine]:
    """Return all checks of an audit in order, by one statement."""
    asked: list[Any] = [question.literal(), text.strip()] if question else []
    with connection.cursor() as cursor:
        cursor.execute(LINES.format(asked=WORDS if question else "TRUE"), [*asked, audit.pk, audit.pk])
        return [CheckLine._make(row) for row in cursor.fetchall()]


def checklist_of(lines: Sequence[CheckLine], filters: Filters, user: User) -> Checklist:
    """Return a checklist by group, the groups as they come first in its order; one statement for their headings."""
    headings, frameworks = _headings(lines, user) if lines else ({}, {})
    groups: dict[tuple[int, str, str], CheckGroup] = {}
    for line in lines:
        identifier, title = headings.get(line.group_id or 0, ("", ""))
        place = (line.framework_id, identifier, title)
        group = groups.get(place)
        if group is None:
            key = str(line.group_id or f"f{line.framework_id}")
            group = groups[place] = CheckGroup(Heading(key, identifier, title, line.framework_id), shown=[])
        group.total += 1
        group.tested += line.result != CheckResult.NOT_TESTED
        if filters.keep(line, group.heading.key, user):
            group.shown.append(line)  # type: ignore[union-attr]
    return Checklist(list(groups.values()), Counter(line.result for line in lines), frameworks)


def _headings(lines: Sequence[CheckLine], user: User) -> tuple[dict[int, tuple[str, str]], dict[int, str]]:
    """Return identifier and title of the headings that checks stand under, and the names of the frameworks.

    Who sees a checklist sees what is tested, but not the names of frameworks that they may not know of.
    """
    known, values = readable_sql(user, "framework")
    groups = {line.group_id for line in lines if line.group_id is not None}
    frameworks = {line.framework_id for line in lines}
    with connection.cursor() as cursor:
        cursor.execute(HEADINGS.format(known=known), [list(groups), list(frameworks), *values])
        rows = cursor.fetchall()
    return (
        {key: (identifier, title) for key, identifier, title in rows if key > 0},
        {-key: title for key, _reference, title in rows if key < 0},
    )


def check_counts(audit: Audit) -> dict[str, int]:
    """Return how many checks of an audit came to which result; one query."""
    counted = Check.objects.filter(audit=audit).order_by().values_list("result").annotate(Count("pk"))
    return dict(counted)


def checks_named(audit: Audit, user: User) -> QuerySet[Any]:
    """Return the checks of an audit with what is said of them; `framework_name` is empty for who may not know of it."""
    readable = Framework.objects.visible_to(user).filter(pk=OuterRef("text__edition__framework_id"))
    found: QuerySet[Any] = (
        Check.objects.filter(audit=audit)
        .select_related("text__edition", "requirement", "group", "tested_by")
        .annotate(framework_name=Subquery(readable.values("title")[:1]))
    )
    return found


def check_of(audit: Audit, key: int, user: User) -> Check | None:
    """Return a check of an audit with what its page says of it; one query."""
    found: Check | None = checks_named(audit, user).filter(pk=key).first()
    if found is not None:
        found.audit = audit
    return found


def evidence_of_check(check: Check) -> list[FileLine]:
    """Return the files that show what a check came to, in the versions that were judged; one query."""
    links = check.evidence_links.select_related("version__uploaded_by", "version__file__withdrawn_by")
    versions = [link.version for link in links.order_by("version__name", "pk")]
    return [FileLine(version.file, version) for version in versions]


def versions_to_attach(audit_id: int) -> FileVersionQuerySet:
    """Return what may become evidence of an audit's checks: its files as they are, and what was accepted of requests."""
    accepted = EvidenceRequest.objects.filter(audit=audit_id, state=EvidenceState.ACCEPTED)
    own = Q(file__record=audit_id, number=F("file__latest"))
    found: FileVersionQuerySet = FileVersion.objects.present().filter(
        own | Q(pk__in=accepted.values("answer_files"))
    )
    return found


def evidence_to_choose(check: Check, user: User) -> list[FileLine]:
    """Return the files that may become evidence of a check: the audit's, and those of accepted requests; one query.

    Those that are attached in an older version are among them.
    """
    accepted = EvidenceRequest.objects.visible_to(user).filter(
        audit=check.audit_id, state=EvidenceState.ACCEPTED
    )
    versions = (
        versions_to_attach(check.audit_id)
        .unkept(user)
        .filter(Q(file__record=check.audit_id) | Q(file__record__in=accepted.values("pk")))
        .exclude(pk__in=check.evidence_links.values("version"))
        .select_related("file__record", "uploaded_by")
        .order_by("file__record_id", "name", "pk")
    )
    return [FileLine(version.file, version) for version in versions]


def files_to_attach(keys: Iterable[str]) -> QuerySet[File]:
    """Return files by their keys; which of them may become evidence, the service judges."""
    found: QuerySet[File] = File.objects.filter(key__in=list(keys))
    return found


class EarlierCheck(NamedTuple):
    """What a requirement came to in an earlier audit of the unit, in the words of which edition."""

    pk: int
    result: str
    tested_at: datetime
    edition: str
    reference: str
    title: str


def earlier_checks(check: Check, user: User, *, count: int) -> list[EarlierCheck]:
    """Return the latest results of the same requirement in this unit that a person may see; one query.

    From the latest on, each audit looked up by itself (within a CASE, since a join would read all audits of the unit first).
    """
    seen = AuditListing.objects.visible_to(user).filter(
        checks_seen_by(user), unit=check.audit.unit_id, pk=OuterRef("audit")
    )
    found = (
        Check.objects.tested()
        .filter(requirement=check.requirement_id)
        .exclude(audit=check.audit_id)
        .alias(is_seen=Case(When(Exists(seen), then=True), default=False))
        .filter(is_seen=True)
        .order_by("-tested_at", "-pk")
    )
    names = ("pk", "result", "tested_at", "text__edition__label", "audit__reference", "audit__title")
    return [EarlierCheck(*row) for row in found.values_list(*names)[:count]]


def findings_on(check: Check, user: User, *, count: int) -> list[FindingListing]:
    """Return the findings on a check, and on its requirement in the same unit, that a person may know of; one query.

    Their narrow rows, with the reference of the audit (`of_audit`).
    """
    of_check = Finding.objects.filter(from_check=check).values("pk")
    alike = FindingListing.objects.filter(requirement=check.requirement_id, unit=check.audit.unit_id)
    found = (
        FindingListing.objects.visible_to(user)
        .filter(pk__in=of_check.union(alike.values("pk")))
        .annotate(of_audit=F("audit__reference"))
        .order_by("-pk")
    )
    return list(found[:count])


@dataclass(frozen=True)
class FieldChange:
    """A field of a check that somebody changed, as columns keep it."""

    at: datetime
    by: str
    name: str
    before: Any
    after: Any


def changes_of_check(check: Check, *, fields: Sequence[str], count: int) -> list[FieldChange]:
    """Return what changed in a check, the newest first, as the field-level history has it; one query."""
    events = list(_events_with_names(check)[: count + 1])
    changes = []
    for newer, older in pairwise(events):
        for name in fields:
            before, after = getattr(older, name), getattr(newer, name)
            if before != after:
                changes.append(FieldChange(newer.pgh_created_at, newer.changed_by or "", name, before, after))
    return changes


def last_changed_by(check: Check) -> str:
    """Return who changed a check last, or nothing where its history does not know; one query."""
    last = _events_with_names(check).first()
    return (last.changed_by or "") if last else ""


def _events_with_names(check: Check) -> QuerySet[Any]:
    """Return what the field-level history has of a check, the newest first, each with the name of who changed it."""
    who = Cast(KeyTextTransform("user", OuterRef("pgh_context__metadata")), BigIntegerField())
    found: QuerySet[Any] = check.check_events.annotate(  # type: ignore[attr-defined]
        changed_by=Subquery(User.objects.filter(pk=who).values("full_name")[:1])
    ).order_by("-pgh_id")
    return found


def audits_to_copy(audit: Audit, user: User, *, count: int) -> list[Audit]:
    """Return audits whose checklist a person sees and may take over: those of the same unit first, the latest first."""
    found = (
        Audit.objects.visible_to(user)
        .filter(checks_seen_by(user))
        .unarchived()
        .filter(pk__in=Check.objects.values("audit"))
        .exclude(pk=audit.pk)
        .annotate(is_same=Q(unit=audit.unit_id))
        .order_by("-is_same", "-starts_on", "-pk")
    )
    return list(found[:count])
