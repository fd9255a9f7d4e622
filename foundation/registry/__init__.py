"""What an app gives to the whole, declared as frozen data in its `contributions.py`.

The shell, my desk, the trail page, the sample loader and (later) duties and briefings read this registry
and import no app. An app registers once, when Django loads it; registering a key twice is an error.
"""

from foundation.registry.changes import (
    HandOver,
    HandOverRefused,
    Held,
    OrganisationChanged,
    OwnerChange,
    RecordFollowed,
    SampleSet,
    WordsChanged,
)
from foundation.registry.dates import DateMover, DatesPage, DeadlineKind, PlannedAhead
from foundation.registry.finding import SearchHit, SearchSource
from foundation.registry.measuring import Better, DutyIndicator, Standing
from foundation.registry.records import (
    AccessFact,
    DutyEntry,
    FileGuard,
    PagePart,
    ParticipantRole,
    RecordKind,
    RecordOpened,
    RecordTab,
    RelationKind,
)
from foundation.registry.shell import Command, FirstStep, NavigationEntry, ShellCount
from foundation.registry.store import DuplicateContribution, Registry, registry
from foundation.registry.telling import Messenger, NoticeKind, NoticeSource
from foundation.registry.texts import StrOrPromise
from foundation.registry.words import FieldWords, TrailVerb

__all__ = [
    "AccessFact",
    "Better",
    "Command",
    "DateMover",
    "DatesPage",
    "DeadlineKind",
    "DuplicateContribution",
    "DutyEntry",
    "DutyIndicator",
    "FieldWords",
    "FileGuard",
    "FirstStep",
    "HandOver",
    "HandOverRefused",
    "Held",
    "Messenger",
    "NavigationEntry",
    "NoticeKind",
    "NoticeSource",
    "OrganisationChanged",
    "OwnerChange",
    "PagePart",
    "ParticipantRole",
    "PlannedAhead",
    "RecordFollowed",
    "RecordKind",
    "RecordOpened",
    "RecordTab",
    "Registry",
    "RelationKind",
    "SampleSet",
    "SearchHit",
    "SearchSource",
    "ShellCount",
    "Standing",
    "StrOrPromise",
    "TrailVerb",
    "WordsChanged",
    "registry",
]
