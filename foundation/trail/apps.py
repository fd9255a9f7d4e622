"""Django's configuration of the app."""

from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from foundation import contributing
from foundation.trail.checks import two_database_roles as two_database_roles
from foundation.trail.grants import grant_after_migrate


class TrailConfig(contributing.ContributingConfig):
    """The evidence; after each migration the portal's role gets its rights anew."""

    name = "foundation.trail"
    label = "trail"
    verbose_name = _("Trail")

    def ready(self) -> None:
        """Load the contributions and renew the database's grants after `migrate`."""
        super().ready()
        post_migrate.connect(grant_after_migrate, sender=self, dispatch_uid="trail.grants")
