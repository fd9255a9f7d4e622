"""What is known of records: their kinds and tabs, how they relate, who takes part, and what is noted when one is opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from foundation.registry.texts import StrOrPromise


@dataclass(frozen=True, kw_only=True)
class RecordKind:
    """A kind of record: how it is numbered, called, linked and drawn. `model` is its table, as `app.Model`.

    `search_text` takes a record of the kind and returns what else it is found by, besides its reference and title.
    In its `final_states` nothing is left to do, so it stays with its owner when that person leaves. `duty` is the key of the
    navigation entry of the duty that it belongs to; with none, it belongs to that of the record that it follows from.
    With `stand_ins_see`, who stands in for the owner on a day knows of it, unless it is restricted, until it is settled: it is
    theirs to do in the owner's place.
    """

    key: str
    model: str
    prefix: str
    label: StrOrPromise
    label_plural: StrOrPromise
    icon: str
    detail_url_name: str
    search_text: Callable[[Any], str] | None = None
    final_states: frozenset[str] = frozenset()
    duty: str = ""
    stand_ins_see: bool = False


@dataclass(frozen=True, kw_only=True)
class DutyEntry:
    """A duty of the office, by which dates are found: `areas` are the keys of the navigation entries whose kinds of records belong to it.

    A kind whose records say each for itself of which duty they are is of no area; the dates of those note the `number`.
    """

    key: str
    number: int
    label: StrOrPromise
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RecordTab:
    """A tab on the page of every record, from an app that knows no kinds: files, conversation, links.

    Where it names `kinds`, it stands on the pages of these alone, and there of those that it `applies` to: what an app above has to
    say of the records of one below.

    `context(record=…, request=…, now=…)` returns what the template needs; it is asked only for the tab that is shown.
    `rows(record, user)` returns the queryset whose rows the tab carries the number of, for a reader; the numbers of all
    tabs cost one query. Tabs stand in their `order`, between a page's own first tab (0) and its history (900);
    `record.get_tab_url(key)` leads to one.
    """

    key: str
    label: StrOrPromise
    icon: str
    template: str
    context: Callable[..., Mapping[str, Any]]
    rows: Callable[[Any, Any], Any] | None = None
    order: int = 100
    kinds: frozenset[str] = frozenset()
    applies: Callable[[Any], bool] | None = None

    def is_of(self, record: Any) -> bool:
        """Tell whether it stands on the page of a record."""
        if self.kinds and record.kind not in self.kinds:
            return False
        return self.applies is None or self.applies(record)


@dataclass(frozen=True, kw_only=True)
class PagePart:
    """A part at the end of a page that is of no record, from an app above the page's own: `place` names the page.

    `context(subject=…, request=…, now=…)` returns what the template reads as `part`, about what the page is of; None: there is nothing to show.
    """

    key: str
    place: str
    template: str
    context: Callable[..., Mapping[str, Any] | None]


@dataclass(frozen=True, kw_only=True)
class RecordOpened:
    """What an app notes when a person opens the page of a record, whichever of its tabs.

    `react(record=…, user=…, now=…)` runs as soon as it is known that the person may see it, before the page is drawn; it
    may cost a small write, and never fails the page.
    """

    key: str
    react: Callable[..., None]


@dataclass(frozen=True, kw_only=True)
class FileGuard:
    """What stands against adding files to records of a kind, and against changing one of them, besides rights.

    `key` is the kind of record. `adding(record=…, user=…, now=…)` and `changing(file=…, user=…, now=…)` (a newer version,
    other words, withdrawing it) return the refusal in words, or None. They are asked for the page, of the record that it has
    read, and once more when it is done: then `locks_first(record_id)` has locked what they look at beside the record, the
    record is locked, too, and handed over as a plain `Record`: all else they read anew.
    """

    key: str
    adding: Callable[..., str | None] | None = None
    changing: Callable[..., str | None] | None = None
    locks_first: Callable[[int], None] | None = None


@dataclass(frozen=True, kw_only=True)
class RelationKind:
    """How one record relates to another, in words that stand between the two: `label`, and `inverse` the other way round."""

    key: str
    label: StrOrPromise
    inverse: StrOrPromise
    order: int = 100

    @property
    def is_mutual(self) -> bool:
        """Tell whether it is the same both ways."""
        return bool(self.label == self.inverse)


@dataclass(frozen=True, kw_only=True)
class AccessFact:
    """What a person's access hangs on besides roles, read with it: `sql` selects those of `%(users)s` of whom it holds."""

    key: str
    sql: str


@dataclass(frozen=True, kw_only=True)
class ParticipantRole:
    """A part that a person plays in a record (lead auditor, auditee, …).

    What is kept from the part (`TrailVerb.kept_from`, files) may be kept from people who are not named, too:
    `counted(user)` returns the records, a queryset, in which a person counts as one who plays it, and
    `is_counted(user, record)` says the same of a record in hand, without a query where pages have read what it looks at.
    """

    key: str
    label: StrOrPromise
    counted: Callable[[Any], Any] | None = None
    is_counted: Callable[[Any, Any], bool] | None = None
