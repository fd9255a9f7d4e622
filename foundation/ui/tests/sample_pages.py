"""A list, a record, a form and a confirmation on the kit, over Django's groups: what the tests look at."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import include, path, reverse

from foundation.ui.columns import Column, QuickFilter
from foundation.ui.components import Badge, Link, Tone
from foundation.ui.errors import TooManyRequests
from foundation.ui.filters import ChoiceFilter, FilterSet
from foundation.ui.form_pages import CommentForm, ConfirmPage, FormPage
from foundation.ui.lists import ListPage
from foundation.ui.record_page import RecordPage, TabPage
from foundation.ui.structure import Action, Crumb, EmptyState, Fact, Step, steps_to


class GroupFilters(FilterSet):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="Search")
    size = ChoiceFilter(
        method="by_size", label="Size", choices=[("short", "Short names"), ("long", "Long names")]
    )
    at_least = django_filters.NumberFilter(field_name="id", lookup_expr="gte", label="From number")

    odd = django_filters.BooleanFilter(method="by_oddness", label="Odd only", widget=forms.CheckboxInput)

    def by_oddness(self, rows: QuerySet[Group], name: str, value: bool) -> QuerySet[Group]:
        return rows.filter(name__regex="[13579]$") if value else rows

    def by_size(self, rows: QuerySet[Group], name: str, value: str) -> QuerySet[Group]:
        return rows.filter(name__regex=r"^.{1,9}$" if value == "short" else r"^.{10,}$")


class GroupList(ListPage):
    title = "Groups"
    rows_label = "Groups"
    filterset_class = GroupFilters
    primary_filters = ("q", "size")
    quick_filters = (QuickFilter("All", {}), QuickFilter("Short", {"size": "short"}))
    columns = (
        Column("name", "Name", order=("name",), is_title=True),
        Column("length", "Letters", at_end=True),
        Column("state", "State"),
        Column("pk", "Number", exports_only=True),
    )
    default_sort = "name"
    file_name = "groups"

    def get_rows(self) -> QuerySet[Any]:
        return Group.objects.all()

    def get_actions(self) -> list[Action]:
        return [Action("New group", reverse("sample-form"), icon="plus", primary=True)]

    def get_empty_state(self) -> EmptyState:
        return EmptyState("No groups yet", "Make the first one.", actions=self.get_actions())

    def cell_name(self, group: Group) -> Link:
        return Link(group.name, reverse("sample-record", args=[group.pk]))

    def cell_length(self, group: Group) -> int:
        return len(group.name)

    def cell_state(self, group: Group) -> Badge:
        return (
            Badge("Long", Tone.ATTENTION, dot=True)
            if len(group.name) > 9
            else Badge("Short", Tone.GOOD, dot=True)
        )


class GuardedList(GroupList):
    right = "groups.guarded"


class GroupPage(RecordPage):
    tabs = (
        TabPage("overview", "Overview", "ui/_facts.html"),
        TabPage("history", "History", "ui/_timeline.html", "history"),
    )

    def get_record(self) -> Group:
        return get_object_or_404(Group, pk=self.kwargs["pk"])

    def get_tab_url(self, key: str) -> str:
        if key == "overview":
            return reverse("sample-record", args=[self.record.pk])
        return reverse("sample-record-tab", args=[self.record.pk, key])

    def get_crumbs(self) -> list[Crumb]:
        return [Crumb("Groups", reverse("sample-list")), Crumb(self.record.name)]

    def get_actions(self) -> list[Action]:
        return [Action("Close", reverse("sample-confirm", args=[self.record.pk]), primary=True, asks=True)]

    def get_steps(self) -> list[Step]:
        return steps_to([("open", "Open"), ("closed", "Closed")], "open")

    def get_facts(self) -> list[Fact]:
        return [Fact("Name", self.record.name)]

    def context_history(self, group: Group) -> dict[str, Any]:
        return {"moments": []}


class GroupForm(forms.Form):
    name = forms.CharField(max_length=20, label="Name")
    size = forms.ChoiceField(choices=[("s", "Small"), ("l", "Large")], widget=forms.RadioSelect, label="Size")


class GroupFormPage(FormPage):
    form_class = GroupForm
    title = "New group"

    def get_cancel_url(self) -> str:
        return reverse("sample-list")

    def save(self, form: GroupForm) -> str:
        if Group.objects.filter(name=form.cleaned_data["name"]).exists():
            raise ValidationError({"name": "This name is taken."})
        group = Group.objects.create(name=form.cleaned_data["name"])
        messages.success(self.request, "Group made")
        return reverse("sample-record", args=[group.pk])


class ClosePage(ConfirmPage):
    title = "Close the group"
    submit_label = "Close it"

    def get_form_arguments(self) -> dict[str, Any]:
        return {"needs_comment": True, "comment_label": "Why"}

    def get_text(self) -> str:
        return "It can be opened again."

    def get_cancel_url(self) -> str:
        return reverse("sample-record", args=[self.kwargs["pk"]])

    def save(self, form: CommentForm) -> str:
        messages.success(self.request, f"Closed: {form.cleaned_data['comment']}")
        return self.get_cancel_url()


def refused(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("Only the owner may do this.")


def missing(request: HttpRequest) -> HttpResponse:
    raise Http404


def throttled(request: HttpRequest) -> HttpResponse:
    raise TooManyRequests(retry_after=61.2)


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.POST.get("text", ""))))


urlpatterns = [
    path("sample/", GroupList.as_view(), name="sample-list"),
    path("sample/guarded/", GuardedList.as_view(), name="sample-guarded"),
    path("sample/new/", GroupFormPage.as_view(), name="sample-form"),
    path("sample/<int:pk>/", GroupPage.as_view(), name="sample-record"),
    path("sample/<int:pk>/close/", ClosePage.as_view(), name="sample-confirm"),
    path("sample/<int:pk>/<slug:tab>/", GroupPage.as_view(), name="sample-record-tab"),
    path("sample-errors/refused/", refused),
    path("sample-errors/missing/", missing),
    path("sample-errors/throttled/", throttled),
    path("sample-errors/broken/", broken),
    path("sample-errors/echo/", echo),
    path("", include("ciso_portal.urls")),
]

handler400 = "foundation.ui.error_pages.bad_request"
handler403 = "foundation.ui.error_pages.permission_denied"
handler404 = "foundation.ui.error_pages.page_not_found"
handler500 = "foundation.ui.error_pages.server_error"
