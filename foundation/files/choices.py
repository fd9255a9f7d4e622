"""What is known of a file's content."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scan(models.TextChoices):
    """Whether a virus scanner has seen a content. What it found something in is not stored."""

    NONE = "none", _("Not scanned for viruses")
    CLEAN = "clean", _("Scanned for viruses, none found")
