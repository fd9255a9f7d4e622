"""What stands against changing files of a document: what a version shows stays as it was when it was submitted."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.files.models import File
from policies.choices import VersionState
from policies.models import DocumentVersion


def document_file_refusal(*, file: File, user: User, now: datetime) -> str | None:
    """Return why a file of a document stays as it is, or None. What a draft is goes when another text stands in its place."""
    is_it, shows_it = Q(file__file=file), Q(body__contains=f"files/{file.key}/")
    settled = ~Q(state__in=(VersionState.DRAFT, VersionState.DISCARDED))
    showing = (
        DocumentVersion.objects.filter(document_id=file.record_id)
        .filter((is_it & ~Q(state=VersionState.DISCARDED)) | (shows_it & settled))
        .order_by("-number")
        .only("major", "minor")
        .first()
    )
    if showing is None:
        return None
    return _("Version %(label)s shows it, or is it, so it stays as it is. Add another file instead.") % {
        "label": showing.label
    }
