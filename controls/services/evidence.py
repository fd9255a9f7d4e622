"""Evidence that a control is carried out: when it is asked for, and giving it."""

from collections.abc import Sequence
from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from controls.models import Control, ControlEvidence, ControlEvidenceFile
from controls.permissions import WRITE, can_give_evidence, operating_refusal
from controls.services.errors import ControlRefused
from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.rights import right_missing
from foundation.deadlines.models import Deadline
from foundation.deadlines.services import deadline_close, deadline_set
from foundation.files.inspection import FileRefused
from foundation.files.models import FileVersion
from foundation.files.services import FileKnown, Upload, file_add
from foundation.records.models import Record
from foundation.records.services import record_hold, record_update
from foundation.trail.services import entry_write

EVIDENCE = "controls.evidence"


def due_after(start: date, months: int, day: date) -> date:
    """Return the first end of a period after a day, of periods of so many months that are counted from a start; month ends clamp."""
    return start + relativedelta(months=months * (_periods(start, months, day) + 1))


def periods_over(start: date, months: int, after: date, until: date) -> int:
    """Return how many periods ended after a day and before another."""
    return max(0, _periods(start, months, until - relativedelta(days=1)) - _periods(start, months, after))


def _periods(start: date, months: int, day: date) -> int:
    """Return how many periods have ended by a day."""
    number = max(0, ((day.year - start.year) * 12 + day.month - start.month) // months)
    while number and start + relativedelta(months=months * number) > day:
        number -= 1
    return number


@transaction.atomic
def evidence_give(
    *, control: Control, note: str, files: Sequence[FileVersion], actor: User, now: datetime, version: int
) -> ControlEvidence:
    """Keep files of a control, and what they show, as evidence that it was carried out; as the control was read at `version`.

    It answers the period that is due; the next is due at the end of the first period after today. What comes before the next
    period began is kept beside the last. Raises ControlRefused for who may not, without a file or a word, or when somebody was faster.
    """
    record_hold(control.pk, alone=True)  # so that no file is withdrawn meanwhile
    locked = Control.objects.select_for_update(of=("self",)).select_related("owner").get(pk=control.pk)
    today = organisation_day(now)
    if refusal := operating_refusal(locked):
        raise ControlRefused(refusal)
    if not can_give_evidence(actor, locked, today):
        raise ControlRefused(_("Its owner gives the evidence, or who stands in."))
    if locked.version != version:
        raise ControlRefused(_("The control was changed meanwhile. Look at it again."))
    if not note.strip():
        raise ControlRefused({"note": _("Say what the files show.")})
    if not files:
        raise ControlRefused({"uploads": _("Choose a file, or add one.")})
    if any(file.file.is_withdrawn for file in _read(files)):
        raise ControlRefused({"files": _("A file that you chose was withdrawn meanwhile.")})
    given = _kept(locked, note.strip(), actor, now, today)
    ControlEvidenceFile.objects.bulk_create(ControlEvidenceFile(evidence=given, file=file) for file in files)
    before = locked.evidence_on
    if given.due_on is not None and not given.adds:
        locked.evidence_on = due_after(*_rhythm(locked), max(today, given.due_on))
    locked.version += 1
    locked.save()
    entry_write(
        action="controls.control.evidence",
        actor=actor,
        record=locked,
        before={"evidence_on": before.isoformat() if before else None},
        after={
            "evidence_on": locked.evidence_on.isoformat() if locked.evidence_on else None,
            "files": ", ".join(f"{file.name}, SHA-256 {file.sha256}" for file in files),
        },
        comment=note.strip(),
    )
    asking_follow(control=locked, now=now)
    return given


@transaction.atomic
def evidence_upload_give(
    *,
    control: Control,
    note: str,
    files: Sequence[FileVersion],
    uploads: Sequence[Upload],
    actor: User,
    now: datetime,
    version: int,
) -> Control:
    """Add new files to a control, give them with others that it has as evidence, and return the control as it is then.

    One that is there already is given as it is there. Where one may not come in nothing is added, and ControlRefused says why.
    """
    given = list(files)
    for upload in uploads:
        try:
            file = file_add(record=control, upload=upload, actor=actor, now=now)
        except FileKnown as known:
            file = known.file
        except FileRefused as refused:
            raise ControlRefused({"uploads": f"{upload.name}: {refused}"}) from refused
        found = FileVersion.objects.get(file=file, number=file.latest)
        if found.pk not in {one.pk for one in given}:
            given.append(found)
    evidence_give(control=control, note=note, files=given, actor=actor, now=now, version=version)
    changed: Control = Control.objects.get(pk=control.pk)
    return changed


def _read(files: Sequence[FileVersion]) -> "QuerySet[FileVersion]":
    found: QuerySet[FileVersion] = FileVersion.objects.filter(pk__in=[file.pk for file in files])
    return found.select_related("file")


def _kept(control: Control, note: str, actor: User, now: datetime, today: date) -> ControlEvidence:
    due, adds = control.evidence_on, False
    last = control.evidence.filter(adds=False, due_on__isnull=False).order_by("-due_on").first()
    if due is not None and last is not None and today < period_begins(control):
        due, adds = last.due_on, True
    missed = 0
    if due is not None and not adds:
        missed = periods_over(*_rhythm(control), due, today)
    given: ControlEvidence = ControlEvidence.objects.create(
        control=control,
        version=control.current,
        due_on=due,
        adds=adds,
        missed=missed,
        note=note,
        given_by=actor,
        given_on=today,
        given_at=now,
    )
    return given


def period_begins(control: Control) -> date:
    """Return the day on which the period begins whose evidence is due next."""
    assert control.evidence_on is not None
    return control.evidence_on - relativedelta(months=_rhythm(control)[1])


def _rhythm(control: Control) -> tuple[date, int]:
    """Return from when on periods are counted, and of how many months they are, where evidence is due on a day."""
    assert control.evidence_from is not None
    assert control.evidence_months is not None
    return control.evidence_from, control.evidence_months


def asking_follow(*, control: Control, now: datetime) -> None:
    """Let the control's owner be reminded of the evidence that is due, and of none where none is asked for.

    Must be called inside a transaction, in which the control's row is locked.
    """
    if control.is_evidence_asked:
        deadline_set(
            record=control, kind=EVIDENCE, assignee=control.owner, due_on=control.evidence_on, now=now
        )
    else:
        deadline_close(record=control, kind=EVIDENCE, now=now, was_dropped=not control.is_operating)


def asking_change(*, control: Control, was_operating: bool, now: datetime) -> None:
    """Begin or end asking for evidence, as a control is carried out from now on, or is not. Must be called inside a transaction.

    What was late stays late: who says that it is not carried out, and that it is again, is asked for the same as before.
    """
    today = organisation_day(now)
    if not control.is_operating:
        if was_operating and control.evidence_on is not None and control.evidence_on >= today:
            control.evidence_on = None
    elif control.evidence_on is None and control.evidence_months is not None:
        control.evidence_from = today
        control.evidence_on = due_after(today, control.evidence_months, today)
    _save_asking(control, now)


def asking_after_approval(*, control: Control, months_before: int | None, now: datetime) -> None:
    """Let evidence be asked for as the version now in force says. Must be called inside the step's transaction.

    Another cadence counts from today; it puts off nothing that is late already.
    """
    today = organisation_day(now)
    if control.evidence_months is None:
        control.evidence_from = control.evidence_on = None
    elif control.is_operating:
        is_late = control.evidence_on is not None and control.evidence_on < today
        if control.evidence_on is None or (months_before != control.evidence_months and not is_late):
            control.evidence_from = today
            control.evidence_on = due_after(today, control.evidence_months, today)
    _save_asking(control, now)


def _save_asking(control: Control, now: datetime) -> None:
    Control.objects.filter(pk=control.pk).update(
        evidence_from=control.evidence_from, evidence_on=control.evidence_on
    )
    asking_follow(control=control, now=now)


def evidence_move_refusal(*, record: Record, user: User) -> str | None:
    """Return why the day of the evidence can't be moved, or None; raise PermissionDenied for who may not write controls there."""
    if not access_of(user).has(WRITE, record.unit_id):
        raise right_missing(WRITE, record.unit_id)
    control = _control(record)
    if control.owner_id == user.pk:
        return _("You are asked for this evidence, so somebody else must move its day.")
    return None if control.is_evidence_asked else _("No evidence is asked for.")


@transaction.atomic
def evidence_move(*, record: Record, to: date, version: int, actor: User, now: datetime) -> None:
    """Let the evidence be due on another day, from which later periods are counted.

    Raises ValidationError for a day that is over, PermissionDenied for who may not, StaleRecord when somebody was faster.
    """
    if refusal := evidence_move_refusal(record=record, user=actor):
        raise PermissionDenied(refusal)
    if to < organisation_day(now):
        raise ValidationError(_("That day is over."))
    control = _control(record)
    if control.evidence.filter(adds=False, due_on__gte=to).exists():
        raise ValidationError(_("There is evidence of that time already."))
    changed = record_update(
        record=control, changes={"evidence_on": to, "evidence_from": to}, actor=actor, version=version
    )
    asking_follow(control=changed, now=now)


def _control(record: Record) -> Control:
    """Return the control that a record is; lists have it in hand, the calendar only the record."""
    if isinstance(record, Control):
        return record
    found: Control = Control.objects.select_related("owner", "unit").get(pk=record.pk)
    return found


def evidence_astray() -> list[int]:
    """Return the keys of controls whose evidence nobody, or another than the owner, is reminded of, or of another day."""
    reminded = Deadline.objects.open().filter(
        record_id=OuterRef("pk"),
        kind=EVIDENCE,
        assignee_id=OuterRef("owner_id"),
        due_on=OuterRef("evidence_on"),
    )
    astray = Control.objects.asked().filter(~Exists(reminded))
    return list(astray.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def evidence_find_back(*, key: int, now: datetime) -> None:
    """Let the owner of a control be reminded of its evidence."""
    control = Control.objects.select_for_update(of=("self",)).select_related("owner").get(pk=key)
    asking_follow(control=control, now=now)
