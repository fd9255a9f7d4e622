"""The list of people and the page of one."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.choices import PEOPLE_STEPS, PERSON_TONES
from foundation.accounts.filters import PeopleFilters
from foundation.accounts.models import RoleGrant, User
from foundation.accounts.permissions import manage_check, refusal_to_manage
from foundation.accounts.second_factor import is_demanded_of
from foundation.accounts.selectors import (
    delegations_of,
    delegations_to,
    grants_by_person,
    grants_shown,
    latest_invitation,
    people_seen_by,
    state_of,
)
from foundation.accounts.selectors.factors import factors_of, identities_of
from foundation.accounts.views.common import DirectoryPage, people_crumb, person_url, unit_url, where
from foundation.accounts.views.person_sign_in import own_is_elsewhere
from foundation.accounts.views.sessions import session_rows
from foundation.registry import NavigationEntry, registry
from foundation.trail.services import entry_write
from foundation.ui.columns import Column, QuickFilter, Table
from foundation.ui.components import Badge, Link, Listing, Person, Tone, When
from foundation.ui.lists import ListPage
from foundation.ui.record_page import RecordPage, TabPage
from foundation.ui.structure import Action, Crumb, EmptyState, Fact


class PersonList(DirectoryPage, ListPage):
    """Everyone whom the reader may see: the people of the own units, or all."""

    title = lazy("People")
    rows_label = lazy("People")
    right = "people.view"
    filterset_class = PeopleFilters
    quick_filters = (
        QuickFilter(lazy("All"), {}),
        QuickFilter(lazy("Active"), {"state": "active"}),
        QuickFilter(lazy("Not signed in yet"), {"state": "new"}),
        QuickFilter(lazy("Without a role"), {"role": "none"}),
        QuickFilter(lazy("Closed"), {"state": "closed"}),
    )
    columns = (
        Column("full_name", lazy("Name"), order=("full_name",), is_title=True),
        Column("email", lazy("E-mail address"), order=("email",), exports_only=True),
        Column("job_title", lazy("Job title"), order=("job_title",)),
        Column("unit", lazy("Business unit"), order=("unit__path",)),
        Column("roles", lazy("Roles today")),
        Column("state", lazy("Account")),
        Column("last_login", lazy("Last signed in"), order=("last_login",)),
    )
    default_sort = "full_name"
    file_name = "people"

    def get_rows(self) -> QuerySet[User]:
        """Return the people whom the reader may see."""
        return people_seen_by(self.actor).select_related("unit")

    def prepare_rows(self, rows: list[User]) -> list[User]:
        """Read the roles of all of them at once."""
        self.grants = grants_by_person([row.pk for row in rows], on=self.today)
        return rows

    def get_subtitle(self) -> str:
        """Say who stands here."""
        return _("Who has an account, where they belong, and what they may do")

    def get_actions(self) -> Sequence[Action]:
        """Offer what the reader may do."""
        steps = [
            Action(entry.label, reverse(entry.url_name), icon=entry.icon)
            for entry in registry.navigation()
            if entry.group == PEOPLE_STEPS and (entry.right is None or self.may(entry.right))
        ]
        if self.managed:
            new = reverse("accounts:person-create")
            steps.append(Action(_("New person"), new, icon="user-plus", primary=True))
        return steps

    def get_empty_state(self) -> EmptyState:
        """Say what to do first."""
        return EmptyState(
            _("Nobody here yet"),
            _("People of your units will stand here."),
            "users-group",
            self.get_actions(),
        )

    def record_export(self, fmt: str) -> None:
        """Leave in the trail that the list was taken away, and how it was filtered."""
        filters = self.request.GET.urlencode()[:500]
        entry_write(
            action="accounts.people.exported", actor=self.actor, after={"format": fmt, "filters": filters}
        )

    def cell_full_name(self, row: User) -> Link:
        """Link the name; the address stands below it."""
        return Link(row.full_name, person_url(row), row.email)

    def export_full_name(self, row: User) -> str:
        """Return the name alone."""
        return row.full_name

    def cell_roles(self, row: User) -> Listing:
        """Name the roles held today, each once."""
        roles = dict.fromkeys(grant.get_role_display() for grant in self.grants.get(row.pk, ()))
        return Listing(tuple(roles))

    def export_roles(self, row: User) -> str:
        """Name the roles held today and where."""
        grants = self.grants.get(row.pk, ())
        return "; ".join(f"{grant.get_role_display()} ({where(grant)})" for grant in grants)

    def cell_state(self, row: User) -> Badge:
        """Name where the account stands."""
        return state_badge(row)


OVERVIEW = TabPage("overview", lazy("Overview"), "accounts/person_overview.html")
SIGN_IN = TabPage("sign_in", lazy("Sign-in"), "accounts/person_sign_in.html", "shield-lock")


class PersonDetail(DirectoryPage, RecordPage):
    """One person: who it is, and which roles the person holds, held and will hold.

    Who manages the account sees how its owner signs in, too.
    """

    @cached_property
    def person(self) -> User:
        """Return the person, of those whom the reader may see."""
        people = people_seen_by(self.actor).select_related("unit", "manager")
        return get_object_or_404(people, pk=self.kwargs["pk"])

    @cached_property
    def refusal(self) -> str | None:
        """Return why the reader does not manage the account, or None."""
        return refusal_to_manage(actor=self.actor, person=self.person, on=self.today)

    def get_tabs(self) -> Sequence[TabPage]:
        """Return the tabs for who manages somebody else's account; refuse theirs to others."""
        is_own = self.person.pk == self.actor.pk
        if self.kwargs.get("tab") == SIGN_IN.key:
            manage_check(actor=self.actor, person=self.person, on=self.today)
            if is_own:
                raise PermissionDenied(own_is_elsewhere())
        return (OVERVIEW,) if self.refusal or is_own else (OVERVIEW, SIGN_IN)

    def get_record(self) -> User:
        """Return the person."""
        return self.person

    def get_tab_url(self, key: str) -> str:
        """Return the page itself, or how the person signs in."""
        if key == SIGN_IN.key:
            return reverse("accounts:person-sign-in", args=[self.person.pk])
        return person_url(self.person)

    def get_subtitle(self) -> str:
        """Return what the person does."""
        return str(self.record.job_title)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (people_crumb(), Crumb(self.record.full_name))

    def get_actions(self) -> Sequence[Action]:
        """Offer what the reader may do."""
        if self.refusal:
            return ()
        pk = self.record.pk
        actions = [Action(_("Edit"), reverse("accounts:person-edit", args=[pk]), icon="pencil")]
        if not self.record.is_active:
            reopen = reverse("accounts:person-reactivate", args=[pk])
            return [*actions, Action(_("Open the account again"), reopen, icon="user-check", asks=True)]
        if pk != self.actor.pk:
            give = reverse("accounts:grant-create", args=[pk])
            close = reverse("accounts:person-deactivate", args=[pk])
            actions = [
                Action(_("Close the account"), close, icon="ban", danger=True),
                *actions,
                Action(_("Give a role"), give, icon="key", primary=True),
            ]
        return actions

    def get_facts(self) -> Sequence[Fact]:
        """Return who it is."""
        person = self.record
        manager = person.manager
        return (
            Fact(_("Account"), state_badge(person)),
            Fact(_("E-mail address"), person.email),
            Fact(_("Business unit"), Link(person.unit.name, unit_url(person.unit)) if person.unit else ""),
            Fact(_("Manager"), Link(manager.full_name, person_url(manager)) if manager else ""),
            Fact(_("Time zone"), person.time_zone.replace("_", " ") or _("The organisation's")),
            Fact(_("Joined"), When(person.date_joined, self.now)),
            Fact(_("Last signed in"), When(person.last_login, self.now)),
        )

    def context_overview(self, record: User) -> Mapping[str, Any]:
        """Return the roles."""
        grants = grants_shown(record)
        return {
            "roles": self._roles(grants) if grants else None,
            "trail_url": self._trail_url(),
            "stand_ins": delegations_of(record, on=self.today),
            "stands_in": delegations_to(record, on=self.today),
            "stand_in_url": self._stand_in_url(record),
            "may_end": not self.refusal,
            **self._invitation(record),
        }

    def context_sign_in(self, record: User) -> Mapping[str, Any]:
        """Return how the person signs in, and where."""
        return {
            "factors": factors_of(record),
            "identities": identities_of(record),
            "oidc_name": settings.OIDC_NAME,
            "has_password": record.has_usable_password(),
            "demanded": is_demanded_of(record),
            "sessions": session_rows(record),
        }

    def _stand_in_url(self, person: User) -> str:
        """Return where a stand-in is named, for the person and for who manages the account."""
        if not person.is_active or (self.refusal and person.pk != self.actor.pk):
            return ""
        return reverse("accounts:stand-in-create", args=[person.pk])

    def _invitation(self, person: User) -> Mapping[str, Any]:
        """Return what became of the invitation, for who manages the person, until there is a password."""
        if self.refusal or not person.is_active or person.has_usable_password():
            return {}
        link = latest_invitation(person)
        waits = link is not None and not link.revoked_at and link.expires_at > self.now
        send = _("Send it again") if link else _("Send an invitation")
        steps = [
            Action(
                send,
                reverse("accounts:invitation-send", args=[person.pk]),
                icon="send",
                primary=not waits,
                asks=True,
            )
        ]
        if waits:
            revoke = reverse("accounts:invitation-revoke", args=[person.pk])
            steps.append(Action(_("Revoke it"), revoke, icon="ban", danger=True, asks=True))
        return {"no_password": True, "invitation": link, "invitation_waits": waits, "invitation_steps": steps}

    def _trail_url(self) -> str:
        """Return the trail's page for those who may read it; it belongs to an app that stands above."""
        entry = registry.find(NavigationEntry, "trail")
        return reverse(entry.url_name) if entry and entry.right and self.may(entry.right) else ""

    def _roles(self, grants: Sequence[RoleGrant]) -> Table:
        columns = [
            Column("role", _("Role"), is_title=True),
            Column("where", _("Where")),
            Column("from", _("From")),
            Column("until", _("Until")),
            Column("by", _("Given by")),
            Column("steps", _("Steps"), at_end=True),
        ]
        rows = [
            (
                Listing((grant.get_role_display(), *self._timing(grant)), " "),
                where(grant),
                When(grant.starts_on, self.now),
                When(grant.ends_on, self.now),
                Person(grant.granted_by.full_name if grant.granted_by else ""),
                self._steps(grant),
            )
            for grant in grants
        ]
        return Table(_("Roles"), columns, rows)

    def _timing(self, grant: RoleGrant) -> Sequence[Badge]:
        if grant.ends_on and grant.ends_on < self.today:
            return (Badge(_("Over"), Tone.NEUTRAL),)
        if grant.starts_on and grant.starts_on > self.today:
            return (Badge(_("Not yet"), Tone.INFO),)
        return ()

    def _steps(self, grant: RoleGrant) -> Any:
        if self.refusal or not self.managed.covers(grant.unit_id):
            return ""
        steps = [Link(_("End"), reverse("accounts:grant-end", args=[grant.pk]))]
        if grant.user_id != self.actor.pk and self.record.is_active:
            steps.insert(0, Link(_("Change"), reverse("accounts:grant-edit", args=[grant.pk])))
        return format_html(
            "<span>{}</span>", Listing(tuple(steps), " · ")
        )  # one cell of a narrow screen's grid


def state_badge(person: User) -> Badge:
    """Return where a person's account stands."""
    state = state_of(person)
    return Badge(state.label, PERSON_TONES[state], dot=True)
