"""Django's configuration of the app."""

from django.utils.translation import gettext_lazy as _

from foundation import contributing


class EnrolmentConfig(contributing.ContributingConfig):
    """Load the contributions of the app when Django is ready."""

    name = "foundation.enrolment"
    label = "enrolment"
    verbose_name = _("Import of people")
