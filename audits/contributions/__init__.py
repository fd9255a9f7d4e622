"""What audits give to the whole, a module for each sort of thing that they keep."""

from audits.contributions import audits, findings, programmes, series

__all__ = ["audits", "findings", "programmes", "series"]
