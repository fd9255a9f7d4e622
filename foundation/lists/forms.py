"""The forms of a saved view."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.lists.choices import Sharing
from foundation.lists.models import SavedView


class ViewForm(forms.Form):
    """The name of a view, and who sees it."""

    name = forms.CharField(label=_("Name"), max_length=60)
    sharing = forms.ChoiceField(label=_("Shown to"), choices=Sharing.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, sharings: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sharing"].choices = [  # type: ignore[attr-defined]
            choice for choice in Sharing.choices if choice[0] in sharings
        ]
        self.fields["sharing"].initial = Sharing.NOBODY
        self.helper = FormHelper()
        self.helper.form_tag = False


class ViewSaveForm(ViewForm):
    """Saves what a list shows, as a new view or in place of one."""

    replaces = forms.ChoiceField(label=_("In place of"), required=False)
    field_order = ("replaces", "name", "sharing")

    def __init__(self, *args: Any, own: list[SavedView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if own:
            options = [("", _("nothing: a new view")), *((str(view.pk), view.name) for view in own)]
            self.fields["replaces"].choices = options  # type: ignore[attr-defined]
        else:
            del self.fields["replaces"]
        self._own = {str(view.pk): view for view in own}

    def replaced(self) -> SavedView | None:
        """Return the view whose place the new one takes."""
        return self._own.get(self.cleaned_data.get("replaces", ""))
