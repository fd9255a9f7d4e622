"""Forms of a decision."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.approvals.choices import Verdict


class DecisionForm(forms.Form):
    """What an approver says, and the digest of what the page showed."""

    verdict = forms.ChoiceField(choices=Verdict.choices)
    digest = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        help_text=_("Needed when you reject, or ask for changes."),
    )


class WithdrawalForm(forms.Form):
    """Why a request is taken back."""

    comment = forms.CharField(max_length=2000, required=False)
