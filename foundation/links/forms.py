"""The form of a link."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.models import User
from foundation.links.relations import Direction, direction_of, directions
from foundation.links.selectors import record_written
from foundation.records.models import Record


class LinkForm(forms.Form):
    """How a record relates to which other."""

    relation = forms.ChoiceField(label=lazy("This record"))
    other = forms.CharField(
        label=lazy("Other record"),
        max_length=300,
        help_text=lazy("Its reference, such as AUD-0016; or some words of its title, to choose from."),
    )

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader
        relation = self.fields["relation"]
        assert isinstance(relation, forms.ChoiceField)
        relation.choices = [(direction.key, str(direction.words)) for direction in directions()]

    def clean_other(self) -> Record:
        """Return the record of the reference; what the reader may not see is as unknown as what does not exist."""
        found = record_written(self.cleaned_data["other"], self.reader)
        if found is None:
            raise ValidationError(_("There is no record of this reference that you may see."))
        return found

    @property
    def direction(self) -> Direction:
        """Return the relation that was chosen, once the form is valid."""
        direction = direction_of(self.cleaned_data["relation"])
        assert direction
        return direction
