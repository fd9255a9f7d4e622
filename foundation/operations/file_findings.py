"""Whether files can be stored, and are scanned for viruses."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.files.inspection.scanner import scanner_problem
from foundation.files.models import FileVersion
from foundation.files.storage import files_storage, storage_problem
from foundation.operations.choices import State
from foundation.operations.findings import Finding

MOST_COUNTED = 1_000


def storage_finding(*, thorough: bool) -> Finding:
    """Say where files lie; `thorough`: store one there, read it, and remove it again."""
    bucket = getattr(files_storage(), "bucket_name", "")
    place = _("the bucket %(name)s") % {"name": bucket} if bucket else _("a folder of this machine")
    if not thorough:
        return Finding(_("Files"), State.OK, place)
    problem = storage_problem()
    if not problem:
        text = _("%(place)s; one could be written, read and removed") % {"place": place}
        return Finding(_("Files"), State.OK, text)
    hint = (
        _("See what FILES_S3_BUCKET, FILES_S3_ENDPOINT and FILES_S3_REGION name, and what their key may do.")
        if bucket
        else _("See whether FILES_ROOT belongs to who runs the portal, and has room.")
    )
    return Finding(_("Files"), State.BAD, f"{place}: {problem}", hint)


def scanner_findings(*, thorough: bool) -> Iterator[Finding]:
    """Say whether files are scanned, how many were not, and in how many a virus was found; `thorough`: call the scanner."""
    waiting = FileVersion.objects.unscanned().order_by()[: MOST_COUNTED + 1].count()
    if not settings.CLAMD_URL:
        yield Finding(
            _("Virus scanner"),
            State.WARNING,
            _("none; %(files)s kept unscanned") % {"files": _files(waiting)},
            _("Name one in CLAMD_URL; what is kept already is scanned then, too."),
        )
    elif thorough and (problem := scanner_problem(settings.CLAMD_URL)):
        text = _("does not answer: %(reason)s") % {"reason": problem}
        hint = _("See whether clamd runs, and what CLAMD_URL names: no file comes in meanwhile.")
        yield Finding(_("Virus scanner"), State.BAD, text, hint)
    elif waiting:
        text = _("%(files)s still to be scanned") % {"files": _files(waiting)}
        hint = _("The worker scans them bit by bit; ./portal manage scan_files does so at once.")
        yield Finding(_("Virus scanner"), State.WARNING, text, hint)
    else:
        yield Finding(_("Virus scanner"), State.OK, _("all files are scanned"))
    harmful = FileVersion.objects.harmful().filter(file__withdrawn_at__isnull=True).count()
    if harmful:
        text = _("%(files)s with a virus") % {"files": _files(harmful)}
        hint = _("Nobody can open them. The trail says which; withdraw them, and see who had opened them.")
        yield Finding(_("Viruses"), State.BAD, text, hint)


def _files(count: int) -> str:
    if count > MOST_COUNTED:
        return _("more than %(count)d files") % {"count": MOST_COUNTED}
    return ngettext("%(count)d file", "%(count)d files", count) % {"count": count}
