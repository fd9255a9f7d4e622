"""Who may decide a stage: people by name, who plays a part in the record, holders of rights or roles for its unit, leads of units."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.accounts.choices import Role

# A stage that nobody can ever decide is none.
SOMEBODY = (
    models.Q(people__len__gt=0)
    | models.Q(rights__len__gt=0)
    | models.Q(roles__len__gt=0)
    | models.Q(units__len__gt=0)
    | models.Q(parts__len__gt=0)
)


class Circle(models.Model):
    """Those who may decide, in so many words: whoever is named, or holds what is named, by then.

    People and units are keys: a stage is copied into each request as it stands, and is fixed there as one row. `parts` are roles of
    participants, such as who answers for what the record is about: apps name them, where that may change while a request waits.
    """

    people = ArrayField(models.BigIntegerField(), verbose_name=_("people"), default=list, blank=True)
    rights = ArrayField(
        models.CharField(max_length=60), verbose_name=_("holders of rights"), default=list, blank=True
    )
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices),
        verbose_name=_("holders of roles"),
        default=list,
        blank=True,
    )
    units = ArrayField(models.BigIntegerField(), verbose_name=_("leads of units"), default=list, blank=True)

    parts = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("who plays a part in it"),
        default=list,
        db_default=[],
        blank=True,
    )

    class Meta:
        abstract = True
