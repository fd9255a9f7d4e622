"""Light, dark, or as the device has it: kept in a cookie, so that the first byte of a page is already right."""

from django.http import HttpRequest

COOKIE = "theme"
CHOICES = ("light", "dark", "auto")
KEPT_SECONDS = 400 * 24 * 3600  # the longest that browsers keep a cookie


def chosen_theme(request: HttpRequest) -> str:
    """Return the theme that was chosen, else "auto"."""
    chosen = request.COOKIES.get(COOKIE, "auto")
    return chosen if chosen in CHOICES else "auto"
