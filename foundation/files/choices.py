"""What is known of a file's content."""

from django.db import models
from django.utils.translation import gettext_lazy as _

VIRUS_FOUND = "files.virus"  # the notice of it


class Scan(models.TextChoices):
    """Whether a virus scanner has seen a content, and what it said.

    What it finds something in is not stored; only what came in before there was a scanner can prove harmful later.
    """

    NONE = "none", _("Not scanned for viruses")
    CLEAN = "clean", _("Scanned for viruses, none found")
    FOUND = "found", _("A virus was found")
