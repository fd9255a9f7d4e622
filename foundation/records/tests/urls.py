"""Who meets what behind the addresses of records."""

from foundation.testing.urls import UrlRow, only

ROWS = [UrlRow(name="records:trail-list", get=only("ciso", "auditor", "administrator"))]
