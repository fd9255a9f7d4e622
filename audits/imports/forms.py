"""The form that a table is brought with."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from audits.imports.columns import COLUMNS, LIMITS
from foundation.records.imports import Table, TableRefused, read_table
from foundation.records.imports.reading import content_of


class ImportForm(forms.Form):
    """A CSV or XLSX file; `content` and `table` hold what was read of it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV or XLSX, at most 5 MB and 5,000 rows. Nothing is written before you have seen what would be."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx", "data-max-bytes": LIMITS.file_bytes}),
    )
    sheet = forms.CharField(
        label=_("Sheet"),
        required=False,
        max_length=100,
        help_text=_("Of a workbook with several: which one. Empty: the first."),
    )

    content: bytes = b""
    table: Table

    def clean(self) -> dict[str, Any]:
        """Read the file, so that one that can't be read is told beside the field."""
        cleaned: dict[str, Any] = super().clean() or {}
        if file := cleaned.get("file"):
            try:
                self.content = content_of(file, LIMITS)
                self.table = read_table(
                    self.content, columns=COLUMNS, limits=LIMITS, sheet=cleaned.get("sheet", "")
                )
            except TableRefused as refused:
                self.add_error("file", str(refused))
        return cleaned
