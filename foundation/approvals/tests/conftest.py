"""A programme that waits for approval; programmes are the first kind that is approved."""

from datetime import UTC, datetime
from typing import Any

import pytest

from audits.models import Programme
from audits.services.programmes import programme_create
from foundation.approvals.models import ApprovalRequest
from foundation.lifecycle.services import apply_transition
from foundation.testing.cast import Cast

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def programme(cast: Cast) -> Programme:
    """Draft a programme by the analyst."""
    return programme_create(
        actor=cast.analyst,
        now=NOW,
        title="Programme 2027",
        year=2027,
        unit=cast.units.root,
        owner=cast.analyst,
        objectives="Every unit once in three years.",
    )


@pytest.fixture
def asked(programme: Programme, cast: Cast) -> ApprovalRequest:
    """Submit the programme, and return the request that follows."""
    apply_transition(record=programme, name="submit", actor=cast.analyst, now=NOW)
    found: Any = ApprovalRequest.objects.get(record_id=programme.pk)
    return found
