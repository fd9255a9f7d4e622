"""What is wrong with a form, each error with the field it leads to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm, BaseFormSet
from django.utils.functional import Promise


@dataclass(frozen=True)
class FormError:
    """One error; `field_id` is the element that it is about, or empty when it is about the whole."""

    text: str
    label: str | Promise = ""
    field_id: str = ""


def errors_of(form: BaseForm | BaseFormSet[Any]) -> Iterator[FormError]:
    """Yield the errors of a form in the order of its fields, those about the whole first; of a formset, form by form."""
    if isinstance(form, BaseFormSet):
        for text in form.non_form_errors():
            yield FormError(str(text))
        for one in form.forms:
            yield from errors_of(one)
        return
    for text in form.non_field_errors():
        yield FormError(str(text))
    for field in form:
        for text in field.errors:
            if field.is_hidden:
                yield FormError(f"{field.label}: {text}")
            else:
                yield FormError(str(text), field.label, field.id_for_label or f"div_{field.auto_id}")
