"""Who reads, plans and runs in the cast, and what steps are given as their reason.

The audits and programmes are of payments: the unit's lead reads them, and who holds no reading right finds nothing.
"""

from collections.abc import Mapping
from typing import Any

from foundation.testing.cast import Cast
from foundation.testing.urls import answers, only

READERS = only("ciso", "analyst", "auditor", "unit_lead", otherwise=404)
PLANNERS = answers(otherwise=404, ciso=200, analyst=200, auditor=403, unit_lead=403)
WRITERS = {**PLANNERS, "ciso": 302, "analyst": 302}
RUNNERS = answers(otherwise=404, ciso=200, analyst=200, auditor=200, unit_lead=403)
RUNNERS_POST = {**RUNNERS, "ciso": 302, "analyst": 302, "auditor": 302}


def reason(cast: Cast) -> Mapping[str, Any]:
    return {"comment": "As agreed with the unit"}
