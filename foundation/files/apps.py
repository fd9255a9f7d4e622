"""Django's configuration of the app."""

from django.utils.translation import gettext_lazy as _

from foundation import contributing


class FilesConfig(contributing.ContributingConfig):
    """Files on records."""

    name = "foundation.files"
    label = "files"
    verbose_name = _("Files")
