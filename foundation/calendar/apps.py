"""Django's configuration of the app."""

from django.utils.translation import gettext_lazy as _

from foundation import contributing


class CalendarConfig(contributing.ContributingConfig):
    """All dates in a month, a week, a day and a list."""

    name = "foundation.calendar"
    label = "calendar"
    verbose_name = _("Calendar")
