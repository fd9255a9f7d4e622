"""Who answers for a duty."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as lazy

from duties.board.posts import Posts
from foundation.accounts.forms.fields import PeopleChoice, PersonChoice, people_to_choose
from foundation.accounts.forms.seen import SeenFormMixin
from foundation.ui.conflicts import VERSION


class PostsForm(SeenFormMixin, forms.Form):
    """Who answers for a duty, and who its deputies are."""

    changed_by = "duties.post.changed"

    def __init__(self, *args: Any, posts: Posts, **kwargs: Any) -> None:
        kwargs["initial"] = {"responsible": posts.responsible, "deputies": posts.deputies}
        super().__init__(*args, **kwargs)
        people = people_to_choose(posts.responsible)
        self.fields["responsible"] = PersonChoice(
            label=lazy("Responsible"),
            queryset=people,
            required=False,
            help_text=lazy(
                "Who answers for the duty, whoever does what it asks for. Proposed as owner of what is planned for it."
            ),
        )
        self.fields["deputies"] = PeopleChoice(
            label=lazy("Deputies"), queryset=people_to_choose(*posts.deputies), required=False
        )
        self.see(posts)
        self.helper = FormHelper()
        self.helper.layout = Layout("responsible", "deputies", VERSION)

    def version_now(self, current: Posts) -> str:
        """Return the version of the posts."""
        return current.version

    def clean(self) -> dict[str, Any]:
        """Refuse a deputy who answers for the duty."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        responsible = cleaned.get("responsible")
        if responsible and responsible in cleaned.get("deputies", ()):
            raise ValidationError({"deputies": gettext("Who answers for the duty is not a deputy as well.")})
        return cleaned
