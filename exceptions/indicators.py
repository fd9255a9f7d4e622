"""The numbers that tell how the duty of policies stands, as far as exceptions go."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from exceptions.choices import ExceptionState
from exceptions.models import ExceptionListing
from foundation.accounts.organisation import organisation_day
from foundation.registry import DutyIndicator, Standing

EXCEPTIONS = ngettext_lazy("exception", "exceptions", "count")


def exceptions_deciding(area: str, now: datetime) -> Any:
    """Return the exceptions that wait for a decision."""
    rows = ExceptionListing.objects.unarchived()
    return rows.standing_in(ExceptionState.IN_REVIEW, on=organisation_day(now))


def exceptions_overtaken(area: str, now: datetime) -> Any:
    """Return the exceptions in force whose document says something else by now."""
    return exceptions_in_force(area, now).overtaken()


def exceptions_in_force(area: str, now: datetime) -> Any:
    """Return the exceptions in force."""
    return ExceptionListing.objects.unarchived().in_force(organisation_day(now))


INDICATORS = (
    DutyIndicator(
        key="exceptions.deciding",
        area="policies",
        label=_("Exceptions waiting for a decision"),
        unit_label=EXCEPTIONS,
        said=ngettext_lazy(
            "%(count)s exception waiting for a decision",
            "%(count)s exceptions waiting for a decision",
            "count",
        ),
        rows=exceptions_deciding,
        url_name="exceptions:exception-list",
        asked=lambda area, now: {"state": ExceptionState.IN_REVIEW.value},
        means=Standing.ATTENTION,
        order=210,
    ),
    DutyIndicator(
        key="exceptions.overtaken",
        area="policies",
        label=_("Exceptions to decide again"),
        unit_label=EXCEPTIONS,
        said=ngettext_lazy(
            "%(count)s exception to decide again", "%(count)s exceptions to decide again", "count"
        ),
        rows=exceptions_overtaken,
        url_name="exceptions:exception-list",
        asked=lambda area, now: {"state": "overtaken"},
        means=Standing.ATTENTION,
        order=220,
    ),
    DutyIndicator(
        key="exceptions.in_force",
        area="policies",
        label=_("Exceptions in force"),
        unit_label=EXCEPTIONS,
        said=ngettext_lazy("%(count)s exception in force", "%(count)s exceptions in force", "count"),
        rows=exceptions_in_force,
        url_name="exceptions:exception-list",
        asked=lambda area, now: {"state": "in_force"},
        order=230,
    ),
)
