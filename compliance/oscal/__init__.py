"""OSCAL catalogues (NIST's format, 1.0 and 1.1, JSON) as plain values. Knows nothing of the portal."""

from compliance.oscal.json_text import MOST_BYTES
from compliance.oscal.reading import read_catalogue

__all__ = ["MOST_BYTES", "read_catalogue"]
