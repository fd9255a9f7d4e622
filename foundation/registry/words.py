"""How the trail and stored values are put in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from foundation.registry.texts import StrOrPromise


@dataclass(frozen=True, kw_only=True)
class TrailVerb:
    """The sentence that a trail action is shown with, apart from the data stored.

    It follows the person's name: "moved the audit back to planned". It may use `{subject}`, `{reference}`, and by field
    `{before[state]}`, `{after[state]}`, in the words of the field. Without `{subject}`, the subject of an entry that is
    about no record follows: "closed the account of" Lena Brandt.

    Who plays the part `kept_from` in the record does not read of it there, whatever else they may see.
    """

    action: str
    sentence: StrOrPromise
    icon: str = "circle"
    kept_from: str = ""

    @property
    def key(self) -> str:
        """Return the action, by which verbs are looked up."""
        return self.action


@dataclass(frozen=True, kw_only=True)
class FieldWords:
    """How a field and its values are shown where the field itself does not say it (a state, a rule of recurrence).

    `key` is the field's name. `words` takes the kind of record (or "") and the value as stored, and returns what
    people read, or None when it does not know the value. `label` is what the field is called. Who plays the part `kept_from`
    in a record does not read in its history what the field was. A value of which `is_told` is false, such as a key, tells people
    nothing and is left out: the trail keeps it to tell one fact from another.
    """

    key: str
    words: Callable[[str, Any], Any] = lambda kind, value: None
    label: StrOrPromise = ""
    kept_from: str = ""
    is_told: Callable[[Any], bool] = lambda value: True
