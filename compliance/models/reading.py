"""What was read of a file, kept beside it until it is accepted."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from compliance.catalogues.values import KEY_LENGTH, TITLE_LENGTH
from compliance.choices import NodeKind
from compliance.models.editions import Edition
from foundation.records.models import ImportFile


class ReadCatalogue(models.Model):
    """What a brought file says and would change, so that its pages are looked at without reading it again.

    `said` is the catalogue without its lines; `against` tells what it was compared with. It goes with the file.
    """

    file = models.OneToOneField(
        ImportFile, models.CASCADE, primary_key=True, related_name="+", verbose_name=_("file")
    )
    against = models.CharField(_("compared with"), max_length=100)
    said = models.JSONField(_("what it says"))
    edition = models.ForeignKey(
        Edition,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("the version that it is"),
    )

    class Meta:
        verbose_name = _("read catalogue")
        verbose_name_plural = _("read catalogues")

    def __str__(self) -> str:
        return self.against


class ReadChange(models.Model):
    """A line that a brought file would change. `said` is all that it says there; empty where it is no longer there, or everything is new.

    `old_text` is the key of what the current edition says: a plain value, since accepted texts stay.
    """

    catalogue = models.ForeignKey(
        ReadCatalogue, models.CASCADE, related_name="changes", verbose_name=_("read catalogue")
    )
    place = models.PositiveIntegerField(_("place"))
    change = models.CharField(_("change"), max_length=12)
    kind = models.CharField(_("kind"), max_length=12, choices=NodeKind.choices)
    key = models.CharField(_("key"), max_length=KEY_LENGTH)
    identifier = models.CharField(_("identifier"), max_length=KEY_LENGTH)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    old_text = models.BigIntegerField(_("text so far"), null=True, blank=True)
    is_gone = models.BooleanField(_("no longer there"), default=False)
    said = models.JSONField(_("what it says"), null=True, blank=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("read change")
        verbose_name_plural = _("read changes")
        ordering = ["catalogue", "place"]
        constraints = [models.UniqueConstraint(fields=["catalogue", "place"], name="read_change_place_once")]

    def __str__(self) -> str:
        return f"{self.identifier} {self.title}".strip()
