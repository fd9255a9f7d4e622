"""The transitions of frameworks, as data."""

from django.utils.translation import gettext_lazy as lazy

from compliance.choices import FRAMEWORK_TONES, FrameworkState
from foundation.lifecycle.tables import Lifecycle, Transition

FRAMEWORK_LIFECYCLE = Lifecycle(
    key="framework",
    states=FrameworkState,
    initial=FrameworkState.ACTIVE,
    path=(FrameworkState.ACTIVE,),
    tones=FRAMEWORK_TONES,
    transitions=(
        Transition(
            name="retire",
            label=lazy("Retire"),
            sources=(FrameworkState.ACTIVE,),
            target=FrameworkState.RETIRED,
            right="compliance.manage",
            needs_comment=True,
            comment_label=lazy("Why does it no longer bind the organisation?"),
            tone="secondary",
            icon="archive",
        ),
        Transition(
            name="reinstate",
            label=lazy("Use again"),
            sources=(FrameworkState.RETIRED,),
            target=FrameworkState.ACTIVE,
            right="compliance.manage",
            needs_comment=True,
            comment_label=lazy("Why does it bind the organisation again?"),
            tone="secondary",
            icon="arrow-back-up",
        ),
    ),
)
