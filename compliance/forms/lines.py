"""The forms by which a draft is written: begin one, and what a line says."""

from collections.abc import Iterable, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from compliance.catalogues import Reference
from compliance.catalogues.values import KEY_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from compliance.choices import Method, NodeKind
from compliance.imports.sheets import reference_line
from compliance.imports.table import reference_of
from compliance.models import Edition, RequirementText
from compliance.querysets import RequirementTextQuerySet
from foundation.ui.conflicts import VERSION, Conflict, conflict_between

OF_REQUIREMENTS = ("objectives", "methods", "related", "references", "is_withdrawn", "withdrawn_to")
PLACING = ("kind", "parent", VERSION)
INDENT = "\u2003"
GONE = lazy("It was taken out of the draft meanwhile: choose another place.")
KINDS = [
    (NodeKind.REQUIREMENT.value, NodeKind.REQUIREMENT.label),
    (NodeKind.GROUP.value, NodeKind.GROUP.label),
]


class DraftForm(forms.Form):
    """What the next version is called."""

    label = forms.CharField(
        label=lazy("Version"), max_length=100, help_text=lazy("What the new version is called, such as 1.1.")
    )


class NamesField(forms.CharField):
    """Identifiers with semicolons between them."""

    def prepare_value(self, value: Any) -> Any:
        """Return them as they are written."""
        return value if isinstance(value, str) or value is None else "; ".join(value)

    def clean(self, value: Any) -> Any:
        """Return each once."""
        text = str(super().clean(value))
        names = (" ".join(name.split())[:KEY_LENGTH] for name in text.replace("\n", ";").split(";"))
        return tuple(dict.fromkeys(name for name in names if name))


class LinesField(forms.CharField):
    """Publications, one a line."""

    def prepare_value(self, value: Any) -> Any:
        """Return them as they are written."""
        return value if isinstance(value, str) or value is None else "\n".join(value)

    def clean(self, value: Any) -> Any:
        """Return each once."""
        lines = (" ".join(line.split()) for line in str(super().clean(value)).splitlines())
        return tuple(dict.fromkeys(line for line in lines if line))


def _long(label: Any, help_text: Any = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class LineForm(forms.Form):
    """What a line of a draft says."""

    identifier = forms.CharField(
        label=lazy("Identifier"),
        required=False,
        max_length=KEY_LENGTH,
        help_text=lazy("As it is printed, such as A.5.1. A group may have none."),
    )
    title = forms.CharField(label=lazy("Title"), max_length=TITLE_LENGTH)
    statement = _long(lazy("Text"), lazy("What is required. Markdown is read: lists, bold, links."), 8)
    guidance = _long(lazy("Guidance"), lazy("How it is meant."))
    objectives = _long(lazy("Assessment objectives"), lazy("What an auditor has to find out."))
    methods = forms.MultipleChoiceField(
        label=lazy("Methods"),
        required=False,
        choices=Method.choices,
        initial=list,
        widget=forms.CheckboxSelectMultiple,
    )
    related = NamesField(
        label=lazy("Related"), required=False, help_text=lazy("Identifiers, with semicolons between.")
    )
    references = LinesField(
        label=lazy("References"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("Publications, one a line; an address at the end of a line becomes a link."),
    )
    is_withdrawn = forms.BooleanField(
        label=lazy("Withdrawn"),
        required=False,
        help_text=lazy("It stays in the list, and is no longer required."),
    )
    withdrawn_to = NamesField(
        label=lazy("Incorporated into"),
        required=False,
        help_text=lazy("Of what was withdrawn: who took it up."),
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, line: RequirementText | None = None, **kwargs: Any) -> None:
        if line is not None:
            kwargs["initial"] = {**said_of(line), VERSION: line.digest}
        self.line = line
        super().__init__(*args, **kwargs)
        if line is not None and line.kind == NodeKind.GROUP:
            for name in OF_REQUIREMENTS:
                del self.fields[name]
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.fields)

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that the services take."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in PLACING}
        for name in ("statement", "guidance", "objectives"):
            if name in said:
                said[name] = said[name].replace("\r\n", "\n")
        if "references" in said:
            said["references"] = self._publications(said["references"])
        return said

    def _publications(self, lines: tuple[str, ...]) -> tuple[Reference, ...]:
        """Return the publications of these lines; one that the line has already keeps what its line does not tell."""
        old = references_of(self.line) if self.line else ()
        if lines == tuple(dict.fromkeys(reference_line(one) for one in old)):
            return old
        known = {reference_line(one): one for one in old}
        return tuple(known.get(line) or reference_of(line) for line in lines)

    def conflict_with(self, line: RequirementText) -> Conflict:
        """Return what was typed beside what the line says now; the form then stands on that."""
        said = said_of(line)
        return conflict_between(self, said.get, name=str(line), version=line.digest)


class NewLineForm(LineForm):
    """What a new line says, and what it stands in: `parent` becomes that line, or None at the top."""

    kind = forms.ChoiceField(label=lazy("Kind"), choices=KINDS, initial=NodeKind.REQUIREMENT.value)
    parent = forms.ChoiceField(
        label=lazy("Stands in"), required=False, help_text=lazy("It comes to the end of what stands there.")
    )

    def __init__(
        self,
        *args: Any,
        groups: Sequence[RequirementText] | None,
        within: RequirementText | None,
        **kwargs: Any,
    ) -> None:
        """`groups` is None where there is no draft any more, and nothing that it could stand in."""
        super().__init__(*args, **kwargs)
        del self.fields[VERSION]
        self.lines = {str(line.pk): line for line in (*(groups or ()), *([within] if within else []))}
        if groups is None:
            del self.fields["parent"]
        else:
            parent = self.fields["parent"]
            parent.choices = choices_of(self.lines.values())  # type: ignore[attr-defined]
            parent.error_messages["invalid_choice"] = GONE
            parent.initial = str(within.pk) if within else ""
        first = [name for name in ("kind", "parent", "identifier") if name in self.fields]
        rest = [name for name in self.fields if name not in first]
        self.helper.layout = Layout(Div(*first, css_class="form-grid"), *rest)

    def clean_parent(self) -> RequirementText | None:
        """Return the line that was chosen."""
        return self.lines.get(self.cleaned_data["parent"])


class PlaceForm(forms.Form):
    """Where a line is to stand; `parent` and `after` become lines of the draft, or None."""

    parent = forms.ChoiceField(label=lazy("Stands in"), required=False)
    strengthens = forms.CharField(
        label=lazy("Strengthens"),
        required=False,
        max_length=KEY_LENGTH,
        help_text=lazy(
            "The identifier of a requirement, if it is to stand in that one as its enhancement. Else empty."
        ),
    )
    after = forms.CharField(
        label=lazy("Comes after"),
        required=False,
        max_length=TITLE_LENGTH,
        help_text=lazy("The identifier of a line that stands there. Empty: it comes to the end."),
    )

    def __init__(
        self,
        *args: Any,
        line: RequirementText,
        draft: Edition,
        groups: Sequence[RequirementText],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        self.groups = {str(one.pk): one for one in groups if one.pk != line.pk}
        parent = self.fields["parent"]
        parent.choices = choices_of(self.groups.values())  # type: ignore[attr-defined]
        parent.error_messages["invalid_choice"] = GONE
        parent.initial = str(line.parent_id or "")
        if line.kind == NodeKind.GROUP:
            del self.fields["strengthens"]
        elif line.parent_id and str(line.parent_id) not in self.groups:
            required = draft.texts.only("identifier", "parent_id").filter(pk=line.parent_id).first()
            if required is not None:  # it may have gone since the line was read
                self.fields["strengthens"].initial = required.identifier
                parent.initial = str(required.parent_id or "")
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.fields)

    def clean(self) -> dict[str, Any]:
        """Find the lines that are named."""
        cleaned: dict[str, Any] = super().clean() or {}
        parent = self.groups.get(cleaned.get("parent", ""))
        if named := cleaned.get("strengthens"):
            parent = self._named("strengthens", named, self.draft.texts.exclude(kind=NodeKind.GROUP.value))
        cleaned["parent"] = parent
        there = self.draft.texts.filter(parent=parent)
        cleaned["after"] = self._named("after", named, there) if (named := cleaned.get("after")) else None
        return cleaned

    def _named(self, field: str, name: str, lines: RequirementTextQuerySet) -> RequirementText | None:
        found: RequirementText | None = (
            lines.filter(identifier__iexact=name).first() or lines.filter(title__iexact=name).first()
        )
        if found is None and not self.errors:
            self.add_error(field, _("Nothing there is called “%(name)s”.") % {"name": name})
        return found


def choices_of(lines: Iterable[RequirementText]) -> list[tuple[str, str]]:
    """Return the choices of what a line stands in, each as far to the right as it is deep."""
    return [
        ("", _("Nothing: at the top")),
        *((str(line.pk), f"{INDENT * line.depth}{str(line).strip()}") for line in lines),
    ]


def references_of(line: RequirementText) -> tuple[Reference, ...]:
    """Return the publications that a line points to."""
    return tuple(Reference(**one) for one in line.references)


def said_of(line: RequirementText) -> dict[str, Any]:
    """Return what a line says, as the form shows it."""
    return {
        "identifier": line.identifier,
        "title": line.title,
        "statement": line.statement,
        "guidance": line.guidance,
        "objectives": line.objectives,
        "methods": [one["method"] for one in line.methods],
        "related": tuple(one["identifier"] for one in line.related),
        "references": tuple(dict.fromkeys(reference_line(one) for one in references_of(line))),
        "is_withdrawn": line.is_withdrawn,
        "withdrawn_to": tuple(one["identifier"] for one in line.withdrawn_to),
    }
