"""What accounts give to the whole."""

from django.utils.translation import gettext_lazy as _

from foundation.accounts.choices import role_words
from foundation.accounts.first_steps import FIRST_STEPS
from foundation.accounts.services.delegations import STAND_IN
from foundation.accounts.services.leaving import HANDED_OVER, reports_hand_over, reports_held
from foundation.accounts.services.telling import ACCOUNT, ROLES
from foundation.registry import (
    Command,
    FieldWords,
    HandOver,
    NavigationEntry,
    NoticeKind,
    TrailVerb,
    registry,
)
from foundation.ui.navigation import OWN_MENU

registry.register(
    Command(
        key="accounts.new_person",
        label=_("New person"),
        icon="user-plus",
        url_name="accounts:person-create",
        right="people.manage",
        also=_("invite add create account user"),
        order=900,
    ),
    *FIRST_STEPS,
    NavigationEntry(
        key="accounts.organisation",
        label=_("Organisation"),
        icon="settings",
        url_name="accounts:organisation",
        group="manage",
        order=900,
        right="organisation.manage",
        whole_organisation=True,
    ),
    NavigationEntry(
        key="accounts.people",
        label=_("People"),
        icon="users-group",
        url_name="accounts:person-list",
        group="manage",
        order=902,
        right="people.view",
    ),
    NavigationEntry(
        key="accounts.units",
        label=_("Business units"),
        icon="sitemap",
        url_name="accounts:unit-list",
        group="manage",
        order=903,
        right="people.view",
    ),
    NavigationEntry(
        key="accounts.rights",
        label=_("Roles and rights"),
        icon="key",
        url_name="accounts:rights",
        group="manage",
        order=910,
    ),
    NavigationEntry(
        key="accounts.profile",
        label=_("My profile"),
        icon="user",
        url_name="accounts:profile",
        group=OWN_MENU,
        order=900,
    ),
    NavigationEntry(
        key="accounts.security",
        label=_("Sign-in and security"),
        icon="shield-lock",
        url_name="mfa_index",
        group=OWN_MENU,
        order=905,
    ),
    FieldWords(key="mfa_roles", words=lambda kind, value: role_words(value)),
    HandOver(
        key="accounts.reports",
        label=_("People who report to this person"),
        order=50,
        held=reports_held,
        hand_over=reports_hand_over,
    ),
    NoticeKind(
        key=HANDED_OVER,
        label=_("Work of someone who leaves was handed over to me"),
        reason=_("You take over what this person left."),
        may_be_digested=False,
    ),
    NoticeKind(
        key=STAND_IN,
        label=_("Who stands in for me, and for whom I stand in"),
        reason=_("You are one of the two."),
        may_be_digested=False,
    ),
    NoticeKind(
        key=ROLES,
        label=_("My roles changed, or who is CISO or administrator"),
        stays_because=_("It protects your account and the portal."),
        icon="shield-lock",
        reason=_("It changes what you may do, or who else may do the weightiest things."),
        may_be_digested=False,
    ),
    NoticeKind(
        key=ACCOUNT,
        label=_("My account was changed"),
        stays_because=_("It protects your account and the portal."),
        icon="user",
        reason=_("It is your account."),
        may_be_digested=False,
    ),
    TrailVerb(action="accounts.sample.loaded", sentence=_("loaded the sample organisation"), icon="database"),
    TrailVerb(
        action="accounts.organisation.set_up",
        sentence=_("set the organisation up"),
        icon="building",
    ),
    TrailVerb(
        action="accounts.organisation.changed",
        sentence=_("changed the organisation's settings"),
        icon="settings",
    ),
    TrailVerb(action="accounts.unit.created", sentence=_("added the business unit"), icon="sitemap"),
    TrailVerb(action="accounts.unit.changed", sentence=_("changed the business unit"), icon="sitemap"),
    TrailVerb(action="accounts.unit.moved", sentence=_("moved the business unit"), icon="sitemap"),
    TrailVerb(action="accounts.unit.archived", sentence=_("archived the business unit"), icon="archive"),
    TrailVerb(action="accounts.unit.restored", sentence=_("took up again the business unit"), icon="sitemap"),
    TrailVerb(
        action="accounts.people.exported",
        sentence=_("took the list of people away as a file"),
        icon="download",
    ),
    TrailVerb(action="accounts.user.created", sentence=_("created the account of"), icon="user-plus"),
    TrailVerb(action="accounts.user.changed", sentence=_("changed the account of"), icon="user"),
    TrailVerb(action="accounts.user.deactivated", sentence=_("closed the account of"), icon="ban"),
    TrailVerb(
        action="accounts.user.reactivated", sentence=_("opened again the account of"), icon="user-check"
    ),
    TrailVerb(action="accounts.delegation.made", sentence=_("named a stand-in for"), icon="users"),
    TrailVerb(action="accounts.delegation.ended", sentence=_("ended the stand-in of"), icon="users"),
    TrailVerb(action="accounts.invitation.sent", sentence=_("sent an invitation to"), icon="send"),
    TrailVerb(action="accounts.invitation.revoked", sentence=_("revoked the invitation of"), icon="ban"),
    TrailVerb(
        action="accounts.invitation.accepted",
        sentence=_("chose the first password of the account of"),
        icon="user-check",
    ),
    TrailVerb(action="accounts.grant.given", sentence=_("gave a role to"), icon="key"),
    TrailVerb(action="accounts.grant.changed", sentence=_("changed a role of"), icon="key"),
    TrailVerb(action="accounts.grant.ended", sentence=_("took a role from"), icon="ban"),
    TrailVerb(action="accounts.session.opened", sentence=_("signed in"), icon="lock-open"),
    TrailVerb(action="accounts.session.closed", sentence=_("signed out"), icon="logout"),
    TrailVerb(action="accounts.session.ended", sentence=_("ended a session of"), icon="logout"),
    TrailVerb(action="accounts.sessions.ended", sentence=_("ended the sessions of"), icon="logout"),
    TrailVerb(action="accounts.session.refused", sentence=_("refused a sign-in as"), icon="lock"),
    TrailVerb(action="accounts.password.changed", sentence=_("changed their own password"), icon="lock"),
    TrailVerb(action="accounts.password.reset", sentence=_("set a new password by mail"), icon="lock"),
    TrailVerb(
        action="accounts.password.set", sentence=_("set, at the machine, the password of"), icon="lock"
    ),
    TrailVerb(action="accounts.identity.linked", sentence=_("signed in by single sign-on as"), icon="link"),
    TrailVerb(
        action="accounts.confirmation.refused",
        sentence=_("had no confirmation by single sign-on that it was"),
        icon="lock",
    ),
    TrailVerb(action="accounts.totp.added", sentence=_("set up an authenticator app"), icon="shield-check"),
    TrailVerb(action="accounts.totp.removed", sentence=_("took the authenticator app away"), icon="ban"),
    TrailVerb(action="accounts.passkey.added", sentence=_("made a passkey"), icon="fingerprint"),
    TrailVerb(action="accounts.passkey.removed", sentence=_("took a passkey away"), icon="ban"),
    TrailVerb(action="accounts.recovery_codes.made", sentence=_("made new recovery codes"), icon="key"),
    TrailVerb(action="accounts.recovery_codes.used", sentence=_("used a recovery code"), icon="key"),
    TrailVerb(action="accounts.factor.renamed", sentence=_("renamed a second factor of"), icon="pencil"),
    TrailVerb(action="accounts.factor.refused", sentence=_("refused a second factor of"), icon="lock"),
    TrailVerb(
        action="accounts.factors.reset", sentence=_("took all second factors from"), icon="shield-lock"
    ),
)
