"""What activities are found by, besides their references and titles."""

from duties.models import Activity


def activity_search_text(activity: Activity) -> str:
    """Return what is to be done, and what came of it."""
    return f"{activity.task}\n{activity.outcome}"
