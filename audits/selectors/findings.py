"""Reads of findings: for their pages, for their audit, and for whoever closes it."""

from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from audits.choices import NONCONFORMITIES, FindingState, Grade
from audits.models import Audit, CheckEvidence, Finding, FindingListing
from audits.querysets import FindingListingQuerySet
from audits.selectors.frameworks import framework_name
from compliance.models import Framework, Requirement, RequirementText
from foundation.accounts.models import User
from foundation.actions.choices import ActionNature
from foundation.actions.models import Action
from foundation.files.models import FileVersion
from foundation.records.choices import Confidentiality
from foundation.records.models import Participant, Record

SHOWN_REPEATS = 20
KEPT_FRAMEWORKS = "audits.framework-choices"
KEPT_SECONDS = 60


@dataclass(frozen=True)
class FindingsState:
    """How far the findings of an audit are, whoever may know of them; withdrawn ones don't count.

    `without_action` are agreed findings whose actions were all cancelled since: of nonconformities, their corrective ones.
    """

    total: int
    not_agreed: int
    open_majors: int
    without_action: int


@dataclass(frozen=True)
class Repeat:
    """A finding of another audit whose requirement and unit are the same."""

    pk: int
    reference: str
    title: str
    url: str
    state: str
    grade: str
    audit_reference: str
    started_on: date


def findings_state_of(audit: Audit) -> FindingsState:
    """Return how many findings an audit has, how many are not agreed on yet, and how many majors are not closed. One query."""
    standing = FindingListing.objects.filter(audit=audit).exclude(state=FindingState.WITHDRAWN)
    agreed = Action.objects.agreed().filter(source=OuterRef("pk"))
    corrective = agreed.filter(nature=ActionNature.CORRECTIVE)
    counted = standing.aggregate(
        total=Count("pk"),
        not_agreed=Count("pk", filter=Q(state__in=(FindingState.RAISED, FindingState.ANSWERED))),
        open_majors=Count("pk", filter=Q(grade=Grade.MAJOR) & ~Q(state=FindingState.CLOSED)),
        without_action=Count(
            "pk",
            filter=Q(
                ~Exists(agreed) | Q(~Exists(corrective), grade__in=NONCONFORMITIES), state=FindingState.AGREED
            ),
        ),
    )
    return FindingsState(**counted)


def findings_with_people(user: User) -> "QuerySet[Finding]":
    """Return the findings that a person may know of, with all that their pages name, by two queries."""
    found: QuerySet[Finding] = (
        Finding.objects.visible_to(user)
        .select_related("unit", "owner", "audit__lead_auditor", "requirement__framework", "text__edition")
        .prefetch_related(Prefetch("participants", queryset=Participant.objects.select_related("user")))
    )
    return found


def findings_of(audit: Audit, user: User) -> FindingListingQuerySet:
    """Return the findings of an audit that a person may know of, those that were withdrawn among them."""
    rows: FindingListingQuerySet = FindingListing.objects.visible_to(user).unarchived().filter(audit=audit)
    return rows


def repeats_of(finding: Finding, user: User) -> list[Repeat]:
    """Return the findings of other audits with the same requirement and unit that the person may know of, the earliest first.

    One query; none where the finding names no requirement.
    """
    if finding.requirement_id is None:
        return []
    return _repeats(finding.requirement_id, finding.unit_id, finding.audit_id, user)


def found_before(*, requirement: Requirement | None, audit: Audit, user: User) -> list[Repeat]:
    """Return what a finding about to be raised would repeat, as far as the person may know of it."""
    if requirement is None:
        return []
    return _repeats(requirement.pk, audit.unit_id, audit.pk, user)


def _repeats(requirement_id: int, unit_id: int, audit_id: int, user: User) -> list[Repeat]:
    rows = (
        FindingListing.objects.visible_to(user)
        .filter(requirement=requirement_id, unit=unit_id)
        .exclude(Q(audit=audit_id) | Q(state=FindingState.WITHDRAWN))
        .with_audits_for(user)
        .annotate(started_on=F("audit__starts_on"))
        .order_by("-pk")[:SHOWN_REPEATS]
    )
    return [
        Repeat(
            pk=row.pk,
            reference=row.reference,
            title=row.title,
            url=row.get_absolute_url(),
            state=row.state,
            grade=row.grade,
            audit_reference=row.audit_reference,
            started_on=row.started_on,
        )
        for row in reversed(rows)
    ]


def evidence_files_of(finding: Finding, user: User) -> "QuerySet[FileVersion]":
    """Return the evidence of the finding's check, in the versions that were judged, as far as the person may know of it."""
    files: QuerySet[FileVersion] = FileVersion.objects.present().unkept(user)
    if finding.from_check_id is None:
        return files.none()
    visible = Record.objects.visible_to(user).filter(pk=OuterRef("file__record_id"))
    judged = CheckEvidence.objects.filter(of_check=finding.from_check_id)
    found: QuerySet[FileVersion] = files.filter(Exists(visible), pk__in=judged.values("version"))
    return found.select_related("file").order_by("name", "pk")


def requirements_to_choose(
    audit: Audit, user: User, kept: Requirement | None = None
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the requirements that findings of an audit may name, by framework: of the audit's own, else of all that the person reads.

    Each with its identifier and its title, in the order of the current edition. Two queries.
    """
    own = list(audit.frameworks.values_list("pk", flat=True))
    texts = RequirementText.objects.current().testable().visible_to(user)
    if own:
        texts = texts.filter(edition__framework__in=own)
    groups: dict[str, list[tuple[str, str]]] = {}
    rows = texts.order_by("edition__framework__title", "edition", "position").values_list(
        "edition__framework__title", "requirement_id", "identifier", "title"
    )
    for framework, key, identifier, title in rows:
        groups.setdefault(framework, []).append((str(key), f"{identifier} {title}"))
    if kept is not None and not any(key == str(kept.pk) for rows in groups.values() for key, _label in rows):
        groups.setdefault(framework_name(kept.framework, audit), []).append((str(kept.pk), kept.identifier))
    return list(groups.items())


def framework_choices() -> list[tuple[int, str]]:
    """Return the frameworks that findings name and that are not restricted, at most a minute old."""
    found: list[tuple[int, str]] | None = cache.get(KEPT_FRAMEWORKS)
    if found is None:
        named = FindingListing.objects.filter(framework=OuterRef("pk"))
        readable = Framework.objects.filter(Exists(named), confidentiality=Confidentiality.INTERNAL)
        found = list(readable.order_by("title", "pk").values_list("pk", "title"))
        cache.set(KEPT_FRAMEWORKS, found, KEPT_SECONDS)
    return found
