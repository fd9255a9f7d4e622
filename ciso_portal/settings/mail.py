"""How mails leave, and what stands in them."""

from ciso_portal.settings.base import env

# A mail server; without one, mails are kept and shown to administrators.
EMAIL_URL = env.str("EMAIL_URL", default="")
EMAIL_BACKEND = "foundation.notifications.email_backend.OutboxBackend"
EMAIL_TIMEOUT = env.float("EMAIL_TIMEOUT", default=15.0)
# How long a mail waits after its first failed attempt; doubled after each further one.
MAIL_RETRY_SECONDS = env.float("MAIL_RETRY_SECONDS", default=60.0)
# For how long a worker that took mails is believed to be alive; then another takes them over.
MAIL_LEASE_SECONDS = env.float("MAIL_LEASE_SECONDS", default=300.0)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="CISO Portal <portal@localhost>")
BASE_URL = env.str("BASE_URL", default="")
