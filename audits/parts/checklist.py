"""A checklist as its page draws it: a thousand rows, so by plain strings, and each sort of badge once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import escape  # of texts alone: Django's asks of each whether it is markup already

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audits.choices import CHECK_BRIEFLY, CHECK_TONES, RESULT_KEYS, CheckMethod, CheckResult
from audits.models import Check
from audits.selectors.checks import CheckGroup, CheckLine, Checklist
from foundation.ui.components import Badge, Icon, Progress

# What stands in one group after the other may be folded; the number of those tested follows each save by a script.
GROUP = (
    '<details class="check-group" open data-group="{key}"><summary><span class="check-group-name">{name}</span>'
    '<span class="check-group-count" data-total="{total}" data-tested="{tested}">{words}</span></summary>'
    '<ul class="check-rows">{rows}</ul></details>'
)


@lru_cache(maxsize=64)
def _badge(result: str, is_left: bool, language: str | None) -> str:
    if result == CheckResult.NOT_TESTED:
        words = escape(str(CheckResult.NOT_TESTED.label))
        return f'<span class="check-result is-open{" is-left" if is_left else ""}">{words}</span>'
    return f'<span class="check-result">{result_badge(result, brief=True).html}</span>'


def result_badge(result: str, *, brief: bool = False) -> Badge:
    """Return the badge of a result; `brief` as lists call it."""
    words = CHECK_BRIEFLY[result] if brief else CheckResult(result).label
    return Badge(words, CHECK_TONES[result], dot=True)


def badge_html(check: Check) -> SafeString:
    """Return the badge of a check's result as rows have it."""
    return SafeString(_badge(check.result, bool(check.reason_given), get_language()))


@lru_cache(maxsize=16)
def _marks(left: bool, notes: int, evidence: bool, language: str | None) -> str:
    marks = ""
    if left:
        marks += Icon("info-circle", _("says why it was not tested"), "icon-sm").html
    if notes:
        marks += Icon("message", _("has notes"), "icon-sm").html
    if evidence:
        marks += Icon("paperclip", _("has evidence"), "icon-sm").html
    return f'<span class="check-marks">{marks}</span>' if marks else ""


@dataclass(frozen=True)
class Drawing:
    """How rows are drawn: `base` is the checklist's address, below which each check has its own; `query` keeps the filters.

    `opened` is the check that is opened; rows can be picked where there is something to do with several.
    """

    base: str
    query: str
    opened: int | None
    may_pick: bool
    frameworks: Mapping[int, str]

    @cached_property
    def tail(self) -> str:
        """Return the filters as they stand in an attribute."""
        return escape(self.query)

    def rows_html(self, checklist: Checklist) -> SafeString:
        """Return the groups of a checklist with the rows that the filters let through."""
        parts: list[str] = []
        framework = None
        many = len({group.heading.framework_id for group in checklist.groups}) > 1
        for group in checklist.groups:
            if not group.shown:
                continue
            if many and group.heading.framework_id != framework:
                framework = group.heading.framework_id
                parts.append(f'<h3 class="check-framework">{escape(self.frameworks.get(framework, ""))}</h3>')
            parts.append(self._group(group))
        return SafeString("".join(parts))

    def _group(self, group: CheckGroup) -> str:
        heading = group.heading
        name = " ".join(part for part in (heading.identifier, heading.title) if part)
        language, select = get_language(), _("Select %(row)s")
        return GROUP.format(
            key=escape(heading.key),
            name=escape(name or self.frameworks.get(heading.framework_id, "")),
            total=group.total,
            tested=group.tested,
            words=f"{group.tested}/{group.total}",
            rows="".join([self._row(line, select, language) for line in group.shown or ()]),
        )

    def _row(self, line: CheckLine, select: str, language: str | None) -> str:
        identifier = escape(line.identifier)
        key = line.id
        here = ' aria-current="true"' if key == self.opened else ""
        pick = ""
        if self.may_pick:
            label = select % {"row": identifier}
            pick = (
                f'<input class="form-check-input" type="checkbox" name="row" value="{key}:{line.version}"'
                f' aria-label="{label}">'
            )
        has_marks = line.is_left or line.has_notes or line.evidence
        marks = _marks(line.is_left, line.has_notes, line.evidence > 0, language) if has_marks else ""
        return (
            f'<li class="check-row" data-check="{key}">{pick}<a href="{self.base}{key}/{self.tail}"{here}>'
            f'<span class="check-id">{identifier}</span><span class="check-title">{escape(line.title)}</span></a>'
            f"{marks}{_badge(line.result, line.is_left, language)}</li>"
        )


def progress_html(counts: Mapping[str, int]) -> SafeString:
    """Return how far a checklist is: a bar, and how many checks came to what."""
    total = sum(counts.values())
    tested = total - counts.get(CheckResult.NOT_TESTED, 0)
    words = _("%(tested)d of %(total)d tested") % {"tested": tested, "total": total}
    bar = Progress(tested, total, _("Progress"), words)
    results = "".join(
        format_html("<li>{} {}</li>", result_badge(result, brief=True), counts[result])
        for result in RESULT_KEYS
        if counts.get(result)
    )
    shown = SafeString(results)
    return format_html(
        '<div id="checklist-progress" data-tested="{}" data-total="{}">{}<ul class="counts">{}</ul></div>',
        tested,
        total,
        bar,
        shown,
    )


def methods_words(methods: list[str]) -> str:
    """Return methods as people read them."""
    return ", ".join(str(CheckMethod(method).label) for method in methods)
