"""The addresses of sign-in: those of django-allauth that the portal uses, and no others.

Nobody signs up or changes the address of an account by themselves, so those pages of allauth do not exist here.
"""

from allauth.account import views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as codes_views
from django.urls import path, re_path
from django.utils.translation import gettext_lazy as _

from foundation.accounts.views import confirming, factors, oidc, passkeys, passwords

urlpatterns = [
    path("sign-in/", views.login, name="account_login"),
    path("sign-out/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("confirm/", confirming.ConfirmByPassword.as_view(), name="account_reauthenticate"),
    path(
        "password/change/",
        views.PasswordChangeView.as_view(extra_context=factors.within_security(_("Change the password"))),
        name="account_change_password",
    ),
    path("password/set/", passwords.PasswordSet.as_view(), name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/sent/", views.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/changed/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("security/", factors.security, name="mfa_index"),
    path("code/", mfa_views.authenticate, name="mfa_authenticate"),
    path("confirm/code/", confirming.ConfirmByCode.as_view(), name="mfa_reauthenticate"),
    path("confirm/passkey/", passkeys.PasskeyConfirm.as_view(), name="mfa_reauthenticate_webauthn"),
    path("confirm/oidc/", oidc.OidcConfirm.as_view(), name="oidc_confirm"),
    path("confirm/oidc/go/", oidc.oidc_confirm_go, name="oidc_confirm_go"),
    path("passkey/", passkeys.PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    re_path(r"^(?P<provider_id>oidc)/$", oidc.oidc_sign_in, name="openid_connect_login"),
    re_path(r"^(?P<provider_id>oidc)/return/$", oidc.oidc_return, name="openid_connect_callback"),
    path("passkeys/new/", passkeys.PasskeyAdd.as_view(), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/remove/", passkeys.PasskeyRemove.as_view(), name="mfa_remove_webauthn"),
    path("factors/<int:pk>/name/", factors.FactorRename.as_view(), name="factor_rename"),
    path("authenticator-app/", factors.TotpSetUp.as_view(), name="mfa_activate_totp"),
    path("authenticator-app/remove/", factors.TotpRemove.as_view(), name="mfa_deactivate_totp"),
    path("recovery-codes/", factors.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path(
        "recovery-codes/download/",
        codes_views.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("recovery-codes/renew/", factors.RecoveryCodesRenew.as_view(), name="mfa_generate_recovery_codes"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        passwords.PasswordResetLink.as_view(),
        name="account_reset_password_from_key",
    ),
]
