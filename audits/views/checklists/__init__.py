"""Pages of an audit's checklist."""

from audits.views.checklists.choosing import ChecksAdd, ChecksCopy, ChecksRemove
from audits.views.checklists.evidence import CheckUpload, EvidenceAdd, EvidenceRemove
from audits.views.checklists.pages import ChecklistPage, CheckPage
from audits.views.checklists.several import ChecksSet

__all__ = [
    "CheckPage",
    "CheckUpload",
    "ChecklistPage",
    "ChecksAdd",
    "ChecksCopy",
    "ChecksRemove",
    "ChecksSet",
    "EvidenceAdd",
    "EvidenceRemove",
]
