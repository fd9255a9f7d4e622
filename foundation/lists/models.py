"""What people keep of lists."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import BusinessUnit
from foundation.lists.choices import Sharing
from foundation.lists.querysets import SavedViewQuerySet

QUERY_LENGTH = 2_000


class SavedView(models.Model):
    """Filters, order and columns of a list under a name. What its reader sees through it is still what the reader may see.

    `list_key` is the name of the list's address (`audits:audit-list`), `query` what stands in the address behind the
    question mark. `unit` is the one it is shared with.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", verbose_name=_("saved by")
    )
    list_key = models.CharField(_("list"), max_length=80)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("filters, order and columns"), max_length=QUERY_LENGTH, blank=True)
    sharing = models.CharField(_("shown to"), max_length=10, choices=Sharing.choices, default=Sharing.NOBODY)
    unit = models.ForeignKey(
        BusinessUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("business unit"),
    )
    created_at = models.DateTimeField(_("saved at"), db_default=Now(), editable=False)

    objects: ClassVar[Any] = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        indexes = [
            models.Index(
                fields=["list_key", "sharing"],
                name="view_shared",
                condition=~Q(sharing=Sharing.NOBODY),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner", "list_key", "name"], name="view_name_once"),
            models.CheckConstraint(
                condition=Q(sharing=Sharing.UNIT, unit__isnull=False)
                | (Q(unit__isnull=True) & ~Q(sharing=Sharing.UNIT)),
                name="view_unit_where_shared_with_it",
            ),
            models.CheckConstraint(condition=Q(sharing__in=Sharing.values), name="view_known_sharing"),
        ]

    def __str__(self) -> str:
        return self.name
