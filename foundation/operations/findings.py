"""What a diagnosis is made of."""

from dataclasses import dataclass

from django.utils.functional import Promise

from foundation.operations.choices import State


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is, and what to do about it."""

    name: str | Promise
    state: State
    text: str
    hint: str = ""
