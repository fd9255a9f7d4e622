"""Forms of accounts: sign-in, passwords and second factors, the first visit, the organisation, people, units and roles."""

from foundation.accounts.forms.delegations import StandInForm as StandInForm
from foundation.accounts.forms.factors import ConfirmFactorForm as ConfirmFactorForm
from foundation.accounts.forms.factors import SecondFactorForm as SecondFactorForm
from foundation.accounts.forms.factors import TotpForm as TotpForm
from foundation.accounts.forms.grants import GrantDatesForm as GrantDatesForm
from foundation.accounts.forms.grants import GrantForm as GrantForm
from foundation.accounts.forms.organisation import OrganisationForm as OrganisationForm
from foundation.accounts.forms.passwords import InvitationForm as InvitationForm
from foundation.accounts.forms.people import LeavingForm as LeavingForm
from foundation.accounts.forms.people import PersonCreateForm as PersonCreateForm
from foundation.accounts.forms.people import PersonForm as PersonForm
from foundation.accounts.forms.profile import ProfileForm as ProfileForm
from foundation.accounts.forms.setup import SampleForm as SampleForm
from foundation.accounts.forms.setup import SetupForm as SetupForm
from foundation.accounts.forms.sign_in import ConfirmPasswordForm as ConfirmPasswordForm
from foundation.accounts.forms.sign_in import NewPasswordForm as NewPasswordForm
from foundation.accounts.forms.sign_in import PasswordChangeForm as PasswordChangeForm
from foundation.accounts.forms.sign_in import PasswordResetForm as PasswordResetForm
from foundation.accounts.forms.sign_in import PasswordSetForm as PasswordSetForm
from foundation.accounts.forms.sign_in import SignInForm as SignInForm
from foundation.accounts.forms.units import UnitCreateForm as UnitCreateForm
from foundation.accounts.forms.units import UnitForm as UnitForm
from foundation.accounts.forms.units import UnitMoveForm as UnitMoveForm
