"""Django's admin site as the portal has it: behind the portal's own sign-in, and opened by a right."""

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from foundation.accounts.access import access_of
from foundation.accounts.permissions import right_required
from foundation.accounts.rights import RightMissing

NOT_HERE = ("password_change_done", "view_on_site")

# Django's admin templates know no nonce; their scripts are files of the portal's own.
own_scripts = csp_update({"script-src": [SELF]})


class PortalAdminSite(AdminSite):
    """The tables of the portal, for those who manage people.

    It has no sign-in form of its own, so rate limits, the trail and second factors hold here as everywhere.
    """

    site_header = _("Tables of the portal")
    site_title = _("Tables of the portal")
    index_title = _("Tables")
    enable_nav_sidebar = False
    final_catch_all_view = False

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Leave out the pages that the portal has itself or does not need."""
        return [url for url in super().get_urls() if getattr(url, "name", None) not in NOT_HERE]

    def has_permission(self, request: HttpRequest) -> bool:
        """Open the site to whoever manages people in the whole organisation."""
        return request.user.is_active and access_of(request.user).has("people.manage")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Send strangers to the portal's sign-in page, and tell others why the site is closed to them."""
        return own_scripts(right_required("people.manage")(super().admin_view(view, cacheable)))

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the portal's sign-in page; refuse those who are signed in and lack the right."""
        if request.user.is_authenticated:
            if not self.has_permission(request):
                raise RightMissing("people.manage", everywhere=True)
            return redirect("admin:index")
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Lead to the portal's own page, which asks first."""
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Lead to the portal's own page."""
        return redirect("account_change_password")
