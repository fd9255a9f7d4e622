"""Editions of a framework, and the requirements in them."""

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from compliance.catalogues.values import KEY_LENGTH, LABEL_LENGTH, TITLE_LENGTH
from compliance.choices import NodeKind, Source
from compliance.models.frameworks import Framework
from compliance.querysets import EditionQuerySet, RequirementTextQuerySet
from foundation.records.fields import WordsField
from foundation.ui.addresses import address_of_key

ACCEPTED = """
    IF EXISTS (SELECT 1 FROM compliance_edition WHERE id = {row}.edition_id AND accepted_at IS NOT NULL) THEN
        RAISE EXCEPTION 'The text of an accepted edition does not change.' USING ERRCODE = 'check_violation';
    END IF;
"""


class Edition(models.Model):
    """A framework as it was published at one time: what the standard calls a version.

    It is a draft until somebody accepts it, and never changes after that: the database sees to it, since audits say
    against which text they tested. A correction is another edition.
    """

    framework = models.ForeignKey(
        Framework, models.PROTECT, related_name="editions", verbose_name=_("framework")
    )
    number = models.PositiveIntegerField(_("number"))
    label = models.CharField(
        _("version"), max_length=LABEL_LENGTH, help_text=_("As the standard calls it, such as 5.1.1.")
    )
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    oscal_version = models.CharField(_("OSCAL version"), max_length=20, blank=True)
    catalogue_uuid = models.UUIDField(_("catalogue UUID"), null=True, blank=True)
    last_modified = models.DateTimeField(_("last modified"), null=True, blank=True)
    source_name = models.CharField(_("file"), max_length=200, blank=True)
    source_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("begun by"),
    )
    imported_at = models.DateTimeField(_("begun at"))
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accepted by"),
    )
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    group_count = models.PositiveIntegerField(_("groups"), default=0)
    requirement_count = models.PositiveIntegerField(
        _("requirements"), default=0, help_text=_("Without enhancements, with what was withdrawn.")
    )
    enhancement_count = models.PositiveIntegerField(_("enhancements"), default=0)
    parameter_count = models.PositiveIntegerField(_("parameters"), default=0)
    withdrawn_count = models.PositiveIntegerField(
        _("withdrawn"), default=0, help_text=_("Of the requirements and enhancements.")
    )

    objects: ClassVar[Any] = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["framework", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "number"], name="edition_number_once"),
            models.UniqueConstraint(
                fields=["framework"], condition=Q(accepted_at__isnull=True), name="edition_one_draft"
            ),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="edition_known_source"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="edition_keep_accepted",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__accepted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_draft(self) -> bool:
        """Tell whether nobody has accepted it yet."""
        return self.accepted_at is None

    @property
    def testable_count(self) -> int:
        """Return how many requirements and enhancements an audit can test."""
        return self.requirement_count + self.enhancement_count - self.withdrawn_count


class Requirement(models.Model):
    """One thing that a framework requires, the same through all editions; its words stand in each edition's texts.

    `identifier` is as printed ("AC-2(1)"), `key` as files name it ("ac-2.1").
    """

    framework = models.ForeignKey(
        Framework, models.PROTECT, related_name="requirements", verbose_name=_("framework")
    )
    identifier = models.CharField(_("identifier"), max_length=KEY_LENGTH)
    key = models.CharField(_("key"), max_length=KEY_LENGTH)
    is_withdrawn = models.BooleanField(
        _("withdrawn"), default=False, help_text=_("In the current edition, or no longer in it.")
    )

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        constraints = [
            # Deferred: a newer edition may change the numbers of two requirements with each other.
            models.UniqueConstraint(
                fields=["framework", "key"],
                name="requirement_key_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["framework", "identifier"],
                name="requirement_identifier_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return self.identifier

    def get_absolute_url(self) -> str:
        """Return the path of its page, which shows the current text."""
        return address_of_key("compliance:requirement-detail", self.pk)


class RequirementText(models.Model):
    """A line of an edition's tree: a heading, or what a requirement says there. Fixed once the edition is accepted.

    `position` counts all lines of the edition in reading order, from 0; in a draft that is written by hand it leaves room. Texts are Markdown, with parameters written out
    and lettered items as nested lists. `requirement` is empty for groups, and in drafts for what is new there.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="texts", verbose_name=_("edition"))
    requirement = models.ForeignKey(
        Requirement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="texts",
        verbose_name=_("requirement"),
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("stands in")
    )
    position = models.PositiveIntegerField(_("position"))
    depth = models.PositiveSmallIntegerField(_("depth"))
    kind = models.CharField(_("kind"), max_length=12, choices=NodeKind.choices)
    key = models.CharField(_("key"), max_length=KEY_LENGTH)
    identifier = models.CharField(_("identifier"), max_length=KEY_LENGTH)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    statement = models.TextField(_("text"), blank=True)
    guidance = models.TextField(_("guidance"), blank=True)
    objectives = models.TextField(_("assessment objectives"), blank=True)
    methods = models.JSONField(
        _("methods"), default=list, blank=True, help_text=_("Each with what is examined, asked or tested.")
    )
    parameters = models.JSONField(_("parameters"), default=list, blank=True)
    related = models.JSONField(_("related"), default=list, blank=True)
    references = models.JSONField(_("references"), default=list, blank=True)
    is_withdrawn = models.BooleanField(_("withdrawn"), default=False)
    withdrawn_to = models.JSONField(_("where it went"), default=list, blank=True)
    digest = models.CharField(_("SHA-256"), max_length=64)
    words = WordsField(_("words"))

    objects: ClassVar[Any] = RequirementTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of a requirement")
        verbose_name_plural = _("texts of requirements")
        ordering = ["edition", "position"]
        indexes = [
            models.Index(fields=["requirement", "edition"], name="text_requirement_edition"),
            GinIndex(fields=["words"], name="text_words", fastupdate=False),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "position"],
                name="text_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["edition", "key"], name="text_key_once"),
            models.CheckConstraint(condition=Q(kind__in=NodeKind.values), name="text_known_kind"),
            models.CheckConstraint(
                condition=~Q(kind=NodeKind.GROUP) | Q(requirement__isnull=True), name="text_group_is_heading"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="text_fixed_insert",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=ACCEPTED.format(row="NEW") + "RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="text_fixed_update",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func=ACCEPTED.format(row="OLD") + ACCEPTED.format(row="NEW") + "RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="text_fixed_delete",
                operation=pgtrigger.Delete,
                when=pgtrigger.Before,
                func=ACCEPTED.format(row="OLD") + "RETURN OLD;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.identifier} {self.title}"

    def get_absolute_url(self) -> str:
        """Return the path of the page that shows exactly this text."""
        return address_of_key("compliance:text-detail", self.pk)

    def searched_text(self) -> dict[str, str]:
        """Return what it is found by, by weight."""
        return {"A": self.identifier, "B": self.title, "C": self.statement, "D": self.guidance}
