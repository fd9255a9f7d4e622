"""What an app gives to the whole, declared as frozen data in its `contributions.py`.

The shell, my desk, the trail page, the sample loader and (later) duties and briefings read this registry
and import no app. An app registers once, when Django loads it; registering a key twice is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

StrOrPromise = Any  # a plain or a lazily translated string


class DuplicateContribution(Exception):
    """Two contributions of one type carry the same key."""


@dataclass(frozen=True, kw_only=True)
class NavigationEntry:
    """A link in the side bar. `badge(user, now)` returns the rows (a queryset) whose number stands beside it.

    `right` None: everyone who is signed in sees it.

    `whole_organisation`: its page needs the right for the whole organisation, and not only for some units.
    """

    key: str
    label: StrOrPromise
    icon: str
    url_name: str
    group: str = ""
    order: int = 100
    right: str | None = None
    whole_organisation: bool = False
    badge: Callable[[Any, datetime], Any] | None = None


@dataclass(frozen=True, kw_only=True)
class ShellCount:
    """A number that the frame of every page shows, besides those of the side bar: unread notices.

    `rows(user, now)` returns the queryset that is counted, in one statement with all badges. A template reads it as
    `shell_counts.<key>`.
    """

    key: str
    rows: Callable[[Any, datetime], Any]


@dataclass(frozen=True, kw_only=True)
class RecordKind:
    """A kind of record: how it is numbered, called, linked and drawn. `model` is its table, as `app.Model`.

    `search_text` takes a record of the kind and returns what else it is found by, besides its reference and title.
    In its `final_states` nothing is left to do, so it stays with its owner when that person leaves.
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


@dataclass(frozen=True, kw_only=True)
class RecordTab:
    """A tab on the page of every record, from an app that knows no kinds: files, conversation, links.

    `context(record=…, request=…, now=…)` returns what the template needs; it is asked only for the tab that is shown.
    `count(record, user)` returns the number that the tab carries for a reader, by one query at the most. Tabs stand in their `order`, between
    a page's own first tab (0) and its history (900); `record.get_tab_url(key)` leads to one.
    """

    key: str
    label: StrOrPromise
    icon: str
    template: str
    context: Callable[..., Mapping[str, Any]]
    count: Callable[[Any, Any], int] | None = None
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class SearchHit:
    """Something that a SearchSource found: a file, a comment, a person.

    `record` is what it hangs on, if it does. `text` is where the words were found, as plain text of whatever length: the
    page shows the part around them, with the words marked. `note` says who and when, in a few words.
    """

    title: StrOrPromise
    url: str
    record: Any = None
    text: str = ""
    note: StrOrPromise = ""


@dataclass(frozen=True, kw_only=True)
class SearchSource:
    """What is searched besides records: the names of files, comments, people.

    `search(user=…, text=…, now=…, limit=…)` returns at most `limit` SearchHits, best first, of what the person may know of
    alone: the source itself sees to that. It is asked within a page, so it must be bounded, and must bear any text.
    `right` None: everyone who is signed in may search it; else who has the right anywhere.
    """

    key: str
    label: StrOrPromise
    icon: str
    search: Callable[..., Sequence[SearchHit]]
    right: str | None = None
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class Command:
    """Something that a person may do from the palette: a page that begins it ("New audit").

    `right` None: everyone who is signed in; else who has the right anywhere. `also` holds other words for it, by which it
    is found, too.
    """

    key: str
    label: StrOrPromise
    icon: str
    url_name: str
    right: str | None = None
    also: StrOrPromise = ""
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class RecordOpened:
    """What an app notes when a person opens the page of a record, whichever of its tabs.

    `react(record=…, user=…, now=…)` runs as soon as it is known that the person may see it, before the page is drawn; it
    may cost a small write, and never fails the page.
    """

    key: str
    react: Callable[..., None]


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
class ParticipantRole:
    """A part that a person plays in a record (lead auditor, auditee, …)."""

    key: str
    label: StrOrPromise


@dataclass(frozen=True, kw_only=True)
class DeadlineKind:
    """A kind of date: what is due, and who besides the assignee is reminded of it.

    `label` says it as mails and pages do ("Fieldwork ends"); `audience` names the participants' roles; `ladder` is the key
    of the ladder that it goes by (the standard one where that is gone).
    """

    key: str
    label: StrOrPromise
    audience: tuple[str, ...] = ()
    ladder: str = "standard"


@dataclass(frozen=True, kw_only=True)
class DateMover:
    """How a whole-day date of a record is moved to another day by whoever knows no kinds, such as the calendar.

    `key` is that of the DeadlineKind. `refusal(record=…, user=…)` returns why nobody can move it as things stand, or None, and raises
    PermissionDenied for who may not. `move(record=…, to=…, version=…, actor=…, now=…)` changes the record, read at
    `version`, with the checks that its own form makes: ValidationError says what stands against the day, StaleRecord that
    somebody was faster. `note` says what moves along.
    """

    key: str
    refusal: Callable[..., str | None]
    move: Callable[..., None]
    note: StrOrPromise = ""


@dataclass(frozen=True, kw_only=True)
class NoticeKind:
    """A kind of notice that a person can receive, with the reason that the mail gives for it.

    One that `may_be_silenced` calls for nothing that its reader must do; of any other, `stays_because` says why it can't
    be turned off, where that is not because it calls for something.
    """

    key: str
    label: StrOrPromise
    reason: StrOrPromise
    may_be_digested: bool = True
    may_be_silenced: bool = False
    stays_because: StrOrPromise = ""
    icon: str = "bell"


@dataclass(frozen=True, kw_only=True)
class NoticeSource:
    """Something that writes the notices that have become due: asked before mails are composed.

    `write` takes `now` and writes all there is to write, in transactions of its own. Because every source has written
    before a person's mail is composed, what became due at one moment goes out in one mail.
    """

    key: str
    write: Callable[..., int]


@dataclass(frozen=True, kw_only=True)
class TrailVerb:
    """The sentence that a trail action is shown with, apart from the data stored.

    It follows the person's name: "moved the audit back to planned". It may use `{subject}`, `{reference}`, and by field
    `{before[state]}`, `{after[state]}`, in the words of the field. Without `{subject}`, the subject of an entry that is
    about no record follows: "closed the account of" Lena Brandt.
    """

    action: str
    sentence: StrOrPromise
    icon: str = "circle"

    @property
    def key(self) -> str:
        """Return the action, by which verbs are looked up."""
        return self.action


@dataclass(frozen=True, kw_only=True)
class FieldWords:
    """How values of a field are shown where the field itself does not say it (a state, a rule of recurrence).

    `key` is the field's name. `words` takes the kind of record (or "") and the value as stored, and returns what
    people read, or None when it does not know the value.
    """

    key: str
    words: Callable[[str, Any], Any]


@dataclass(frozen=True, kw_only=True)
class FirstStep:
    """Something that a new organisation does first, on the desk of who runs it until it is done.

    `done(now)` returns the queryset that tells so, by having `at_least` so many rows, or a plain answer. The page at
    `url_name` is where it is done, by who has the `right`.
    """

    key: str
    label: StrOrPromise
    text: StrOrPromise
    icon: str
    url_name: str
    order: int
    done: Callable[[datetime], Any]
    right: str | None = None
    at_least: int = 1


@dataclass(frozen=True, kw_only=True)
class SampleSet:
    """A loader of an app's part of the sample organisation; loaders run in `order`, inside one transaction."""

    key: str
    order: int
    load: Callable[..., None]


@dataclass(frozen=True, kw_only=True)
class OrganisationChanged:
    """What an app does when the organisation's settings change (a new time zone moves every reminder).

    `react(before=…, after=…, now=…)` gets the organisation as it was and as it is, and runs in the transaction of
    the change.
    """

    key: str
    react: Callable[..., None]


@dataclass(frozen=True, kw_only=True)
class Messenger:
    """Carries what is told to people by apps that know no outbox, since it stands above them.

    `tell(person_ids=…, kind=…, title=…, sentence=…, path=…, now=…)` writes one notice of a `NoticeKind` for each of these
    people, in the transaction of the fact.
    """

    key: str
    tell: Callable[..., None]


class HandOverRefused(Exception):
    """Work can't go to the person chosen; the message says which work and why, for who chose."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """Open work in a person's hands, for a preview: how much, and the first of it in words with its page.

    `hidden` of them the reader may not know of; they are counted and nothing more.
    """

    count: int
    hidden: int = 0
    shown: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """Open work of one sort that goes to someone else when a person leaves.

    `held(person=…, reader=…, now=…)` returns what the person has in hand; `hand_over(person=…, to=…, actor=…, now=…)` gives all of it to
    another (or does nothing where there is none) and returns how much, in the transaction that closes the account; it raises HandOverRefused. Sorts go in
    their `order`: the particular ones of an app (100) before the owners of records (500), and what follows from both (600 and up). `parts_of` names the kinds of record whose participants it sees to itself.
    """

    key: str
    label: StrOrPromise
    order: int
    held: Callable[..., Held]
    hand_over: Callable[..., int]
    parts_of: frozenset[str] = frozenset()


T = TypeVar("T")


@dataclass
class Registry:
    """All contributions, by type and key."""

    _items: dict[type, dict[str, Any]] = field(default_factory=dict)

    def register(self, *contributions: Any) -> None:
        """Add contributions; raise DuplicateContribution for a key that is taken by another value."""
        for contribution in contributions:
            kept = self._items.setdefault(type(contribution), {})
            if contribution.key in kept and kept[contribution.key] != contribution:
                raise DuplicateContribution(
                    f"{type(contribution).__name__} {contribution.key!r} is registered twice."
                )
            kept[contribution.key] = contribution

    def all(self, kind: type[T]) -> Iterator[T]:
        """Yield the contributions of a type in the order of registration."""
        yield from self._items.get(kind, {}).values()

    def get(self, kind: type[T], key: str) -> T:
        """Return one contribution; raise KeyError for an unknown key."""
        return self._items.get(kind, {})[key]

    def find(self, kind: type[T], key: str) -> T | None:
        """Return one contribution, or None for an unknown key (such as an app that was removed)."""
        return self._items.get(kind, {}).get(key)

    def navigation(self) -> list[NavigationEntry]:
        """Return the side bar's entries in order."""
        return sorted(self.all(NavigationEntry), key=lambda entry: entry.order)

    def sample_sets(self) -> list[SampleSet]:
        """Return the sample loaders in the order in which they run."""
        return sorted(self.all(SampleSet), key=lambda sample: sample.order)

    def hand_overs(self) -> list[HandOver]:
        """Return the sorts of open work in the order in which they are handed over."""
        return sorted(self.all(HandOver), key=lambda sort: sort.order)


registry = Registry()
