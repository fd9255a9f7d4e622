"""What the owner of a kind of record tells the approvals about it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.files.models import FileVersion
from foundation.records.models import Record
from foundation.records.selectors import specific, specific_all
from foundation.registry import registry


@dataclass(frozen=True, kw_only=True)
class StepPlan:
    """A stage as an app delivers it: `needed` people who hold `right` (or one of `rights`) for the record's unit.

    Or who plays one of the `parts` in the record by then: who answers for what it is about; or `people`, by their keys. Where
    these are named, a right need not be.
    """

    label: Any
    right: str = ""
    needed: int = 1
    rights: tuple[str, ...] = ()
    people: tuple[int, ...] = ()
    parts: tuple[str, ...] = ()
    days: int | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A request that came to its end, as handed to the kind's `settle`. `actor` None: the portal saw that its content changed."""

    record: Any
    state: str
    actor: User | None
    now: datetime
    comment: str


@dataclass(frozen=True, kw_only=True)
class ApprovalKind:
    """How records of a kind are approved. `key` is the record kind.

    `content` returns exactly what is approved, as plain JSON values by code: words, numbers, lists of them, and lists of
    rows (dicts of one shape). `labels` says how the codes are called on the page, and the fields of rows
    (`"findings.grade"`), `markdown` which of these hold Markdown; `steps` the route as long as the organisation has set none (of None: of
    any record); `decide_by` the day by which a decision is due where the route does not say; `authors` the keys of the people
    who made what is to be approved, who never decide; `refusal` why a person may not
    decide although the right is there (separation of duties). It asks nothing of the database but what `related` names,
    which is fetched along with the records, and what `prepare` read for all of them at once. `too_late` why it can't be approved any more
    on a day, though it may be rejected or sent back; it looks at the record's own fields alone. `reads` tells who of those that may know of the record may read the content
    (None: all of them): for anyone else the request is not there. `note` says what there is to know beside the content: what
    is no part of it; `compared` the address of the page that shows what the content changes of what holds now, by the
    record while its request is open (empty: nothing holds yet, or there is no such page); `enclosed` the files that are part of
    what is approved, to be opened by who decides. `settle` lets the record follow, in the same transaction.
    """

    key: str
    content: Callable[[Any], dict[str, Any]]
    labels: Mapping[str, Any]
    steps: Callable[[Any], tuple[StepPlan, ...]]
    decide_by: Callable[[Any, date], date]
    refusal: Callable[[Any, User], str | None]
    settle: Callable[[Outcome], None]
    authors: Callable[[Any], Iterable[int | None]] = lambda record: ()
    related: tuple[str, ...] = ()
    prepare: Callable[[Sequence[Any]], None] | None = None
    reads: Callable[[Any, User], bool] | None = None
    markdown: frozenset[str] = frozenset()
    note: Callable[[Mapping[str, Any]], str] | None = None
    compared: Callable[[Any], str] = lambda record: ""
    enclosed: Callable[[Any], Sequence[FileVersion]] = lambda record: ()
    too_late: Callable[[Any, date], str | None] | None = None

    def late_on(self, record: Any, day: date) -> str:
        """Return why a record can't be approved any more on a day of the organisation, or nothing."""
        return (self.too_late(specific(record), day) if self.too_late else None) or ""

    def may_read(self, record: Any, person: User) -> bool:
        """Tell whether someone who may know of the record may read what is to be approved."""
        return self.reads is None or self.reads(record, person)

    def bars(self, record: Any, person: User) -> str | None:
        """Return why a person may not decide although the right is there, or None."""
        if not self.may_read(record, person):
            return _("This is decided by those who may read it.")
        return self.refusal(record, person)


def judged(record: Record) -> Record:
    """Return a record as its own kind, with all that its kind's `refusal` and `reads` look at."""
    found = specific(record)
    _prepare(record.kind, [found])
    return found


def judged_all(records: Iterable[Record]) -> dict[int, Record]:
    """Return the records by their ids, each as `judged()` does; a query for each kind, and one for each relation it names."""
    found = specific_all(records)
    kinds: dict[str, list[Record]] = {}
    for record in found.values():
        kinds.setdefault(record.kind, []).append(record)
    for kind, those in kinds.items():
        _prepare(kind, those)
    return found


def _prepare(kind: str, records: list[Record]) -> None:
    entry = registry.get(ApprovalKind, kind)
    prefetch_related_objects(records, *entry.related)
    if entry.prepare:
        entry.prepare(records)
