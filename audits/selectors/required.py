"""What the requirements of findings say, wherever that is told: as they stood when they were audited."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import dropwhile

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from audits.models import Audit, Check, Finding
from audits.selectors.frameworks import is_framework_hidden
from compliance.models import Framework, Requirement, RequirementText
from foundation.accounts.models import User


@dataclass(frozen=True)
class Required:
    """What a requirement said when it was audited, and the version (its label) in which it was withdrawn since, if it was.

    `is_tested` tells that the audit's checklist is of the same version.
    """

    text: RequirementText
    withdrawn_in: str = ""
    is_tested: bool = False

    @property
    def mark(self) -> str:
        """Return in words that it was withdrawn since, or nothing."""
        if not self.withdrawn_in:
            return ""
        return _("withdrawn since, in version %(edition)s") % {"edition": self.withdrawn_in}

    @property
    def which(self) -> str:
        """Return in words which version it is, and why that one."""
        words = (
            _("Version %(edition)s, which the checklist of the audit tests.")
            if self.is_tested
            else _("Version %(edition)s, which was the current one when the finding was raised.")
        )
        return words % {"edition": self.text.edition}


def text_audited(
    *, audit: Audit, requirement: Requirement | None, check: Check | None = None
) -> RequirementText | None:
    """Return what a requirement says in the version that an audit is held against, for a finding about to be raised.

    That is the text of the finding's check; without a check the one in the version that the audit's checklist is of, the newest
    where it is of several; and else the current one. A requirement that the current version has no more keeps the words that
    it had last. One query, none with a check.
    """
    if check is not None:
        return check.text
    if requirement is None:
        return None
    tested = Check.objects.filter(audit=audit, text__edition=OuterRef("edition"))
    texts = RequirementText.objects.filter(requirement=requirement, edition__accepted_at__isnull=False)
    return (
        texts.annotate(is_tested=Exists(tested), is_current=Q(edition__framework__current=F("edition")))
        .order_by("-is_tested", "is_withdrawn", "-is_current", "-edition__number")
        .first()
    )


def required_by(findings: Iterable[Finding]) -> dict[int, Required]:
    """Return what the requirements of findings say, by the findings' ids, in the version that was audited.

    One query, and one more where a requirement was withdrawn since; `text__edition` and `requirement` are at hand.
    """
    said = [(finding, finding.text) for finding in findings if finding.text is not None]
    tested = _tested(said)
    withdrawn_in = _withdrawn_in(said)
    return {
        finding.pk: Required(
            text,
            withdrawn_in.get(finding.pk, ""),
            is_tested=finding.from_check_id is not None or (finding.audit_id, text.edition_id) in tested,
        )
        for finding, text in said
    }


def _tested(said: Iterable[tuple[Finding, RequirementText]]) -> set[tuple[int, int]]:
    """Return which audits of findings without a check have which versions in their checklists; no query where all have checks."""
    audits = {finding.audit_id for finding, _text in said if finding.from_check_id is None}
    if not audits:
        return set()
    checks = Check.objects.filter(audit__in=audits).order_by()
    return set(checks.values_list("audit_id", "text__edition_id").distinct())


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
