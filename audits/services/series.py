"""Series of recurring audits: starting, changing and ending them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audits.choices import AuditRole
from audits.models import Audit, AuditSeries, SeriesPerson
from audits.permissions import audited_refusal
from audits.schedule import LATEST
from audits.selectors import recurrence_of
from compliance.models import Framework
from foundation.accounts.models import User
from foundation.accounts.versions import StaleEdit, version_of_values
from foundation.deadlines.recurrence import Recurrence
from foundation.deadlines.rules import RecurrenceError
from foundation.deadlines.selectors import planned_up_to
from foundation.records.services import FieldsRefused
from foundation.trail.services import entry_write

TEMPLATE_FIELDS = (
    "title",
    "type",
    "scope",
    "criteria",
    "objectives",
    "unit",
    "owner",
    "lead_auditor",
    "confidentiality",
    "preparation_days",
    "fieldwork_days",
    "report_days",
    "follow_up_days",
)


class SeriesRefused(FieldsRefused):
    """The series can't be so; the message says why."""


def series_version(series: AuditSeries | None) -> str:
    """Return what tells, of a form, whether a series recurs as it did when the form was filled from it. One query."""
    if series is None:
        return ""
    decided = sorted(series.exceptions.values_list("occurrence_on", "moved_to"))
    return version_of_values([series.rrule, series.starts_on, series.ended_at, decided])


@dataclass(frozen=True, kw_only=True)
class SeriesStart:
    """The series that an audit, not saved yet, is to be the first occurrence of."""

    like: Audit
    rrule: str
    team: Sequence[User]
    auditees: Sequence[User]
    frameworks: Sequence[Framework] = ()


def series_start(*, starts: Iterable[SeriesStart], now: datetime) -> None:
    """Make the series of audits that are not saved yet, and put each audit into its own.

    Raises SeriesRefused for a rule that can't be used.
    """
    made = [(start, _series_like(start, now)) for start in starts]
    AuditSeries.objects.bulk_create([series for _start, series in made], batch_size=500)
    people = []
    for start, series in made:
        start.like.series, start.like.occurrence_on = series, start.like.starts_on
        people += _people(series, start.team, start.auditees)
    SeriesPerson.objects.bulk_create(people, batch_size=1_000)
    through = AuditSeries.frameworks.through
    named = [
        through(auditseries_id=series.pk, framework_id=framework.pk)
        for start, series in made
        for framework in dict.fromkeys(start.frameworks)
    ]
    if named:
        through.objects.bulk_create(named, batch_size=1_000)


@transaction.atomic
def series_begin(*, audit: Audit, rrule: str, actor: User, now: datetime) -> AuditSeries:
    """Let an audit that stands alone recur from now on; raise SeriesRefused if it does already, or can't by this rule."""
    series_decide_check(audit=audit, actor=actor)
    locked = Audit.objects.select_for_update(of=("self",)).get(pk=audit.pk)
    if locked.series_id is not None:
        raise SeriesRefused(_("This audit recurs already."))
    team, auditees = _parts(locked)
    frameworks = list(locked.frameworks.all())
    start = SeriesStart(like=locked, rrule=rrule, team=team, auditees=auditees, frameworks=frameworks)
    series_start(starts=[start], now=now)
    series = locked.series
    assert series is not None
    Audit.objects.filter(pk=locked.pk).update(series=series, occurrence_on=locked.starts_on)
    entry_write(
        action="audits.series.started",
        actor=actor,
        record=locked,
        after={"recurrence": recurrence_of(series).describe()},
    )
    return series


@transaction.atomic
def series_change(
    *, audit: Audit, rrule: str, actor: User, now: datetime, seen: str | None = None
) -> AuditSeries:
    """Let a series recur by another rule, counted from one of its audits, or let one that has ended recur again.

    What is planned already stays. Exceptions of days on which the new rule does not fall are forgotten; of the time in
    which the series had ended, no audits are made up. Raises SeriesRefused; StaleEdit when it is no longer what `seen`,
    its version, says (None: whatever it is).
    """
    series_decide_check(audit=audit, actor=actor)
    series = _locked(audit)
    assert audit.occurrence_on is not None
    before = kept = recurrence_of(series)
    recurrence = _read(rrule, audit)
    had_ended = series.ended_at is not None
    if recurrence.rrule == series.rrule and not had_ended:
        return series
    _check_seen(series, seen)
    if recurrence.rrule != series.rrule:
        kept = before.with_rule(recurrence.rrule, audit.starts_on)
        series.exceptions.exclude(occurrence_on__in=[*kept.skipped, *dict(kept.moved)]).delete()
        series.rrule, series.starts_on = recurrence.rrule, audit.starts_on
    if had_ended:
        series.ended_at, series.recurs_since = None, now
    series_next_write(series=series)
    entry_write(
        action="audits.series.resumed" if had_ended else "audits.series.changed",
        actor=actor,
        record=audit,
        before={"recurrence": before.describe()},
        after={"recurrence": kept.describe()},
    )
    return series


@transaction.atomic
def series_end(
    *, audit: Audit, actor: User, now: datetime, reason: str, seen: str | None = None
) -> AuditSeries:
    """Let a series recur no longer; what is planned already stays.

    Raises SeriesRefused without a reason; StaleEdit when it is no longer what `seen`, its version, says.
    """
    series_decide_check(audit=audit, actor=actor)
    series = series_locked(audit)
    if not reason.strip():
        raise SeriesRefused(_("Say why the series ends."))
    _check_seen(series, seen)
    series.ended_at, series.next_on = now, None
    series.save(update_fields=["ended_at", "next_on"])
    entry_write(
        action="audits.series.ended",
        actor=actor,
        record=audit,
        before={"recurrence": recurrence_of(series).describe()},
        comment=reason.strip(),
    )
    return series


@transaction.atomic
def series_follow_audit(*, audit: Audit, actor: User) -> None:
    """Let each next occurrence start from what one audit of the series says now: its texts, people, frameworks and days."""
    series = series_locked(audit)
    team, auditees = _parts(audit)
    for name in TEMPLATE_FIELDS:
        setattr(series, name, getattr(audit, name))
    series.save(update_fields=TEMPLATE_FIELDS)
    _people_set(series, team, auditees)
    series.frameworks.set(audit.frameworks.all())
    entry_write(action="audits.series.followed", actor=actor, record=audit)


def series_decide_check(*, audit: Audit, actor: User) -> None:
    """Raise SeriesRefused for who is audited there: they decide nothing about the next audits of themselves either."""
    if refusal := audited_refusal(audit=audit, user=actor):
        raise SeriesRefused(refusal)


def series_locked(audit: Audit) -> AuditSeries:
    """Return the series of an audit, locked until the transaction ends; raise SeriesRefused if it has none or it ended."""
    series = _locked(audit)
    if series.ended_at:
        raise SeriesRefused(_("The series has ended."))
    return series


def _check_seen(series: AuditSeries, seen: str | None) -> None:
    if seen is not None and seen != series_version(series):
        raise StaleEdit(series)


def _locked(audit: Audit) -> AuditSeries:
    if audit.series_id is None:
        raise SeriesRefused(_("This audit does not recur."))
    return AuditSeries.objects.select_for_update(of=("self",)).get(pk=audit.series_id)


def series_next_write(*, series: AuditSeries) -> None:
    """Write the series, with the day of the next occurrence that has no audit yet. The series must be locked."""
    series.next_on = _next_on(recurrence_of(series), series_cursor(series))
    series.save()


def series_cursor(series: AuditSeries) -> date:
    """Return the day up to which occurrences are planned: the last one that is, but never before it began to recur.

    So a series that is written down late, or let recur again, does not bring up audits that nobody missed.
    """
    last = series.audits.order_by("-occurrence_on").values_list("occurrence_on", flat=True).first()
    return planned_up_to(last=last or series.starts_on, recurs_since=series.recurs_since)


def _read(rrule: str, audit: Audit) -> Recurrence:
    try:
        return Recurrence(rrule, audit.starts_on)
    except RecurrenceError as error:
        raise SeriesRefused(str(error)) from error


def _parts(audit: Audit) -> tuple[list[User], list[User]]:
    parts = list(audit.participants.select_related("user"))
    return (
        [part.user for part in parts if part.role == AuditRole.TEAM],
        [part.user for part in parts if part.role == AuditRole.AUDITEE],
    )


def _series_like(start: SeriesStart, now: datetime) -> AuditSeries:
    recurrence = _read(start.rrule, start.like)
    cursor = planned_up_to(last=start.like.starts_on, recurs_since=now)
    return AuditSeries(
        rrule=recurrence.rrule,
        starts_on=start.like.starts_on,
        next_on=_next_on(recurrence, cursor),
        recurs_since=now,
        **{name: getattr(start.like, name) for name in TEMPLATE_FIELDS},
    )


def _next_on(recurrence: Recurrence, after: date) -> date | None:
    """Return the day of the next occurrence that takes place, as far as audits are planned at all."""
    coming = recurrence.taking_place(after, 1)
    return coming[0].on if coming and coming[0].on and coming[0].on <= LATEST else None


def _people_set(series: AuditSeries, team: Sequence[User], auditees: Sequence[User]) -> None:
    """Let exactly these people take part in each next occurrence."""
    series.people.all().delete()
    SeriesPerson.objects.bulk_create(_people(series, team, auditees))


def _people(series: AuditSeries, team: Sequence[User], auditees: Sequence[User]) -> list[SeriesPerson]:
    return [
        SeriesPerson(series=series, role=role, user=person)
        for role, people in ((AuditRole.TEAM, team), (AuditRole.AUDITEE, auditees))
        for person in dict.fromkeys(people)
    ]
