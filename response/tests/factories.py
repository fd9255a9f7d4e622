"""Plans and whom they call, for tests."""

from datetime import UTC, datetime
from typing import Any

from foundation.testing.cast import Cast
from policies.choices import DocumentType
from policies.models import Document
from policies.tests.factories import published
from response.models import Contact
from response.services import contact_add

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def plan_make(cast: Cast, **said: Any) -> Document:
    """Publish an incident response plan of the whole organisation, which the analyst owns."""
    return published(cast, **{"type": DocumentType.PLAN, "title": "Response plan", **said})


def contact_make(cast: Cast, *, plan: Document | None = None, now: datetime = NOW, **said: Any) -> Contact:
    """Put the CISO on the sheet of a plan."""
    values = {"position": 1, "role": "Commander", "person": cast.ciso, "phone": "+351 555 0100", **said}
    return contact_add(plan=plan or plan_make(cast), values=values, actor=cast.analyst, now=now)
