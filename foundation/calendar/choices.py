"""The ways in which the calendar shows dates."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class View(models.TextChoices):
    """What the calendar shows at once."""

    MONTH = "month", _("Month")
    WEEK = "week", _("Week")
    DAY = "day", _("Day")
    LIST = "list", _("List")
