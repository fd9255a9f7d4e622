"""Narrow copies of records, which long lists read: what all of them hold, whatever the kind."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import BusinessUnit
from foundation.records.choices import Confidentiality


class RecordListing(models.Model):
    """What lists of one kind of record filter, sort and show: one narrow row beside each record.

    A list of 100,000 scoped to a unit would join and scan two wide tables otherwise. The database's triggers write it
    whenever the record changes; nothing else does, and so it has no constraints: the record has them. `needle` is what the
    text filter searches: the title and the reference in lower case. The model of a kind adds its key, a OneToOneField, its
    own columns, and the indexes that its filters need.
    """

    reference = models.CharField(_("reference"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    needle = models.TextField()
    confidentiality = models.CharField(_("confidentiality"), max_length=12, choices=Confidentiality.choices)
    is_archived = models.BooleanField(_("archived"))
    unit = models.ForeignKey(
        BusinessUnit,
        models.DO_NOTHING,
        related_name="+",
        verbose_name=_("business unit"),
        db_constraint=False,
        db_index=False,
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        related_name="+",
        verbose_name=_("owner"),
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def is_restricted(self) -> bool:
        """Tell whether only those named in it and the CISO may know of it."""
        return self.confidentiality == Confidentiality.RESTRICTED
