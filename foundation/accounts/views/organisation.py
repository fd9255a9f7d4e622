"""The organisation's settings."""

from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.confirmation import show_first
from foundation.accounts.forms import OrganisationForm
from foundation.accounts.forms.seen import told_if_stale
from foundation.accounts.models import Organisation
from foundation.accounts.permissions import person_of, right_check
from foundation.accounts.services import organisation_change
from foundation.ui.conflicts import VERSION
from foundation.ui.form_pages import FormPage


class OrganisationPage(FormPage):
    """Name, clock, currency and address of the organisation."""

    form_class = OrganisationForm
    title = gettext_lazy("Organisation")

    def prepare(self) -> None:
        """Check the right, which must hold for the whole organisation."""
        right_check(user=self.request.user, right="organisation.manage")

    def get_form_arguments(self) -> dict[str, Any]:
        """Fill in what is set now."""
        return {"organisation": Organisation.objects.get()}

    def save(self, form: OrganisationForm) -> str:
        """Ask who it is, and change the settings, with all that depends on them."""
        show_first(self.request)
        with told_if_stale(form):
            organisation_change(
                changes=form.typed(),
                actor=person_of(self.request),
                now=self.now,
                seen=form.cleaned_data[VERSION],
            )
        messages.success(self.request, _("Settings saved"))
        return reverse("accounts:organisation")
