"""Writes of accounts, one module per thing that is written."""

from foundation.accounts.services.errors import AccountsRefused as AccountsRefused
from foundation.accounts.services.factors import factors_reset as factors_reset
from foundation.accounts.services.grants import grant_end as grant_end
from foundation.accounts.services.grants import grant_give as grant_give
from foundation.accounts.services.invitations import LinkGone as LinkGone
from foundation.accounts.services.invitations import invitation_accept as invitation_accept
from foundation.accounts.services.invitations import invitation_check as invitation_check
from foundation.accounts.services.invitations import invitation_revoke as invitation_revoke
from foundation.accounts.services.invitations import invitation_send as invitation_send
from foundation.accounts.services.invitations import person_invite as person_invite
from foundation.accounts.services.organisation import AlreadySetUp as AlreadySetUp
from foundation.accounts.services.organisation import organisation_change as organisation_change
from foundation.accounts.services.organisation import organisation_set_up as organisation_set_up
from foundation.accounts.services.people import user_change as user_change
from foundation.accounts.services.people import user_create as user_create
from foundation.accounts.services.people import user_deactivate as user_deactivate
from foundation.accounts.services.people import user_reactivate as user_reactivate
from foundation.accounts.services.setup_code import SetupCodeRefused as SetupCodeRefused
from foundation.accounts.services.setup_code import setup_code_check as setup_code_check
from foundation.accounts.services.setup_code import setup_code_issue as setup_code_issue
from foundation.accounts.services.units import unit_archive as unit_archive
from foundation.accounts.services.units import unit_change as unit_change
from foundation.accounts.services.units import unit_create as unit_create
from foundation.accounts.services.units import unit_move as unit_move
from foundation.accounts.services.units import unit_restore as unit_restore
