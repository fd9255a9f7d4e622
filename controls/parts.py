"""What pages of controls draw: badges."""

from functools import cache

from controls.choices import (
    CONTROL_TONES,
    COVERAGE_TONES,
    EFFECTIVENESS_TONES,
    IMPLEMENTATION_TONES,
    VERSION_TONES,
    ControlState,
    Coverage,
    Effectiveness,
    Implementation,
    VersionState,
)
from foundation.ui.components import NOTHING, Badge


@cache
def control_badge(state: str) -> Badge:
    """Return a state of controls as it is shown; the same badge each time."""
    return Badge(ControlState(state).label, CONTROL_TONES[state], dot=True)


@cache
def version_badge(state: str) -> Badge:
    """Return a state of versions as it is shown; the same badge each time."""
    return Badge(VersionState(state).label, VERSION_TONES[state], dot=True)


@cache
def implementation_badge(implementation: str) -> Badge:
    """Return how far a control is carried out as it is shown; the same badge each time."""
    return Badge(Implementation(implementation).label, IMPLEMENTATION_TONES[implementation], dot=True)


@cache
def effectiveness_badge(effectiveness: str) -> Badge | str:
    """Return how well a control works as it is shown; the same badge each time."""
    if not effectiveness:
        return NOTHING
    return Badge(Effectiveness(effectiveness).label, EFFECTIVENESS_TONES[effectiveness], dot=True)


@cache
def coverage_badge(coverage: str) -> Badge:
    """Return how far a requirement is covered as it is shown; the same badge each time."""
    return Badge(Coverage(coverage).label, COVERAGE_TONES[coverage], dot=True)
