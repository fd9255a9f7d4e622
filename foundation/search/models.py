"""What a person has looked at."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.records.models import Record


class RecordVisit(models.Model):
    """When a person last opened a record, for the person's own way back to it. Nobody else is shown it.

    Forgotten after ninety days.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("person"),
        db_index=False,  # visit_of_user serves
    )
    record = models.ForeignKey(Record, models.CASCADE, related_name="+", verbose_name=_("record"))
    at = models.DateTimeField(_("opened at"))

    class Meta:
        verbose_name = _("visit of a record")
        verbose_name_plural = _("visits of records")
        constraints = [models.UniqueConstraint(fields=["user", "record"], name="visit_once")]
        indexes = [models.Index(fields=["user", "-at"], name="visit_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.record_id}"
