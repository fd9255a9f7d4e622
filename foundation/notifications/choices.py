"""States of notices and mails, and how a person wants to be told."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeState(models.TextChoices):
    """From the outbox into a mail."""

    PENDING = "pending", _("Pending")
    MAILED = "mailed", _("In a mail")
    CANCELLED = "cancelled", _("Cancelled")


class MailState(models.TextChoices):
    """From the outbox to the mail server."""

    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    KEPT = "kept", _("Kept here")
    PARKED = "parked", _("Parked")


class Rhythm(models.TextChoices):
    """When a person wants to be told of a kind of notice."""

    IMMEDIATE = "immediate", _("At once")
    DAILY = "daily", _("In a daily digest")
