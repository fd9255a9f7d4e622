"""How widely a record may be known."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Confidentiality(models.TextChoices):
    """Who sees a record: whoever has the right for its unit, or only those who are named in it and the CISO."""

    INTERNAL = "internal", _("Internal")
    RESTRICTED = "restricted", _("Restricted")
