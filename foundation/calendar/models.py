"""Calendar feeds, and the narrow copies of dates that the calendar and its feeds read."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import BusinessUnit
from foundation.calendar.choices import Covers, Outcome
from foundation.calendar.querysets import CalendarDateQuerySet
from foundation.deadlines.models import Deadline
from foundation.records.choices import Confidentiality
from foundation.records.models import Record


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


class CalendarDate(models.Model):
    """What the calendar finds a date by: one narrow row beside each deadline, with what its record's visibility rests on.

    A month of an organisation with 100,000 records has thousands of dates; to look up the record of each would take ten
    times as long. The database's triggers write it (migration 0002) whenever the deadline or its record changes;
    nothing else does. `kind` is the record's. `duty` is the number of the duty that the record which it follows from names itself, written
    by the triggers of the app that has such records; 0 where the kind says to which it belongs.
    """

    deadline = models.OneToOneField(Deadline, models.CASCADE, primary_key=True, related_name="in_calendar")
    # No constraints on what is copied: the deadline and its record have them.
    record = models.ForeignKey(
        Record, models.DO_NOTHING, related_name="+", verbose_name=_("record"), db_constraint=False
    )
    kind = models.CharField(_("kind"), max_length=40)
    root_kind = models.CharField(_("kind of what it follows from"), max_length=40)
    duty = models.PositiveSmallIntegerField(_("duty"), default=0, db_default=0)
    due_on = models.DateField(_("due on"), null=True)
    due_at = models.DateTimeField(_("due at"))
    outcome = models.SmallIntegerField(_("outcome"), choices=Outcome.choices)
    confidentiality = models.CharField(_("confidentiality"), max_length=12, choices=Confidentiality.choices)
    unit = models.ForeignKey(
        BusinessUnit,
        models.DO_NOTHING,
        related_name="+",
        verbose_name=_("business unit"),
        db_constraint=False,
        db_index=False,
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        related_name="+",
        verbose_name=_("owner"),
        db_constraint=False,
        db_index=False,
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        related_name="+",
        verbose_name=_("assigned to"),
        db_constraint=False,
        db_index=False,
    )

    objects: ClassVar[Any] = CalendarDateQuerySet.as_manager()

    class Meta:
        verbose_name = _("date of the calendar")
        verbose_name_plural = _("dates of the calendar")
        indexes = [
            # Carries all that the filters ask: the dates of a month are found without a look at the rows.
            models.Index(
                fields=["due_at", "outcome", "deadline"],
                include=[
                    "record",
                    "kind",
                    "root_kind",
                    "duty",
                    "due_on",
                    "confidentiality",
                    "unit",
                    "owner",
                    "assignee",
                ],
                name="calendar_date_due",
            ),
            # What comes next of one kind of record, however many dates others have.
            models.Index(
                fields=["root_kind", "due_at", "deadline"],
                include=["record", "kind", "due_on", "confidentiality", "unit", "owner", "assignee"],
                name="calendar_date_next",
                condition=models.Q(outcome=Outcome.OPEN),
            ),
            # The first dates of a duty in a month, of what is open or done: each looked up by itself.
            models.Index(
                fields=["root_kind", "duty", "outcome", "due_at", "deadline"],
                include=["record", "kind", "due_on", "confidentiality", "unit", "owner", "assignee"],
                name="calendar_date_duty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.due_at:%Y-%m-%d}"
