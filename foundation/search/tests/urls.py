"""Who meets what behind the addresses of search."""

from foundation.testing.urls import UrlRow, everyone

ROWS = [
    UrlRow(name="search:search", get=everyone(), query="?q=audit"),
    UrlRow(name="search:palette", get=everyone(), query="?q=audit"),
]
