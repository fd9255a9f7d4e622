"""Django's configuration of the app."""

from django.utils.translation import gettext_lazy as _

from foundation import contributing


class ControlsConfig(contributing.ContributingConfig):
    """The organisation's own controls."""

    name = "controls"
    label = "controls"
    verbose_name = _("Controls")
