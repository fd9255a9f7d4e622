"""Who meets what behind the addresses of sign-in and accounts."""

from collections.abc import Callable, Sequence
from typing import Any

from django.test import Client

from foundation import clock
from foundation.accounts.models import BusinessUnit, Delegation
from foundation.accounts.organisation import organisation_day
from foundation.accounts.session_store import digest_of
from foundation.accounts.tests.factories import BusinessUnitFactory, UserFactory
from foundation.testing.cast import Cast
from foundation.testing.urls import SIGN_IN, Answer, UrlRow, answers, everyone, only

ADMINISTRATOR_ALONE = only("administrator")
ASKS_WHO = only("administrator", answer=302)  # leads to the password


def admin_rows(name: str, pk: Callable[[Cast], int], *, may_delete: bool = False) -> list[UrlRow]:
    """Return the rows of a table in the admin site."""
    reads = ("changelist", "add", "change")
    rows = [
        UrlRow(
            name=f"admin:accounts_{name}_{page}",
            args=(lambda cast: [pk(cast)]) if page == "change" else (lambda cast: []),
            get=ADMINISTRATOR_ALONE,
            post=ASKS_WHO,
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
        UrlRow(
            name=f"admin:accounts_{name}_delete",
            args=lambda cast: [pk(cast)],
            get=delete,
            post=ASKS_WHO if may_delete else only(),
            refused_otherwise=not may_delete,
        ),
    ]


# The table's person and units are of payments and below, which the unit's lead sees.
SEES = ("ciso", "analyst", "auditor", "unit_lead", "administrator")


def seen(**parts: int) -> dict[str, Answer]:
    """Return 200 for who sees the person or unit, 404 for others, and what is given by name."""
    return answers(otherwise=404, **{**dict.fromkeys(SEES, 200), **parts})


def managed(answer: int = 200, **parts: int) -> dict[str, Answer]:
    """Return `answer` for the administrator, 403 for who sees the person or unit, 404 for others."""
    return answers(otherwise=404, **{**dict.fromkeys(SEES, 403), "administrator": answer, **parts})


def form_row(
    name: str, args: Callable[[Cast], Sequence[Any]], *, saves: bool = False, **parts: int
) -> UrlRow:
    """Return the row of a form; `saves`: it needs nothing filled in."""
    return UrlRow(name=name, args=args, get=managed(**parts), post=managed(302 if saves else 422, **parts))


def closed_person(cast: Cast) -> list[int]:
    """Return the number of a person of payments whose account is closed."""
    return [UserFactory.create(unit=cast.units.payments, is_active=False).pk]


def person_without_password(cast: Cast) -> list[int]:
    """Return the number of a person of payments who was not invited yet."""
    return [UserFactory.create(unit=cast.units.payments, password="!").pk]


def delegation_of_personnel(cast: Cast) -> list[int]:
    """Return the number of a delegation from personnel to someone without a part."""
    today = organisation_day(clock.now())
    return [
        Delegation.objects.create(
            person=cast.personnel,
            stand_in=UserFactory.create(),
            starts_on=today,
            ends_on=today,
            created_at=clock.now(),
        ).pk
    ]


def archived_unit(cast: Cast) -> list[int]:
    """Return the number of a unit below payments that is archived."""
    unit = BusinessUnitFactory.create(parent=cast.units.payments)
    BusinessUnit.objects.filter(pk=unit.pk).update(archived_at=clock.now())
    return [unit.pk]


def session_of_personnel(cast: Cast) -> list[Any]:
    """Return the numbers of personnel and of a session of theirs."""
    browser = Client()
    browser.force_login(cast.personnel)
    return [cast.personnel.pk, digest_of(str(browser.session.session_key))]


PERSON = {"personnel": 403}  # who sees the own page, and manages nobody
DIRECTORY = [
    UrlRow(name="accounts:person-list", get=only(*SEES)),
    UrlRow(
        name="accounts:person-create",
        get=ADMINISTRATOR_ALONE,
        post=only("administrator", answer=422),
    ),
    UrlRow(name="accounts:person-detail", args=lambda cast: [cast.personnel.pk], get=seen(personnel=200)),
    form_row("accounts:person-edit", lambda cast: [cast.personnel.pk], **PERSON),
    form_row("accounts:person-deactivate", lambda cast: [cast.personnel.pk], saves=True, **PERSON),
    form_row("accounts:person-reactivate", closed_person, saves=True),
    form_row("accounts:grant-create", lambda cast: [cast.personnel.pk], **PERSON),
    form_row("accounts:grant-edit", lambda cast: [cast.personnel.grants.get().pk], saves=True, **PERSON),
    form_row("accounts:grant-end", lambda cast: [cast.personnel.grants.get().pk], saves=True, **PERSON),
    UrlRow(
        name="accounts:stand-in-create",
        args=lambda cast: [cast.personnel.pk],
        get=managed(personnel=200),
        post=managed(422, personnel=422),
    ),
    UrlRow(
        name="accounts:stand-in-end",
        args=delegation_of_personnel,
        get=managed(personnel=200),
        post=managed(302, personnel=302),
    ),
    UrlRow(name="accounts:person-sign-in", args=lambda cast: [cast.personnel.pk], get=managed(**PERSON)),
    form_row("accounts:factors-reset", lambda cast: [cast.personnel.pk], **PERSON),
    form_row("accounts:person-sign-out", lambda cast: [cast.personnel.pk], **PERSON),
    form_row("accounts:person-session-end", session_of_personnel, **PERSON),
    form_row("accounts:invitation-send", person_without_password, saves=True),
    form_row("accounts:invitation-revoke", person_without_password, saves=True),
    UrlRow(
        name="accounts:invitation",
        args=lambda cast: ["no-such-token"],
        get=everyone(404, anonymous=404),
        post=everyone(404, anonymous=404),
    ),
    UrlRow(name="accounts:unit-list", get=only(*SEES)),
    UrlRow(
        name="accounts:unit-create",
        get=ADMINISTRATOR_ALONE,
        post=only("administrator", answer=422),
    ),
    UrlRow(name="accounts:unit-detail", args=lambda cast: [cast.units.cards.pk], get=seen()),
    form_row("accounts:unit-edit", lambda cast: [cast.units.cards.pk]),
    form_row("accounts:unit-move", lambda cast: [cast.units.cards.pk]),
    form_row("accounts:unit-archive", lambda cast: [unit_without_people(cast)], saves=True),
    form_row("accounts:unit-restore", archived_unit, saves=True),
]


def unit_without_people(cast: Cast) -> int:
    """Return the number of a unit below payments to which nobody belongs."""
    return BusinessUnitFactory.create(parent=cast.units.payments).pk


ROWS = [
    *DIRECTORY,
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
        get=everyone(404, anonymous=404),
        post=everyone(404, anonymous=404),
    ),
    UrlRow(name="account_reset_password_from_key_done", get=everyone(anonymous=200)),
    UrlRow(name="mfa_index", get=everyone()),
    UrlRow(name="mfa_authenticate", get=everyone(302), post=everyone(302)),
    # Without a factor there is nothing to show once more, so these lead to the password, or on.
    UrlRow(name="mfa_reauthenticate", get=everyone(302), post=everyone(302), confirmed=everyone(302)),
    UrlRow(name="mfa_activate_totp", get=everyone(302), post=everyone(302), confirmed=everyone()),
    UrlRow(
        name="mfa_reauthenticate_webauthn", get=everyone(302), post=everyone(302), confirmed=everyone(302)
    ),
    UrlRow(name="mfa_add_webauthn", get=everyone(302), post=everyone(302), confirmed=everyone()),
    UrlRow(
        name="mfa_remove_webauthn",
        args=lambda cast: [1],
        get=everyone(302),
        post=everyone(302),
        confirmed=everyone(404),
    ),
    UrlRow(
        name="factor_rename",
        args=lambda cast: [1],
        get=everyone(302),
        post=everyone(302),
        confirmed=everyone(404),
    ),
    UrlRow(name="mfa_login_webauthn", get=everyone(302, anonymous=200), post=everyone(302)),
    # No provider is configured in most tests.
    UrlRow(name="openid_connect_login", args=lambda cast: ["oidc"], get=everyone(404, anonymous=404)),
    UrlRow(name="openid_connect_callback", args=lambda cast: ["oidc"], get=everyone(404, anonymous=404)),
    UrlRow(
        name="oidc_confirm", get=everyone(302), post=everyone(302), confirmed=everyone(302)
    ),  # leads to the password
    UrlRow(name="oidc_confirm_go", get=everyone(404)),
    UrlRow(name="mfa_deactivate_totp", get=everyone(404), post=everyone(404)),
    UrlRow(name="mfa_view_recovery_codes", get=everyone(404)),
    UrlRow(name="mfa_download_recovery_codes", get=everyone(404)),
    UrlRow(name="mfa_generate_recovery_codes", get=everyone(302), post=everyone(302), confirmed=everyone()),
    UrlRow(name="accounts:second-factor", get=everyone(302)),
    UrlRow(name="accounts:sessions-end-others", get=everyone(405), post=everyone(302)),
    UrlRow(
        name="accounts:session-end",
        args=lambda cast: [digest_of("someone-elses-session")],
        get=everyone(405),
        post=everyone(404),
    ),
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
    *admin_rows("rolegrant", lambda cast: cast.analyst.grants.get().pk, may_delete=True),
]
