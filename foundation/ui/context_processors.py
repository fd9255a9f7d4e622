"""What the shell around every page needs."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from foundation import clock
from foundation.ui.navigation import OWN_MENU, NavigationGroup, navigation_for
from foundation.ui.theme import chosen_theme


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give templates the clock and nonce of this request, the theme, and (read only when it is drawn) the navigation."""
    now = clock.now()

    def groups() -> list[NavigationGroup]:
        return navigation_for(request, now=now)

    navigation = SimpleLazyObject(groups)
    return {
        "now": now,
        "csp_nonce": str(getattr(request, "csp_nonce", "")),
        "theme": chosen_theme(request),
        "navigation": navigation,
        "own_menu": OWN_MENU,
    }
