"""The forms of files."""

from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from foundation.files.inspection import KINDS, allowed_words

NONE_CHOSEN = _("Choose a file first.")


class ManyFilesInput(forms.FileInput):
    """A field in which several files can be chosen."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return all of them."""
        return files.getlist(name) if files else []


class ManyFilesField(forms.FileField):
    """Several files; cleaned to the list of those that arrived, which may be none, for each is judged by itself."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the files."""
        return data


def _chooser(**attributes: str) -> dict[str, str]:
    return {"accept": ",".join(f".{extension}" for extension in KINDS), **attributes}


class FilesForm(forms.Form):
    """Adds files to a record."""

    uploads = ManyFilesField(label=_("Files"))
    description = forms.CharField(label=_("What they show"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uploads"].help_text = limits_words()
        self.fields["uploads"].widget.attrs.update(_chooser())


class VersionForm(forms.Form):
    """Adds a newer version of a file."""

    file = forms.FileField(label=_("File"), allow_empty_file=True, error_messages={"required": NONE_CHOSEN})
    note = forms.CharField(label=_("What is new in it"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = settings.FILES_MAX_BYTES
        self.fields["file"].help_text = limits_words()
        self.fields["file"].widget.attrs.update(_chooser(**{"data-max-bytes": str(most)}))


class FileEditForm(forms.Form):
    """What a file shows, in other words; `version` holds the words that the form was filled with."""

    description = forms.CharField(label=_("What it shows"), required=False, max_length=300)
    version = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)


def limits_words() -> str:
    """Return which files may come in, and how large they may be."""
    words: str = _("%(kinds)s; at most %(limit)s each.") % {
        "kinds": allowed_words(),
        "limit": filesizeformat(settings.FILES_MAX_BYTES),
    }
    return words
