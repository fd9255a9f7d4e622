"""Calendar feeds."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.calendar.choices import Covers


class CalendarFeed(models.Model):
    """An address at which a person's calendar program reads their dates, without signing in.

    Whoever knows its token reads what the person may see at that moment. Only the token's digest is kept; renewing puts
    another in its place. It works until it is revoked, and while the person's account is active.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="calendar_feeds",
        verbose_name=_("person"),
    )
    name = models.CharField(_("name"), max_length=60)
    covers = models.CharField(_("what it holds"), max_length=10, choices=Covers.choices)
    digest = models.CharField(_("SHA-256"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("made at"))
    renewed_at = models.DateTimeField(_("address renewed at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last read at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(covers__in=Covers.values), name="calendar_feed_known_covers"
            ),
        ]

    def __str__(self) -> str:
        return self.name
