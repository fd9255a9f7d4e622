"""Tags for the parts of pages: `{% load ui %}`. README.md of this app shows how they are used."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date, datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.utils import render_crispy_form
from django import template
from django.forms import BaseForm, BaseFormSet, ChoiceField, Field, ModelChoiceField
from django.template import Context, Node, NodeList
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from foundation.ui import components, structure
from foundation.ui.form_errors import FormError, errors_of

register = template.Library()

DASHES = "---------"  # what Django calls no choice
MOST_KEPT = 128


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> components.Icon:
    """Draw an icon; with a label it says something to screen readers, else it is decoration."""
    return components.Icon(name, label, css)


@register.simple_tag
def badge(text: str, tone: str = "neutral", icon: str = "", dot: bool = False) -> components.Badge:
    """Draw a badge in a tone: good, attention, bad, info, neutral."""
    return components.Badge(text, tone, icon, dot)


@register.simple_tag
def state_badge(text: str, tone: str = "neutral") -> components.Badge:
    """Draw a badge whose dot has a shape of its own for each tone."""
    return components.Badge(text, tone, dot=True)


@register.simple_tag
def avatar(name: str, large: bool = False) -> components.Avatar:
    """Draw a person's initials."""
    return components.Avatar(name, large)


@register.simple_tag
def person(who: Any) -> components.Person:
    """Draw a person's initials and name."""
    return components.Person(str(who) if who else "")


@register.simple_tag
def reference(text: str, url: str = "") -> components.Reference:
    """Draw a record's reference."""
    return components.Reference(text, url)


@register.simple_tag(takes_context=True)
def when(context: Context, value: date | datetime | None) -> components.When:
    """Draw when something was or is: "today 08:52"."""
    return components.When(value, context["now"])


@register.simple_tag(takes_context=True)
def due(context: Context, value: date | datetime | None, done: bool = False) -> components.Due:
    """Draw a due date with its distance: "in 4 days", "2 days late"; `done` stops the clock."""
    return components.Due(value, context["now"], done)


@register.simple_tag
def progress(value: int, maximum: int, label: str, text: str = "") -> components.Progress:
    """Draw a bar of how far something is."""
    return components.Progress(value, maximum, label, text)


@register.simple_tag
def draw(value: Any) -> SafeString:
    """Draw a part made in Python, or any plain value; nothing becomes a dash."""
    return components.draw(value)


@register.inclusion_tag("ui/_state_bar.html")
def state_bar(steps: Sequence[structure.Step]) -> dict[str, Any]:
    """Draw where a record is on its way."""
    return {"steps": steps}


@register.inclusion_tag("ui/_tabs.html")
def tabs(tabs: Sequence[structure.Tab], label: str = "") -> dict[str, Any]:
    """Draw the pages of one thing side by side."""
    return {"tabs": tabs, "label": label}


@register.inclusion_tag("ui/_facts.html")
def facts(facts: Sequence[structure.Fact], wide: bool = False) -> dict[str, Any]:
    """Draw terms and their values."""
    return {"facts": facts, "wide": wide}


@register.inclusion_tag("ui/_timeline.html", takes_context=True)
def timeline(context: Context, moments: Sequence[structure.Moment]) -> dict[str, Any]:
    """Draw what happened, newest first."""
    return {"moments": moments, "now": context["now"]}


@register.inclusion_tag("ui/_crumbs.html")
def crumbs(crumbs: Sequence[structure.Crumb]) -> dict[str, Any]:
    """Draw the path that leads to the page."""
    return {"crumbs": crumbs}


@register.inclusion_tag("ui/_actions.html", takes_context=True)
def actions(context: Context, actions: Sequence[structure.Action]) -> dict[str, Any]:
    """Draw buttons: links, posting forms, and links that open a confirming page in a dialog."""
    return {"actions": actions, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("ui/_empty_state.html", takes_context=True)
def empty_state(context: Context, state: structure.EmptyState | None = None, **fields: Any) -> dict[str, Any]:
    """Draw what is said when there is nothing; takes an EmptyState, or its title, text and icon."""
    return {"state": state or structure.EmptyState(**fields), "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("ui/_error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet[Any] | None, plain: bool = False) -> dict[str, Any]:
    """Draw all errors of forms and formsets on top of the page, each with a link to its field.

    `plain=True` leaves the heading out, where nothing is saved that could be lost: on the pages of sign-in.
    """
    found: list[FormError] = [error for form in forms if form is not None for error in errors_of(form)]
    return {"errors": found, "plain": plain}


@register.simple_tag
def form_fields(form: BaseForm) -> SafeString:
    """Draw the fields of a form, by its crispy `helper` where it has one; the form tag and buttons are the page's."""
    for field in form.fields.values():
        if isinstance(field, ModelChoiceField) and field.empty_label == DASHES:
            field.empty_label = _no_choice(field)
        elif isinstance(field, ChoiceField) and ("", DASHES) in (lines := [*field.widget.choices]):
            field.choices = [("", _no_choice(field)) if line == ("", DASHES) else line for line in lines]
    helper = getattr(form, "helper", None) or FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return SafeString(render_crispy_form(form, helper))


def _no_choice(field: Field) -> str:
    """Return the words of a list's first line, which chooses nothing."""
    return _("Choose …") if field.required else _("None")


class CardNode(Node):
    """A card around what stands between its tags."""

    child_nodelists = ("nodelist",)

    def __init__(
        self, nodelist: NodeList, title: FilterExpression, options: dict[str, FilterExpression]
    ) -> None:
        self.nodelist = nodelist
        self.title = title
        self.options = options

    def render(self, context: Context) -> SafeString:
        """Draw the card; `flush` leaves out the padding around lists and tables."""
        values = {name: option.resolve(context) for name, option in self.options.items()}
        return components.card_html(self.title.resolve(context), self.nodelist.render(context), **values)


@register.tag
def card(parser: Parser, token: Token) -> CardNode:
    """Draw a card: `{% card title note=… flush=True tone="bad" id="…" level=3 %} … {% endcard %}`; "" for no title."""
    bits = token.split_contents()[1:]
    if not bits:
        raise template.TemplateSyntaxError(
            "{% card %} needs a title; give an empty string for a card without one."
        )
    options = token_kwargs(bits[1:], parser)
    nodelist = parser.parse(("endcard",))
    parser.delete_first_token()
    return CardNode(nodelist, parser.compile_filter(bits[0]), options)


class KeptNode(Node):
    """What stands between `{% kept … %}` and `{% endkept %}`, as it was first drawn in each language for these values."""

    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList, values: list[FilterExpression]) -> None:
        self.nodelist = nodelist
        self.values = values
        self.drawn: dict[Hashable, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """Return the markup."""
        values = [value.resolve(context) for value in self.values]
        if None in values:
            return self.nodelist.render(context)
        # By type as well as by value: a text that is markup already must not stand in for the same characters as typed.
        key = (get_language(), *values, *map(type, values))
        markup = self.drawn.get(key)
        if markup is None:
            markup = self.nodelist.render(context)
            for oldest in list(self.drawn)[: len(self.drawn) + 1 - MOST_KEPT]:
                self.drawn.pop(oldest, None)
            self.drawn[key] = markup
        return markup


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """Draw a part of many pages once a language: texts and addresses alone, nothing of the person, page or request.

    With values (`{% kept look theme %}`) once for each of them too: they are hashable, and must say all that the part
    reads; None among them keeps nothing. Each process keeps MOST_KEPT of them at the most.
    """
    values = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist, values)
