"""Who gets in: passwords, second factors, single sign-on, sessions."""

from ciso_portal.settings.base import PRODUCTION, env
from foundation.accounts import oidc_settings

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["foundation.accounts.auth_backend.PortalBackend"]
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
OIDC_TRUST_PROMPT = env.bool("OIDC_TRUST_PROMPT", default=False)
SOCIALACCOUNT_ADAPTER = "foundation.accounts.oidc_adapter.OidcAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that leads to another host would breach the policy
SOCIALACCOUNT_PROVIDERS = oidc_settings.provider_settings(
    issuer=OIDC_ISSUER,
    client_id=env.str("OIDC_CLIENT_ID", default=""),
    secret=env.str("OIDC_CLIENT_SECRET", default=""),
    name=OIDC_NAME,
)

SESSION_ENGINE = "foundation.accounts.session_store"
# A session is over so long after its last request, and in any case so long after sign-in.
SESSION_IDLE_SECONDS = 60 * env.int("SESSION_IDLE_MINUTES", default=60)
SESSION_COOKIE_AGE = 3600 * env.int("SESSION_HOURS", default=12)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
KNOWN_BROWSER_COOKIE_NAME = "known-browser"
if PRODUCTION:
    SESSION_COOKIE_NAME = "__Host-session"
    KNOWN_BROWSER_COOKIE_NAME = "__Host-known-browser"
    SESSION_COOKIE_SECURE = True
