"""The forms of controls."""

from controls.forms.controls import ControlBeginForm, ControlSettleForm, DraftForm, ImplementationForm
from controls.forms.evidence import EvidenceForm
from controls.forms.ratings import RatingForm

__all__ = [
    "ControlBeginForm",
    "ControlSettleForm",
    "DraftForm",
    "EvidenceForm",
    "ImplementationForm",
    "RatingForm",
]
