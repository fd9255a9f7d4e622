"""What stands between an audit and its report, and between the report and the end of the audit."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.choices import CheckResult, FindingState
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


def _before_the_report(audit: Audit) -> Iterator[Obstacle]:
    if not audit.conclusion.strip():
        yield Obstacle(
            _("The conclusion is not written yet."),
            _("Write the conclusion"),
            address_of("audits:audit-conclusion", audit.reference),
        )
    found = Finding.objects.filter(from_check=OuterRef("pk"), grade=OuterRef("result")).exclude(
        state=FindingState.WITHDRAWN
    )
    checks = Check.objects.filter(audit=audit).aggregate(
        untested=Count("pk", filter=Q(result=CheckResult.NOT_TESTED)),
        unraised=Count("pk", filter=Q(~Exists(found), result__in=(CheckResult.MAJOR, CheckResult.MINOR))),
    )
    if count := checks["untested"]:
        yield Obstacle(
            ngettext(
                "%(count)d check is not tested: test it, or say why it does not apply.",
                "%(count)d checks are not tested: test them, or say why they do not apply.",
                count,
            )
            % {"count": count},
            _("Open the checklist"),
            f"{audit.get_absolute_url()}checklist/",
        )
    if count := checks["unraised"]:
        yield Obstacle(
            ngettext(
                "%(count)d nonconformity of the checklist has no finding of the same grade yet.",
                "%(count)d nonconformities of the checklist have no findings of the same grade yet.",
                count,
            )
            % {"count": count},
            _("Open the checklist"),
            f"{audit.get_absolute_url()}checklist/",
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
                "%(count)d nonconformity has no corrective action any more: agree on another one.",
                "%(count)d nonconformities have no corrective actions any more: agree on others.",
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
    if count := open_actions_of(audit):
        yield Obstacle(
            ngettext(
                "%(count)d action that follows from the audit, or from one of its actions, is still open.",
                "%(count)d actions that follow from the audit, or from one of its actions, are still open.",
                count,
            )
            % {"count": count},
            _("Look at the actions"),
            f"{page}#actions",
        )
