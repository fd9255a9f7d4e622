"""What browsers are told: the content security policy and the headers beside it. Settings import these."""

from csp.constants import NONCE, NONE, SELF

# Scripts run by nonce only: a file that someone uploaded can never be one. Pictures may be data: addresses, since the
# style sheet draws its check marks and arrows so; nothing may be framed, embedded or loaded from another site.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# What goes with answers that are given above the policy's middleware: pages without scripts (413), words for monitors.
BARE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

# What goes with a file that somebody uploaded: should a browser show it after all, nothing in it runs or loads.
FILE_POLICY = "default-src 'none'; sandbox"

SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# Powers of the browser that no page here uses.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "hid",
        "idle-detection",
        "local-fonts",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "picture-in-picture",
        "screen-wake-lock",
        "serial",
        "storage-access",
        "usb",
        "xr-spatial-tracking",
    )
)

# Sign-in with a passkey needs these two for the portal's own pages.
PERMISSIONS_POLICY += ", publickey-credentials-create=(self), publickey-credentials-get=(self)"

# Bodies above this are refused before they are read (uploads included). Bodies up to DRAINED are read and dropped, so
# that the browser shows the page that says so instead of a broken connection.
REQUEST_MAX_BYTES = 30 * 1024 * 1024
REQUEST_DRAINED_BYTES = 4 * REQUEST_MAX_BYTES
