"""Which requirements an audit tests."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audits.choices import NONCONFORMITIES, CheckResult, CopiedChecks
from audits.models import Audit, Check, Finding
from audits.permissions import check_grading_refusal
from audits.services.checks.rules import CheckRefused, audit_locked, choosing_refusal
from compliance.choices import FrameworkState, NodeKind
from compliance.models import Framework, RequirementText
from foundation.accounts.models import User
from foundation.trail.services import entry_write

MOST_CHECKS = 3_000  # of one audit: its page shows them all
PER_FRAMEWORK = 1_000_000  # positions; an edition has fewer lines
NAMED = 40  # identifiers that the trail keeps of what was taken out


@dataclass(frozen=True)
class Added:
    """How many requirements came to the checklist, how many were there, and which a newer edition no longer has."""

    added: int
    already: int
    gone: tuple[str, ...] = ()


@dataclass(frozen=True)
class Removed:
    """How many checks were taken out, and which were left: by their requirement, and why."""

    removed: int
    left: tuple[tuple[str, str], ...]


@transaction.atomic
def checks_add(*, audit: Audit, texts: Iterable[int], actor: User, now: datetime) -> Added:
    """Let an audit test what current editions require in these texts (keys of RequirementText), in their order.

    Headings, what was withdrawn, and frameworks that the person may not read are passed over; what the audit tests
    already is only counted. Raises CheckRefused when the audit's state or the person's part stands against it.
    """
    audit = audit_locked(audit, actor=actor, now=now, alone=True)
    if refusal := choosing_refusal(actor, audit):
        raise CheckRefused({"": refusal})
    wanted = (
        RequirementText.objects.visible_to(actor)
        .testable()
        .current()
        .filter(
            pk__in=list(texts),
            requirement__isnull=False,
            edition__framework__state=FrameworkState.ACTIVE,
            edition__framework__archived_at__isnull=True,
        )
        .values_list("pk", "requirement_id", "edition_id", "edition__framework_id", "position", named=True)
        .order_by("edition__framework_id", "position")
    )
    rows = list(wanted)
    kept = list(audit.checks.values_list("requirement_id", "requirement__framework_id", "position"))
    present = {requirement for requirement, _framework, _position in kept}
    new = [row for row in rows if row.requirement_id not in present]
    if len(kept) + len(new) > MOST_CHECKS:
        raise CheckRefused({"": _("An audit has %(most)d checks at the most.") % {"most": MOST_CHECKS}})
    places = {framework: position // PER_FRAMEWORK for _requirement, framework, position in kept}
    groups = _groups_of({row.edition_id for row in new})
    checks = []
    for row in new:
        place = places.setdefault(row.edition__framework_id, max(places.values(), default=-1) + 1)
        checks.append(
            Check(
                audit=audit,
                text_id=row.pk,
                requirement_id=row.requirement_id,
                group_id=groups.get(row.pk),
                position=place * PER_FRAMEWORK + row.position,
            )
        )
    Check.objects.bulk_create(checks, batch_size=500)
    if checks:
        frameworks = _frameworks_follow(audit)
        entry_write(
            action="audits.checks.added",
            actor=actor,
            record=audit,
            after={"checks": len(checks), "frameworks": frameworks},
        )
    return Added(len(checks), len(rows) - len(new))


def _groups_of(editions: set[int]) -> dict[int, int]:
    """Return the heading that each line of editions stands under: the nearest group above it."""
    lines = {
        key: (parent, kind)
        for key, parent, kind in RequirementText.objects.filter(edition__in=editions).values_list(
            "pk", "parent_id", "kind"
        )
    }
    groups: dict[int, int] = {}
    for key, (above, _kind) in lines.items():
        heading = above
        while heading is not None and lines[heading][1] != NodeKind.GROUP:
            heading = lines[heading][0]
        if heading is not None:
            groups[key] = heading
    return groups


def _frameworks_follow(audit: Audit) -> list[str]:
    """Let the audit name the frameworks that its checks come from, too, and return their references.

    Those that it was planned on stay, whether or not a check comes from them yet.
    """
    found = Framework.objects.filter(requirements__checks__audit=audit).distinct().order_by("pk")
    audit.frameworks.add(*found)
    return list(found.values_list("reference", flat=True))


@transaction.atomic
def checks_copy(*, audit: Audit, source: Audit, which: str, actor: User, now: datetime) -> Added:
    """Let an audit test what an earlier one did (or some of it), in the words of the editions that count today.

    The person sees the earlier one's checklist: who asks has looked. What its frameworks no longer require is told.
    """
    checks = source.checks.all()
    if which == CopiedChecks.NONCONFORMING:
        checks = checks.filter(result__in=[grade.value for grade in NONCONFORMITIES])
    elif which == CopiedChecks.UNTESTED:
        checks = checks.filter(result=CheckResult.NOT_TESTED)
    asked = dict(checks.values_list("requirement_id", "text__identifier"))
    texts = RequirementText.objects.testable().current().filter(requirement__in=list(asked))
    current = dict(texts.values_list("requirement_id", "pk"))
    gone = tuple(identifier for requirement, identifier in asked.items() if requirement not in current)
    return replace(checks_add(audit=audit, texts=current.values(), actor=actor, now=now), gone=gone)


@transaction.atomic
def checks_remove(
    *, audit: Audit, chosen: Mapping[int, int], reason: str, actor: User, now: datetime
) -> Removed:
    """Take checks out of an audit; `chosen` has the versions read, by key. What was tested goes with a reason alone.

    What somebody changed meanwhile, and what a finding refers to, is left and told. Raises CheckRefused when the audit's
    state or the person's part stands against it, or a reason is missing.
    """
    audit = audit_locked(audit, actor=actor, now=now, alone=True)
    if refusal := choosing_refusal(actor, audit):
        raise CheckRefused({"": refusal})
    checks = list(
        Check.objects.select_for_update(of=("self",))
        .filter(audit=audit, pk__in=list(chosen))
        .select_related("text")
        .order_by("position", "pk")
    )
    cited: dict[int, str] = dict(
        Finding.objects.filter(from_check__in=checks).values_list("from_check_id", "reference")
    )
    left, going = [], []
    for check in checks:
        if check.version != chosen[check.pk]:
            left.append((check.text.identifier, _("was changed meanwhile")))
        elif check.pk in cited:
            left.append((check.text.identifier, _("%(finding)s refers to it") % {"finding": cited[check.pk]}))
        else:
            going.append(check)
    if any(check.tested_by_id for check in going):
        if refusal := check_grading_refusal(actor, audit):
            raise CheckRefused({"": refusal})
        if not reason.strip():
            raise CheckRefused({"comment": _("Some of these have a result. Say why they go.")})
    if going:
        _take_out(audit, going, reason.strip(), actor)
    return Removed(len(going), tuple(left))


def _take_out(audit: Audit, checks: Sequence[Check], reason: str, actor: User) -> None:
    Check.objects.filter(pk__in=[check.pk for check in checks]).delete()
    tested = [check for check in checks if check.tested_by_id]
    named = [check.text.identifier for check in checks[:NAMED]]
    entry_write(
        action="audits.checks.removed",
        actor=actor,
        record=audit,
        before={
            "checks": len(checks),
            "requirements": named + (["…"] if len(checks) > NAMED else []),
            "results": {check.text.identifier: check.result for check in tested},
        },
        comment=reason,
    )
