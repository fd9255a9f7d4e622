"""The addresses of accounts; those of sign-in are in sign_in_urls.py."""

from django.urls import path

from foundation.accounts.views.delegations import StandInCreate, StandInEnd
from foundation.accounts.views.factors import second_factor
from foundation.accounts.views.grants import GrantCreate, GrantEdit, GrantEnd
from foundation.accounts.views.invitations import InvitationPage, InvitationRevoke, InvitationSend
from foundation.accounts.views.organisation import OrganisationPage
from foundation.accounts.views.people import SIGN_IN, PersonDetail, PersonList
from foundation.accounts.views.person_forms import (
    PersonCreate,
    PersonDeactivate,
    PersonEdit,
    PersonReactivate,
)
from foundation.accounts.views.person_sign_in import FactorsReset, PersonSessionEnd, PersonSignOut
from foundation.accounts.views.profile import ProfilePage
from foundation.accounts.views.rights import right, rights
from foundation.accounts.views.sessions import session_end_one, sessions_end_other
from foundation.accounts.views.setup import SampleSetup, SetupPage
from foundation.accounts.views.units import (
    UnitArchive,
    UnitCreate,
    UnitDetail,
    UnitEdit,
    UnitList,
    UnitMove,
    UnitRestore,
)

app_name = "accounts"

urlpatterns = [
    path("setup/", SetupPage.as_view(), name="setup"),
    path("setup/sample/", SampleSetup.as_view(), name="setup-sample"),
    path("organisation/", OrganisationPage.as_view(), name="organisation"),
    path("profile/", ProfilePage.as_view(), name="profile"),
    path("second-factor/", second_factor, name="second-factor"),
    path("sessions/end-others/", sessions_end_other, name="sessions-end-others"),
    path("sessions/<str:pk>/end/", session_end_one, name="session-end"),
    path("rights/", rights, name="rights"),
    path("rights/<str:code>/", right, name="right-detail"),
    path("people/", PersonList.as_view(), name="person-list"),
    path("people/new/", PersonCreate.as_view(), name="person-create"),
    path("people/<int:pk>/", PersonDetail.as_view(), name="person-detail"),
    path("people/<int:pk>/sign-in/", PersonDetail.as_view(), {"tab": SIGN_IN.key}, name="person-sign-in"),
    path("people/<int:pk>/sessions/<str:key>/end/", PersonSessionEnd.as_view(), name="person-session-end"),
    path("people/<int:pk>/edit/", PersonEdit.as_view(), name="person-edit"),
    path("people/<int:pk>/deactivate/", PersonDeactivate.as_view(), name="person-deactivate"),
    path("people/<int:pk>/reactivate/", PersonReactivate.as_view(), name="person-reactivate"),
    path("people/<int:pk>/second-factors/reset/", FactorsReset.as_view(), name="factors-reset"),
    path("people/<int:pk>/sign-out/", PersonSignOut.as_view(), name="person-sign-out"),
    path("people/<int:pk>/stand-in/", StandInCreate.as_view(), name="stand-in-create"),
    path("stand-ins/<int:pk>/end/", StandInEnd.as_view(), name="stand-in-end"),
    path("people/<int:pk>/invite/", InvitationSend.as_view(), name="invitation-send"),
    path("people/<int:pk>/invite/revoke/", InvitationRevoke.as_view(), name="invitation-revoke"),
    path("invitation/<str:token>/", InvitationPage.as_view(), name="invitation"),
    path("people/<int:pk>/roles/new/", GrantCreate.as_view(), name="grant-create"),
    path("roles/<int:pk>/edit/", GrantEdit.as_view(), name="grant-edit"),
    path("roles/<int:pk>/end/", GrantEnd.as_view(), name="grant-end"),
    path("units/", UnitList.as_view(), name="unit-list"),
    path("units/new/", UnitCreate.as_view(), name="unit-create"),
    path("units/<int:pk>/", UnitDetail.as_view(), name="unit-detail"),
    path("units/<int:pk>/edit/", UnitEdit.as_view(), name="unit-edit"),
    path("units/<int:pk>/move/", UnitMove.as_view(), name="unit-move"),
    path("units/<int:pk>/archive/", UnitArchive.as_view(), name="unit-archive"),
    path("units/<int:pk>/restore/", UnitRestore.as_view(), name="unit-restore"),
]
