"""The addresses of accounts; those of sign-in are in sign_in_urls.py."""

from django.urls import path

from foundation.accounts.views.factors import second_factor
from foundation.accounts.views.organisation import OrganisationPage
from foundation.accounts.views.profile import ProfilePage
from foundation.accounts.views.rights import right, rights
from foundation.accounts.views.setup import SampleSetup, SetupPage

app_name = "accounts"

urlpatterns = [
    path("setup/", SetupPage.as_view(), name="setup"),
    path("setup/sample/", SampleSetup.as_view(), name="setup-sample"),
    path("organisation/", OrganisationPage.as_view(), name="organisation"),
    path("profile/", ProfilePage.as_view(), name="profile"),
    path("second-factor/", second_factor, name="second-factor"),
    path("rights/", rights, name="rights"),
    path("rights/<str:code>/", right, name="right-detail"),
]
