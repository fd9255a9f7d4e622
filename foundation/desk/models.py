"""What a person wants off the desk."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class FirstStepsDismissal(models.Model):
    """That a person wants to be shown no first steps any more."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="+",
        verbose_name=_("person"),
    )
    at = models.DateTimeField(_("dismissed at"))

    class Meta:
        verbose_name = _("dismissal of the first steps")
        verbose_name_plural = _("dismissals of the first steps")

    def __str__(self) -> str:
        return str(self.user)
