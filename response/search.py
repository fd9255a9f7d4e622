"""What exercises are found by, besides their references and titles."""

from response.models import Exercise


def exercise_search_text(exercise: Exercise) -> str:
    """Return the scenario, and what happened."""
    return f"{exercise.scenario}\n{exercise.what_happened}"
