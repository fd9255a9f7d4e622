"""What stands against changing files of a control: what was given as evidence stays as it was given."""

from datetime import datetime

from django.utils.translation import gettext as _

from controls.models import ControlEvidenceFile
from foundation.accounts.models import User
from foundation.files.models import File


def control_file_refusal(*, file: File, user: User, now: datetime) -> str | None:
    """Return why a file of a control stays as it is, or None."""
    if ControlEvidenceFile.objects.filter(file__file=file).exists():
        return _("It was given as evidence, so it stays as it is. Add another file instead.")
    return None
