"""The seven roles."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

# Links of other apps that stand on the list of people: NavigationEntry of this group.
PEOPLE_STEPS = "accounts.people"


class Role(models.TextChoices):
    """What a person is to the office; granted for the whole organisation or for a unit and all below it."""

    CISO = "ciso", _("CISO")
    SECURITY = "security", _("Security staff")
    AUDITOR = "auditor", _("Auditor")
    EXECUTIVE = "executive", _("Executive")
    UNIT_LEAD = "unit_lead", _("Unit lead")
    PERSONNEL = "personnel", _("Personnel")
    ADMINISTRATOR = "administrator", _("Administrator")


def role_words(value: Any) -> str | None:
    """Return roles as people call them, or None for what is no list of roles."""
    if not isinstance(value, list) or not set(value) <= set(Role.values):
        return None
    return ", ".join(str(Role(role).label) for role in value) or None


class PersonState(models.TextChoices):
    """Where a person's account stands; worked out, never stored."""

    ACTIVE = "active", _("Active")
    NEW = "new", _("Not signed in yet")
    CLOSED = "closed", _("Closed")


PERSON_TONES = {
    PersonState.ACTIVE: "good",
    PersonState.NEW: "attention",
    PersonState.CLOSED: "neutral",
}


class LinkPurpose(models.TextChoices):
    """What a one-time link lets its reader do."""

    INVITATION = "invitation", _("Choose the first password")
