"""Django's configuration of the app."""

from django.utils.translation import gettext_lazy as _

from foundation import contributing


class DutiesConfig(contributing.ContributingConfig):
    """The thirteen duties of the office, and the activities by which each is run and proven."""

    name = "duties"
    label = "duties"
    verbose_name = _("Duties")
