"""The sheet of a plan's contacts, to read, print and take along; and the pages that keep it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.models import User
from foundation.accounts.permissions import person_of
from foundation.accounts.rights import right_missing
from foundation.trail.services import entry_write
from foundation.ui.columns import Column
from foundation.ui.components import Due, Link, Listing, When
from foundation.ui.conflicts import VERSION, EditConflict, send_instead
from foundation.ui.form_pages import ConfirmPage, FormPage
from foundation.ui.lists import ListPage
from foundation.ui.structure import Action, Crumb, EmptyState
from policies.models import Document
from response.forms import ContactConfirmForm, ContactForm
from response.models import Contact
from response.parts import reached_shown, who_shown
from response.permissions import MANAGE, can_manage, managing_refusal
from response.selectors import contacts_of, plans_visible
from response.services import (
    ContactRefused,
    StaleContact,
    contact_add,
    contact_change,
    contact_confirm,
    contact_remove,
)


def plan_crumbs(plan: Document, *more: Crumb) -> Sequence[Crumb]:
    """Return the path that leads to a plan, and on."""
    return (
        Crumb(_("Policies"), reverse("policies:document-list")),
        Crumb(plan.reference, plan.get_absolute_url()),
        *more,
    )


class ContactList(ListPage):
    """Whom a plan calls, in order: as a page that prints well, and as a file."""

    title = lazy("Contacts")
    rows_label = lazy("Contacts")
    columns = (
        Column("position", lazy("Order"), order=("position",)),
        Column("role", lazy("Role"), order=("role",), is_title=True),
        Column("who", lazy("Who")),
        Column("reached", lazy("Phone and e-mail"), exported=False),
        Column("phone", lazy("Phone"), exports_only=True),
        Column("email", lazy("E-mail"), exports_only=True),
        Column("after_hours", lazy("Out of hours"), exports_only=True),
        Column("deputy", lazy("Deputy")),
        Column("confirmed_on", lazy("Last confirmed"), order=("confirmed_on",)),
        Column("confirmed_by", lazy("By"), is_extra=True),
        Column("confirm_by", lazy("Confirm by"), order=("confirm_by",)),
        Column("ways", lazy("Ways on"), heard_only=True, exported=False),
    )
    default_sort = "position"
    file_name = "contacts"
    plan: Document

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the plan, of those that the reader may know of."""
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.plan = get_object_or_404(plans_visible(request.user), reference=kwargs["reference"])

    @property
    def may_keep(self) -> bool:
        """Tell whether the reader may change the sheet."""
        return can_manage(self.request.user, self.plan) and managing_refusal(self.plan) is None

    def get_rows(self) -> "QuerySet[Contact]":
        """Return the contacts."""
        return contacts_of(self.plan)

    def get_subtitle(self) -> str:
        """Name the plan."""
        return self.plan.title

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return plan_crumbs(self.plan, Crumb(_("Contacts")))

    def get_actions(self) -> Sequence[Action]:
        """Offer to add one, to who may."""
        if not self.may_keep:
            return ()
        url = reverse("response:contact-add", args=[self.plan.reference])
        return (Action(_("Add a contact"), url, icon="plus", primary=True),)

    def get_empty_state(self) -> EmptyState:
        """Say what to do first, to those who may."""
        return EmptyState(
            _("Nobody is named yet"),
            _("Who is called when it happens, in which order, and by which number."),
            "users",
            self.get_actions(),
        )

    def record_export(self, fmt: str) -> None:
        """Leave in the trail that the sheet was taken away."""
        entry_write(
            action="response.contact.exported",
            actor=person_of(self.request),
            record=self.plan,
            after={"format": fmt},
        )

    def cell_role(self, row: Contact) -> Any:
        """Name the role, as a link to its form for who may keep the sheet."""
        if not self.may_keep:
            return row.role
        return Link(row.role, reverse("response:contact-edit", args=[self.plan.reference, row.pk]))

    def export_role(self, row: Contact) -> str:
        """Return the role alone."""
        return row.role

    def cell_who(self, row: Contact) -> Any:
        """Name who it is."""
        return who_shown(row)

    def cell_reached(self, row: Contact) -> Any:
        """Show how they are reached."""
        return reached_shown(row)

    def cell_confirmed_on(self, row: Contact) -> When:
        """Show when somebody last made sure of it."""
        return When(row.confirmed_on, self.now)

    def cell_confirm_by(self, row: Contact) -> Due:
        """Show by when somebody has to again."""
        return Due(row.confirm_by, self.now, done=self.plan.is_retired)

    def cell_ways(self, row: Contact) -> Any:
        """Lead to what may be done with it."""
        if not self.may_keep:
            return ""
        args = [self.plan.reference, row.pk]
        first = (
            Link(_("Name somebody else"), reverse("response:contact-edit", args=args))
            if row.has_left
            else Link(_("Confirm"), reverse("response:contact-confirm", args=args))
        )
        return Listing(
            (
                first,
                Link(_("Remove"), reverse("response:contact-remove", args=args)),
            ),
            " ",
        )


class OfPlan:
    """What pages that keep a sheet have in common: the plan, for who may keep it, and the contact that is named."""

    request: Any
    kwargs: Any
    now: Any
    plan: Document
    contact: Contact | None = None

    @property
    def actor(self) -> User:
        """Return who is signed in."""
        return person_of(self.request)

    def prepare(self) -> None:
        """Find the plan, of those that the reader may know of, and the contact; check that the reader may keep the sheet."""
        self.plan = get_object_or_404(plans_visible(self.request.user), reference=self.kwargs["reference"])
        if "pk" in self.kwargs:
            self.contact = get_object_or_404(contacts_of(self.plan), pk=self.kwargs["pk"])
        if not can_manage(self.request.user, self.plan):
            raise right_missing(MANAGE, self.plan.unit_id)
        self.open_unless(managing_refusal(self.plan))  # type: ignore[attr-defined]

    def get_subtitle(self) -> str:
        """Name the contact, or the plan."""
        return str(self.contact) if self.contact else self.plan.title

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return plan_crumbs(
            self.plan,
            Crumb(_("Contacts"), self.get_cancel_url()),
            Crumb(self.get_title()),  # type: ignore[attr-defined]
        )

    def get_cancel_url(self) -> str:
        """Return to the sheet."""
        return reverse("response:contact-list", args=[self.plan.reference])


class ContactAdd(OfPlan, FormPage):
    """Puts a contact on the sheet."""

    form_class = ContactForm
    title = lazy("Add a contact")
    submit_label = lazy("Add")

    def get_form_arguments(self) -> dict[str, Any]:
        """Let the new one be called last."""
        last = contacts_of(self.plan).order_by("-position").values_list("position", flat=True).first()
        return {"next_position": (last or 0) + 1}

    def save(self, form: ContactForm) -> str:
        """Put it there."""
        try:
            contact = contact_add(plan=self.plan, values=form.values(), actor=self.actor, now=self.now)
        except ContactRefused as refused:
            raise ValidationError(str(refused)) from refused
        messages.success(self.request, _("%(contact)s is on the sheet") % {"contact": contact})
        return self.get_cancel_url()


class ContactEdit(OfPlan, FormPage):
    """Changes a contact; whoever does so confirms it."""

    form_class = ContactForm
    title = lazy("Edit a contact")

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the contact."""
        return {"contact": self.contact}

    def save(self, form: ContactForm) -> str:
        """Change it."""
        assert self.contact is not None, "the address names one"
        try:
            contact = contact_change(
                contact=self.contact,
                values=form.values(),
                actor=self.actor,
                now=self.now,
                revision=form.cleaned_data["version"] or 0,
            )
        except StaleContact as stale:
            raise EditConflict(form.conflict_with(stale.contact)) from stale
        except ContactRefused as refused:
            raise ValidationError(str(refused)) from refused
        messages.success(self.request, _("%(contact)s is saved, and confirmed") % {"contact": contact})
        return self.get_cancel_url()


class ContactConfirm(OfPlan, ConfirmPage):
    """Says that name and numbers are right."""

    form_class = ContactConfirmForm
    title = lazy("Confirm the contact")
    submit_label = lazy("Confirm")

    def get_form_arguments(self) -> dict[str, Any]:
        """Return which revision is shown; a comment says how the reader made sure."""
        assert self.contact is not None, "the address names one"
        return {
            "comment_label": _("How you made sure (may stay empty)"),
            "initial": {"version": self.contact.revision},
        }

    def get_text(self) -> str:
        """Say what is confirmed."""
        contact = self.contact
        assert contact is not None, "the address names one"
        ways = [one for one in (contact.phone, contact.email, contact.after_hours, contact.deputy) if one]
        return _("You made sure that this is right: %(contact)s, %(ways)s") % {
            "contact": contact,
            "ways": ", ".join(ways),
        }

    def save(self, form: Any) -> str:
        """Write it down."""
        assert self.contact is not None, "the address names one"
        try:
            contact_confirm(
                contact=self.contact,
                actor=self.actor,
                now=self.now,
                revision=form.cleaned_data["version"] or 0,
                comment=form.cleaned_data["comment"],
            )
        except StaleContact as stale:
            send_instead(form, VERSION, str(stale.contact.revision))
            raise ValidationError(str(stale)) from stale
        except ContactRefused as refused:
            raise ValidationError(str(refused)) from refused
        messages.success(self.request, _("%(contact)s is confirmed") % {"contact": self.contact})
        return self.get_cancel_url()


class ContactRemove(OfPlan, ConfirmPage):
    """Takes a contact off the sheet."""

    title = lazy("Remove the contact?")
    submit_label = lazy("Remove")

    def get_text(self) -> str:
        """Say what follows."""
        return _("Nobody is called for this role any more. What stood there stays in the plan's history.")

    def is_dangerous(self) -> bool:
        """Draw the button as a warning."""
        return True

    def save(self, form: Any) -> str:
        """Take it off."""
        assert self.contact is not None, "the address names one"
        try:
            contact_remove(
                contact=self.contact, actor=self.actor, now=self.now, comment=form.cleaned_data["comment"]
            )
        except ContactRefused as refused:
            raise ValidationError(str(refused)) from refused
        messages.success(self.request, _("%(contact)s is off the sheet") % {"contact": self.contact})
        return self.get_cancel_url()
