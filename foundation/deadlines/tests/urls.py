"""Who meets what behind the app's addresses."""

from foundation.testing.urls import UrlRow, everyone, only

ROWS = [
    UrlRow(name="deadlines:ladder-list", get=only("ciso")),
    UrlRow(name="deadlines:ladder-create", get=only("ciso"), post=only("ciso", answer=422)),
    UrlRow(name="deadlines:ladder-preview", get=only("ciso")),
    UrlRow(
        name="deadlines:ladder-edit",
        args=lambda cast: ("standard",),
        get=only("ciso"),
        post=only("ciso", answer=422),
    ),
    UrlRow(name="deadlines:recurrence-preview", get=everyone()),
]
