"""Django's configuration of the app."""

from django.utils.translation import gettext_lazy as _

from foundation import contributing


class UiConfig(contributing.ContributingConfig):
    """The page kit: components, lists, record pages, exports. No models."""

    name = "foundation.ui"
    label = "ui"
    verbose_name = _("Page kit")
