"""What stands between an audit and its report, and between the report and the end of the audit."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.choices import CheckResult, FindingState, Grade
from audits.models import Audit, Check, Finding
from audits.selectors.findings import findings_state_of
from foundation.actions.selectors import open_actions_of
from foundation.ui.addresses import address_of


@dataclass(frozen=True)
class Obstacle:
    """Something that is to be done first: what, as a sentence, and where."""

    sentence: str
    label: str
    url: str


def report_obstacles(audit: Audit) -> list[Obstacle]:
    """Return what is missing before the report can be submitted. One query."""
    return list(_before_the_report(audit))


def closing_obstacles(audit: Audit) -> list[Obstacle]:
    """Return what is missing before the audit can be closed, whoever may know of it. Two queries.

    Corrective actions of minor findings may still run: once they are agreed on, they have dates and owners of their own.
    """
    return list(_before_the_end(audit))


def cancelling_obstacles(audit: Audit) -> list[Obstacle]:
    """Return what was found or agreed on so far and would be lost if the audit were cancelled, but for findings. Two queries."""
    return [*_of_the_checklist(audit, is_reported=False), *_open_actions(audit)]


def _before_the_report(audit: Audit) -> Iterator[Obstacle]:
    if not audit.conclusion.strip():
        yield Obstacle(
            _("The conclusion is not written yet."),
            _("Write the conclusion"),
            address_of("audits:audit-conclusion", audit.reference),
        )
    yield from _of_the_checklist(audit, is_reported=True)


def _of_the_checklist(audit: Audit, *, is_reported: bool) -> Iterator[Obstacle]:
    """Return where checks and findings say different things of the same, and, before a report, what is not tested. One query."""
    standing = Finding.objects.filter(from_check=OuterRef("pk")).exclude(state=FindingState.WITHDRAWN)
    checks = Check.objects.filter(audit=audit).aggregate(
        untested=Count("pk", filter=Q(result=CheckResult.NOT_TESTED, tested_by=None)),
        unraised=Count(
            "pk",
            filter=Q(
                ~Exists(standing.filter(grade=OuterRef("result"))),
                result__in=(CheckResult.MAJOR, CheckResult.MINOR),
            ),
        ),
        milder=Count(
            "pk",
            filter=Q(Exists(standing.filter(grade=Grade.MAJOR)), ~Q(result=CheckResult.MAJOR))
            | Q(
                Exists(standing.filter(grade=Grade.MINOR)),
                ~Q(result__in=(CheckResult.MAJOR, CheckResult.MINOR)),
            ),
        ),
    )
    checklist = (_("Open the checklist"), f"{audit.get_absolute_url()}checklist/")
    if is_reported and (count := checks["untested"]):
        words = ngettext(
            "%(count)d check is not tested: test it, or say there why it was not.",
            "%(count)d checks are not tested: test them, or say there why they were not.",
            count,
        )
        yield Obstacle(words % {"count": count}, *checklist)
    if count := checks["unraised"]:
        words = ngettext(
            "%(count)d nonconformity of the checklist has no finding of the same grade yet.",
            "%(count)d nonconformities of the checklist have no findings of the same grade yet.",
            count,
        )
        yield Obstacle(words % {"count": count}, *checklist)
    if is_reported and (count := checks["milder"]):
        words = ngettext(
            "%(count)d check came to a better result than its finding says: change either, or withdraw the finding.",
            "%(count)d checks came to better results than their findings say: change either, or withdraw the findings.",
            count,
        )
        yield Obstacle(words % {"count": count}, *checklist)


def _open_actions(audit: Audit) -> Iterator[Obstacle]:
    if count := open_actions_of(audit):
        words = ngettext(
            "%(count)d action that follows from the audit, or from one of its actions, is still open.",
            "%(count)d actions that follow from the audit, or from one of its actions, are still open.",
            count,
        )
        yield Obstacle(
            words % {"count": count}, _("Look at the actions"), f"{audit.get_absolute_url()}#actions"
        )


def _before_the_end(audit: Audit) -> Iterator[Obstacle]:
    page = audit.get_absolute_url()
    if audit.report_approved_at is None:
        yield Obstacle(
            _("The report is not approved: take the audit back to reporting, and submit the report."),
            _("Back to reporting"),
            f"{page}steps/back_to_reporting/",
        )
    findings = findings_state_of(audit)
    if count := findings.not_agreed:
        yield Obstacle(
            ngettext(
                "%(count)d finding has no agreed actions yet.",
                "%(count)d findings have no agreed actions yet.",
                count,
            )
            % {"count": count},
            _("Look at the findings"),
            f"{page}findings/",
        )
    if count := findings.without_action:
        yield Obstacle(
            ngettext(
                "%(count)d agreed finding has no action that stands any more: agree on another, or accept it without one if it "
                "is no nonconformity.",
                "%(count)d agreed findings have no actions that stand any more: agree on others, or accept them without if they "
                "are no nonconformities.",
                count,
            )
            % {"count": count},
            _("Look at the findings"),
            f"{page}findings/",
        )
    if count := findings.open_majors:
        yield Obstacle(
            ngettext(
                "%(count)d major nonconformity is still open: it can be closed once its actions are verified.",
                "%(count)d major nonconformities are still open: they can be closed once their actions are verified.",
                count,
            )
            % {"count": count},
            _("Look at the findings"),
            f"{page}findings/",
        )
    yield from _open_actions(audit)
