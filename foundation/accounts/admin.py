"""People, units and role grants in the admin site: its forms, but every write goes through the services."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.confirmation import show_first
from foundation.accounts.forms.admin import (
    BusinessUnitAdminForm,
    RoleGrantAdminForm,
    UserAdminForm,
)
from foundation.accounts.models import BusinessUnit, RoleGrant, User
from foundation.accounts.permissions import person_of
from foundation.accounts.services import (
    NOT_HELD,
    AccountsRefused,
    grant_end,
    grant_give,
    unit_change,
    unit_create,
    unit_move,
    user_change,
    user_create,
    user_deactivate,
    user_reactivate,
)
from foundation.accounts.services.locks import Guarded, lock
from foundation.accounts.versions import StaleEdit, version_check
from foundation.ui.conflicts import VERSION

# Rights come from role grants, and a person has the one address that the account is known by.
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)
admin.site.unregister(Authenticator)
for model in (SocialAccount, SocialApp, SocialToken):
    admin.site.unregister(model)

REFUSED = "_accounts_refused"


class ServedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A table whose rows are written by services. Whoever may open the site may see it (see `PortalAdminSite`)."""

    may_delete = False
    actions_on_top = True

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the table in the index."""
        return True

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let all see it who may open the site."""
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let all add who may open the site."""
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let all change who may open the site."""
        return self.admin_site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse, unless a service knows how."""
        return self.may_delete and self.admin_site.has_permission(request)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask who writes; show the form again, with all that was typed, when a service refuses it, or it is stale."""
        ask_who_writes(request)
        try:
            return super().changeform_view(request, *args, **kwargs)
        except (AccountsRefused, StaleEdit) as refused:
            setattr(request, REFUSED, refused)
            return super().changeform_view(request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask who acts on the rows chosen."""
        ask_who_writes(request)
        return super().changelist_view(request, *args, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Add the version that the form is filled from, where there is something to change."""
        fields = super().get_fields(request, obj)
        return (*fields, VERSION) if obj else fields

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return a form that tells what a service refused."""
        form_class: Any = super().get_form(request, obj, change=change, **kwargs)
        refused = getattr(request, REFUSED, None)
        if isinstance(refused, StaleEdit):
            return type(form_class.__name__, (form_class,), {"stale": refused.current})
        if isinstance(refused, AccountsRefused):
            field, words = refused.field, str(refused)
            error = ValidationError({field: words} if field in form_class.base_fields else words)
            return type(form_class.__name__, (form_class,), {"refusal": error})
        return form_class


def ask_who_writes(request: HttpRequest) -> None:
    """Go on only if whoever sends a form showed password or factor not long ago, as on the portal's own pages."""
    if request.method == "POST":
        show_first(request)


@admin.register(User)
class UserAdmin(ServedAdmin):
    """People's accounts. A new person is invited to choose a password from the portal's own page; nobody is deleted."""

    list_display = ("full_name", "email", "job_title", "unit", "is_active")
    list_filter = ("is_active", "unit")
    list_select_related = ("unit",)
    search_fields = ("full_name", "email")
    form = UserAdminForm
    fields = ("email", "full_name", "job_title", "unit", "manager", "time_zone", "language", "is_active")
    readonly_fields = ("is_active",)
    autocomplete_fields = ("unit", "manager")
    actions = ("close_accounts", "open_accounts")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Create or change the person."""
        data = form.typed()
        if change:
            user_change(user=obj, changes=data, actor=person_of(request), now=clock.now(), seen=form.seen)
            return
        user = user_create(**data, actor=person_of(request))
        obj.pk = user.pk
        hint = _("%(person)s can't sign in yet: send an invitation from the person's page under “People”.")
        messages.info(request, hint % {"person": user})

    @admin.action(description=gettext_lazy("Close the accounts chosen"))
    def close_accounts(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Deactivate people, and say who stays and why."""
        closed = 0
        for user in people:
            try:
                user_deactivate(user=user, actor=person_of(request), now=clock.now())
                closed += 1
            except AccountsRefused as refused:
                messages.error(request, str(refused))
        if closed:
            text = ngettext("%(count)d account closed", "%(count)d accounts closed", closed)
            messages.success(request, text % {"count": closed})

    @admin.action(description=gettext_lazy("Open the accounts chosen again"))
    def open_accounts(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Reactivate people."""
        for user in people:
            user_reactivate(user=user, actor=person_of(request), now=clock.now())


@admin.register(BusinessUnit)
class BusinessUnitAdmin(ServedAdmin):
    """The tree of units: with another parent, a unit moves with all below it."""

    list_display = ("name", "code", "parent", "country")
    list_select_related = ("parent",)
    search_fields = ("name", "code")
    form = BusinessUnitAdminForm
    fields = ("name", "code", "parent", "country")
    autocomplete_fields = ("parent",)

    def save_model(self, request: HttpRequest, obj: BusinessUnit, form: Any, change: bool) -> None:
        """Create, change or move the unit."""
        data, actor = form.typed(), person_of(request)
        if not change:
            obj.pk = unit_create(**data, actor=actor).pk
            return
        lock(Guarded.UNIT_TREE)  # as both services do: what they find is what is compared here
        version_check(BusinessUnit.objects.get(pk=obj.pk), form.seen_fields, form.seen)
        parent: BusinessUnit | None = data.pop("parent")
        unit_change(unit=obj, **data, actor=actor, now=clock.now())
        if parent:
            unit_move(unit=obj, parent=parent, actor=actor)


@admin.register(RoleGrant)
class RoleGrantAdmin(ServedAdmin):
    """Who holds which role, where and until when. To delete a grant is to end it."""

    may_delete = True
    list_display = ("user", "role", "unit", "starts_on", "ends_on")
    list_filter = ("role", "unit")
    list_select_related = ("user", "unit")
    search_fields = ("user__full_name", "user__email")
    form = RoleGrantAdminForm
    fields = ("user", "role", "unit", "starts_on", "ends_on")
    autocomplete_fields = ("user", "unit")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep who holds what where; only its dates change."""
        return ("user", "role", "unit") if obj else ()

    def save_model(self, request: HttpRequest, obj: RoleGrant, form: Any, change: bool) -> None:
        """Give the role, or give it other dates."""
        data = {"user": obj.user, "role": obj.role, "unit": obj.unit, **form.typed()}
        data["role"], data["seen"] = Role(data["role"]), form.seen if change else NOT_HELD
        obj.pk = grant_give(**data, actor=person_of(request), now=clock.now()).pk

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask who it is, and end the grant, or say why it stays."""
        ask_who_writes(request)
        try:
            return super().delete_view(request, *args, **kwargs)
        except AccountsRefused as refused:
            messages.error(request, str(refused))
            return redirect("admin:accounts_rolegrant_changelist")

    def delete_model(self, request: HttpRequest, obj: RoleGrant) -> None:
        """End the grant."""
        grant_end(grant=obj, actor=person_of(request), now=clock.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[RoleGrant]) -> None:
        """End the grants chosen, and say which stay and why."""
        for grant in queryset:
            try:
                self.delete_model(request, grant)
            except AccountsRefused as refused:
                messages.error(request, str(refused))
