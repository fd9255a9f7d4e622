"""What the app keeps."""

from controls.models.controls import Control
from controls.models.evidence import ControlEvidence, ControlEvidenceFile
from controls.models.listings import ControlListing
from controls.models.mappings import ControlDocument, ControlRequirement
from controls.models.ratings import ControlRating
from controls.models.versions import ControlVersion

__all__ = [
    "Control",
    "ControlDocument",
    "ControlEvidence",
    "ControlEvidenceFile",
    "ControlListing",
    "ControlRating",
    "ControlRequirement",
    "ControlVersion",
]
