"""Links between records of any kind."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from foundation.records.models import Record


class Link(models.Model):
    """A relation of one record to another, read from the source: "AUD-0016 follows from INC-0004".

    `relation` is the key of a `RelationKind`. A link that is removed stays, so that the trail's entries, which name the
    link and never the other record, can still be read by whoever may see both.
    """

    source = models.ForeignKey(
        Record, models.CASCADE, related_name="links_from", verbose_name=_("from"), db_index=False
    )
    target = models.ForeignKey(
        Record, models.CASCADE, related_name="links_to", verbose_name=_("to"), db_index=False
    )
    relation = models.CharField(_("relation"), max_length=40)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("linked by")
    )
    created_at = models.DateTimeField(_("linked at"))
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("removed by"),
    )
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        indexes = [
            models.Index(fields=["source"], name="link_from", condition=models.Q(removed_at__isnull=True)),
            models.Index(fields=["target"], name="link_to", condition=models.Q(removed_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="link_not_to_itself"),
            # In either direction: what follows from a record does not lead to it.
            models.UniqueConstraint(
                Least("source", "target"),
                Greatest("source", "target"),
                "relation",
                name="link_once",
                condition=models.Q(removed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.relation} {self.target_id}"
