"""What is wrong with a workbook's archive, in words for whoever brought it."""

from django.utils.translation import gettext as _

from foundation.archives import ArchiveFault, ArchiveRefused


def fault_words(refused: ArchiveRefused) -> str:
    """Return the sentence for a workbook that was not opened, or not read to its end."""
    match refused.fault:
        case ArchiveFault.TOO_MANY_PARTS:
            return _(
                "This workbook holds %(count)s parts, which no ordinary workbook does. It was not opened."
            ) % {"count": refused.parts}
        case ArchiveFault.PASSWORD:
            return _("This file is protected by a password. Save it without one.")
        case ArchiveFault.TOO_LARGE:
            return _(
                "This workbook would unpack to far more than its size, as a “zip bomb” does. It was not opened. "
                "If it is a real one, delete empty rows, pictures and other sheets, or upload CSV."
            )
        case _:
            return broken_workbook()


def broken_workbook() -> str:
    """Return the sentence for an archive that is damaged or no workbook."""
    return _("This file is damaged, or it is not an XLSX workbook. Save it again as XLSX, or upload CSV.")
