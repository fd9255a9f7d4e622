"""Who meets what behind the addresses of health."""

from foundation.testing.urls import UrlRow, everyone, only

ROWS = [
    # No worker and no beat run in tests, so a monitor is told that something is wrong.
    UrlRow(name="operations:healthz", get=everyone(503, anonymous=503)),
    UrlRow(name="operations:health", get=only("ciso", "administrator")),
]
