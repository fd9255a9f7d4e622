"""The pages that name a stand-in and end it: one's own, or of someone whose account one manages."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.confirmation import show_first
from foundation.accounts.forms import StandInForm
from foundation.accounts.models import Delegation, User
from foundation.accounts.permissions import manage_check
from foundation.accounts.selectors import people_seen_by
from foundation.accounts.services import delegation_end, delegation_make
from foundation.accounts.views.common import DirectoryPage, heard, people_crumb, person_url
from foundation.ui.errors import Gone, found_or_gone
from foundation.ui.form_pages import ConfirmPage, FormPage
from foundation.ui.structure import Crumb


class StandInPage(DirectoryPage, FormPage):
    """A form about who stands in for a person: for oneself, or for someone whose account one manages."""

    person: User

    def find(self, pk: int) -> None:
        """Find the person, of those whom the reader may see, and check that the reader may name a stand-in."""
        self.person = get_object_or_404(people_seen_by(self.actor), pk=pk)
        if self.person.pk != self.actor.pk:
            manage_check(actor=self.actor, person=self.person, on=self.today)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        if self.person.pk == self.actor.pk:
            return (Crumb(_("My profile"), reverse("accounts:profile")), Crumb(self.get_title()))
        name = self.person.full_name
        return (people_crumb(), Crumb(name, person_url(self.person)), Crumb(self.get_title()))

    def get_cancel_url(self) -> str:
        """Return to the own profile, or to the person."""
        return reverse("accounts:profile") if self.person.pk == self.actor.pk else person_url(self.person)


class StandInCreate(StandInPage):
    """Names a stand-in."""

    form_class = StandInForm
    submit_label = lazy("Name the stand-in")

    def prepare(self) -> None:
        """Find the person."""
        self.find(self.kwargs["pk"])

    def get_title(self) -> str:
        """Say for whom."""
        if self.person.pk == self.actor.pk:
            return _("My stand-in")
        return _("Stand-in of %(person)s") % {"person": self.person}

    def get_subtitle(self) -> str:
        """Say what it means."""
        return _(
            "Decides the approvals that wait for the person, as far as the stand-in may know of them; it is recorded for whom."
        )

    def get_form_arguments(self) -> dict[str, Any]:
        """Return for whom, and what day it is."""
        return {"person": self.person, "today": self.today}

    def save(self, form: StandInForm) -> str:
        """Ask who it is, and name the stand-in, who decides in the person's place."""
        show_first(self.request)
        heard(
            lambda: delegation_make(person=self.person, actor=self.actor, now=self.now, **form.cleaned_data)
        )
        text = _("%(stand_in)s stands in for %(person)s")
        words = {"stand_in": form.cleaned_data["stand_in"], "person": self.person}
        messages.success(self.request, text % words)
        return self.get_cancel_url()


class StandInEnd(StandInPage, ConfirmPage):
    """Ends it."""

    form_class = forms.Form
    title = lazy("End the stand-in")
    submit_label = lazy("End it")
    delegation: Delegation

    def prepare(self) -> None:
        """Find the delegation; who stands in may end it, too."""
        delegations = Delegation.objects.select_related("person", "stand_in")
        gone = Gone(
            _("This stand-in was ended, or it is of someone whom you may not see."),
            way_on=reverse("accounts:profile"),
        )
        self.delegation = found_or_gone(delegations, gone, pk=self.kwargs["pk"])
        if self.delegation.stand_in_id == self.actor.pk:
            self.person = self.delegation.person
            return
        self.find(self.delegation.person_id)

    def get_text(self) -> str:
        """Say what it means."""
        words = {"stand_in": self.delegation.stand_in, "person": self.person}
        return _("%(stand_in)s stands in for %(person)s no longer, from now on. Both are told.") % words

    def get_cancel_url(self) -> str:
        """Return to the own profile where it concerns the reader, else to the person."""
        own = self.actor.pk in (self.delegation.person_id, self.delegation.stand_in_id)
        return reverse("accounts:profile") if own else person_url(self.person)

    def save(self, form: forms.Form) -> str:
        """End it."""
        delegation_end(delegation=self.delegation, actor=self.actor, now=self.now)
        messages.success(self.request, _("Stand-in ended"))
        return self.get_cancel_url()
