"""Who meets what behind the address of my desk."""

from foundation.testing.urls import UrlRow, everyone

ROWS = [UrlRow(name="desk:desk", get=everyone())]
