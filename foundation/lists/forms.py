"""The forms of a saved view."""

from dataclasses import replace
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.accounts.forms.seen import SeenFormMixin
from foundation.accounts.versions import version_of
from foundation.lists.choices import Sharing
from foundation.lists.models import SavedView
from foundation.lists.services import VIEW_FIELDS, VIEW_NAMING
from foundation.ui.conflicts import NOTHING, Conflict, ConflictRow, send_instead


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


class ViewEditForm(SeenFormMixin, ViewForm):
    """Changes the name of a view, and who sees it."""

    seen_fields = VIEW_NAMING

    def __init__(self, *args: Any, view: SavedView, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(view, name) for name in VIEW_NAMING})
        super().__init__(*args, **kwargs)
        self.see(view)


class ReplacedField(forms.ChoiceField):
    """One of the own views, by its key and the version that was offered: that it was changed since is for the service."""

    def valid_value(self, value: str) -> bool:
        """Tell whether it is a view that was offered, whichever version of it."""
        return any(_key(value) == _key(key) for key, _label in self.widget.choices)


class ViewSaveForm(SeenFormMixin, ViewForm):
    """Saves what a list shows, as a new view or in place of one."""

    seen_fields = VIEW_FIELDS

    replaces = ReplacedField(label=_("In place of"), required=False)
    field_order = ("replaces", "name", "sharing")

    def __init__(self, *args: Any, own: list[SavedView], query: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.query = query
        self._own = {str(view.pk): view for view in own}
        if own:
            options = [("", _("nothing: a new view")), *((self._offer(view), view.name) for view in own)]
            self.fields["replaces"].choices = options  # type: ignore[attr-defined]
        else:
            del self.fields["replaces"]

    def replaced(self) -> SavedView | None:
        """Return the view whose place the new one takes."""
        return self._own.get(_key(self.cleaned_data.get("replaces", "")))

    def seen(self) -> str | None:
        """Return the version of it that was offered."""
        return self.cleaned_data["replaces"].partition("-")[2] if self.replaced() else None

    def current_value(self, current: Any, name: str) -> Any:
        """Return what the view says now; it is the one in whose place this one comes."""
        return self.cleaned_data[name] if name == "replaces" else super().current_value(current, name)

    def conflict_with(self, current: Any) -> Conflict:
        """Return both versions, with what they keep of the list; the form then stands on the other."""
        conflict = super().conflict_with(current)
        send_instead(self, "replaces", self._offer(current))
        kept = ConflictRow(gettext("Filters, order and columns"), _words(self.query), _words(current.query))
        return replace(conflict, rows=(*conflict.rows, kept))

    def _offer(self, view: SavedView) -> str:
        return f"{view.pk}-{version_of(view, VIEW_FIELDS)}"


def _key(offered: str) -> str:
    return str(offered).partition("-")[0]


def _words(query: str) -> str:
    """Return what a query asks for, one thing a line."""
    pairs = [f"{name}: {', '.join(values)}" for name, values in QueryDict(query).lists()]
    return "\n".join(pairs) or NOTHING
