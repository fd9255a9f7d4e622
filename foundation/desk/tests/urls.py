"""Who meets what behind the addresses of my desk."""

from foundation.testing.urls import UrlRow, everyone

ROWS = [
    UrlRow(name="desk:desk", get=everyone()),
    UrlRow(name="desk:first-steps-dismiss", get=everyone(405), post=everyone(302)),
]
