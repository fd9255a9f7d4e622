"""What requests may hold, and what answers tell browsers."""

from ciso_portal.settings.base import BEHIND_PROXY, PRODUCTION, env
from ciso_portal.settings.data import FILES_MAX_BYTES
from foundation.ui import security

X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = security.CONTENT_SECURITY_POLICY
SECURE_REFERRER_POLICY = security.SECURE_REFERRER_POLICY
SECURE_CROSS_ORIGIN_OPENER_POLICY = security.SECURE_CROSS_ORIGIN_OPENER_POLICY
REQUEST_MAX_BYTES = security.REQUEST_MAX_BYTES
CSRF_FAILURE_VIEW = "foundation.ui.error_pages.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# Paths below which a request may be larger. Their views read a body only after they know who sends it.
UPLOAD_MAX_BYTES = max(security.REQUEST_MAX_BYTES, 4 * FILES_MAX_BYTES)
REQUEST_MAX_BYTES_BELOW = {"/files/upload/": UPLOAD_MAX_BYTES, "/audits/upload/": UPLOAD_MAX_BYTES}

CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    CSRF_COOKIE_NAME = "__Host-csrf"
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # monitors beside the portal ask without TLS
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
