"""Addresses of the import of people."""

from foundation.enrolment.views import PeopleImportPages

app_name = "enrolment"
urlpatterns = PeopleImportPages().urls()
