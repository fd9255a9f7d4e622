"""Django's configuration of the app."""

from django.utils.translation import gettext_lazy as _

from foundation import contributing


class ComplianceConfig(contributing.ContributingConfig):
    """Frameworks of requirements, in their editions."""

    name = "compliance"
    label = "compliance"
    verbose_name = _("Compliance")
