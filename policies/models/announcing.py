"""How far the people whom a version is for have been told that it is in force."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policies.models.versions import DocumentVersion


class Announcement(models.Model):
    """A version came in force, and the people whom it is for are told, some hundreds in a transaction.

    `reached` is the key of the last person who was looked at: whoever goes on, goes on behind that. Begun in the transaction in
    which the version came in force, so that none is forgotten.
    """

    version = models.OneToOneField(
        DocumentVersion,
        models.CASCADE,
        primary_key=True,
        related_name="announcement",
        verbose_name=_("version"),
    )
    begun_at = models.DateTimeField(_("begun at"))
    reached = models.BigIntegerField(_("reached"), default=0)
    told = models.PositiveIntegerField(_("people told"), default=0)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("announcement of a version")
        verbose_name_plural = _("announcements of versions")
        indexes = [
            models.Index(fields=["begun_at"], condition=Q(done_at=None), name="announcement_to_go_on"),
        ]

    def __str__(self) -> str:
        return str(self.version)
