"""The pages that create, change, close and open accounts."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.confirmation import show_first
from foundation.accounts.forms import LeavingForm, PersonCreateForm, PersonForm
from foundation.accounts.forms.seen import told_if_stale
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_zone
from foundation.accounts.permissions import manage_check, right_check_anywhere
from foundation.accounts.selectors import people_seen_by
from foundation.accounts.services import (
    HeldWork,
    person_invite,
    user_change,
    user_create,
    user_deactivate,
    user_reactivate,
    work_held,
)
from foundation.accounts.views.common import (
    MANAGE,
    DirectoryPage,
    heard,
    people_crumb,
    person_url,
)
from foundation.ui.conflicts import VERSION
from foundation.ui.form_pages import CommentForm, ConfirmPage, FormPage
from foundation.ui.structure import Crumb


class PersonCreate(DirectoryPage, FormPage):
    """Makes an account."""

    form_class = PersonCreateForm
    title = lazy("New person")
    submit_label = lazy("Create the account")

    def prepare(self) -> None:
        """Check that the reader manages people somewhere; for which units, the form's choices say."""
        right_check_anywhere(user=self.actor, right=MANAGE)

    def get_form_arguments(self) -> dict[str, Any]:
        """Return where the reader manages people."""
        return {"scope": self.managed, "organisation_zone": str(organisation_zone())}

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (people_crumb(), Crumb(self.title))

    def get_cancel_url(self) -> str:
        """Return to the list."""
        return reverse("accounts:person-list")

    def save(self, form: PersonCreateForm) -> str:
        """Ask who it is, create the account, and invite the person if that is wanted."""
        show_first(self.request)
        data = {**form.cleaned_data}
        if data.pop("invite"):
            person = heard(lambda: person_invite(**data, actor=self.actor, now=self.now))
            text = _("Account of %(person)s created, and the invitation sent")
        else:
            person = heard(lambda: user_create(**data, actor=self.actor))
            text = _("Account of %(person)s created")
        messages.success(self.request, text % {"person": person})
        return person_url(person)


class PersonPage(DirectoryPage, FormPage):
    """A form about a person whose account the reader may change."""

    person: User

    def prepare(self) -> None:
        """Find the person, of those whom the reader may see, and check that the reader manages them."""
        people = people_seen_by(self.actor).select_related("unit", "manager")
        self.person = get_object_or_404(people, pk=self.kwargs["pk"])
        manage_check(actor=self.actor, person=self.person, on=self.today)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (
            people_crumb(),
            Crumb(self.person.full_name, person_url(self.person)),
            Crumb(self.get_title()),
        )

    def get_cancel_url(self) -> str:
        """Return to the person."""
        return person_url(self.person)


class PersonEdit(PersonPage):
    """Changes an account."""

    form_class = PersonForm
    title = lazy("Edit")

    def get_subtitle(self) -> str:
        """Say who hears of it."""
        return _("%(person)s is told by mail what was changed.") % {"person": self.person}

    def get_form_arguments(self) -> dict[str, Any]:
        """Fill in what is set now."""
        return {
            "scope": self.managed,
            "organisation_zone": str(organisation_zone()),
            "person": self.person,
        }

    def save(self, form: PersonForm) -> str:
        """Change the account; ask first who it is where the address changes, for whoever reads its mail opens the account."""
        if form.cleaned_data["email"] != self.person.email:
            show_first(self.request)
        with told_if_stale(form):
            heard(
                lambda: user_change(
                    user=self.person,
                    changes=form.typed(),
                    actor=self.actor,
                    now=self.now,
                    seen=form.cleaned_data[VERSION],
                )
            )
        messages.success(self.request, _("Account saved"))
        return self.get_cancel_url()


class PersonDeactivate(PersonPage):
    """Closes an account, after a look at what is open in the person's hands and who takes it."""

    form_class = LeavingForm
    title = lazy("Close the account")
    submit_label = lazy("Close the account")
    template_name = "accounts/person_deactivate.html"
    work: list[HeldWork]

    def prepare(self) -> None:
        """Read what is open in the person's hands."""
        super().prepare()
        self.work = work_held(person=self.person, reader=self.actor, now=self.now)

    def get_title(self) -> str:
        """Name the person."""
        return _("Close the account of %(person)s") % {"person": self.person}

    def get_subtitle(self) -> str:
        """Say what it means."""
        return _("No more sign-in, signed out everywhere, no more mails. What %(person)s did stays.") % {
            "person": self.person
        }

    def get_form_arguments(self) -> dict[str, Any]:
        """Return what is to be handed over."""
        return {"person": self.person, "work": self.work}

    def get_extra_context(self) -> dict[str, Any]:
        """Return what is to be handed over."""
        return {"work": self.work, "person": self.person}

    def save(self, form: LeavingForm) -> str:
        """Ask who it is, hand everything over and close the account."""
        show_first(self.request)
        data = form.cleaned_data
        heard(
            lambda: user_deactivate(
                user=self.person,
                actor=self.actor,
                now=self.now,
                comment=data["comment"],
                successor=data.get("successor"),
                successors=form.successors(),
            )
        )
        messages.success(self.request, _("Account of %(person)s closed") % {"person": self.person})
        return self.get_cancel_url()


class PersonReactivate(PersonPage, ConfirmPage):
    """Opens a closed account again."""

    title = lazy("Open the account again")
    submit_label = lazy("Open the account")

    def get_text(self) -> str:
        """Say what it means."""
        return _("%(person)s can sign in as before and holds the roles that have not ended.") % {
            "person": self.person
        }

    def save(self, form: CommentForm) -> str:
        """Ask who it is, and open the account."""
        show_first(self.request)
        comment = form.cleaned_data["comment"]
        heard(lambda: user_reactivate(user=self.person, actor=self.actor, now=self.now, comment=comment))
        messages.success(self.request, _("Account of %(person)s opened") % {"person": self.person})
        return self.get_cancel_url()
