"""Drafting a year's programme and changing it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from audits.choices import AuditState, ProgrammeState
from audits.models import Audit, Programme
from foundation.accounts.models import BusinessUnit, User
from foundation.actions.services import actions_follow
from foundation.approvals.services import approval_void_if_changed
from foundation.records.choices import Confidentiality
from foundation.records.services import FieldsRefused, record_create, record_update

STILL_TO_START = (AuditState.PLANNED, AuditState.PREPARING)


class ProgrammeRefused(FieldsRefused):
    """The programme can't be changed now; the message says why."""


@transaction.atomic
def programme_create(
    *,
    actor: User,
    now: datetime,
    title: str,
    year: int,
    unit: BusinessUnit,
    owner: User,
    objectives: str = "",
    confidentiality: str = Confidentiality.INTERNAL,
) -> Programme:
    """Draft a programme."""
    programme = Programme(
        title=title,
        year=year,
        unit=unit,
        owner=owner,
        objectives=objectives,
        confidentiality=confidentiality,
        drafted_by=actor,
    )
    return record_create(record=programme, kind="programme", actor=actor, state=ProgrammeState.DRAFT)


@transaction.atomic
def programme_change(
    *,
    programme: Programme,
    changes: dict[str, Any],
    actor: User,
    now: datetime,
    version: int,
) -> Programme:
    """Change a programme that was read at `version`; whoever does has drafted it, and so can't approve it.

    Raises ProgrammeRefused once it is approved or closed, StaleRecord when somebody else was faster.
    """
    if refusal := programme_refusal(programme):
        raise ProgrammeRefused(refusal)
    changed = record_update(record=programme, changes=changes, actor=actor, version=version)
    if changed.version != version and changed.drafted_by_id != actor.pk:
        Programme.objects.filter(pk=changed.pk).update(drafted_by=actor)
        changed.drafted_by = actor
    actions_follow(source=changed, actor=actor, now=now)
    return changed


def programme_refusal(programme: Programme) -> str | None:
    """Return why the programme can't be changed in its state, or None."""
    if programme.state == ProgrammeState.IN_REVIEW:
        return _("It waits for approval: withdraw the request first.")
    if programme.state != ProgrammeState.DRAFT:
        return _("What is approved stays as it is: take “Revise” first.")
    return None


def programme_step_follow(*, programme: Programme, actor: User | None, now: datetime) -> None:
    """Write who approved the programme, and when; a revised one is nobody's. Must be called inside the step's transaction."""
    if programme.state in (ProgrammeState.DRAFT, ProgrammeState.IN_REVIEW):
        programme.approved_by, programme.approved_at = None, None
    elif programme.approved_at is None:
        programme.approved_by, programme.approved_at = actor, now
        baseline_write(programme=programme)
    Programme.objects.filter(pk=programme.pk).update(
        approved_by=programme.approved_by, approved_at=programme.approved_at
    )


def baseline_write(*, programme: Programme) -> None:
    """Write down the starts that were approved with a programme: of each of its audits whose fieldwork is still to begin.

    Another approval after a revision sets them anew: it is the plan that somebody has agreed to. What had begun by then keeps
    what it was measured by, and earlier baselines stay in the audits' history.
    """
    audits = Audit.objects.filter(programme=programme, state__in=STILL_TO_START)
    audits.exclude(approved_starts_on=F("starts_on")).update(approved_starts_on=F("starts_on"))


def programmes_follow(*, programmes: Iterable[Programme | None], actor: User | None, now: datetime) -> None:
    """Void the requests to approve programmes whose audits have changed. Must be called inside the change's transaction."""
    waiting = {
        programme.pk: programme
        for programme in programmes
        if programme is not None and programme.state == ProgrammeState.IN_REVIEW
    }
    for programme in waiting.values():
        approval_void_if_changed(record=programme, actor=actor, now=now)
