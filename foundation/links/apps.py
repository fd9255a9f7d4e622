"""Django's configuration of the app."""

from django.utils.translation import gettext_lazy as _

from foundation import contributing


class LinksConfig(contributing.ContributingConfig):
    """Load the contributions of the app when Django is ready."""

    name = "foundation.links"
    label = "links"
    verbose_name = _("Links")
