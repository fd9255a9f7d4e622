"""What cases measure with: a server on data of a size, the people who are signed in to it, and the bounds of DESIGN §8."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime

from audits.models import AuditListing
from bench.client import Answer, Visitor
from bench.data import BenchPeople
from bench.measures import Bound, Row, times_row
from foundation.accounts.models import User
from foundation.records.choices import Confidentiality

WARM_UP = 8
REPEATS = 60
LIST = Bound(p95_ms=30, queries=8, growth=1.3)
PAGE = Bound(p95_ms=40, queries=15)
CALENDAR = Bound(p95_ms=40, queries=8)
SEARCH = Bound(p95_ms=50, queries=15)
WRITE = Bound(p95_ms=50)
LEAD, OFFICER, CISO = "unit_lead of one unit", "security of one unit", "ciso"
AUDITEE = "unit_lead, audited"


@dataclass
class Scene:
    """A server on data of a size, and the people who are signed in to it."""

    n: int
    port: int
    database: str
    people: BenchPeople
    now: datetime
    repeats: int = REPEATS
    _open: ExitStack = field(default_factory=ExitStack)

    def visitor(self, person: User) -> Visitor:
        """Return a new session of a person; it is closed with the scene."""
        visitor = Visitor(self.port, person)
        self._open.callback(visitor.close)
        return visitor

    def close(self) -> None:
        """Hang up all sessions."""
        self._open.close()

    def audits(self, *states: str) -> list[str]:
        """Return references of audits of the unit that its people see, spread over all there are."""
        rows = AuditListing.objects.filter(
            unit=self.people.unit, confidentiality=Confidentiality.INTERNAL, state__in=states
        )
        references = list(rows.order_by("audit_id").values_list("reference", flat=True))
        return references[:: max(1, len(references) // self.repeats)]


@dataclass(frozen=True)
class Case:
    """Something that is measured: under the name of its rows, against a bound."""

    name: str
    bound: Bound
    measure: Callable[[Scene], Iterator[Row]]


def timed(scene: Scene, name: str, role: str, ask: Callable[[], Answer]) -> Row:
    """Ask, first to warm up and then to measure, and return the row of the answers' times and queries."""
    for _ in range(min(WARM_UP, scene.repeats)):
        ask()
    answers = [ask() for _ in range(scene.repeats)]
    return times_row(
        name=name,
        n=scene.n,
        role=role,
        times=[answer.server_ms for answer in answers],
        queries=max(answer.queries for answer in answers),
    )
