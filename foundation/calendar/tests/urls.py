"""Who meets what behind the addresses of the calendar."""

from foundation.testing.urls import UrlRow, everyone

ROWS = [UrlRow(name="calendar:calendar", get=everyone())]
