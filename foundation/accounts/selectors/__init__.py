"""Reads of accounts: who may do what, who is here, and where they belong."""

from foundation.accounts.selectors.invitations import invitation_open as invitation_open
from foundation.accounts.selectors.invitations import latest_invitation as latest_invitation
from foundation.accounts.selectors.people import grants_by_person as grants_by_person
from foundation.accounts.selectors.people import grants_shown as grants_shown
from foundation.accounts.selectors.people import people_seen_by as people_seen_by
from foundation.accounts.selectors.people import people_with_state as people_with_state
from foundation.accounts.selectors.people import state_of as state_of
from foundation.accounts.selectors.rights import MatrixArea as MatrixArea
from foundation.accounts.selectors.rights import MatrixRow as MatrixRow
from foundation.accounts.selectors.rights import grants_in_force as grants_in_force
from foundation.accounts.selectors.rights import grants_of as grants_of
from foundation.accounts.selectors.rights import holders_of as holders_of
from foundation.accounts.selectors.rights import lasting_holders as lasting_holders
from foundation.accounts.selectors.rights import matrix_row as matrix_row
from foundation.accounts.selectors.rights import people_with_right as people_with_right
from foundation.accounts.selectors.rights import rights_matrix as rights_matrix
from foundation.accounts.selectors.sessions import sessions_of as sessions_of
from foundation.accounts.selectors.units import UnitRow as UnitRow
from foundation.accounts.selectors.units import unit_choices as unit_choices
from foundation.accounts.selectors.units import unit_holders as unit_holders
from foundation.accounts.selectors.units import unit_options as unit_options
from foundation.accounts.selectors.units import unit_tree as unit_tree
from foundation.accounts.selectors.units import units_in as units_in
from foundation.accounts.selectors.units import units_with_below as units_with_below
