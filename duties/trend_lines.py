"""A trend as a small line: drawn as SVG in the page, so that it needs no script and prints as well."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from duties.board.trends import Point, Trend
from foundation.ui.components import NOTHING, Part, Tone

WIDTH, HEIGHT, EDGE = 128, 32, 3
DAY = timedelta(days=1)


@dataclass(frozen=True)
class TrendLine(Part):
    """How an indicator went: a line with a gap wherever days were missed, and in words its first, least, greatest and latest value."""

    trend: Trend

    def __html__(self) -> SafeString:
        """Return the line, or a dash where nothing was measured yet."""
        runs = list(self._runs())
        if not runs:
            return format_html('<span class="text-secondary">{}</span>', NOTHING)
        lines = format_html_join(
            "", '<polyline points="{}"/>', ((_points(run),) for run in runs if len(run) > 1)
        )
        last_x, last_y = runs[-1][-1]
        lone = format_html_join(
            "",
            '<circle cx="{}" cy="{}" r="1.25"/>',
            ((x, y) for run in runs if len(run) == 1 for x, y in run),
        )
        return format_html(
            '<svg class="trend-line" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}{}'
            '<circle class="trend-last" cx="{}" cy="{}" r="2.25"/></svg>',
            *(WIDTH, HEIGHT, WIDTH, HEIGHT, str(self), lines, lone, last_x, last_y),
        )

    def __str__(self) -> str:
        points = [(point.day, point.value) for point in self.trend.points if point.value is not None]
        if not points:
            return _("Nothing was measured yet")
        values = [value for _day, value in points]
        return _("%(first)s on %(first_day)s, %(last)s on %(last_day)s; between %(least)s and %(most)s") % {
            "first": self._value(points[0][1]),
            "first_day": date_format(points[0][0]),
            "last": self._value(points[-1][1]),
            "last_day": date_format(points[-1][0]),
            "least": self._value(min(values)),
            "most": self._value(max(values)),
        }

    def _value(self, value: float) -> str:
        is_part = self.trend.points[0].of is not None
        return f"{number_format(round(value))} %" if is_part else number_format(int(value))

    def _runs(self) -> Iterator[list[tuple[float, float]]]:
        """Yield the places of the points, from one gap to the next."""
        drawn = [point for point in self.trend.points if point.value is not None]
        if not drawn:
            return
        first, last = drawn[0].day, drawn[-1].day
        most = 100.0 if drawn[0].of is not None else max(1.0, *(point.value or 0.0 for point in drawn))
        run: list[tuple[float, float]] = []
        before: date | None = None
        for point in drawn:
            if before is not None and point.day > before + DAY:
                yield run
                run = []
            run.append(_place(point, first, last, most))
            before = point.day
        yield run


@dataclass(frozen=True)
class Change(Part):
    """By how much an indicator changed within 30 days, and whether that is good."""

    trend: Trend

    def __html__(self) -> SafeString:
        """Return it with its sign, and in words and tone what it means."""
        if self.trend.change is None:
            return format_html('<span class="text-secondary">{}</span>', NOTHING)
        return format_html('<span class="trend-change is-{}">{}</span>', self.trend.tone, str(self))

    def __str__(self) -> str:
        change = self.trend.change
        if change is None:
            return NOTHING
        if round(change) == 0:
            return _("unchanged")
        number = ("+" if change > 0 else "−") + number_format(round(abs(change)))
        if self.trend.points[0].of is not None:
            words = ngettext("%(number)s point", "%(number)s points", round(abs(change)))
            number = words % {"number": number}
        meaning = {Tone.GOOD: _("better"), Tone.BAD: _("worse")}.get(Tone(self.trend.tone))
        return f"{number} · {meaning}" if meaning else number


def _place(point: Point, first: date, last: date, most: float) -> tuple[float, float]:
    share = (point.day - first) / (last - first) if last > first else 1.0
    x = EDGE + share * (WIDTH - 2 * EDGE)
    y = HEIGHT - EDGE - (point.value or 0.0) / most * (HEIGHT - 2 * EDGE)
    return round(x, 1), round(y, 1)


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)
