"""Evidence packs: asked for by a person, made by a worker, kept for some days."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from duties.choices import OPEN_PACKS, Duty, PackPhase, PackState


class EvidencePack(models.Model):
    """The evidence of a period, of one duty or of all (`duty` empty), as one person may see it: nobody else is handed it.

    `attempt` counts the workers that began, the last of them at `begun_at`; `touched_at` is when the last of them wrote, so that one that died is found. `access` is a digest of the reader's roles and units when it was made. `summary` holds plain values for its
    page: what it holds, what was left out and why, which evidence was missing. The archive lies in the storage of files under `storage_key`.
    """

    key = models.UUIDField(_("key"), primary_key=True, default=uuid.uuid4, editable=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("asked for by")
    )
    duty = models.PositiveSmallIntegerField(_("duty"), choices=Duty.choices, null=True, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    state = models.CharField(_("state"), max_length=10, choices=PackState.choices, default=PackState.WAITING)
    phase = models.CharField(_("what is being done"), max_length=10, choices=PackPhase.choices, blank=True)
    failure = models.CharField(_("why it failed"), max_length=500, blank=True)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    records_done = models.PositiveIntegerField(_("records read"), default=0)
    records_total = models.PositiveIntegerField(_("records"), null=True, blank=True)
    files_done = models.PositiveIntegerField(_("files taken in"), default=0)
    bytes_done = models.PositiveBigIntegerField(_("bytes taken in"), default=0)
    links_done = models.PositiveBigIntegerField(_("links of the trail taken in"), default=0)
    links_total = models.PositiveBigIntegerField(_("links of the trail"), null=True, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    storage_key = models.CharField(_("stored as"), max_length=32, blank=True, editable=False)
    access = models.CharField(_("digest of the reader's access"), max_length=64, blank=True)
    summary = models.JSONField(_("what it holds"), default=dict, blank=True)
    requested_at = models.DateTimeField(_("asked for at"))
    touched_at = models.DateTimeField(_("last sign of life"))
    begun_at = models.DateTimeField(_("begun at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    KEPT_FOR: ClassVar = timedelta(days=14)

    class Meta:
        verbose_name = _("evidence pack")
        verbose_name_plural = _("evidence packs")
        indexes = [
            models.Index(fields=["requested_by", "-requested_at"], name="pack_of_person"),
            models.Index(fields=["state", "touched_at"], name="pack_state_touched"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["requested_by", "duty", "starts_on", "ends_on"],
                condition=Q(state__in=OPEN_PACKS),
                nulls_distinct=False,
                name="pack_one_under_way",
            ),
            models.CheckConstraint(condition=Q(state__in=PackState.values), name="pack_known_state"),
            models.CheckConstraint(condition=Q(phase__in=["", *PackPhase.values]), name="pack_known_phase"),
            models.CheckConstraint(
                condition=Q(duty__isnull=True) | Q(duty__in=Duty.values), name="pack_known_duty"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="pack_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=(Q(state=PackState.READY) & ~Q(storage_key="") & ~Q(sha256="") & Q(size__gt=0))
                | (~Q(state=PackState.READY) & Q(storage_key="")),
                name="pack_there_when_ready",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=OPEN_PACKS) & Q(finished_at__isnull=True))
                | (~Q(state__in=OPEN_PACKS) & Q(finished_at__isnull=False)),
                name="pack_finished_when_over",
            ),
            models.CheckConstraint(
                condition=(Q(state=PackState.FAILED) & ~Q(failure=""))
                | (~Q(state=PackState.FAILED) & Q(failure="")),
                name="pack_says_why_it_failed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duty or _('All duties')}: {self.starts_on} – {self.ends_on}"

    @property
    def kept_until(self) -> datetime | None:
        """Return when a pack that is ready is removed."""
        return self.finished_at + self.KEPT_FOR if self.finished_at else None

    @property
    def is_open(self) -> bool:
        """Tell whether it waits to be made, or is being made."""
        return self.state in OPEN_PACKS


class PackShown(models.Model):
    """Keys of records and files that a pack holds, and of records that it names as linked: whoever lost sight of one of them since is not handed the pack."""

    pack = models.ForeignKey(
        EvidencePack, models.CASCADE, related_name="shown", verbose_name=_("evidence pack")
    )
    records = ArrayField(models.BigIntegerField(), verbose_name=_("records"), default=list)
    files = ArrayField(models.BigIntegerField(), verbose_name=_("files"), default=list)

    class Meta:
        verbose_name = _("what a pack shows")
        verbose_name_plural = _("what packs show")

    def __str__(self) -> str:
        return f"{self.pack_id}: {len(self.records)}"
