"""Occurrences of a series: planning them in time, and skipping, moving or restoring one."""

import logging
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import DateField, ExpressionWrapper, F
from django.utils.translation import gettext as _

from audits.choices import OPEN_AUDIT_STATES, AuditRole, ProgrammeState
from audits.models import Audit, AuditSeries, Programme, SeriesException
from audits.permissions import lead_refusal
from audits.schedule import EARLIEST, LATEST, LONGEST, offsets_of
from audits.selectors import REMINDED_EARLY, decision_about, recurrence_of
from audits.services.audits import AuditRefused
from audits.services.planning import audit_plan
from audits.services.series import (
    SeriesRefused,
    series_cursor,
    series_decide_check,
    series_locked,
    series_next_write,
)
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_zone
from foundation.accounts.versions import StaleEdit, version_of_values
from foundation.deadlines.recurrence import Occurrence
from foundation.deadlines.rules import RecurrenceError
from foundation.deadlines.selectors import planned_ahead_days
from foundation.notifications.services import NoticeDraft, notices_write
from foundation.trail.services import entry_write
from foundation.ui.dates import full_text

logger = logging.getLogger(__name__)

AT_ONCE = 24
PLANNED_NOTICE = "audits.occurrence_planned"


def occurrences_plan(*, now: datetime) -> int:
    """Plan every occurrence whose first reminder is near; return how many were planned.

    Each series is a transaction of its own, locked and skipped when another holds it, and the database knows each
    occurrence once: however many run at once, and however often, each is planned once. A series that can't be planned
    is logged and does not keep the others from being.
    """
    today = now.astimezone(organisation_zone()).date()
    ahead = planned_ahead_days(*REMINDED_EARLY)
    near = ExpressionWrapper(F("next_on") - F("preparation_days"), output_field=DateField())
    waiting = AuditSeries.objects.filter(next_on__isnull=False).annotate(first_date=near)
    due = waiting.filter(first_date__lte=today + timedelta(days=ahead)).order_by("next_on", "pk")
    planned = 0
    for series_id in list(due.values_list("pk", flat=True)):
        try:
            planned += _plan_due(series_id, today + timedelta(days=ahead), now)
        except (AuditRefused, RecurrenceError):
            logger.exception("The next occurrence of audit series %s can't be planned.", series_id)
    return planned


@transaction.atomic
def _plan_due(series_id: int, until: date, now: datetime) -> int:
    """Plan the occurrences of one series whose preparation starts by a day."""
    series = (
        AuditSeries.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=series_id, next_on__isnull=False)
        .first()
    )
    if series is None:
        return 0
    coming = recurrence_of(series).taking_place(series_cursor(series), AT_ONCE)
    preparation = timedelta(days=series.preparation_days)
    due = [one for one in coming if one.on is not None and one.on - preparation <= until]
    for occurrence in due:
        _plan(series, occurrence, now)
    series_next_write(series=series)
    return len(due)


@transaction.atomic
def occurrence_next(*, audit: Audit, now: datetime) -> Audit | None:
    """Plan the occurrence after one that has come to its end, unless a later one is planned or the series is over."""
    if audit.series_id is None or audit.occurrence_on is None:
        return None
    try:
        series = series_locked(audit)
    except SeriesRefused:
        return None
    later = Audit.objects.filter(series=series, occurrence_on__gt=audit.occurrence_on)
    if later.filter(state__in=OPEN_AUDIT_STATES).exists():
        return None
    coming = recurrence_of(series).taking_place(series_cursor(series), 1)
    planned = _plan(series, coming[0], now) if coming else None
    series_next_write(series=series)
    return planned


def _plan(series: AuditSeries, occurrence: Occurrence, now: datetime) -> Audit:
    """Plan one occurrence from what the series says, with those of its people who are still here."""
    assert occurrence.on is not None
    people: dict[str, list[User]] = {AuditRole.TEAM: [], AuditRole.AUDITEE: []}
    for part in series.people.select_related("user"):
        if part.user.is_active:
            people[part.role].append(part.user)
    lead = _lead(series, now)
    audit = audit_plan(
        actor=None,
        now=now,
        title=series.title,
        type=series.type,
        unit=series.unit,
        owner=series.owner,
        lead_auditor=lead,
        starts_on=occurrence.on,
        offsets=offsets_of(series),
        scope=series.scope,
        criteria=series.criteria,
        objectives=series.objectives,
        confidentiality=series.confidentiality,
        programme=_programme(series, occurrence.on),
        team=[person for person in people[AuditRole.TEAM] if person.pk != lead.pk],
        auditees=[person for person in people[AuditRole.AUDITEE] if person.pk != lead.pk],
        frameworks=list(series.frameworks.all()),
        series=series,
        occurrence_on=occurrence.by_rule,
    )
    _tell(audit, now)
    return audit


def _lead(series: AuditSeries, now: datetime) -> User:
    """Return who leads the next occurrence: the series' lead auditor, or its owner when that one no longer may."""
    lead, owner = series.lead_auditor, series.owner
    unfit = lead_refusal(type=series.type, unit=series.unit, lead_auditor=lead, now=now)
    if unfit and not lead_refusal(type=series.type, unit=series.unit, lead_auditor=owner, now=now):
        return owner
    return lead


def _programme(series: AuditSeries, on: date) -> Programme | None:
    """Return the unit's programme of the year, where there is exactly one, neither in review nor closed."""
    open_ = (ProgrammeState.DRAFT, ProgrammeState.APPROVED)
    programmes = list(Programme.objects.filter(unit=series.unit, year=on.year, state__in=open_)[:2])
    return programmes[0] if len(programmes) == 1 else None


def _tell(audit: Audit, now: datetime) -> None:
    """Tell the lead auditor and the owner that the portal planned an audit for them."""
    notices_write(
        notices=[
            NoticeDraft(
                recipient_id=user_id,
                kind=PLANNED_NOTICE,
                dedupe_key=f"{PLANNED_NOTICE}:{audit.pk}:{user_id}",
                record_id=audit.pk,
                payload={
                    "title": audit.title,
                    "reference": audit.reference,
                    "sentence": str(_("The next audit of the series is planned. Its fieldwork starts.")),
                    "due_on": audit.starts_on.isoformat(),
                    "path": audit.get_absolute_url(),
                },
            )
            for user_id in {audit.lead_auditor_id, audit.owner_id}
        ],
        now=now,
    )


def decision_version(decided: SeriesException | None) -> str:
    """Return what tells, of a form, whether the same is decided about an occurrence as when the form was filled."""
    return version_of_values([decided.moved_to, decided.reason]) if decided else ""


@transaction.atomic
def occurrence_skip(
    *,
    audit: Audit,
    occurrence_on: date,
    actor: User,
    reason: str,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Let one occurrence of an audit's series not take place. Raises SeriesRefused.

    An occurrence that is planned already is an audit: it is cancelled instead. What was decided about the occurrence
    before is replaced by whoever saw it: `seen` is the version of that; raises StaleEdit when it is another by now.
    """
    series_decide_check(audit=audit, actor=actor)
    series = series_locked(audit)
    _changeable(series, occurrence_on, reason)
    _except(series, audit, occurrence_on, None, actor=actor, reason=reason, now=now, seen=seen)


@transaction.atomic
def occurrence_move(
    *,
    audit: Audit,
    occurrence_on: date,
    to: date,
    actor: User,
    reason: str,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Move one occurrence of an audit's series to another day, between those before and after it. Raises SeriesRefused.

    `seen` is as in occurrence_skip().
    """
    series_decide_check(audit=audit, actor=actor)
    series = series_locked(audit)
    _changeable(series, occurrence_on, reason)
    first, last = move_bounds(series, occurrence_on, now=now)
    if not first <= to <= last:
        raise SeriesRefused(
            _("Choose a day from %(first)s to %(last)s, so that the occurrences stay in order.")
            % {"first": full_text(first), "last": full_text(last)}
        )
    if to == occurrence_on:
        raise SeriesRefused(_("That is the day on which it takes place already."))
    _except(series, audit, occurrence_on, to, actor=actor, reason=reason, now=now, seen=seen)


@transaction.atomic
def occurrence_restore(
    *,
    audit: Audit,
    occurrence_on: date,
    actor: User,
    now: datetime,
    comment: str = "",
    seen: str | None = None,
) -> None:
    """Let an occurrence that was skipped or moved take place by the rule again. Raises SeriesRefused.

    `seen` is as in occurrence_skip().
    """
    series_decide_check(audit=audit, actor=actor)
    series = series_locked(audit)
    if series.audits.filter(occurrence_on=occurrence_on).exists():
        raise SeriesRefused(_("This occurrence is planned already: change its audit."))
    decided = decision_about(series, occurrence_on)
    if decided is None:
        raise SeriesRefused(_("This occurrence was neither skipped nor moved."))
    if seen is not None and seen != decision_version(decided):
        raise StaleEdit(decided)
    decided.delete()
    series_next_write(series=series)
    entry_write(
        action="audits.series.restored",
        actor=actor,
        record=audit,
        after={"occurrence": occurrence_on.isoformat()},
        comment=comment.strip(),
    )


def move_bounds(series: AuditSeries, occurrence_on: date, *, now: datetime) -> tuple[date, date]:
    """Return the first and the last day to which an occurrence may be moved."""
    recurrence = recurrence_of(series)
    today = now.astimezone(organisation_zone()).date()
    since = date.fromordinal(max(EARLIEST.toordinal(), occurrence_on.toordinal() - LONGEST))
    back = recurrence.schedule(since, LONGEST)
    before = [one.on for one in back if one.on and one.by_rule < occurrence_on]
    after = recurrence.taking_place(occurrence_on, 1)
    first = max([EARLIEST, today, *(day + timedelta(days=1) for day in before[-1:])])
    last = after[0].on - timedelta(days=1) if after and after[0].on else LATEST
    return first, min(last, LATEST)


def _except(
    series: AuditSeries,
    audit: Audit,
    occurrence_on: date,
    to: date | None,
    *,
    actor: User,
    reason: str,
    now: datetime,
    seen: str | None,
) -> None:
    """Let an occurrence take place on another day, or (None) not at all; deciding the same once more changes nothing."""
    decided = decision_about(series, occurrence_on)
    before: date | None = occurrence_on
    if decided is not None:
        if (decided.moved_to, decided.reason) == (to, reason.strip()):
            return
        if seen is None:
            raise SeriesRefused(_("This occurrence was skipped or moved already."))
        before = decided.moved_to
    if seen is not None and seen != decision_version(decided):
        raise StaleEdit(decided)
    series.exceptions.update_or_create(
        occurrence_on=occurrence_on,
        defaults={"moved_to": to, "reason": reason.strip(), "created_by": actor, "created_at": now},
    )
    series_next_write(series=series)
    entry_write(
        action="audits.series.moved" if to else "audits.series.skipped",
        actor=actor,
        record=audit,
        before={"occurrence": before.isoformat() if before else None},
        after={"occurrence": to.isoformat()} if to else None,
        comment=reason.strip(),
    )


def _changeable(series: AuditSeries, occurrence_on: date, reason: str) -> None:
    """Raise SeriesRefused unless the occurrence is one of the rule that is still to be planned."""
    if not reason.strip():
        raise SeriesRefused(_("Say why."))
    if series.audits.filter(occurrence_on=occurrence_on).exists():
        raise SeriesRefused(_("This occurrence is planned already: cancel or change its audit."))
    if occurrence_on <= series_cursor(series) or not recurrence_of(series).falls_on(occurrence_on):
        raise SeriesRefused(_("The series has no such occurrence to come."))
