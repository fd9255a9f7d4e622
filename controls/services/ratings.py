"""Rating how well controls work."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from controls.models import Control, ControlRating
from controls.permissions import rating_refusal
from controls.services.errors import ControlRefused
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.records.services import StaleRecord
from foundation.trail.services import entry_write


@transaction.atomic
def control_rate(
    *,
    control: Control,
    effectiveness: str,
    reason: str,
    rated_on: date,
    actor: User,
    now: datetime,
    version: int,
) -> ControlRating:
    """Keep how well a control worked on a day, as it was read at `version`; the latest rating is the control's.

    Raises ControlRefused for its owner, for a day to come or before the last rating, and without a reason; StaleRecord when
    somebody else was faster.
    """
    locked = Control.objects.select_for_update(of=("self",)).get(pk=control.pk)
    if refusal := rating_refusal(locked, actor):
        raise ControlRefused(refusal)
    if locked.version != version:
        raise StaleRecord(locked)
    if not reason.strip():
        raise ControlRefused({"reason": _("Say why: a rating needs a reason.")})
    if rated_on > organisation_day(now):
        raise ControlRefused({"rated_on": _("That day is still to come.")})
    if locked.rated_on and rated_on < locked.rated_on:
        raise ControlRefused({"rated_on": _("It was rated on a later day already.")})
    rating: ControlRating = ControlRating.objects.create(
        control=locked,
        version=locked.current,
        effectiveness=effectiveness,
        reason=reason.strip(),
        rated_on=rated_on,
        owner_id=locked.owner_id,
        rated_by=actor,
        rated_at=now,
    )
    before = locked.effectiveness
    locked.effectiveness, locked.rated_on = effectiveness, rated_on
    locked.version += 1
    locked.save()
    entry_write(
        action="controls.control.rated",
        actor=actor,
        record=locked,
        before={"effectiveness": before},
        after={"effectiveness": effectiveness, "rated_on": rated_on.isoformat()},
        comment=reason.strip(),
    )
    return rating
