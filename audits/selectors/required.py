"""What the requirements of findings say, wherever that is told: as they stood when they were audited."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import dropwhile

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from audits.models import Check, Finding
from audits.selectors.frameworks import is_framework_hidden
from compliance.models import Framework, Requirement, RequirementText
from foundation.accounts.models import User


@dataclass(frozen=True)
class Required:
    """What a requirement said when it was audited, and the version (its label) in which it was withdrawn since, if it was."""

    text: RequirementText
    withdrawn_in: str = ""

    @property
    def mark(self) -> str:
        """Return in words that it was withdrawn since, or nothing."""
        if not self.withdrawn_in:
            return ""
        return _("withdrawn since, in version %(edition)s") % {"edition": self.withdrawn_in}


def required_by(findings: Iterable[Finding]) -> dict[int, Required]:
    """Return what the requirements of findings of one audit say, by the findings' ids, in the edition that was audited.

    That is the one of the finding's check; without a check the one that the audit tests; and else the one that counted when
    the finding was raised. A requirement that no edition has any more keeps the words that it had. One query, none where
    all come from checks, and one more where one was withdrawn since; `from_check__text` and `requirement` are at hand.
    """
    findings = list(findings)
    without = [one for one in findings if one.from_check_id is None and one.requirement_id is not None]
    texts: dict[int, list[RequirementText]] = {}
    for text in _texts(without):
        assert text.requirement_id is not None
        texts.setdefault(text.requirement_id, []).append(text)
    chosen = list(_chosen(findings, texts))
    withdrawn_in = _withdrawn_in(chosen)
    return {finding.pk: Required(text, withdrawn_in.get(finding.pk, "")) for finding, text in chosen}


def required_of(finding: Finding, user: User) -> Required | None:
    """Return what the requirement of a finding says, as far as a person may read it: of a confidential framework, who reads that.

    One query more than `required_by` where it is confidential.
    """
    framework = finding.requirement.framework if finding.requirement else None
    if framework is None:
        return None
    is_hidden = is_framework_hidden(framework, finding)
    if is_hidden and not Framework.objects.visible_to(user).filter(pk=framework.pk).exists():
        return None
    return required_by([finding]).get(finding.pk)


def _texts(findings: list[Finding]) -> Iterable[RequirementText]:
    if not findings:
        return ()
    tested = Check.objects.filter(audit=findings[0].audit_id, text__edition=OuterRef("edition"))
    return (
        RequirementText.objects.filter(
            requirement__in={one.requirement_id for one in findings}, edition__accepted_at__isnull=False
        )
        .select_related("edition")
        .alias(is_current=Q(edition__framework__current=F("edition")))
        .annotate(is_tested=Exists(tested))
        .order_by("-is_tested", "is_withdrawn", "-is_current", "-edition__number")
    )


def _chosen(
    findings: list[Finding], texts: dict[int, list[RequirementText]]
) -> Iterator[tuple[Finding, RequirementText]]:
    for finding in findings:
        if finding.from_check is not None:
            yield finding, finding.from_check.text
        elif found := texts.get(finding.requirement_id or 0):
            yield finding, next((text for text in found if _counted(text, finding.created_at)), found[0])


def _counted(text: RequirementText, at: datetime) -> bool:
    """Tell whether a text of an edition, the likeliest first, can be what was audited by a finding of that time."""
    accepted_at = text.edition.accepted_at
    return bool(text.is_tested) or (accepted_at is not None and accepted_at <= at)  # type: ignore[attr-defined]


def _withdrawn_in(chosen: list[tuple[Finding, RequirementText]]) -> dict[int, str]:
    """Return the version in which the requirement of each finding that has none any more was withdrawn, by the finding's id.

    That is the first accepted one after what is quoted that has it no longer, or says that it is withdrawn: a later one
    changes nothing about it, nor about the report that says so. One query, none where nothing is withdrawn.
    """
    gone = [
        (finding, text)
        for finding, text in chosen
        if finding.requirement is not None and finding.requirement.is_withdrawn and not text.is_withdrawn
    ]
    if not gone:
        return {}
    standing = RequirementText.objects.filter(
        requirement=OuterRef("pk"), edition=OuterRef("framework__editions"), is_withdrawn=False
    )
    editions = (
        Requirement.objects.filter(
            pk__in={finding.requirement_id for finding, _text in gone},
            framework__editions__accepted_at__isnull=False,
        )
        .annotate(stands=Exists(standing))
        .order_by("framework__editions__number")
        .values_list("pk", "framework__editions", "framework__editions__label", "stands")
    )
    ways: dict[int, list[tuple[int, str, bool]]] = {}
    for requirement_id, key, label, stands in editions:
        ways.setdefault(requirement_id, []).append((key, label, stands))
    return {
        finding.pk: _first_without(ways.get(finding.requirement_id or 0, []), text.edition_id)
        for finding, text in gone
    }


def _first_without(way: list[tuple[int, str, bool]], quoted: int) -> str:
    """Return the label of the first edition after the quoted one, in the order of their numbers, in which it stands no more."""
    later = dropwhile(lambda edition: edition[0] != quoted, way)
    return next((label for _key, label, stands in later if not stands), "")
