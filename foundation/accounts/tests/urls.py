"""Who meets what behind the addresses of sign-in and accounts."""

from collections.abc import Callable

from foundation.testing.cast import Cast
from foundation.testing.urls import SIGN_IN, UrlRow, answers, everyone, only

ADMINISTRATOR_ALONE = only("administrator")


def admin_rows(
    name: str, pk: Callable[[Cast], int], *, saves: bool = False, may_delete: bool = False
) -> list[UrlRow]:
    """Return the rows of a table in the admin site; `saves`: its change form needs nothing filled in."""
    reads = ("changelist", "add", "change")
    rows = [
        UrlRow(
            name=f"admin:accounts_{name}_{page}",
            args=(lambda cast: [pk(cast)]) if page == "change" else (lambda cast: []),
            get=ADMINISTRATOR_ALONE,
            post=only("administrator", answer=302) if page == "change" and saves else ADMINISTRATOR_ALONE,
        )
        for page in reads
    ]
    delete = ADMINISTRATOR_ALONE if may_delete else only()
    return [
        *rows,
        UrlRow(
            name=f"admin:accounts_{name}_history",
            args=lambda cast: [pk(cast)],
            get=ADMINISTRATOR_ALONE,
            post=ADMINISTRATOR_ALONE,
        ),
        UrlRow(name=f"admin:accounts_{name}_delete", args=lambda cast: [pk(cast)], get=delete, post=delete),
    ]


ROWS = [
    UrlRow(name="account_login", get=everyone(302, anonymous=200), post=everyone(302, anonymous=200)),
    UrlRow(name="account_logout", get=everyone(200, anonymous=SIGN_IN), post=everyone(SIGN_IN)),
    UrlRow(name="account_inactive", get=everyone(200, anonymous=200)),
    UrlRow(name="account_reauthenticate", get=everyone(), post=everyone()),
    UrlRow(name="account_change_password", get=everyone(), post=everyone()),
    UrlRow(name="account_set_password", get=everyone(302), post=everyone(302)),
    UrlRow(
        name="account_reset_password",
        get=everyone(anonymous=200),
        post=answers(otherwise=200, anonymous=200),
    ),
    UrlRow(name="account_reset_password_done", get=everyone(anonymous=200)),
    UrlRow(
        name="account_reset_password_from_key",
        args=lambda cast: ("1", "no-such-token"),
        get=everyone(anonymous=200),
        post=everyone(anonymous=200),
    ),
    UrlRow(name="account_reset_password_from_key_done", get=everyone(anonymous=200)),
    UrlRow(name="mfa_index", get=everyone()),
    UrlRow(name="mfa_authenticate", get=everyone(302), post=everyone(302)),
    # Without a factor there is nothing to show once more, so these lead to the password, or on.
    UrlRow(name="mfa_reauthenticate", get=everyone(302), post=everyone(302)),
    UrlRow(name="mfa_activate_totp", get=everyone(302), post=everyone(302)),
    UrlRow(name="mfa_deactivate_totp", get=everyone(404), post=everyone(404)),
    UrlRow(name="mfa_view_recovery_codes", get=everyone(404)),
    UrlRow(name="mfa_download_recovery_codes", get=everyone(404)),
    UrlRow(name="mfa_generate_recovery_codes", get=everyone(302), post=everyone(302)),
    UrlRow(name="accounts:second-factor", get=everyone(302)),
    UrlRow(name="accounts:setup", get=everyone(404, anonymous=404), post=everyone(SIGN_IN)),
    UrlRow(name="accounts:setup-sample", get=everyone(405, anonymous=405), post=everyone(SIGN_IN)),
    UrlRow(
        name="accounts:organisation",
        get=only("ciso", "administrator"),
        post=only("ciso", "administrator", answer=422),
    ),
    UrlRow(name="accounts:profile", get=everyone(), post=everyone(422)),
    UrlRow(name="accounts:rights", get=everyone()),
    UrlRow(name="accounts:right-detail", args=lambda cast: ["mail.manage"], get=everyone()),
    *admin_rows("user", lambda cast: cast.analyst.pk),
    *admin_rows("businessunit", lambda cast: cast.units.cards.pk),
    *admin_rows("rolegrant", lambda cast: cast.analyst.grants.get().pk, saves=True, may_delete=True),
]
