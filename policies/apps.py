"""Django's configuration of the app."""

from django.utils.translation import gettext_lazy as _

from foundation import contributing


class PoliciesConfig(contributing.ContributingConfig):
    """Policies and what belongs to them, in their versions."""

    name = "policies"
    label = "policies"
    verbose_name = _("Policies")
