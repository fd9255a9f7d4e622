"""Django's configuration of the app."""

from django.utils.translation import gettext_lazy as _

from foundation import contributing


class RecordsConfig(contributing.ContributingConfig):
    """Load the contributions of the app when Django is ready."""

    name = "foundation.records"
    label = "records"
    verbose_name = _("Records")
