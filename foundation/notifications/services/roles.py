"""Telling who gives roles that work waits for somebody who may do it."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.accounts.models import BusinessUnit
from foundation.accounts.organisation import organisation_day
from foundation.accounts.rights import roles_named
from foundation.accounts.selectors import people_with_right
from foundation.notifications.services.notices import NoticeDraft, notices_write

ROLE_WANTED = "notifications.role_wanted"


def role_wanted_tell(*, unit: BusinessUnit, right: str, what: str, now: datetime) -> None:
    """Tell who may give roles in a unit that something waits there for a right that nobody may use; each at most once a day.

    They may not know of the record, so `what` says nothing of it. Must not be called of what is restricted.
    """
    on = organisation_day(now)
    sentence = _("%(what)s Give somebody who has no part in it the role %(roles)s there.")
    payload = {
        "title": _("Work waits in %(unit)s") % {"unit": unit.name},
        "sentence": sentence % {"what": what, "roles": roles_named(right)},
        "path": reverse("accounts:person-list"),
    }
    notices_write(
        notices=[
            NoticeDraft(
                recipient_id=person.pk,
                kind=ROLE_WANTED,
                dedupe_key=f"{ROLE_WANTED}:{right}:{unit.pk}:{on}:{person.pk}",
                payload=payload,
            )
            for person in people_with_right(right="people.manage", unit=unit, on=on)
        ],
        now=now,
    )
