"""How well controls work, as somebody other than their owners found."""

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from controls.choices import Effectiveness
from controls.models.controls import Control
from controls.models.versions import ControlVersion

_OWNER_AS_IT_IS = """
    IF NOT EXISTS (SELECT FROM records_record WHERE id = NEW.control_id AND owner_id = NEW.owner_id) THEN
        RAISE EXCEPTION 'A rating names the owner of its control.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class ControlRating(models.Model):
    """Somebody looked at how well a control works on a day. Its owner of that time never did; nothing of it is changed or removed."""

    control = models.ForeignKey(Control, models.PROTECT, related_name="ratings", verbose_name=_("control"))
    version = models.ForeignKey(
        ControlVersion, models.PROTECT, related_name="+", verbose_name=_("version in force")
    )
    effectiveness = models.CharField(_("effectiveness"), max_length=12, choices=Effectiveness.choices)
    reason = models.CharField(_("reason"), max_length=4_000)
    rated_on = models.DateField(_("rated on"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner at that time")
    )
    rated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("rated by")
    )
    rated_at = models.DateTimeField(_("written at"))

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("rating of a control")
        verbose_name_plural = _("ratings of controls")
        ordering = ["-rated_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(effectiveness__in=Effectiveness.values), name="control_rating_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="control_rating_for_a_reason"),
            models.CheckConstraint(condition=~Q(rated_by=F("owner")), name="control_rating_not_by_owner"),
        ]
        triggers = [
            pgtrigger.Protect(name="control_rating_kept", operation=pgtrigger.Delete | pgtrigger.Update),
            pgtrigger.Trigger(
                name="control_rating_names_owner",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=_OWNER_AS_IT_IS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.control_id}, {self.rated_on:%Y-%m-%d}"
