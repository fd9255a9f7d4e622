"""The page kit."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Template components, list and record pages, exports, error pages and security headers."""

    name = "foundation.ui"
    label = "ui"
    verbose_name = "User interface"
