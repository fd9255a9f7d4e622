"""The page of a year: all audits that the reader may know of, of whatever programme."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.models import Programme
from audits.parts.year_tables import span_of
from audits.querysets import AuditListingQuerySet
from audits.schedule import EARLIEST, LATEST
from audits.views.year_parts import YearParts
from foundation.accounts.organisation import organisation_day
from foundation.ui.pages import Page
from foundation.ui.structure import Action, Crumb, EmptyState, Tab

PROGRAMMES = 3  # of the year that are led to by name
PARTS = {
    "overview": (lazy("Year"), "audits/_year.html"),
    "coverage": (lazy("Coverage"), "audits/_coverage.html"),
    "load": (lazy("Load"), "audits/_load.html"),
}


class YearNow(Page):
    """Leads to the current year."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Lead there."""
        return redirect("audits:year", organisation_day(self.now).year)


class YearPage(YearParts):
    """A year of audits: at a glance, what it covers, and who carries it."""

    @property
    def year(self) -> int:
        """Return the year of the address."""
        year = self.kwargs["year"]
        if not EARLIEST.year <= year <= LATEST.year:
            raise Http404
        return int(year)

    def get(self, request: HttpRequest, year: int, tab: str = "overview") -> HttpResponseBase:
        """Return one part of the page, or the year's plan as a file."""
        if tab not in PARTS or (tab == "overview" and "tab" in self.kwargs):
            raise Http404
        if file := self.export():
            return file
        context = getattr(self, f"{tab if tab != 'overview' else 'year'}_context")()
        return render(
            request,
            "audits/year_page.html",
            {
                "now": self.now,
                "title": _("Audits %(year)d") % {"year": self.year},
                "subtitle": _("All whose fieldwork starts in this year, of whatever programme"),
                "crumbs": (Crumb(_("Audits"), reverse("audits:audit-list")), Crumb(str(self.year))),
                "actions": self._actions(),
                "tabs": [
                    Tab(label, self.get_part_url(key), key == tab) for key, (label, _file) in PARTS.items()
                ],
                "part": PARTS[tab][1],
                "no_audits": self._no_audits(),
                **context,
            },
        )

    def get_rows(self) -> AuditListingQuerySet:
        """Return the audits whose fieldwork starts in the year."""
        return self.visible.filter(starts_on__range=span_of(self.year))

    def get_part_url(self, key: str) -> str:
        """Return the address of a part."""
        if key == "overview":
            return reverse("audits:year", args=[self.year])
        return reverse("audits:year-part", args=[self.year, key])

    def get_file_name(self) -> str:
        """Name the file after the year."""
        return f"audits-{self.year}"

    def _actions(self) -> Sequence[Action]:
        """Lead to the years before and after, to the programmes of this one, and to all programmes."""
        actions = []
        for year, icon in ((self.year - 1, "chevron-left"), (self.year + 1, "chevron-right")):
            if EARLIEST.year <= year <= LATEST.year:
                actions.append(Action(str(year), reverse("audits:year", args=[year]), icon=icon))
        programmes = Programme.objects.visible_to(self.reader).unarchived().filter(year=self.year)
        actions += [
            Action(one.reference, one.get_absolute_url(), icon="calendar-event")
            for one in programmes.order_by("pk")[:PROGRAMMES]
        ]
        return (*actions, Action(_("Programmes"), reverse("audits:programme-list"), icon="calendar-event"))

    def _no_audits(self) -> EmptyState:
        """Say what comes next, to those who may."""
        may_plan = self.may("audits.plan")
        plan = Action(_("Plan an audit"), reverse("audits:audit-create"), icon="plus", primary=True)
        return EmptyState(
            _("No audits in %(year)d") % {"year": self.year},
            _("What is audited in the year stands here, with its dates."),
            "calendar-event",
            [plan] if may_plan else [],
        )
