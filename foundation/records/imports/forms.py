"""The form that a table is brought with."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.records.imports import tables
from foundation.records.imports.reading import content_of, read_table


class TableForm(forms.Form):
    """A CSV or XLSX file; `content` and `table` hold what was read of it."""

    file = forms.FileField(label=gettext_lazy("File"))
    sheet = forms.CharField(
        label=gettext_lazy("Sheet"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Of a workbook with several: which one. Empty: the first."),
    )

    content: bytes = b""
    table: tables.Table

    def __init__(
        self, *args: Any, columns: Sequence[tables.Column], limits: tables.Limits, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._columns, self._limits = columns, limits
        self.fields["file"].help_text = _(
            "CSV or XLSX, at most %(size)d MB and %(rows)s rows. Nothing is written before you have seen what would be."
        ) % {"size": limits.file_bytes // (1024 * 1024), "rows": f"{limits.rows:,}"}
        attributes = {"accept": ".csv,.xlsx", "data-max-bytes": limits.file_bytes}
        self.fields["file"].widget.attrs.update(attributes)

    def clean(self) -> dict[str, Any]:
        """Read the file, so that one that can't be read is told beside the field."""
        cleaned: dict[str, Any] = super().clean() or {}
        if file := cleaned.get("file"):
            try:
                self.content = content_of(file, self._limits)
                self.table = self.read(self.content, cleaned.get("sheet", ""))
            except tables.TableRefused as refused:
                self.add_error("file", str(refused))
        return cleaned

    def read(self, content: bytes, sheet: str) -> tables.Table:
        """Return the rows of the file; raise TableRefused."""
        return read_table(content, columns=self._columns, limits=self._limits, sheet=sheet)
