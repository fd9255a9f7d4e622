"""The outbox: what people are to be told, and the mails that tell them."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from foundation.notifications.choices import MailState, NoticeReason, NoticeState, ParkReason, Rhythm
from foundation.records.models import Record


class Mail(models.Model):
    """An e-mail to one person, carrying one or more notices.

    Claimed for sending by a lease; `message_id` is made from what it carries and kept, so that a second attempt
    after an unclear answer bears the same one. While a mail is being sent, `next_attempt_at` is the end of the lease:
    from then on another worker may take it over. `restricted` tells that it spoke of a restricted record when it was
    written. Instants are UTC.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="mails", verbose_name=_("recipient")
    )
    address = models.EmailField(_("address"))
    message_id = models.CharField(_("Message-ID"), max_length=200, unique=True)
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"))
    state = models.CharField(_("state"), max_length=10, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt at"))
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    lease_token = models.UUIDField(_("lease"), null=True, blank=True)
    last_error = models.TextField(_("last answer"), blank=True)
    park_reason = models.CharField(_("parked because"), max_length=20, choices=ParkReason.choices, blank=True)
    restricted = models.BooleanField(_("speaks of a restricted record"), default=False)
    unsubscribe_url = models.TextField(_("link that ends mails of its kinds"), blank=True)
    created_at = models.DateTimeField(_("created at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="mail_unsent",
                condition=models.Q(state__in=[MailState.QUEUED, MailState.SENDING]),
            ),
            # The outbox page: all mails by when they were written, and those of a state.
            models.Index(fields=["created_at", "id"], name="mail_created"),
            models.Index(fields=["state", "created_at", "id"], name="mail_state"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=MailState.values), name="mail_known_state"),
            models.CheckConstraint(
                condition=models.Q(state=MailState.PARKED, park_reason__in=ParkReason.values)
                | (~models.Q(state=MailState.PARKED) & models.Q(park_reason="")),
                name="mail_parked_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.address}"


class Notice(models.Model):
    """One thing that one person is to be told, written in the transaction of the fact.

    `dedupe_key` makes a second copy impossible. Of notices with the same `thread` (a deadline's reminders) that go out
    together, only the latest is told. `payload` holds plain values: see `NoticeDraft`.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="notices",
        verbose_name=_("recipient"),
        db_index=False,  # notice_of_person serves
    )
    kind = models.CharField(_("kind"), max_length=60)
    record = models.ForeignKey(
        Record,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("record"),
        db_index=False,  # notice_record serves, and the outbox is written by the thousand
    )
    dedupe_key = models.CharField(_("unique key"), max_length=200)
    thread = models.CharField(_("matter"), max_length=200, blank=True)
    payload = models.JSONField(_("content"), default=dict)
    state = models.CharField(
        _("state"), max_length=10, choices=NoticeState.choices, default=NoticeState.PENDING
    )
    reason = models.CharField(_("because"), max_length=20, choices=NoticeReason.choices, blank=True)
    detail = models.TextField(_("what went wrong"), blank=True)
    send_after = models.DateTimeField(_("send after"))
    mail = models.ForeignKey(
        Mail, models.SET_NULL, null=True, blank=True, related_name="notices", verbose_name=_("mail")
    )
    created_at = models.DateTimeField(_("created at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(
                fields=["recipient", "send_after"],
                name="notice_pending",
                condition=models.Q(state=NoticeState.PENDING),
            ),
            models.Index(fields=["record", "-id"], name="notice_record"),
            models.Index(fields=["recipient", "-id"], name="notice_of_person"),
            models.Index(
                fields=["recipient", "-id"],
                name="notice_unread",
                condition=models.Q(read_at__isnull=True),
            ),
            models.Index(fields=["-id"], name="notice_parked", condition=models.Q(state=NoticeState.PARKED)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["dedupe_key"], name="notice_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=NoticeState.values), name="notice_known_state"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[NoticeState.CANCELLED, NoticeState.PARKED], reason__in=NoticeReason.values
                )
                | models.Q(state__in=[NoticeState.PENDING, NoticeState.MAILED, NoticeState.SHOWN], reason=""),
                name="notice_ended_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient}"


class ParkedAddress(models.Model):
    """An address that the mail server refused for good; no mail goes there until an administrator retries."""

    address = models.EmailField(_("address"))
    reason = models.TextField(_("reason"))
    parked_at = models.DateTimeField(_("parked at"))

    class Meta:
        verbose_name = _("parked address")
        verbose_name_plural = _("parked addresses")
        constraints = [models.UniqueConstraint(Lower("address"), name="parked_address_once")]

    def __str__(self) -> str:
        return self.address


class MailSettings(models.Model):
    """When a person's daily digest goes out: the hour of the day in the person's own time zone."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="mail_settings",
        verbose_name=_("person"),
    )
    digest_hour = models.PositiveSmallIntegerField(_("hour of the digest"), default=7)

    class Meta:
        verbose_name = _("mail settings")
        verbose_name_plural = _("mail settings")
        constraints = [
            models.CheckConstraint(condition=models.Q(digest_hour__lte=23), name="digest_hour_of_day")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.digest_hour}:00"


class MailPreference(models.Model):
    """How a person wants to be told of a kind of notice: by mail, and in the portal. Without one, at once and in both."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_preferences", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=60)
    rhythm = models.CharField(_("when"), max_length=10, choices=Rhythm.choices, default=Rhythm.IMMEDIATE)
    in_app = models.BooleanField(_("in the portal"), default=True)

    class Meta:
        verbose_name = _("mail preference")
        verbose_name_plural = _("mail preferences")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="preference_once"),
            models.CheckConstraint(
                condition=models.Q(rhythm__in=Rhythm.values), name="preference_known_rhythm"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind} {self.rhythm}"
