"""Reads for a year of audits: who is audited when and by whom, what that covers, who carries it, what stands against it."""

from audits.selectors.year.conflicts import Conflict, conflicts_of
from audits.selectors.year.coverage import (
    Coverage,
    Covered,
    FrameworkRow,
    UnitRow,
    cycle_years,
    framework_coverage,
    unit_coverage,
)
from audits.selectors.year.load import AuditorLoad, Overlap, load_of
from audits.selectors.year.rows import (
    Auditor,
    Unit,
    YearAudit,
    YearAudits,
    teams_of,
    units_by_tree,
    year_audits,
)
from audits.selectors.year.slippage import Slippage, slippage_of

__all__ = [
    "Auditor",
    "AuditorLoad",
    "Conflict",
    "Coverage",
    "Covered",
    "FrameworkRow",
    "Overlap",
    "Slippage",
    "Unit",
    "UnitRow",
    "YearAudit",
    "YearAudits",
    "conflicts_of",
    "cycle_years",
    "framework_coverage",
    "load_of",
    "slippage_of",
    "teams_of",
    "unit_coverage",
    "units_by_tree",
    "year_audits",
]
