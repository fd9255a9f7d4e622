"""Series of recurring audits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from audits.choices import AuditRole
from audits.models import Audit, AuditSeries, SeriesPerson
from foundation.accounts.models import User

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


@dataclass(frozen=True, kw_only=True)
class SeriesStart:
    """The series that an audit, not saved yet, is to be the first occurrence of."""

    like: Audit
    rrule: str
    team: Sequence[User]
    auditees: Sequence[User]


def series_start(*, starts: Iterable[SeriesStart], now: datetime) -> None:
    """Make the series of audits that are not saved yet, and put each audit into its own."""
    made = [
        (
            start,
            AuditSeries(
                rrule=start.rrule,
                starts_on=start.like.starts_on,
                created_at=now,
                **{name: getattr(start.like, name) for name in TEMPLATE_FIELDS},
            ),
        )
        for start in starts
    ]
    AuditSeries.objects.bulk_create([series for _start, series in made], batch_size=500)
    people = []
    for start, series in made:
        start.like.series, start.like.occurrence_on = series, start.like.starts_on
        people += _people(series, start.team, start.auditees)
    SeriesPerson.objects.bulk_create(people, batch_size=1_000)


def series_people_set(*, series: AuditSeries, team: Sequence[User], auditees: Sequence[User]) -> None:
    """Let exactly these people take part in each next occurrence."""
    series.people.all().delete()
    SeriesPerson.objects.bulk_create(_people(series, team, auditees))


def _people(series: AuditSeries, team: Sequence[User], auditees: Sequence[User]) -> list[SeriesPerson]:
    return [
        SeriesPerson(series=series, role=role, user=person)
        for role, people in ((AuditRole.TEAM, team), (AuditRole.AUDITEE, auditees))
        for person in people
    ]
