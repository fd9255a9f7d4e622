"""A file on a record, and its versions."""

import secrets
import uuid
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.files.choices import Scan
from foundation.files.querysets import FileQuerySet, FileVersionQuerySet
from foundation.records.fields import WordsField
from foundation.records.models import Record


def storage_key_draw() -> str:
    """Return a new name to store a file under: 128 random bits, telling nothing of what is in it."""
    return secrets.token_hex(16)


class File(models.Model):
    """Evidence, a report, a picture: something that was added to a record, in one or more versions.

    Files are never deleted: who added one, or may manage files, withdraws it with a reason that everybody reads.
    Who plays the part `kept_from` in the record does not know of the file, whatever else they may see. One that `is_fixed` the
    portal made itself: nobody says in other words what it shows, or puts another version in its place.
    """

    key = models.UUIDField(_("key"), unique=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="files", verbose_name=_("record"))
    description = models.CharField(_("description"), max_length=300, blank=True)
    kept_from = models.CharField(_("kept from those who are its"), max_length=40, blank=True, editable=False)
    is_fixed = models.BooleanField(_("made by the portal"), default=False, db_default=False, editable=False)
    latest = models.PositiveIntegerField(_("number of the newest version"), default=1)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added at"))
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("withdrawn by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawal_reason = models.CharField(_("why it was withdrawn"), max_length=1000, blank=True)

    objects: ClassVar[Any] = FileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawal_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawal_reason="")),
                name="file_withdrawn_by_somebody_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)

    def get_absolute_url(self) -> str:
        """Return the path of the file's page."""
        return reverse("files:file-detail", args=[self.key])

    @property
    def is_withdrawn(self) -> bool:
        """Tell whether the file was withdrawn."""
        return self.withdrawn_at is not None


class FileVersion(models.Model):
    """The content of a file as it was uploaded at a time.

    Never changed, but for what a virus scanner says of it later and the words that search finds it by: the database sees to it.
    """

    file = models.ForeignKey(File, models.PROTECT, related_name="versions", verbose_name=_("file"))
    number = models.PositiveIntegerField(_("version"))
    name = models.CharField(_("name"), max_length=150)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    storage_key = models.CharField(
        _("stored as"), max_length=32, unique=True, default=storage_key_draw, editable=False
    )
    pages = models.PositiveSmallIntegerField(_("pages that can be looked at"), default=0)
    scan = models.CharField(_("virus scan"), max_length=8, choices=Scan.choices, default=Scan.NONE)
    scanned_at = models.DateTimeField(_("scanned at"), null=True)
    tried_at = models.DateTimeField(_("last shown to the scanner at"), null=True)
    virus = models.CharField(_("what the scanner calls the virus"), max_length=200, blank=True)
    note = models.CharField(_("what is new in it"), max_length=300, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    words = WordsField(_("words"))

    objects: ClassVar[Any] = FileVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a file")
        verbose_name_plural = _("versions of files")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="file_version_once"),
            models.CheckConstraint(condition=Q(number__gt=0, size__gt=0), name="file_version_counts"),
            models.CheckConstraint(condition=Q(scan__in=Scan.values), name="file_version_known_scan"),
            models.CheckConstraint(
                condition=(Q(scan=Scan.FOUND) & ~Q(virus="")) | (~Q(scan=Scan.FOUND) & Q(virus="")),
                name="file_version_virus_has_a_name",
            ),
        ]
        indexes = [
            GinIndex(fields=["words"], name="file_version_words", fastupdate=False),
            models.Index(
                F("tried_at").asc(nulls_first=True),
                "id",
                name="file_version_to_scan",
                condition=Q(scan=Scan.NONE),
            ),
            models.Index(fields=["id"], name="file_version_harmful", condition=Q(scan=Scan.FOUND)),
        ]
        triggers = [
            pgtrigger.Protect(name="file_version_kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="file_version_is_fixed", exclude=["scan", "scanned_at", "tried_at", "virus", "words"]
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the path that the version is downloaded from."""
        return reverse("files:file-download", args=[self.file.key, self.number])

    @property
    def is_harmful(self) -> bool:
        """Tell whether a virus was found in it, so that nobody may open it."""
        return self.scan == Scan.FOUND

    def searched_text(self) -> dict[str, str]:
        """Return what search finds the version by."""
        return {"A": self.name, "B": self.file.description}
