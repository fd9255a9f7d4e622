"""The forms of compliance."""

from compliance.forms.frameworks import FrameworkChangeForm, FrameworkCreateForm
from compliance.forms.importing import CatalogueForm
from compliance.forms.lines import DraftForm, LineForm, NewLineForm, PlaceForm
from compliance.forms.outline import OutlineForm

__all__ = [
    "CatalogueForm",
    "DraftForm",
    "FrameworkChangeForm",
    "FrameworkCreateForm",
    "LineForm",
    "NewLineForm",
    "OutlineForm",
    "PlaceForm",
]
