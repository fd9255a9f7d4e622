"""Record, the thing that everything hangs on."""

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

import pghistory
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import BusinessUnit
from foundation.records.choices import Confidentiality
from foundation.records.fields import WordsField
from foundation.records.querysets import RecordQuerySet
from foundation.registry import RecordKind, registry
from foundation.ui.addresses import address_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class ReferenceCounter(models.Model):
    """The last number given out under a prefix. Locked while a record is made, so numbers have no gaps."""

    prefix = models.CharField(_("prefix"), max_length=10, primary_key=True)
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("reference counter")
        verbose_name_plural = _("reference counters")

    def __str__(self) -> str:
        return f"{self.prefix}-{self.last:04d}"


@pghistory.track(exclude=["updated_at", "version", "words"])
class Record(models.Model):
    """Anything that the office keeps: a policy, an audit, an incident, a vendor, a risk, a finding.

    What is particular to a kind is in its child table. `version` grows with each change and tells a stale edit.
    `state` is written by `lifecycle.apply_transition()` alone. Records are archived, never deleted.
    `words` is what search finds it by, written with each save; NULL until `records_index()` has seen a row made by SQL.
    """

    kind = models.CharField(_("kind"), max_length=40, editable=False)
    reference = models.CharField(_("reference"), max_length=40, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="owned_records", verbose_name=_("owner")
    )
    unit = models.ForeignKey(
        BusinessUnit,
        models.PROTECT,
        related_name="records",
        verbose_name=_("business unit"),
        db_index=False,  # record_of_unit serves
    )
    confidentiality = models.CharField(
        _("confidentiality"),
        max_length=12,
        choices=Confidentiality.choices,
        default=Confidentiality.INTERNAL,
        help_text=_(
            "Restricted: only the owner, the people named in it and the CISO see it, also in lists and mails."
        ),
    )
    state = models.CharField(_("state"), max_length=40, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("created by"),
        editable=False,
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True, editable=False)
    words = WordsField(_("words"))

    # The row of the kind that this is the common part of, where the two are saved one after the other.
    specific_record: "Record | None" = None

    objects: ClassVar[models.Manager[Any]] = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        indexes = [
            models.Index(fields=["kind", "state"], name="record_kind_state"),
            models.Index(fields=["unit", "kind"], name="record_unit_kind"),
            models.Index(fields=["owner", "kind"], name="record_owner_kind"),
            models.Index(fields=["unit", "id"], name="record_of_unit"),
            GinIndex(fields=["words"], name="record_words", fastupdate=False),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confidentiality__in=Confidentiality.values),
                name="record_known_confidentiality",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        """Return the path of the record's page."""
        return address_of(self.kind_entry.detail_url_name, self.reference)

    def get_tab_url(self, key: str) -> str:
        """Return the path of a tab on the record's page."""
        return f"{self.get_absolute_url()}{key}/"

    @property
    def kind_entry(self) -> RecordKind:
        """Return what the registry knows of the record's kind."""
        return registry.get(RecordKind, self.kind)

    @property
    def kind_label(self) -> "str | _StrPromise":
        """Return the kind's name for people."""
        return self.kind_entry.label

    @property
    def is_restricted(self) -> bool:
        """Tell whether only those named in it and the CISO may know of it."""
        return self.confidentiality == Confidentiality.RESTRICTED

    def searched_text(self) -> dict[str, str] | None:
        """Return what the record is found by, by weight; None where the kind's own text is not at hand."""
        texts = {"A": self.reference, "B": self.title}
        kind = registry.find(RecordKind, self.kind)
        if kind is None or kind.search_text is None:
            return texts
        record = self.specific_record or self
        if not isinstance(record, apps.get_model(kind.model)):
            return None
        return {**texts, "C": kind.search_text(record)}


@pghistory.track()
class Participant(models.Model):
    """A person's part in a record, by a role of the registry; whoever is named sees the record."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="participants", verbose_name=_("record"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="participations", verbose_name=_("person")
    )
    role = models.CharField(_("part"), max_length=40)
    created_at = models.DateTimeField(_("named at"), auto_now_add=True)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [models.UniqueConstraint(fields=["record", "role", "user"], name="participant_once")]
        indexes = [models.Index(fields=["user", "record"], name="participant_user_record")]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class Withheld(models.Model):
    """That a record is withheld from a person: whatever rights or parts they have, they don't know of it unless they own it.

    Written by the app whose record it is; what it follows from is in the record's history, and this is not.
    """

    record = models.ForeignKey(Record, models.CASCADE, related_name="withheld_from", verbose_name=_("record"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("person"),
        db_index=False,  # withheld_once serves
    )

    class Meta:
        verbose_name = _("withheld record")
        verbose_name_plural = _("withheld records")
        constraints = [models.UniqueConstraint(fields=["user", "record"], name="withheld_once")]

    def __str__(self) -> str:
        return f"{self.record}: {self.user}"


class Submission(models.Model):
    """A form that was sent, and the record that came of it, in one transaction: a second sending leads to the same.

    `key` was drawn when the form was shown; `digest` is the SHA-256 of what was sent with it.
    """

    key = models.UUIDField(_("key"), primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("sent by")
    )
    purpose = models.CharField(_("what it is for"), max_length=60)
    digest = models.CharField(_("SHA-256"), max_length=64)
    record = models.ForeignKey(
        Record, models.CASCADE, null=True, related_name="+", verbose_name=_("what came of it")
    )
    created_at = models.DateTimeField(_("sent at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")

    def __str__(self) -> str:
        return f"{self.purpose} {self.key}"


class ImportFile(models.Model):
    """A table that a person uploaded, kept between its preview and its import so that what was seen is what is done.

    `content` is emptied when the import is done; `result` then says what came of it. `asked` is what was chosen with the
    file, besides a sheet. Unused files are dropped a day later. What a worker imports was asked for at `confirmed_at`, and
    tried `attempts` times; what stood against it is in `refusals`. What a worker reads first was brought to it at
    `previewing_at`; `plan` says since `previewed_at` what the import would do.
    """

    key = models.UUIDField(_("key"), primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(_("what it is for"), max_length=40)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("uploaded by")
    )
    file_name = models.CharField(_("file name"), max_length=200)
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    digest = models.CharField(_("SHA-256"), max_length=64)
    content = models.BinaryField(_("content"), null=True)
    asked = models.JSONField(_("what was chosen"), default=dict, blank=True)
    result = models.JSONField(_("result"), default=dict, blank=True)
    created_at = models.DateTimeField(_("uploaded at"))
    imported_at = models.DateTimeField(_("imported at"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("asked for at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("times tried"), default=0)
    refusals = models.JSONField(_("what stood against it"), default=list, blank=True)
    previewing_at = models.DateTimeField(_("to be read since"), null=True, blank=True)
    previewed_at = models.DateTimeField(_("read at"), null=True, blank=True)
    plan = models.JSONField(_("what it would do"), default=dict, blank=True)

    class Meta:
        verbose_name = _("uploaded table")
        verbose_name_plural = _("uploaded tables")
        indexes = [
            models.Index(fields=["user", "-created_at"], name="import_file_of_user"),
            models.Index(
                fields=["confirmed_at"],
                name="import_file_to_import",
                condition=models.Q(confirmed_at__isnull=False, imported_at__isnull=True),
            ),
            models.Index(
                fields=["previewing_at"],
                name="import_file_to_preview",
                condition=models.Q(previewing_at__isnull=False, previewed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_being_read(self) -> bool:
        """Tell whether a worker has yet to say what its import would do."""
        return self.previewing_at is not None and self.previewed_at is None

    @property
    def is_with_worker(self) -> bool:
        """Tell whether a worker reads or imports it, or is to."""
        return self.imported_at is None and (self.confirmed_at is not None or self.is_being_read)
