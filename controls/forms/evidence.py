"""The form that gives evidence of a control."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as lazy

from controls.models import Control
from foundation.files.forms import ManyFilesField, limits_words
from foundation.files.inspection import KINDS
from foundation.files.models import FileVersion
from foundation.records.forms import VersionedFormMixin


class EvidenceForm(VersionedFormMixin, forms.Form):
    """Gives files, and what they show, as evidence: files that the control has, and new ones."""

    note = forms.CharField(
        label=lazy("What it shows"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=lazy(
            "For which time, how many were looked at, what was out of order. It is kept as it is."
        ),
    )
    uploads = ManyFilesField(label=lazy("New files"), required=False)

    def __init__(self, *args: Any, control: Control, files: Sequence[FileVersion], **kwargs: Any) -> None:
        super().__init__(*args, record=control, **kwargs)
        self.known = {str(file.pk): file for file in files}
        self.fields["uploads"].help_text = limits_words()
        self.fields["uploads"].widget.attrs["accept"] = ",".join(f".{extension}" for extension in KINDS)
        if self.known:
            self.fields["files"] = forms.MultipleChoiceField(
                label=lazy("Files of the control"),
                required=False,
                choices=[(key, file.name) for key, file in self.known.items()],
                widget=forms.CheckboxSelectMultiple(),
                help_text=lazy("Those that show it, in the version that is the newest now."),
            )
        self.helper = FormHelper()
        self.helper.layout = Layout("note", "uploads", *(["files"] if self.known else []), "version")

    def chosen(self) -> list[FileVersion]:
        """Return the files that were ticked."""
        return [self.known[key] for key in self.cleaned_data.get("files", ())]
