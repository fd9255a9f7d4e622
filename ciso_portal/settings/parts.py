"""What the portal is put together from: apps, middleware, templates, languages."""

from typing import Any

from django.utils.translation import gettext_lazy

from ciso_portal.settings.base import BASE_DIR

INSTALLED_APPS = [
    "ciso_portal.apps.PortalAdminConfig",
    "foundation.accounts.commands",
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
    "compliance",
    "policies",
    "exceptions",
    "response",
    "controls",
    "audits",
    "duties",
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
    "foundation.ui.middleware.UnsentMiddleware",
    "foundation.ui.middleware.HtmxMiddleware",
    "foundation.ui.middleware.TooManyRequestsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "foundation.accounts.middleware.SetupMiddleware",
    "foundation.accounts.middleware.SignInRequiredMiddleware",
    "foundation.accounts.middleware.ConfirmationMiddleware",
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

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
FORMAT_MODULE_PATH = "foundation.ui.formats"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "locale"]

FILTERS_EMPTY_CHOICE_LABEL = gettext_lazy("All")
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
