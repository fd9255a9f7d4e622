"""Forms of remarks."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.accounts.forms.fields import PersonChoice


class RemarkForm(forms.Form):
    """What one has to remark, or answers."""

    text = forms.CharField(label=_("Remark"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, label: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label or self.fields["text"].label


class ReaderForm(forms.Form):
    """Who is asked to read. `people` are those who may know of the record."""

    def __init__(self, *args: Any, people: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = PersonChoice(label=_("Who reads it"), queryset=people)
