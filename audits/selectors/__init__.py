"""Reads for pages, the side bar and the services."""

from audits.selectors.closing import Obstacle, closing_obstacles, report_obstacles
from audits.selectors.evidence import (
    evidence_late,
    evidence_of,
    evidence_template,
    evidence_with_people,
    templates_for,
)
from audits.selectors.finding_actions import Standing, actions_standing
from audits.selectors.findings import (
    FindingsState,
    Repeat,
    evidence_files_of,
    findings_of,
    findings_state_of,
    findings_with_people,
    found_before,
    framework_choices,
    repeats_of,
    requirements_to_choose,
    text_of,
)
from audits.selectors.frameworks import framework_name, frameworks_named, frameworks_unseen
from audits.selectors.held import audits_of, parts_held, series_held, series_of
from audits.selectors.lists import DUTY, counts_by, late_audits, late_of_audits, lead_choices
from audits.selectors.pages import (
    DatedStep,
    activity_of,
    audits_with_people,
    days_words,
    people_of,
    steps_of,
)
from audits.selectors.reports import (
    AgreedAction,
    Answer,
    report_answers,
    report_content,
    report_is_open,
    reports_open_to_audited,
)
from audits.selectors.series import (
    Upcoming,
    decision_about,
    last_change_of,
    occurrences_after,
    planned_ahead_days,
    recurrence_of,
    upcoming,
)
from audits.selectors.sides import sides_read

__all__ = [
    "DUTY",
    "AgreedAction",
    "Answer",
    "DatedStep",
    "FindingsState",
    "Obstacle",
    "Repeat",
    "Standing",
    "Upcoming",
    "actions_standing",
    "activity_of",
    "audits_of",
    "audits_with_people",
    "closing_obstacles",
    "counts_by",
    "days_words",
    "decision_about",
    "evidence_files_of",
    "evidence_late",
    "evidence_of",
    "evidence_template",
    "evidence_with_people",
    "findings_of",
    "findings_state_of",
    "findings_with_people",
    "found_before",
    "framework_choices",
    "framework_name",
    "frameworks_named",
    "frameworks_unseen",
    "last_change_of",
    "late_audits",
    "late_of_audits",
    "lead_choices",
    "occurrences_after",
    "parts_held",
    "people_of",
    "planned_ahead_days",
    "recurrence_of",
    "repeats_of",
    "report_answers",
    "report_content",
    "report_is_open",
    "report_obstacles",
    "reports_open_to_audited",
    "requirements_to_choose",
    "series_held",
    "series_of",
    "sides_read",
    "steps_of",
    "templates_for",
    "text_of",
    "upcoming",
]
