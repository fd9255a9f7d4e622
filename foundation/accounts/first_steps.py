"""What a new organisation does first about itself and its people."""

from django.utils.translation import gettext_lazy as _

from foundation.accounts.choices import Role
from foundation.accounts.models import BusinessUnit, Organisation, RoleGrant, User
from foundation.registry import FirstStep

FIRST_STEPS = (
    FirstStep(
        key="accounts.address",
        label=_("Name the portal's address"),
        text=_("Links in mails and invitations lead there."),
        icon="world",
        url_name="accounts:organisation",
        order=10,
        done=lambda now: Organisation.objects.exclude(base_url=""),
        right="organisation.manage",
    ),
    FirstStep(
        key="accounts.units",
        label=_("Make the business units"),
        text=_("Records and roles belong to one, and reach all below it."),
        icon="sitemap",
        url_name="accounts:unit-list",
        order=30,
        done=lambda now: BusinessUnit.objects.all(),
        right="people.manage",
        at_least=2,
    ),
    FirstStep(
        key="accounts.people",
        label=_("Invite people"),
        text=_("Each gets a mail with a link to choose a password."),
        icon="user-plus",
        url_name="accounts:person-list",
        order=40,
        done=lambda now: User.objects.filter(is_active=True),
        right="people.manage",
        at_least=3,
    ),
    FirstStep(
        key="accounts.ciso",
        label=_("Name the CISO"),
        text=_("Approvals and escalations go there."),
        icon="shield-check",
        url_name="accounts:person-list",
        order=50,
        done=lambda now: RoleGrant.objects.filter(role=Role.CISO, user__is_active=True),
        right="people.manage",
    ),
)
