"""What an edition's lines are narrowed by."""

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.choices import Method, NodeKind

SELECT = {"class": "form-select"}
KINDS = [
    ("", _("All")),
    (NodeKind.REQUIREMENT.value, _("Requirements")),
    (NodeKind.ENHANCEMENT.value, _("Enhancements")),
    ("withdrawn", _("Withdrawn")),
]


class OutlineForm(forms.Form):
    """Words, kind and method; the address holds them."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "class": "form-control", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=KINDS, widget=forms.Select(attrs=SELECT)
    )
    method = forms.ChoiceField(
        label=_("Method"),
        required=False,
        choices=[("", _("All")), *Method.choices],
        widget=forms.Select(attrs=SELECT),
    )

    def asked(self) -> dict[str, str]:
        """Return what is asked for, as `lines_matching` takes it; what can't be read asks for nothing."""
        self.is_valid()
        cleaned = getattr(self, "cleaned_data", {})
        return {
            "text": cleaned.get("q", ""),
            "kind": cleaned.get("kind", ""),
            "method": cleaned.get("method", ""),
        }
