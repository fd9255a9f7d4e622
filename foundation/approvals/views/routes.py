"""The ways that approvals go: a list of them, and the form of each."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.forms.seen import told_if_stale
from foundation.accounts.permissions import person_of, right_check
from foundation.accounts.versions import StaleEdit
from foundation.approvals.forms import RouteForm
from foundation.approvals.kinds import ApprovalKind
from foundation.approvals.models import Route, RouteStage
from foundation.approvals.selectors import circle_words, names_for, route_delivered, routes_shown
from foundation.approvals.services import route_reset, route_set, version_of_route
from foundation.registry import RecordKind, registry
from foundation.ui.conflicts import VERSION
from foundation.ui.form_pages import ConfirmPage, FormPage
from foundation.ui.pages import Page
from foundation.ui.structure import Action, Crumb

RIGHT = "approvals.routes"


class RouteList(Page):
    """The route of each kind of record that is approved, stage by stage."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        right_check(user=request.user, right=RIGHT)
        routes = routes_shown()
        people, units = names_for([stage for one in routes for stage in one.stages])
        shown = [
            (one, [(stage, circle_words(stage, people, units)) for stage in one.stages]) for one in routes
        ]
        context = {
            "title": _("Approval routes"),
            "subtitle": _("Who approves what, in which order, and how many of them it needs."),
            "routes": shown,
        }
        return render(request, "approvals/route_list.html", context)


class RoutePage(FormPage):
    """What is known of a route on the pages that change it."""

    kind: str
    label: str
    route: Route | None
    stages: list[RouteStage]

    def prepare(self) -> None:
        """Refuse whoever may not change the routes of the whole organisation, and find the route."""
        right_check(user=self.request.user, right=RIGHT)
        self.kind = self.kwargs["kind"]
        if registry.find(ApprovalKind, self.kind) is None:
            raise Http404
        self.label = str(registry.get(RecordKind, self.kind).label_plural)
        self.route = Route.objects.filter(kind=self.kind).first()
        self.stages = list(self.route.stages.all()) if self.route else route_delivered(self.kind)

    def get_crumbs(self) -> list[Crumb]:
        """Lead back to the list."""
        return [Crumb(_("Approval routes"), reverse("approvals:route-list")), Crumb(self.label)]

    def get_cancel_url(self) -> str:
        """Lead back to the list."""
        return reverse("approvals:route-list")


class RouteEdit(RoutePage):
    """Change a route: requests from then on go by it, those under way go on as they were asked."""

    form_class = RouteForm

    def get_title(self) -> str:
        """Name the kind of record."""
        return _("Route of approvals: %(kind)s") % {"kind": self.label}

    def get_subtitle(self) -> str:
        """Say what holds whatever the route says."""
        return _(
            "A stage asks all its people at once, and the next begins when it is complete. Whoever asks, or made what is to be "
            "approved, never decides. Requests under way go on as they were asked."
        )

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the stages as they are now."""
        return {
            "stages": self.stages,
            "route": self.route,
            "label": self.label,
            "version": version_of_route(self.route),
        }

    def save(self, form: RouteForm) -> str:
        """Change it, unless somebody else did meanwhile."""
        with told_if_stale(form):
            route_set(
                kind=self.kind,
                stages=form.stages(),
                actor=person_of(self.request),
                now=self.now,
                seen=form.cleaned_data[VERSION],
            )
        messages.success(self.request, _("Route saved: %(kind)s") % {"kind": self.label})
        return reverse("approvals:route-list")

    def get_context(self, form: Any) -> dict[str, Any]:
        """Offer the way back to what was delivered, where something else is set."""
        actions = (
            [
                Action(
                    _("Back to the route as delivered"),
                    reverse("approvals:route-reset", args=[self.kind]),
                    icon="arrow-back-up",
                    asks=True,
                )
            ]
            if self.route
            else []
        )
        return {**super().get_context(form), "actions": actions}


class RouteReset(RoutePage, ConfirmPage):
    """Let requests of a kind go as its app delivers it again."""

    title = lazy("Back to the route as delivered")
    submit_label = lazy("Go back")

    def get_text(self) -> str:
        """Say what it means."""
        return _(
            "%(kind)s are approved by “%(stage)s” again. Requests under way go on as they were asked."
        ) % {
            "kind": self.label,
            "stage": ", ".join(stage.label for stage in route_delivered(self.kind)),
        }

    def save(self, form: Any) -> str:
        """Drop what was set."""
        try:
            route_reset(kind=self.kind, actor=person_of(self.request), seen=version_of_route(self.route))
        except StaleEdit as stale:
            raise ValidationError(_("Somebody else changed it meanwhile. Look at it again.")) from stale
        messages.success(self.request, _("Route as delivered: %(kind)s") % {"kind": self.label})
        return reverse("approvals:route-list")
