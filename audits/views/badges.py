"""States and grades as pages show them; the same badge each time, so that a list draws it once."""

from functools import cache

from django.utils.translation import gettext as _

from audits.choices import (
    AUDIT_TONES,
    EVIDENCE_TONES,
    FINDING_TONES,
    GRADE_TONES,
    PROGRAMME_TONES,
    SHORT_GRADES,
    AuditState,
    EvidenceState,
    FindingState,
    Grade,
    ProgrammeState,
)
from foundation.ui.components import Badge, Tone


@cache
def audit_badge(state: str) -> Badge:
    """Return a state of audits."""
    return Badge(AuditState(state).label, AUDIT_TONES[state], dot=True)


@cache
def programme_badge(state: str) -> Badge:
    """Return a state of programmes."""
    return Badge(ProgrammeState(state).label, PROGRAMME_TONES[state], dot=True)


@cache
def finding_badge(state: str) -> Badge:
    """Return a state of findings."""
    return Badge(FindingState(state).label, FINDING_TONES[state], dot=True)


@cache
def evidence_badge(state: str) -> Badge:
    """Return a state of requests for evidence."""
    return Badge(EvidenceState(state).label, EVIDENCE_TONES[state], dot=True)


@cache
def grade_badge(grade: str) -> Badge:
    """Return a grade."""
    return Badge(Grade(grade).label, GRADE_TONES[grade])


@cache
def short_grade_badge(grade: str) -> Badge:
    """Return a grade as tables show it."""
    return Badge(SHORT_GRADES[grade], GRADE_TONES[grade])


def repeat_badge() -> Badge:
    """Return the sign of a finding that was found before."""
    return Badge(_("Repeat"), Tone.ATTENTION, "repeat")
