"""Django's configuration of the app."""

from django.utils.translation import gettext_lazy as _

from foundation import contributing


class SearchConfig(contributing.ContributingConfig):
    """Find any record, and what hangs on it."""

    name = "foundation.search"
    label = "search"
    verbose_name = _("Search")
