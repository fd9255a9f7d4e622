"""Selects are drawn by the kit's own renderer, and say the same as Django's templates would."""

from html.parser import HTMLParser

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

from foundation.ui.form_renderer import FormRenderer

CHOICES = [
    ("", "Choose …"),
    (1, 'Audits & "more" <b>'),
    ("x'<", SafeString("drawn&nbsp;in")),
    ("Group <1>", [(2, "Two"), (3, "Three")]),
    (None, "Nothing"),
]


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[object] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, sorted(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(tag)

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append(data.strip())


@pytest.mark.parametrize("value", ["", 1, "x'<", 3, None, [1, 3]])
@pytest.mark.parametrize("widget", [forms.Select, forms.SelectMultiple])
def test_it_says_what_djangos_templates_say(widget, value):
    attrs = {"class": 'form-select "odd"', "required": True, "disabled": False, "data-search": ""}
    drawn = widget(attrs=attrs, choices=CHOICES)
    ours = drawn.render('na"me', value, renderer=FormRenderer())
    theirs = drawn.render('na"me', value, renderer=DjangoTemplates())
    assert Elements(ours).found == Elements(theirs).found
    assert "<b>" not in ours


def test_the_portal_draws_its_forms_with_it():
    class Form(forms.Form):
        person = forms.ChoiceField(choices=CHOICES)

    assert isinstance(Form().renderer, FormRenderer)
