"""The tree of an edition with boxes to tick, for choosing requirements: twelve hundred of them, so by plain strings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from compliance.selectors.choosing import TreeLine

GROUP = (
    '<li class="pick-group"><input class="form-check-input" type="checkbox" name="group" value="{key}"'
    ' aria-label="{all}"{ticked}><details{open}><summary>{name} <span class="check-group-count">{count}</span></summary>'
    '<ul class="pick-rows">{rows}</ul></details></li>'
)
ROW = (
    '<li class="pick-row depth-{depth}" data-line="{key}"><label class="form-check"><input class="form-check-input"'
    ' type="checkbox" name="text" value="{key}"{ticked}><span class="form-check-label"><span class="check-id">{identifier}'
    "</span> {title}{note}</span></label></li>"
)


def tree_html(lines: Sequence[TreeLine], *, fitting: set[int] | None, inside: str) -> SafeString:
    """Return the tree; `fitting` leaves only what was asked for, with its headings opened, and `inside` says of a line that it was chosen before."""
    children: dict[int | None, list[TreeLine]] = {}
    for line in lines:
        children.setdefault(line.parent_id, []).append(line)
    return SafeString(_Tree(children, fitting, inside).rows(None, 0)[0])


def keys_sent(data: Any, name: str) -> list[int]:
    """Return the keys that a form sent under a name, one by one or many at once with commas between."""
    values = ",".join(data.getlist(name)).split(",")
    return [int(value) for value in values if value.isdecimal() and len(value) < 19]


class _Tree:
    def __init__(
        self, children: dict[int | None, list[TreeLine]], fitting: set[int] | None, inside: str
    ) -> None:
        self.children = children
        self.fitting = fitting
        self.all = _("All of %(group)s")
        self.note = f' <span class="text-secondary">({escape(inside)})</span>'

    def rows(self, parent: int | None, depth: int) -> tuple[str, int, int]:
        """Return the markup below a line, how many can be tested there, and how many of them are in already."""
        markup, count, inside = "", 0, 0
        for line in self.children.get(parent, ()):
            if line.is_group:
                below, some, known = self.rows(line.id, 0)
                if not some:
                    continue
                markup += self._group(line, below, some, known)
            else:
                some = known = 0
                if self.fitting is None or line.id in self.fitting:
                    some, known = 1, int(line.is_in)
                    markup += self._row(line, depth)
                below, more, more_known = self.rows(line.id, depth + 1)
                markup += below
                some, known = some + more, known + more_known
            count, inside = count + some, inside + known
        return markup, count, inside

    def _group(self, line: TreeLine, rows: str, count: int, inside: int) -> str:
        name = " ".join(part for part in (line.identifier, line.title) if part)
        return GROUP.format(
            key=line.id,
            all=escape(self.all % {"group": name}),
            ticked=" checked disabled" if inside == count else "",
            open=" open" if self.fitting is not None else "",
            name=escape(name),
            count=count,
            rows=rows,
        )

    def _row(self, line: TreeLine, depth: int) -> str:
        return ROW.format(
            depth=min(depth, 3),
            key=line.id,
            ticked=" checked disabled" if line.is_in else "",
            identifier=escape(line.identifier),
            title=escape(line.title),
            note=self.note if line.is_in else "",
        )
