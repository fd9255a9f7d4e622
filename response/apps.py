"""Django's configuration of the app."""

from django.utils.translation import gettext_lazy as _

from foundation import contributing


class ResponseConfig(contributing.ContributingConfig):
    """Incident response plans in use: whom to call, and exercises."""

    name = "response"
    label = "response"
    verbose_name = _("Incident response")
