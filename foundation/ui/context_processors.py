"""What the shell around every page needs."""

from collections.abc import Hashable
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from foundation import clock
from foundation.ui.navigation import OWN_MENU, Frame, NavigationGroup, frame_for
from foundation.ui.theme import chosen_theme


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give templates the clock and nonce of this request, the theme, and (read only when it is drawn) the navigation."""
    now = clock.now()

    @cache
    def frame() -> Frame:
        return frame_for(request, now=now)

    def groups() -> list[NavigationGroup]:
        return frame().groups

    def counts() -> dict[str, int]:
        return frame().counts

    def page_counts() -> dict[str, int]:
        return frame().page_counts

    def look() -> Hashable:
        return frame().look

    return {
        "now": now,
        "csp_nonce": str(getattr(request, "csp_nonce", "")),
        "theme": chosen_theme(request),
        "navigation": SimpleLazyObject(groups),
        "navigation_look": look,
        "shell_counts": SimpleLazyObject(counts),
        "page_counts": SimpleLazyObject(page_counts),
        "own_menu": OWN_MENU,
    }
