"""What of audits is written into the trail, in words."""

from typing import Any

from django.utils.translation import gettext as _


def report_state_words(kind: str, value: Any) -> str | None:
    """Return whether a report was approved when it was made."""
    return {"final": _("approved"), "draft": _("draft")}.get(str(value))
