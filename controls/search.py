"""What controls are found by, besides their references and titles."""

from controls.models import Control
from controls.selectors import coming_of


def control_search_text(control: Control) -> str:
    """Return the statement and the purpose in force; before there are any, those of the draft."""
    version = control.current or (coming_of(control) if control.pk else None)
    return f"{version.statement}\n{version.purpose}" if version else ""
