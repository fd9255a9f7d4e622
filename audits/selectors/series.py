"""Reads of series: when a recurring audit takes place next."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, JSONField, OuterRef, Prefetch, QuerySet, prefetch_related_objects

from audits.models import Audit, AuditSeries, SeriesException
from foundation.accounts.models import User
from foundation.deadlines.recurrence import Recurrence
from foundation.records.written import Written
from foundation.trail.models import Entry

CHANGES = [
    f"audits.series.{step}"
    for step in ("started", "changed", "resumed", "ended", "skipped", "moved", "restored")
]
REMINDED_EARLY = ("audits.preparation", "audits.start")
SHOWN_BACK = timedelta(days=120)


@dataclass(frozen=True)
class Upcoming:
    """An occurrence as an audit's page shows it: by the rule, as it was decided, and its audit once it is planned.

    `audit` is None also for an audit that the reader may not know of; `is_planned` then tells it apart.
    """

    by_rule: date
    on: date | None
    exception: SeriesException | None
    audit: Audit | None
    is_planned: bool

    @property
    def day(self) -> date | None:
        """Return the day on which it takes place; an audit that is planned may have been dated anew."""
        return self.audit.starts_on if self.audit else self.on

    @property
    def is_open_to_change(self) -> bool:
        """Tell whether it may still be skipped or moved."""
        return not self.is_planned and self.exception is None

    @property
    def is_open_to_restore(self) -> bool:
        """Tell whether it may be put back in its place."""
        return not self.is_planned and self.exception is not None


def recurrence_of(series: AuditSeries) -> Recurrence:
    """Return the rule of a series with its exceptions; one query, unless they were prefetched."""
    exceptions = list(series.exceptions.all())
    return Recurrence(
        rrule=series.rrule,
        starts_on=series.starts_on,
        skipped=frozenset(one.occurrence_on for one in exceptions if one.is_skip),
        moved=tuple((one.occurrence_on, one.moved_to) for one in exceptions if one.moved_to),
    )


def upcoming(series: AuditSeries, *, user: User, today: date, count: int = 5) -> list[Upcoming]:
    """Return the next occurrences from today on, those that were skipped, moved or planned among them. Two queries."""
    if series.ended_at:
        return []
    decided = SeriesException.objects.select_related("created_by")
    prefetch_related_objects([series], Prefetch("exceptions", queryset=decided))
    exceptions = {one.occurrence_on: one for one in series.exceptions.all()}
    since = today - SHOWN_BACK
    seen = Exists(Audit.objects.visible_to(user).filter(pk=OuterRef("pk")))
    planned = Audit.objects.filter(series=series, occurrence_on__gt=since).annotate(is_seen=seen)
    audits = {audit.occurrence_on: audit if audit.is_seen else None for audit in planned}
    schedule = recurrence_of(series).schedule(since, SHOWN_BACK.days + count)
    shown = [
        Upcoming(
            by_rule=one.by_rule,
            on=one.on,
            exception=exceptions.get(one.by_rule),
            audit=audits.get(one.by_rule),
            is_planned=one.by_rule in audits,
        )
        for one in schedule
    ]
    return [one for one in shown if (one.day or one.by_rule) >= today][:count]


def series_latest(user: User) -> QuerySet[Audit]:
    """Return the latest audit of each series that has a next occurrence, of those that a person may know of."""
    later = Audit.objects.filter(series=OuterRef("series"), occurrence_on__gt=OuterRef("occurrence_on"))
    latest: QuerySet[Audit] = Audit.objects.visible_to(user).filter(
        ~Exists(later), series__next_on__isnull=False
    )
    return latest


def decisions_of_series() -> Written:
    """Return, of an audit, the occurrences of its series that do not follow the rule: pairs of the day, and the other day or null."""
    pairs = "SELECT jsonb_agg(jsonb_build_array(occurrence_on, moved_to)) FROM audits_seriesexception WHERE series_id = {series}"
    return Written(f"({pairs})", {"series": "series_id"}, output_field=JSONField())


def decision_about(series: AuditSeries, occurrence_on: date) -> SeriesException | None:
    """Return what was decided about an occurrence, with who did; None where it takes place by the rule."""
    decided = series.exceptions.select_related("created_by").filter(occurrence_on=occurrence_on)
    return decided.first()


def last_change_of(series: AuditSeries) -> Entry | None:
    """Return the trail's latest entry about how a series recurs."""
    audits = series.audits.values_list("pk", flat=True)
    changes = Entry.objects.filter(record_id__in=list(audits), action__in=CHANGES).defer("words")
    return changes.order_by("-at", "-pk").first()
