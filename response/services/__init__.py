"""Writing the sheets of contacts, and exercises."""

from response.services.contacts import (
    CONFIRMATION,
    ContactRefused,
    StaleContact,
    contact_add,
    contact_change,
    contact_confirm,
    contact_remove,
    sheet_follow,
    sheets_astray,
)
from response.services.exercises import (
    HOLD,
    REPORT,
    ExerciseRefused,
    exercise_change,
    exercise_give,
    exercise_held,
    exercise_over,
    exercise_plan,
    exercise_report,
    team_of,
)
from response.services.plans import AGAIN, plan_follow, plans_to_exercise_astray

__all__ = [
    "AGAIN",
    "CONFIRMATION",
    "HOLD",
    "REPORT",
    "ContactRefused",
    "ExerciseRefused",
    "StaleContact",
    "contact_add",
    "contact_change",
    "contact_confirm",
    "contact_remove",
    "exercise_change",
    "exercise_give",
    "exercise_held",
    "exercise_over",
    "exercise_plan",
    "exercise_report",
    "plan_follow",
    "plans_to_exercise_astray",
    "sheet_follow",
    "sheets_astray",
    "team_of",
]
