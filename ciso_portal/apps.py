"""Configuration of what the project itself adds to Django."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """Let `admin.site` be the portal's."""

    default_site = "ciso_portal.admin_site.PortalAdminSite"
