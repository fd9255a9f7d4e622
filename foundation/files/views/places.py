"""Where files stand, for their pages: on which tab, of which records, and what is said of one that was withdrawn."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from foundation.accounts.requests import PersonRequest
from foundation.files.models import File

TAB = "files"


def visible_file(request: PersonRequest, key: str) -> File:
    """Return a file of a record that the person sees; raise Http404 for any other."""
    files = File.objects.visible_to(request.user).select_related("record", "withdrawn_by")
    file: File = get_object_or_404(files, key=key)
    return file


def withdrawn_words(file: File) -> str:
    """Return the sentence about a file that was withdrawn, by whom and why."""
    return _("This file was withdrawn by %(name)s: “%(reason)s”") % {
        "name": file.withdrawn_by.full_name if file.withdrawn_by else "",
        "reason": file.withdrawal_reason,
    }
