"""Controls for tests."""

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from compliance.models import Framework
from compliance.tests.factories import framework_make
from controls.choices import ControlType, Effectiveness, Extent, Frequency, Implementation, Nature
from controls.models import Control, ControlEvidence
from controls.selectors import coming_of
from controls.services import EVIDENCE, control_create, control_implementation_set, control_rate, draft_write
from controls.services.evidence import evidence_upload_give
from controls.services.mappings import document_map, requirements_map
from foundation.accounts.models import BusinessUnit, User
from foundation.approvals.choices import Verdict
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.sample import open_and_decide
from foundation.approvals.selectors import latest_request
from foundation.deadlines.models import Deadline
from foundation.files.services import Upload
from foundation.lifecycle.services import apply_transition
from foundation.testing.cast import Cast
from policies.tests.factories import document_make

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def control_make(
    cast: Cast, *, actor: User | None = None, unit: BusinessUnit | None = None, **said: Any
) -> Control:
    """Begin a control of the whole organisation, which the analyst writes and owns."""
    said = {
        "title": "Doors are locked",
        "statement": "The porter locks **all doors** at eight.",
        "purpose": "Nobody walks in at night.",
        "type": ControlType.PREVENTIVE,
        "nature": Nature.MANUAL,
        "frequency": Frequency.DAILY,
        "evidence_how": "The porter's book.",
        "evidence_months": 3,
        **said,
    }
    writer = actor or cast.analyst
    return control_create(
        actor=writer, now=NOW, unit=unit or cast.units.root, owner=said.pop("owner", writer), **said
    )


def again(control: Control) -> Control:
    """Return a control as it is now."""
    found: Control = Control.objects.get(pk=control.pk)
    return found


def deadline_of(control: Control) -> Deadline:
    """Return the date of a control's evidence."""
    return Deadline.objects.get(record_id=control.pk, kind=EVIDENCE)


def step(control: Control, name: str, actor: User, *, now: datetime = NOW, comment: str = "") -> Control:
    """Take a step, and return the control as it is then."""
    apply_transition(record=control, name=name, actor=actor, now=now, comment=comment)
    return again(control)


def decide(
    control: Control,
    actor: User,
    verdict: Verdict = Verdict.APPROVE,
    *,
    now: datetime = NOW,
    comment: str = "",
) -> Control:
    """Decide on what was submitted, and return the control as it is then."""
    request = latest_request(control)
    assert isinstance(request, ApprovalRequest)
    open_and_decide(request=request, actor=actor, verdict=verdict, now=now, comment=comment)
    return again(control)


def submitted(cast: Cast, **said: Any) -> Control:
    """Begin a control and submit it."""
    return step(control_make(cast, **said), "submit", cast.analyst)


def in_force(cast: Cast, **said: Any) -> Control:
    """Begin a control and put it in force: the CISO approves it."""
    return decide(submitted(cast, **said), cast.ciso)


def implement(
    control: Control,
    actor: User,
    implementation: str = Implementation.IMPLEMENTED,
    *,
    note: str = "As written",
    now: datetime = NOW,
) -> Control:
    """Say how far a control is carried out."""
    return control_implementation_set(
        control=control,
        implementation=implementation,
        note=note,
        actor=actor,
        now=now,
        version=again(control).version,
    )


def operating(cast: Cast, **said: Any) -> Control:
    """Put a control in force, and carry it out: the first evidence is due in three months."""
    return implement(in_force(cast, **said), cast.ciso)


def revising(cast: Cast, control: Control | None = None, **changes: Any) -> Control:
    """Put a control in force, and write its next version."""
    control = step(control or in_force(cast), "revise", cast.analyst)
    assert coming_of(control) is not None
    draft_write(
        control=control,
        changes={"statement": "And the windows.", "summary": "Windows, too", **changes},
        actor=cast.analyst,
        now=NOW,
        version=control.version,
    )
    return again(control)


def give(
    control: Control, actor: User, *, now: datetime = NOW, note: str = "All locked", content: bytes = b""
) -> ControlEvidence:
    """Give a new file as evidence."""
    upload = Upload("book.txt", BytesIO(content or f"Locked, {now}".encode()))
    evidence_upload_give(
        control=control,
        note=note,
        files=(),
        uploads=[upload],
        actor=actor,
        now=now,
        version=again(control).version,
    )
    found: ControlEvidence = control.evidence.order_by("-pk")[0]
    return found


def rate(
    control: Control, actor: User, effectiveness: str = Effectiveness.LARGELY, *, on: date = TODAY
) -> Control:
    """Rate a control."""
    control_rate(
        control=control,
        effectiveness=effectiveness,
        reason="Looked at ten days",
        rated_on=on,
        actor=actor,
        now=NOW,
        version=again(control).version,
    )
    return again(control)


def mapped(
    cast: Cast, control: Control | None = None, *, extent: str = Extent.PARTLY, note: str = ""
) -> Control:
    """Map a control to the first requirement of the harbour baseline."""
    framework = Framework.objects.first() or framework_make(cast)
    control = control or control_make(cast)
    requirement = framework.requirements.order_by("pk")[0]
    requirements_map(
        control=control, requirements=[requirement], extent=extent, note=note, actor=cast.analyst, now=NOW
    )
    return again(control)


def documented(cast: Cast, control: Control | None = None, **said: Any) -> Control:
    """Map a control to a policy."""
    control = control or control_make(cast)
    document_map(
        control=control,
        document=document_make(cast, **said),
        note="The second part",
        actor=cast.analyst,
        now=NOW,
    )
    return again(control)
