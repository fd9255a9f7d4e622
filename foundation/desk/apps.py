"""Django's configuration of the app."""

from django.utils.translation import gettext_lazy as _

from foundation import contributing


class DeskConfig(contributing.ContributingConfig):
    """The page that a person starts the day on."""

    name = "foundation.desk"
    label = "desk"
    verbose_name = _("My desk")
