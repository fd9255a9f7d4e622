"""What the sample bank audits: invented audits in plain rows, dated in days from the day of loading."""

from audits.sample_plan.recurring import SERIES
from audits.sample_plan.rows import DAWIT, HANNEKE, INGRID, LEONOR, PRIYANKA, SampleAudit
from audits.sample_plan.single import SINGLE

__all__ = ["DAWIT", "HANNEKE", "INGRID", "LEONOR", "PRIYANKA", "SERIES", "SINGLE", "SampleAudit"]
