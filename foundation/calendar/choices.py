"""The ways in which the calendar shows dates, and what a feed holds."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class View(models.TextChoices):
    """What the calendar shows at once."""

    MONTH = "month", _("Month")
    WEEK = "week", _("Week")
    DAY = "day", _("Day")
    LIST = "list", _("List")


class Covers(models.TextChoices):
    """Which dates a feed holds."""

    MINE = "mine", _("What is assigned to me, and what I own or take part in")
    ALL = "all", _("All dates that I may see")


class Outcome(models.IntegerChoices):
    """What became of a date, in the order in which a day shows its dates."""

    OPEN = 0, _("Open")
    DONE = 1, _("Done")
    DROPPED = 2, _("Called off")
