"""Beginning controls, and changing what is said of them besides their words."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from controls.choices import ControlState, ControlType, Frequency, Implementation, Nature
from controls.models import Control, ControlVersion
from controls.models.controls import USUAL_CADENCE
from controls.permissions import implementing_refusal, settling_refusal
from controls.services.errors import ControlRefused
from controls.services.evidence import asking_change, asking_follow
from foundation.accounts.models import BusinessUnit, User
from foundation.records.choices import Confidentiality
from foundation.records.services import StaleRecord, record_create, record_update
from foundation.trail.services import entry_write

SETTLED_FIELDS = ("owner", "unit", "confidentiality")


@transaction.atomic
def control_create(
    *,
    actor: User,
    now: datetime,
    title: str,
    unit: BusinessUnit,
    owner: User,
    statement: str = "",
    purpose: str = "",
    type: str = ControlType.PREVENTIVE,
    nature: str = Nature.MANUAL,
    is_key: bool = False,
    frequency: str = Frequency.YEARLY,
    evidence_how: str = "",
    evidence_months: int | None = USUAL_CADENCE,
    confidentiality: str = Confidentiality.INTERNAL,
) -> Control:
    """Begin a control with the draft of its first version."""
    said = {
        "type": type,
        "nature": nature,
        "is_key": is_key,
        "frequency": frequency,
        "evidence_months": evidence_months,
    }
    control = Control(title=title, unit=unit, owner=owner, confidentiality=confidentiality, **said)
    record_create(record=control, kind="control", actor=actor, state=ControlState.DRAFT)
    ControlVersion.objects.create(
        control=control,
        number=1,
        title=title,
        statement=statement,
        purpose=purpose,
        evidence_how=evidence_how,
        written_by=actor,
        writers=[actor.pk],
        written_at=now,
        **said,
    )
    control.save()  # which writes the words that search finds it by, now that it has a statement
    return control


@transaction.atomic
def control_change(
    *, control: Control, changes: dict[str, Any], actor: User, now: datetime, version: int
) -> Control:
    """Change whose a control is, as it was read at `version`; what it says is another matter.

    Raises ControlRefused once it is retired, StaleRecord when somebody else was faster.
    """
    if unknown := changes.keys() - set(SETTLED_FIELDS):
        raise ValueError(f"Not changed here: {sorted(unknown)}")
    if refusal := settling_refusal(control):
        raise ControlRefused(refusal)
    changed = record_update(record=control, changes=changes, actor=actor, version=version)
    asking_follow(control=changed, now=now)
    return changed


@transaction.atomic
def control_implementation_set(
    *, control: Control, implementation: str, note: str, actor: User, now: datetime, version: int
) -> Control:
    """Say how far a control is carried out, as it was read at `version`; evidence is asked for as long as it is.

    That it does not apply needs a reason, and so does that it is carried out no more. Raises ControlRefused, and StaleRecord when
    somebody else was faster.
    """
    locked = Control.objects.select_for_update(of=("self",)).select_related("owner").get(pk=control.pk)
    if refusal := implementing_refusal(locked, actor, implementation):
        raise ControlRefused(refusal)
    if locked.version != version:
        raise StaleRecord(locked)
    note = note.strip()
    ends = locked.is_operating and not _operates(locked, implementation)
    if not note and (implementation == Implementation.NOT_APPLICABLE or ends):
        raise ControlRefused({"note": _("Say why: that it is not carried out needs a reason.")})
    before = {"implementation": locked.implementation, "implementation_note": locked.implementation_note}
    after = {"implementation": implementation, "implementation_note": note}
    if before == after:
        return locked
    was_operating = locked.is_operating
    locked.implementation, locked.implementation_note = implementation, note
    locked.version += 1
    locked.save()
    entry_write(
        action="controls.control.implementation", actor=actor, record=locked, before=before, after=after
    )
    asking_change(control=locked, was_operating=was_operating, now=now)
    return locked


def _operates(control: Control, implementation: str) -> bool:
    """Tell whether a control in force would be carried out with another implementation."""
    return Control(state=control.state, implementation=implementation).is_operating


@transaction.atomic
def control_give(*, record: Control, to: User, leaving: User, actor: User, now: datetime) -> None:
    """Give a control another owner, who is asked for its evidence."""
    given = record_update(record=record, changes={"owner": to}, actor=actor, version=record.version)
    asking_follow(control=given, now=now)
