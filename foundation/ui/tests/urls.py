"""Who meets what behind the addresses of the kit itself."""

from foundation.testing.urls import UrlRow, everyone

ROWS = [
    UrlRow(name="ui:style-guide", get=everyone(404), post=everyone(404)),
    UrlRow(
        name="ui:theme",
        get=everyone(405),
        post=everyone(302),
        data=lambda cast: {"theme": "dark", "next": "/"},
    ),
]
