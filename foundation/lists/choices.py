"""Sets of values of what people keep of lists."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sharing(models.TextChoices):
    """Who sees a saved view besides the person who saved it."""

    NOBODY = "nobody", _("Only me")
    UNIT = "unit", _("My business unit, and those below it")
    EVERYONE = "everyone", _("Everyone")
