"""How a control is approved: by somebody who neither wrote it nor asked, on exactly what it will say."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from controls.choices import ControlState
from controls.models import Control, ControlVersion
from controls.permissions import APPROVE
from controls.selectors import coming_of, coming_read
from foundation.accounts.models import User
from foundation.approvals.choices import RequestState
from foundation.approvals.kinds import ApprovalKind, Outcome, StepPlan
from foundation.lifecycle.services import apply_transition

DECISION_DAYS = 14


def control_content(control: Control) -> dict[str, Any]:
    """Return what is approved: all that the version says that comes."""
    version = coming_of(control)
    assert version is not None, "what is in review has a version that comes"
    return version_content(control, version)


def version_content(control: Control, version: ControlVersion) -> dict[str, Any]:
    """Return what a version says, as plain values; its digest is what an approval binds to.

    In one language, whoever asks and whoever decides. Whose the control is, how far it is carried out and what it is mapped to
    is no part of it: that may change meanwhile.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return {
            "reference": control.reference,
            "title": version.title,
            "version": str(version.number),
            "unit": control.unit.name,
            "summary": version.summary,
            "statement": version.statement,
            "purpose": version.purpose,
            "type": str(version.get_type_display()),
            "nature": str(version.get_nature_display()),
            "is_key": str(_("Yes") if version.is_key else _("No")),
            "frequency": str(version.get_frequency_display()),
            "evidence_how": version.evidence_how,
            "evidence_months": cadence_words(version.evidence_months),
        }


def cadence_words(months: int | None) -> str:
    """Return how often evidence is asked for, in words."""
    if months is None:
        return str(_("not asked for"))
    return ngettext("every month", "every %(count)d months", months) % {"count": months}


def control_writers(control: Control) -> list[int]:
    """Return the keys of all who wrote on the version that comes, whoever wrote on it last."""
    return [
        key
        for version in control.coming  # type: ignore[attr-defined]
        for key in (*version.writers, version.written_by_id)
    ]


def writer_refusal(control: Control, user: User) -> str | None:
    """Return why a person may not decide on a control: nobody approves the own text."""
    if user.pk in control_writers(control):
        return _("You wrote on this version, so somebody else must decide it.")
    return None


def control_settle(outcome: Outcome) -> None:
    """Let the control follow the approval of its version: in force, or back to the draft."""
    is_revision = outcome.record.state == ControlState.REVISION_REVIEW
    name = "approve" if outcome.state == RequestState.APPROVED else "return"
    apply_transition(
        record=outcome.record,
        name=f"{name}_revision" if is_revision else name,
        actor=outcome.actor,
        now=outcome.now,
        comment=outcome.comment,
        by_approval=True,
    )


def control_compared(control: Control) -> str:
    """Return where one sees what the version that comes changes of the one in force; nothing before there is one."""
    if control.current_id is None:
        return ""
    number = control.coming[0].number  # type: ignore[attr-defined]
    return f"{reverse('controls:version-detail', args=[control.reference, number])}#changes"


CONTROL_APPROVAL = ApprovalKind(
    key="control",
    content=control_content,
    labels={
        "reference": lazy("Reference"),
        "title": lazy("Title"),
        "version": lazy("Version"),
        "unit": lazy("Business unit"),
        "summary": lazy("What changed"),
        "statement": lazy("Statement"),
        "purpose": lazy("Purpose"),
        "type": lazy("Type"),
        "nature": lazy("Nature"),
        "is_key": lazy("Key control"),
        "frequency": lazy("Frequency"),
        "evidence_how": lazy("How evidence is taken"),
        "evidence_months": lazy("Evidence"),
    },
    steps=lambda control: (StepPlan(label=_("Approval by the CISO"), right=APPROVE),),
    decide_by=lambda control, today: _decided_by(today),
    refusal=writer_refusal,
    authors=control_writers,
    settle=control_settle,
    related=("unit",),
    markdown=frozenset({"statement", "purpose", "evidence_how"}),
    prepare=coming_read,
    compared=control_compared,
    note=lambda content: _(
        "What it is mapped to, its owner and how far it is implemented are not part of what is approved."
    ),
)


def _decided_by(today: date) -> date:
    return today + timedelta(days=DECISION_DAYS)
