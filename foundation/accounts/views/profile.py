"""What people change about themselves, and see of their roles."""

from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.forms import ProfileForm
from foundation.accounts.forms.seen import told_if_stale
from foundation.accounts.organisation import organisation_day, organisation_zone
from foundation.accounts.permissions import person_of
from foundation.accounts.selectors import delegations_of, delegations_to, grants_of
from foundation.accounts.services import user_change
from foundation.accounts.versions import OWN_FIELDS
from foundation.ui.conflicts import VERSION
from foundation.ui.form_pages import FormPage


class ProfilePage(FormPage):
    """The own name, time zone and language; the own roles; the way to a new password."""

    form_class = ProfileForm
    title = gettext_lazy("My profile")
    template_name = "accounts/profile.html"

    def get_form_arguments(self) -> dict[str, Any]:
        """Fill in what is set now."""
        return {"user": person_of(self.request), "organisation_zone": str(organisation_zone())}

    def get_extra_context(self) -> dict[str, Any]:
        """Give the roles held today, and who stands in for whom."""
        person, today = person_of(self.request), organisation_day(self.now)
        return {
            "grants": grants_of(person, on=today),
            "stand_ins": delegations_of(person, on=today),
            "stands_in": delegations_to(person, on=today),
            "stand_in_url": reverse("accounts:stand-in-create", args=[person.pk]),
            "may_end": True,
        }

    def save(self, form: ProfileForm) -> str:
        """Change the profile."""
        person = person_of(self.request)
        with told_if_stale(form):
            user_change(
                user=person,
                changes=form.typed(),
                actor=person,
                now=self.now,
                seen=form.cleaned_data[VERSION],
                shown=OWN_FIELDS,
            )
        messages.success(self.request, _("Profile saved"))
        return reverse("accounts:profile")
