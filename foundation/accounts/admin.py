"""What the admin site shows of accounts."""

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group

# Rights come from role grants, and a person has the one address that the account is known by.
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)
