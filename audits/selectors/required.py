"""What the requirements of findings say, wherever that is told: as they stood when they were audited."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

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
    all come from checks; `from_check__text` and `requirement__framework__current` are at hand.
    """
    findings = list(findings)
    without = [one for one in findings if one.from_check_id is None and one.requirement_id is not None]
    texts: dict[int, list[RequirementText]] = {}
    for text in _texts(without):
        assert text.requirement_id is not None
        texts.setdefault(text.requirement_id, []).append(text)
    return {
        finding.pk: Required(text, _withdrawn_in(finding.requirement, text))
        for finding, text in _chosen(findings, texts)
    }


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


def _withdrawn_in(requirement: Requirement | None, text: RequirementText) -> str:
    if requirement is None or not requirement.is_withdrawn or text.is_withdrawn:
        return ""
    current = requirement.framework.current
    return current.label if current else ""
