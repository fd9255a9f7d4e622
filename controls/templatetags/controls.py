"""How far something is covered, drawn as a bar."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from controls.choices import COVERAGE_TONES, Coverage
from controls.selectors.coverage import LEVELS, Covered

register = template.Library()
WIDTH, HEIGHT = 160, 10


@register.simple_tag
def coverage_bar(covered: Covered) -> SafeString:
    """Return a bar with a part for each level of coverage; it says in words what it shows."""
    total = covered.total or 1
    parts, start = [], 0
    for level, count in zip(LEVELS, covered.counts, strict=True):
        end = start + count
        left, right = WIDTH * start // total, WIDTH * end // total
        if right > left:
            parts.append((left, right - left, HEIGHT, COVERAGE_TONES[level]))
        start = end
    words = ", ".join(
        f"{Coverage(level).label}: {count}" for level, count in zip(LEVELS, covered.counts, strict=True)
    )
    return format_html(
        '<svg class="coverage-bar" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
        ' <span class="coverage-percent">{}</span>',
        WIDTH,
        HEIGHT,
        words,
        format_html_join("", '<rect x="{}" width="{}" height="{}" class="tone-{}"></rect>', parts),
        _("%(percent)d%%") % {"percent": covered.percent},
    )
