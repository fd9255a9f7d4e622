"""Settings of the portal, read from the environment (see the table in README.md)."""

import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy

from ciso_portal import log
from foundation.accounts import oidc_settings
from foundation.ui import security

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env.str("PORTAL_VAR_DIR", default=str(BASE_DIR / "var")))
PRODUCTION = env.bool("PORTAL_PRODUCTION", default=False)
DEBUG = env.bool("DEBUG", default=False)


def _kept_secret_key() -> str:
    """Return this folder's own random key, made at the first start and readable by its owner only."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text().strip()


SECRET_KEY = env.str("SECRET_KEY", default="") or ("" if PRODUCTION else _kept_secret_key())
# Earlier keys: what they signed and sealed (links, sessions, second factors) is still read.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["*"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# A proxy in front: believe what it says of the client's address and scheme. How many of them stand in a row.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1 if BEHIND_PROXY else 0)

if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("DEBUG must be off in production (PORTAL_PRODUCTION=1).")
    if env.float("PORTAL_CLOCK_OFFSET", default=0.0):
        raise ImproperlyConfigured(
            "PORTAL_CLOCK_OFFSET is for tests; in production the clock is the machine's."
        )
    if len(SECRET_KEY) < 50:
        raise ImproperlyConfigured("SECRET_KEY must be set to at least 50 random characters in production.")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS must name the portal's hosts in production; '*' is refused."
        )

INSTALLED_APPS = [
    "ciso_portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "foundation.ui",
    "foundation.trail",
    "foundation.accounts",
    "foundation.lists",
    "foundation.records",
    "foundation.enrolment",
    "foundation.files",
    "foundation.links",
    "foundation.notifications",
    "foundation.conversation",
    "foundation.deadlines",
    "foundation.lifecycle",
    "foundation.approvals",
    "foundation.actions",
    "foundation.search",
    "foundation.calendar",
    "foundation.desk",
    "foundation.operations",
    "audits",
    "bench",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "foundation.ui.middleware.SecurityHeadersMiddleware",
    "foundation.operations.middleware.HealthMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "foundation.ui.middleware.RequestSizeMiddleware",
    "csp.middleware.CSPMiddleware",
    "foundation.accounts.middleware.ClientAddressMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "foundation.ui.middleware.HtmxMiddleware",
    "foundation.ui.middleware.TooManyRequestsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "foundation.accounts.middleware.SetupMiddleware",
    "foundation.accounts.middleware.SignInRequiredMiddleware",
    "foundation.accounts.middleware.SecondFactorMiddleware",
    "foundation.trail.middleware.TrailContextMiddleware",
    "foundation.trail.middleware.HistoryContextMiddleware",
    "foundation.accounts.middleware.PersonMiddleware",
]

ROOT_URLCONF = "ciso_portal.urls"
FORM_RENDERER = "foundation.ui.form_renderer.FormRenderer"
WSGI_APPLICATION = "ciso_portal.wsgi.application"
ASGI_APPLICATION = "ciso_portal.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "foundation.accounts.context_processors.organisation",
                "foundation.ui.context_processors.shell",
            ],
        },
    }
]

# Two roles on one database: the portal runs as the first, which may not touch the trail's past;
# migrations run as the second, which owns the tables (`migrate --database owner`).
_DATABASE = env.db_url("DATABASE_URL", default="postgres://ciso_app@127.0.0.1:5432/ciso_portal")
_OWNER = (
    env.db_url("DATABASE_OWNER_URL", default="") if env.str("DATABASE_OWNER_URL", default="") else _DATABASE
)
DATABASES: dict[str, dict[str, Any]] = {
    "default": {**_DATABASE, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False},
    "owner": {**_OWNER, "CONN_MAX_AGE": 0},
}
DATABASE_ROUTERS = ["foundation.trail.routers.OneDatabaseRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "foundation.accounts.steady_cache.SteadyRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1.0},
    }
}

# The broker carries wake-up calls alone: whatever it loses, the next call finds the work in PostgreSQL. So every task may
# be lost, or delivered twice, and worker and beat wait for a broker that is away for as long as it takes.
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_TIMEOUT = 5.0
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,  # a task that nobody acknowledged comes again after an hour
    "socket_connect_timeout": 5.0,
    "socket_keepalive": True,
    "health_check_interval": 25,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A mail that is being sent is finished before a worker that lost its broker looks for it again.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
# A worker that is too busy to ask for more notices that the broker went away by the connection on which it listens for this.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "foundation.operations.beat:HeartbeatScheduler"
# Shortens all of beat's intervals, for tests.
BEAT_SECONDS = env.float("PORTAL_BEAT_SECONDS", default=0.0)


def _each(seconds: float, task: str) -> dict[str, Any]:
    """Return beat's entry for a wake-up call; one that nobody took in time is dropped, as the next one serves as well."""
    interval = min(seconds, BEAT_SECONDS or seconds)
    return {"task": task, "schedule": interval, "options": {"expires": max(interval * 0.9, 5.0)}}


CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "operations-worker-heartbeat": _each(60.0, "operations.worker_heartbeat"),
    # Asks all sources of notices first, the deadlines' scan among them.
    "notifications-deliver": _each(60.0, "notifications.deliver"),
    "trail-seal": _each(300.0, "trail.seal"),
    # Once a week for each CISO; asked each hour, so that no week is missed.
    "trail-mail-checkpoint": _each(3600.0, "trail.mail_checkpoint"),
    "search-forget-visits": _each(86_400.0, "search.forget_visits"),
    "accounts-sessions-clear": _each(3600.0, "accounts.sessions_clear"),
    "lists-tidy-exports": _each(300.0, "lists.tidy_exports"),
    # What came in before there was a scanner; nothing to do where CLAMD_URL names none.
    "files-scan": _each(300.0, "files.scan"),
    "files-drop-orphans": _each(86_400.0, "files.drop_orphans"),
    "audits-plan-occurrences": _each(3600.0, "audits.plan_occurrences"),
    "records-drop-import-files": _each(3600.0, "records.drop_import_files"),
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "full_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 3600  # seconds that a link in a mail works
ACCOUNT_ADAPTER = "foundation.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "foundation.accounts.forms.SignInForm",
    "reauthenticate": "foundation.accounts.forms.ConfirmPasswordForm",
    "change_password": "foundation.accounts.forms.PasswordChangeForm",
    "set_password": "foundation.accounts.forms.PasswordSetForm",
    "reset_password": "foundation.accounts.forms.PasswordResetForm",
    "reset_password_from_key": "foundation.accounts.forms.NewPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # people are told by mail when their password changes
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail goes to strangers
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = False
# Per address of the network (a whole office may share one) and per person ("key").
ACCOUNT_RATE_LIMITS = {
    "login": "100/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "20/m/ip,3/5m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
# Second factors. Which roles need one is the organisation's setting; `foundation/accounts/second_factor.py` demands it.
MFA_ADAPTER = "foundation.accounts.factor_adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "authenticate": "foundation.accounts.forms.SecondFactorForm",
    "reauthenticate": "foundation.accounts.forms.ConfirmFactorForm",
    "activate_totp": "foundation.accounts.forms.TotpForm",
    "add_webauthn": "foundation.accounts.forms.PasskeyForm",
    "login_webauthn": "foundation.accounts.forms.PasskeySignInForm",
    "authenticate_webauthn": "foundation.accounts.forms.PasskeyStepForm",
    "reauthenticate_webauthn": "foundation.accounts.forms.PasskeyConfirmForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up: whoever made the account vouches for its address
MFA_RECOVERY_CODE_DIGITS = 10

# The organisation's own identity provider, if it has one: people who exist here sign in through it by verified address.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
OIDC_NAME = env.str("OIDC_NAME", default="Single sign-on")
OIDC_TRUST_EMAIL = env.bool("OIDC_TRUST_EMAIL", default=False)
OIDC_TRUST_MFA = env.bool("OIDC_TRUST_MFA", default=False)
SOCIALACCOUNT_ADAPTER = "foundation.accounts.oidc_adapter.OidcAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that leads to another host would breach the policy
SOCIALACCOUNT_PROVIDERS = oidc_settings.provider_settings(
    issuer=OIDC_ISSUER,
    client_id=env.str("OIDC_CLIENT_ID", default=""),
    secret=env.str("OIDC_CLIENT_SECRET", default=""),
    name=OIDC_NAME,
)

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
TIME_ZONE = "UTC"
USE_TZ = True
# Sets the portal's clock ahead (foundation/clock.py), for tests that live through days.
CLOCK_OFFSET = timedelta(seconds=env.float("PORTAL_CLOCK_OFFSET", default=0.0))
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# In production collected by `prepare`, before the portal starts; elsewhere served from where they are.
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
WHITENOISE_USE_FINDERS = not PRODUCTION
# In production names carry a hash of what is in the file, so that browsers keep them for good.
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Files on records lie under random names in a folder that nothing serves.
FILES_ROOT = Path(env.str("FILES_ROOT", default=str(VAR_DIR / "files")))
FILES_MAX_BYTES = env.int("FILES_MAX_MB", default=25) * 1024 * 1024
STORAGES["files"] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {
        "location": FILES_ROOT,
        "allow_overwrite": True,  # names are random; a picture of a page that two people draw is the same
        "file_permissions_mode": 0o600,
        "directory_permissions_mode": 0o700,
    },
}
if _BUCKET := env.str("FILES_S3_BUCKET", default=""):
    # The key and its secret are read by boto3 itself (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, or the machine's role).
    STORAGES["files"] = {
        "BACKEND": "foundation.files.s3.BucketStorage",
        "OPTIONS": {
            "bucket_name": _BUCKET,
            "endpoint_url": env.str("FILES_S3_ENDPOINT", default="") or None,
            "region_name": env.str("FILES_S3_REGION", default="") or None,
            "max_memory_size": 5 * 1024 * 1024,
        },
    }
# A virus scanner (clamd) that sees every file before it is stored: tcp://host:3310 or unix:///run/clamav/clamd.ctl
CLAMD_URL = env.str("CLAMD_URL", default="")
# Paths below which a request may be larger. Their views read a body only after they know who sends it.
REQUEST_MAX_BYTES_BELOW = {"/files/upload/": max(security.REQUEST_MAX_BYTES, 4 * FILES_MAX_BYTES)}

FILTERS_EMPTY_CHOICE_LABEL = gettext_lazy("All")
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = security.CONTENT_SECURITY_POLICY
SECURE_REFERRER_POLICY = security.SECURE_REFERRER_POLICY
SECURE_CROSS_ORIGIN_OPENER_POLICY = security.SECURE_CROSS_ORIGIN_OPENER_POLICY
REQUEST_MAX_BYTES = security.REQUEST_MAX_BYTES
CSRF_FAILURE_VIEW = "foundation.ui.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

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

SESSION_ENGINE = "foundation.accounts.session_store"
# A session is over so long after its last request, and in any case so long after sign-in.
SESSION_IDLE_SECONDS = 60 * env.int("SESSION_IDLE_MINUTES", default=60)
SESSION_COOKIE_AGE = 3600 * env.int("SESSION_HOURS", default=12)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
KNOWN_BROWSER_COOKIE_NAME = "known-browser"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    KNOWN_BROWSER_COOKIE_NAME = "__Host-known-browser"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # monitors beside the portal ask without TLS
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None

# Checkpoints of the trail, signed with this key (PEM, or base64 of 32 bytes); without one, a key is made there.
TRAIL_CHECKPOINT_DIR = Path(env.str("TRAIL_CHECKPOINT_DIR", default=str(VAR_DIR / "trail")))
TRAIL_SIGNING_KEY = env.str("TRAIL_SIGNING_KEY", default="")
TRAIL_SIGNING_KEY_FILE = env.str("TRAIL_SIGNING_KEY_FILE", default="")

LOGGING = log.configuration(
    as_json=env.bool("LOG_JSON", default=PRODUCTION), level=env.str("LOG_LEVEL", default="INFO")
)
# The field-level history keeps who asked for it with each change.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
