"""What audits and series have in common: a start, and the days at which all else lies from it."""

from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audits.choices import AuditType
from audits.schedule import EARLIEST, LATEST, LONGEST


def days_field(label: Any, default: int) -> "models.PositiveSmallIntegerField[int, int]":
    """Return a field for a number of days from the start; LONGEST at the most."""
    return models.PositiveSmallIntegerField(label, default=default, validators=[MaxValueValidator(LONGEST)])


def offset_constraints(prefix: str) -> list[models.CheckConstraint]:
    """Return what the database holds every start, and the days that lie from it, to."""
    return [
        models.CheckConstraint(
            condition=Q(fieldwork_days__lte=F("report_days")) & Q(report_days__lte=F("follow_up_days")),
            name=f"{prefix}_dates_in_order",
            violation_error_message=_(
                "The report is due after the fieldwork ends, and the follow-up after the report."
            ),
        ),
        models.CheckConstraint(
            condition=Q(preparation_days__lte=LONGEST) & Q(follow_up_days__lte=LONGEST),
            name=f"{prefix}_dates_near_start",
            violation_error_message=_("All dates lie within two years of the start."),
        ),
        models.CheckConstraint(
            condition=Q(type__in=AuditType.values),
            name=f"{prefix}_known_type",
            violation_error_message=_("There is no such type of audit."),
        ),
        models.CheckConstraint(
            condition=Q(starts_on__range=(EARLIEST, LATEST)),
            name=f"{prefix}_starts_in_range",
            violation_error_message=_("Use a date between 2000 and 2100."),
        ),
    ]
