"""Django's configuration of the app."""

from django.utils.translation import gettext_lazy as _

from foundation import contributing


class DeadlinesConfig(contributing.ContributingConfig):
    """Load the contributions of the app when Django is ready."""

    name = "foundation.deadlines"
    label = "deadlines"
    verbose_name = _("Deadlines")
