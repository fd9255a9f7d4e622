"""The forms of a comment."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.conversation.models import LONGEST_COMMENT
from foundation.records.forms import SubmissionFormMixin, VersionField


class CommentTextField(forms.CharField):
    """A comment's text. Its length is checked here and not by the browser, which would cut off what is pasted."""

    default_error_messages = {"required": lazy("Write something first.")}

    def clean(self, value: Any) -> str:
        """Return the text with one kind of line ends."""
        text: str = super().clean(value).replace("\r\n", "\n")
        if len(text) > LONGEST_COMMENT:
            raise ValidationError(
                _(
                    "This comment has %(length)s characters; at most %(most)s are possible. Nothing is lost: shorten it, "
                    "or say it in several."
                )
                % {
                    "length": number_format(len(text), use_l10n=True, force_grouping=True),
                    "most": number_format(LONGEST_COMMENT, use_l10n=True, force_grouping=True),
                }
            )
        return text


class CommentEditForm(forms.Form):
    """A comment in other words; `revision` tells which were read."""

    text = CommentTextField(label=lazy("Comment"), widget=forms.Textarea(attrs={"rows": 6}))
    revision = VersionField(required=False)


class WithdrawForm(forms.Form):
    """Why a comment is taken back."""

    reason = forms.CharField(label=lazy("Reason"), max_length=500, required=False)

    def __init__(self, *args: Any, needs_reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needs_reason


class CommentForm(SubmissionFormMixin, forms.Form):
    """Something said about a record."""

    text = CommentTextField(
        label=lazy("Comment"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy(
            "@ and a name mentions somebody. Markdown: **bold**, *italic*, `code`, lists, > quotes. Ctrl+Enter sends."
        ),
    )
