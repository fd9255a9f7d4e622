"""The form of an audit's conclusion."""

from django import forms
from django.utils.translation import gettext_lazy as lazy

from audits.forms.fields import LONG_TEXT
from foundation.records.forms import VersionedFormMixin


class ConclusionForm(VersionedFormMixin, forms.Form):
    """The overall judgement of an audit."""

    conclusion = forms.CharField(
        label=lazy("Conclusion"),
        help_text=lazy(
            "The overall judgement: how far what was audited fulfils the criteria, and what matters most of what was found. "
            "Everyone who sees the audit reads it."
        ),
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
