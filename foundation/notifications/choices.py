"""States of notices and mails, and how a person wants to be told."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeState(models.TextChoices):
    """From the outbox into a mail."""

    PENDING = "pending", _("Pending")
    MAILED = "mailed", _("In a mail")
    SHOWN = "shown", _("In the portal only")
    CANCELLED = "cancelled", _("Cancelled")
    PARKED = "parked", _("Parked")


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
    NEVER = "never", _("Never")


class NoticeReason(models.TextChoices):
    """Why a notice is in no mail."""

    CALLED_OFF = "called_off", _("No longer needed")
    SUPERSEDED = "superseded", _("A later one of the same matter was sent instead")
    RECIPIENT_GONE = "recipient_gone", _("The recipient is no longer active")
    NOT_VISIBLE = "not_visible", _("The recipient may not see the record")
    FAILED = "failed", _("It could not be written into a mail")


class ParkReason(models.TextChoices):
    """Why a mail is not sent."""

    ADDRESS_REFUSED = "address_refused", _("The mail server refused the address")
    ADDRESS_PARKED = "address_parked", _("The mail server refused the address before")
    CONTENT_REFUSED = "content_refused", _("The mail server refused this mail")
    TOO_MANY_TRIES = "too_many_tries", _("Given up after many attempts")
    UNBUILDABLE = "unbuildable", _("The mail could not be built")
    RECIPIENT_GONE = "recipient_gone", _("The recipient is no longer active")
    NOT_VISIBLE = "not_visible", _("Withdrawn: the recipient may no longer see all that it told")
