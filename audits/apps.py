"""Django's configuration of the app."""

from django.utils.translation import gettext_lazy as _

from foundation import contributing


class AuditsConfig(contributing.ContributingConfig):
    """Audit programmes and audits."""

    name = "audits"
    label = "audits"
    verbose_name = _("Audits")
