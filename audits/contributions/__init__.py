"""What audits give to the whole, a module for each sort of thing that they keep."""

from audits.contributions import audits, checks, evidence, findings, programmes, series

__all__ = ["audits", "checks", "evidence", "findings", "programmes", "series"]
