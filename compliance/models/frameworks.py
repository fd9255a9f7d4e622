"""Frameworks: standards, laws and rules of one's own that the organisation is held against."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from compliance.catalogues.identity import STANDARD_KEY_LENGTH
from compliance.querysets import FrameworkQuerySet
from foundation.records.models import Record


@pghistory.track(obj_field=pghistory.ObjForeignKey(related_name="framework_events"), exclude=["name_key"])
class Framework(Record):
    """A standard, a law or a rule of one's own, whose requirements audits test. Its name is the record's title.

    What it requires stands in its editions. `key` tells which standard it is, so that a newer edition finds its
    framework; `name_key` is the name as names are compared, so that no two frameworks share one. `current` is the edition
    that counts today, and empty until one was accepted.
    """

    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="as_framework"
    )
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True, max_length=10_000)
    key = models.CharField(
        _("identity of the standard"), max_length=STANDARD_KEY_LENGTH, unique=True, editable=False
    )
    name_key = models.CharField(
        _("name as compared"), max_length=STANDARD_KEY_LENGTH, unique=True, editable=False
    )
    current = models.ForeignKey(
        "compliance.Edition",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("current edition"),
        editable=False,
    )

    objects: ClassVar[Any] = FrameworkQuerySet.as_manager()

    class Meta:
        verbose_name = _("framework")
        verbose_name_plural = _("frameworks")
