"""The larger parts of pages as values; each is drawn by a template of its own in templates/ui/."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from foundation.ui.components import Text, Tone


@dataclass(frozen=True)
class Crumb:
    """A step of the path that leads to a page; without an address it is the page itself."""

    label: Text
    url: str = ""


@dataclass(frozen=True)
class Action:
    """A button at the top of a page.

    A link unless `posts`, which sends a form with `fields` to `url`. `asks`: the address answers GET with a page that
    confirms (perhaps with a comment), shown in a dialog where scripts run. `against` is what stands against it: the button
    has a lock then, and says so.
    """

    label: Text
    url: str
    icon: str = ""
    primary: bool = False
    danger: bool = False
    posts: bool = False
    asks: bool = False
    against: Text = ""
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def css(self) -> str:
        """Return the button's classes."""
        if self.against:
            return "btn is-locked"
        if self.danger:
            return "btn btn-danger" if self.primary else "btn text-tone tone-bad"
        return "btn btn-primary" if self.primary else "btn"


@dataclass(frozen=True)
class Step:
    """A state on the way of a record."""

    label: Text
    is_done: bool = False
    is_current: bool = False
    tone: str = ""


def steps_to(
    states: Sequence[tuple[str, Text]], current: str, *, aside: Sequence[tuple[str, Text]] = ()
) -> list[Step]:
    """Return the state bar of a record that is in `current`.

    `states` are the states of the ordinary way, in order; `aside` are those off it (cancelled, rejected): a record in one
    of them shows the ordinary way as not reached, and its own state last.
    """
    off = [Step(label, is_current=True, tone=Tone.NEUTRAL) for value, label in aside if value == current]
    position = next((index for index, (value, _label) in enumerate(states) if value == current), -1)
    return [
        Step(label, is_done=index < position, is_current=index == position)
        for index, (_value, label) in enumerate(states)
    ] + off


@dataclass(frozen=True)
class Tab:
    """A page beside others of one thing."""

    label: Text
    url: str
    is_current: bool = False
    icon: str = ""
    count: int | None = None


@dataclass(frozen=True)
class Fact:
    """A term and its value at the side of a record. `wide` lets a long value take the whole line."""

    label: Text
    value: Any


@dataclass(frozen=True)
class Change:
    """One field's value before and after."""

    label: Text
    before: Any = ""
    after: Any = ""


@dataclass(frozen=True)
class Moment:
    """Something that happened: who, what they did, when, and perhaps a comment or the fields that changed."""

    at: datetime
    sentence: Any
    actor: str = ""
    icon: str = ""
    comment: str = ""
    changes: Sequence[Change] = ()


@dataclass(frozen=True)
class EmptyState:
    """What a page says when there is nothing to show, and what to do first."""

    title: Text
    text: Text = ""
    icon: str = "inbox"
    actions: Sequence[Action] = ()
