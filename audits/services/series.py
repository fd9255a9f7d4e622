"""Series of recurring audits."""

from collections.abc import Sequence
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


def series_start(
    *, like: Audit, rrule: str, team: Sequence[User], auditees: Sequence[User], now: datetime
) -> AuditSeries:
    """Make the series that an audit, not saved yet, is to be the first occurrence of."""
    series = AuditSeries.objects.create(
        rrule=rrule,
        starts_on=like.starts_on,
        created_at=now,
        **{name: getattr(like, name) for name in TEMPLATE_FIELDS},
    )
    series_people_set(series=series, team=team, auditees=auditees)
    return series


def series_people_set(*, series: AuditSeries, team: Sequence[User], auditees: Sequence[User]) -> None:
    """Let exactly these people take part in each next occurrence."""
    series.people.all().delete()
    SeriesPerson.objects.bulk_create(
        SeriesPerson(series=series, role=role, user=person)
        for role, people in ((AuditRole.TEAM, team), (AuditRole.AUDITEE, auditees))
        for person in people
    )
