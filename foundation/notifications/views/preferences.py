"""How a person wants to be told."""

from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.forms.seen import told_if_stale
from foundation.accounts.permissions import person_of
from foundation.notifications.forms import PreferencesForm
from foundation.notifications.selectors import preferences_of
from foundation.notifications.services import preferences_save
from foundation.ui.conflicts import VERSION
from foundation.ui.form_pages import FormPage


class PreferencesPage(FormPage):
    """By kind: how it comes by mail, and whether the portal shows it; and the digest's hour."""

    form_class = PreferencesForm
    title = gettext_lazy("My notifications")
    template_name = "notifications/preferences.html"

    def get_form_arguments(self) -> dict[str, Any]:
        """Fill in what is chosen now."""
        return {"preferences": preferences_of(person_of(self.request))}

    def save(self, form: PreferencesForm) -> str:
        """Keep the choices."""
        person = person_of(self.request)
        with told_if_stale(form):
            preferences_save(
                user=person,
                rhythms=form.rhythms,
                unshown=form.unshown,
                digest_hour=form.cleaned_data["digest_hour"],
                actor=person,
                seen=form.cleaned_data[VERSION],
            )
        messages.success(self.request, _("Preferences saved"))
        return reverse("notifications:preferences")
