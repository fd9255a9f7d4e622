"""Django's configuration of the app."""

from django.utils.translation import gettext_lazy as _

from foundation import contributing


class ExceptionsConfig(contributing.ContributingConfig):
    """Exceptions to policies: asked for, decided by others, and over on their day."""

    name = "exceptions"
    label = "exceptions"
    verbose_name = _("Exceptions to policies")
