"""The forms that map controls to requirements and to documents."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from controls.choices import Extent
from controls.models import ControlRequirement
from controls.selectors.mappings import document_written
from foundation.accounts.models import User
from foundation.ui.conflicts import Conflict, conflict_between
from policies.models import Document


def _note() -> forms.CharField:
    return forms.CharField(
        label=lazy("Which part"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=lazy("What of it the control covers, and what it leaves to others."),
    )


class ExtentForm(forms.Form):
    """How much of a requirement a control covers."""

    extent = forms.ChoiceField(
        label=lazy("It covers them"),
        choices=Extent.choices,
        initial=Extent.PARTLY,
        widget=forms.RadioSelect(),
    )
    note = _note()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, link: ControlRequirement | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if link is not None:
            self.fields["extent"].label = lazy("It covers it")
            self.initial = {"extent": link.extent, "note": link.note, "version": link.revision}
        self.helper = FormHelper()
        self.helper.layout = Layout("extent", "note", "version")

    def conflict_with(self, current: ControlRequirement) -> Conflict:
        """Return what was typed beside what stands there now; the form then stands on that."""
        return conflict_between(
            self,
            lambda name: getattr(current, name, None),
            name=current.requirement.identifier,
            version=str(current.revision),
        )


class DocumentMapForm(forms.Form):
    """Which document a control carries out."""

    other = forms.CharField(
        label=lazy("Document"),
        max_length=300,
        help_text=lazy("Its reference, such as DOC-0001; or some words of its title, to choose from."),
    )
    note = _note()

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader
        self.helper = FormHelper()
        self.helper.layout = Layout("other", "note")

    def clean_other(self) -> Document:
        """Return the document of the reference; what the reader may not know of is as unknown as what does not exist."""
        found = document_written(self.cleaned_data["other"], self.reader)
        if found is None:
            raise ValidationError(_("There is no document of this reference that you may see."))
        return found
