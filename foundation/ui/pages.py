"""What every page class knows: who reads it, when, and what they may do."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.views import View
from django_htmx.middleware import HtmxDetails

from foundation import clock
from foundation.ui.navigation import access_of_request


class Page(LoginRequiredMixin, View):
    """A page for people who are signed in. `now` is read once a request."""

    now: datetime

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read the clock."""
        super().setup(request, *args, **kwargs)
        self.now = clock.now()

    def may(self, right: str) -> bool:
        """Tell whether the reader has a right at all, wherever."""
        access = access_of_request(self.request)
        return access is not None and access.has_anywhere(right)

    def missing(self, right: str) -> PermissionDenied:
        """Return the error that refuses the page to a reader for want of a right, and says so."""
        access = access_of_request(self.request)
        return access.missing(right) if access else PermissionDenied()


def fills(request: HttpRequest, target: str) -> bool:
    """Tell whether htmx asks for what fills one element of the page, by its id."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    return bool(htmx and htmx.target == target and not htmx.history_restore_request)
