"""Whom an incident response plan calls, in which order, and when somebody last made sure of that."""

from typing import Any, ClassVar

import pghistory
import pgtrigger
from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policies.models import Document
from response.querysets import ContactQuerySet

# People change their numbers and their work without telling the plan; a quarter is what NIST SP 800-84 takes for contact lists.
USUAL_CADENCE, LONGEST_CADENCE = 3, 12  # months


@pghistory.track()
class Contact(models.Model):
    """A role in an incident, and who takes it: a person of the portal, or somebody outside by name.

    `position` is the order of calling. By `confirm_by`, `cadence_months` after it was last confirmed (or written), somebody makes sure that
    name and numbers are right. What is taken off the sheet keeps its row.
    """

    plan = models.ForeignKey(Document, models.PROTECT, related_name="contacts", verbose_name=_("plan"))
    position = models.PositiveSmallIntegerField(_("order of calling"))
    role = models.CharField(_("role"), max_length=120)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )
    outside = models.CharField(_("name of somebody outside"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    after_hours = models.CharField(_("out of hours"), max_length=300, blank=True)
    deputy = models.CharField(_("deputy"), max_length=300, blank=True)
    cadence_months = models.PositiveSmallIntegerField(
        _("confirmed every (months)"),
        default=USUAL_CADENCE,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_CADENCE)],
    )
    confirmed_on = models.DateField(_("last confirmed on"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirm_by = models.DateField(_("to be confirmed by"))
    revision = models.PositiveIntegerField(_("times written"), default=1)
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    objects: ClassVar[Any] = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact of a plan")
        verbose_name_plural = _("contacts of plans")
        ordering = ["plan", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, outside="") | (Q(person__isnull=True) & ~Q(outside="")),
                name="contact_is_somebody",
            ),
            models.CheckConstraint(condition=~Q(phone="") | ~Q(email=""), name="contact_can_be_reached"),
            models.CheckConstraint(
                condition=Q(cadence_months__range=(1, LONGEST_CADENCE)), name="contact_cadence_in_range"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_on__isnull=False, confirmed_by__isnull=False),
                name="contact_confirmed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["plan", "position"], condition=Q(removed_at__isnull=True), name="contact_of_plan"
            )
        ]
        triggers = [pgtrigger.Protect(name="contact_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.role}: {self.name}"

    @property
    def name(self) -> str:
        """Return who it is."""
        return self.person.full_name if self.person else self.outside


def months_after(day: Any, months: int) -> Any:
    """Return the day so many months later; a month's end stays one."""
    return day + relativedelta(months=months)
