"""Tags for what was found: `{% load search %}`."""

from django import template
from django.utils.safestring import SafeString

from foundation.records.lexemes import Question
from foundation.search import marking

register = template.Library()


@register.simple_tag
def marked(text: str, question: Question) -> SafeString:
    """Draw a text with the words of a question marked."""
    return marking.marked(str(text), question)


@register.simple_tag
def excerpt(text: str, question: Question) -> SafeString:
    """Draw the part of a text around the words of a question, with them marked."""
    return marking.marked(marking.excerpt(text, question), question)
