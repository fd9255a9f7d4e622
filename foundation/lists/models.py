"""What people keep of lists, and the files that are made of them."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import BusinessUnit
from foundation.lists.choices import ExportState, Sharing
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


class ListExport(models.Model):
    """A long list on its way into a file: asked for by a person, written by a worker, kept for hours.

    `list_key` and `query` are those of the list (see SavedView); `rows_total` is unknown until it is begun. `attempt` counts
    the workers that began; `touched_at` is when the last of them wrote, so that one that died is found.
    `access` is a digest of the reader's roles and units when it was written: with others, the file is not handed over.
    """

    key = models.UUIDField(_("key"), primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("asked for by")
    )
    list_key = models.CharField(_("list"), max_length=80)
    query = models.CharField(_("filters, order and columns"), max_length=QUERY_LENGTH, blank=True)
    title = models.CharField(_("title"), max_length=100)
    file_name = models.CharField(_("file name"), max_length=150)
    format = models.CharField(_("format"), max_length=4)
    state = models.CharField(
        _("state"), max_length=10, choices=ExportState.choices, default=ExportState.WAITING
    )
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    rows_written = models.PositiveIntegerField(_("rows written"), default=0)
    rows_total = models.PositiveIntegerField(_("rows"), null=True, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    access = models.CharField(_("digest of the reader's access"), max_length=64, blank=True)
    requested_at = models.DateTimeField(_("asked for at"))
    touched_at = models.DateTimeField(_("last sign of life"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("export of a list")
        verbose_name_plural = _("exports of lists")
        indexes = [
            models.Index(fields=["user", "-requested_at"], name="export_of_user"),
            models.Index(fields=["state", "touched_at"], name="export_state_touched"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="export_known_state"),
        ]

    def __str__(self) -> str:
        return self.file_name


class ListExportShown(models.Model):
    """Keys of what a file shows of records: whoever lost sight of one of them since is not handed the file."""

    export = models.ForeignKey(ListExport, models.CASCADE, related_name="shown", verbose_name=_("export"))
    keys = ArrayField(models.BigIntegerField(), verbose_name=_("keys"))

    class Meta:
        verbose_name = _("what an export shows")
        verbose_name_plural = _("what exports show")

    def __str__(self) -> str:
        return f"{self.export_id}: {len(self.keys)}"


class ListExportPart(models.Model):
    """A piece of a file, so that neither its writer nor its reader holds the whole."""

    export = models.ForeignKey(ListExport, models.CASCADE, related_name="parts", verbose_name=_("export"))
    number = models.PositiveIntegerField(_("number"))
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("part of an export")
        verbose_name_plural = _("parts of exports")
        constraints = [models.UniqueConstraint(fields=["export", "number"], name="export_part_once")]

    def __str__(self) -> str:
        return f"{self.export_id} {self.number}"
