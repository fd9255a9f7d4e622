"""Signs of life of what works in the background."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.operations.choices import Program


class Heartbeat(models.Model):
    """When a background program last proved that it works: beat by sending a task, the worker by carrying one out."""

    name = models.CharField(_("program"), max_length=20, unique=True, choices=Program.choices)
    at = models.DateTimeField(_("last sign of life"))

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(name__in=Program.values), name="heartbeat_known_program"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
