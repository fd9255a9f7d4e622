"""The form that a catalogue is brought with."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from compliance.catalogues import CatalogueError
from compliance.catalogues.values import LABEL_LENGTH
from compliance.imports import NEW, ImportPlan, TableProblems, plan_import, read_brought
from compliance.oscal import MOST_BYTES
from compliance.selectors import frameworks_visible
from foundation.accounts.models import User
from foundation.records.imports.reading import content_of
from foundation.records.imports.tables import Limits, TableRefused

SHOWN_PROBLEMS = 20
ASKED = ("framework", "name", "version", "publisher", "sheet")


class CatalogueForm(forms.Form):
    """A catalogue in OSCAL's JSON, CSV or XLSX; `plan` is what it would do, `content` its bytes."""

    file = forms.FileField(
        label=lazy("File"),
        help_text=lazy(
            "An OSCAL catalogue in JSON, or a table in CSV or XLSX; at most 20 MB. Nothing is written before you have seen what changes."
        ),
        widget=forms.FileInput(attrs={"accept": ".json,.csv,.xlsx", "data-max-bytes": MOST_BYTES}),
    )
    framework = forms.ChoiceField(label=lazy("Framework"), required=False)
    name = forms.CharField(
        label=lazy("Name"),
        required=False,
        max_length=200,
        help_text=lazy("Of a new framework. An OSCAL file brings its own, unless you write another."),
    )
    version = forms.CharField(
        label=lazy("Version"),
        required=False,
        max_length=LABEL_LENGTH,
        help_text=lazy("Only of a table, which does not say it."),
    )
    publisher = forms.CharField(
        label=lazy("Publisher"), required=False, max_length=200, help_text=lazy("Only of a table.")
    )
    sheet = forms.CharField(
        label=lazy("Sheet"),
        required=False,
        max_length=100,
        help_text=lazy("Of a workbook with several: which one. Empty: the first."),
    )

    content: bytes = b""
    plan: ImportPlan

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        frameworks = frameworks_visible(user).active().order_by("title", "pk")
        self.titles = {one.reference: one.title for one in frameworks}
        self.fields["framework"].choices = [  # type: ignore[attr-defined]
            ("", _("The one that the file is a version of, else a new one")),
            (NEW, _("A new one")),
            *((reference, f"{reference} {title}") for reference, title in self.titles.items()),
        ]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "file", "framework", Div("name", "version", "publisher", "sheet", css_class="form-grid")
        )

    def asked(self) -> dict[str, str]:
        """Return what was chosen besides the file."""
        return {name: self.cleaned_data[name] for name in ASKED}

    def clean(self) -> dict[str, Any]:
        """Read the file, so that whatever is wrong with it is told beside the field."""
        cleaned: dict[str, Any] = super().clean() or {}
        if (file := cleaned.get("file")) and not self.errors:
            try:
                self.content = content_of(file, Limits(file_bytes=MOST_BYTES))
                self.plan = plan_of(self.content, file.name, self.asked(), self.user)
            except TableProblems as refused:
                lines = refused.lines[:SHOWN_PROBLEMS]
                if len(refused.lines) > SHOWN_PROBLEMS:
                    lines.append(_("… and %(count)d more.") % {"count": len(refused.lines) - SHOWN_PROBLEMS})
                self.add_error("file", [str(refused), *lines])
            except (CatalogueError, TableRefused) as refused:
                self.add_error("file", str(refused))
        return cleaned


def plan_of(content: bytes, file_name: str, asked: dict[str, str], user: User) -> ImportPlan:
    """Return what a file would do, with what was chosen for it; raise CatalogueError where it can't be read."""
    chosen, name = asked.get("framework", ""), asked.get("name", "")
    title = name
    if chosen and chosen != NEW:
        title = frameworks_visible(user).get(reference=chosen).title
    brought = read_brought(
        content,
        file_name=file_name,
        title=title,
        label=asked.get("version", ""),
        publisher=asked.get("publisher", ""),
        sheet=asked.get("sheet", ""),
    )
    return plan_import(brought, actor=user, chosen=chosen, name=name)
