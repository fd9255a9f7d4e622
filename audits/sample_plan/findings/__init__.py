"""What the sample bank's audits found: invented findings in plain rows."""

from audits.sample_plan.findings.recurring import RECURRING
from audits.sample_plan.findings.rows import (
    AGREED,
    ANSWERED,
    CLOSED,
    DONE,
    EFFECTIVE,
    VERIFIED,
    SampleFinding,
)
from audits.sample_plan.findings.single import SINGLE

FINDINGS = (*RECURRING, *SINGLE)

__all__ = [
    "AGREED",
    "ANSWERED",
    "CLOSED",
    "DONE",
    "EFFECTIVE",
    "FINDINGS",
    "VERIFIED",
    "SampleFinding",
]
