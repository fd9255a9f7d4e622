"""Reads for pages, the side bar and the services."""

from audits.selectors.held import audits_of, parts_held, series_held, series_of
from audits.selectors.lists import late_audits, lead_choices
from audits.selectors.pages import (
    DatedStep,
    activity_of,
    audits_with_people,
    days_words,
    people_of,
    steps_of,
)
from audits.selectors.reports import report_content, report_standing
from audits.selectors.series import (
    Upcoming,
    decision_about,
    last_change_of,
    occurrences_after,
    planned_ahead_days,
    recurrence_of,
    upcoming,
)

__all__ = [
    "DatedStep",
    "Upcoming",
    "activity_of",
    "audits_of",
    "audits_with_people",
    "days_words",
    "decision_about",
    "last_change_of",
    "late_audits",
    "lead_choices",
    "occurrences_after",
    "parts_held",
    "people_of",
    "planned_ahead_days",
    "recurrence_of",
    "report_content",
    "report_standing",
    "series_held",
    "series_of",
    "steps_of",
    "upcoming",
]
