"""The pages that give, change and end roles."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.choices import Role
from foundation.accounts.confirmation import show_first
from foundation.accounts.forms import GrantDatesForm, GrantForm
from foundation.accounts.forms.seen import told_if_stale
from foundation.accounts.models import RoleGrant
from foundation.accounts.permissions import manage_check, right_check
from foundation.accounts.selectors import grants_shown, people_seen_by
from foundation.accounts.services import NOT_HELD, grant_end, grant_give
from foundation.accounts.views.common import (
    MANAGE,
    DirectoryPage,
    heard,
    people_crumb,
    person_url,
    where,
)
from foundation.accounts.views.person_forms import PersonPage
from foundation.ui.conflicts import VERSION
from foundation.ui.errors import Gone, found_or_gone
from foundation.ui.form_pages import CommentForm, ConfirmPage, FormPage
from foundation.ui.structure import Crumb


class GrantCreate(PersonPage):
    """Gives a person a role."""

    form_class = GrantForm
    title = lazy("Give a role")
    submit_label = lazy("Give the role")
    template_name = "accounts/grant_create.html"

    def prepare(self) -> None:
        """Refuse those who would give themselves a role, before they fill anything in."""
        super().prepare()
        if self.person.pk == self.actor.pk:
            raise PermissionDenied(_("Nobody gives roles to themselves. Ask someone else who may."))

    def get_title(self) -> str:
        """Name the person."""
        return _("Give %(person)s a role") % {"person": self.person}

    def get_subtitle(self) -> str:
        """Say who hears of it."""
        return _("The person is told by mail; of a CISO or administrator, all others who are it, too.")

    def get_form_arguments(self) -> dict[str, Any]:
        """Return where the reader manages people."""
        return {"scope": self.managed}

    def get_extra_context(self) -> dict[str, Any]:
        """Return what the person holds already, and will."""
        held = [one for one in grants_shown(self.person) if not one.ends_on or one.ends_on >= self.today]
        return {"grants": held, "today": self.today}

    def save(self, form: GrantForm) -> str:
        """Ask who it is, and give the role."""
        show_first(self.request)
        heard(
            lambda: grant_give(
                user=self.person, actor=self.actor, now=self.now, seen=NOT_HELD, **form.cleaned_data
            )
        )
        messages.success(self.request, _("Role given to %(person)s") % {"person": self.person})
        return person_url(self.person)


class GrantPage(DirectoryPage, FormPage):
    """A form about a role that someone holds."""

    grant: RoleGrant

    def prepare(self) -> None:
        """Find the grant, of a person whom the reader may see, and check that the reader manages person and unit."""
        grants = RoleGrant.objects.select_related("user", "unit")
        gone = Gone(
            _("This role was ended, or it is of someone whom you may not see."),
            way_on=reverse("accounts:person-list"),
        )
        self.grant = found_or_gone(grants, gone, pk=self.kwargs["pk"])
        if not people_seen_by(self.actor).filter(pk=self.grant.user_id).exists():
            raise gone
        manage_check(actor=self.actor, person=self.grant.user, on=self.today)
        right_check(user=self.actor, right=MANAGE, unit_id=self.grant.unit_id)

    def get_subtitle(self) -> str:
        """Name the role."""
        role = self.grant.get_role_display()
        return f"{self.grant.user.full_name}: {role}, {where(self.grant)}"

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        person = self.grant.user
        return (people_crumb(), Crumb(person.full_name, person_url(person)), Crumb(self.get_title()))

    def get_cancel_url(self) -> str:
        """Return to the person."""
        return person_url(self.grant.user)


class GrantEdit(GrantPage):
    """Changes from when until when a role holds."""

    form_class = GrantDatesForm
    title = lazy("Change from when until when the role holds")

    def prepare(self) -> None:
        """Refuse those who would change their own."""
        super().prepare()
        if self.grant.user_id == self.actor.pk:
            raise PermissionDenied(_("Nobody changes their own roles. Ask someone else who may."))

    def get_form_arguments(self) -> dict[str, Any]:
        """Fill in what is set now."""
        return {"grant": self.grant}

    def save(self, form: GrantDatesForm) -> str:
        """Ask who it is, and change the dates."""
        show_first(self.request)
        grant = self.grant
        with told_if_stale(form):
            heard(
                lambda: grant_give(
                    user=grant.user,
                    role=Role(grant.role),
                    unit=grant.unit,
                    actor=self.actor,
                    now=self.now,
                    seen=form.cleaned_data[VERSION],
                    **form.typed(),
                )
            )
        messages.success(self.request, _("Role changed"))
        return self.get_cancel_url()


class GrantEnd(GrantPage, ConfirmPage):
    """Takes a role from a person."""

    title = lazy("End the role")
    submit_label = lazy("End the role")

    def get_text(self) -> str:
        """Say what it means."""
        return _("It holds no more from this moment on. %(person)s is told by mail.") % {
            "person": self.grant.user
        }

    def is_dangerous(self) -> bool:
        """Warn."""
        return True

    def save(self, form: CommentForm) -> str:
        """Ask who it is, and end it."""
        show_first(self.request)
        comment = form.cleaned_data["comment"]
        heard(lambda: grant_end(grant=self.grant, actor=self.actor, now=self.now, comment=comment))
        messages.success(self.request, _("Role ended"))
        return self.get_cancel_url()
