"""Bringing catalogues in: OSCAL in JSON, or a table in CSV or XLSX; read, compared, and accepted as a whole."""

from compliance.imports.columns import COLUMNS, LIMITS
from compliance.imports.plans import NEW, ImportPlan, plan_import
from compliance.imports.reading import Brought, TableProblems, read_brought

__all__ = [
    "COLUMNS",
    "LIMITS",
    "NEW",
    "Brought",
    "ImportPlan",
    "TableProblems",
    "plan_import",
    "read_brought",
]
