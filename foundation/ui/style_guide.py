"""A page that shows every part of the kit in every tone: to look at, and for tests to measure."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import clock
from foundation.ui.columns import Column, Table
from foundation.ui.components import Badge, Due, Link, Listing, Noted, Person, Progress, Reference, Tone, When
from foundation.ui.structure import Action, Change, Crumb, EmptyState, Fact, Moment, Tab, steps_to

STATES = [
    ("planned", gettext_lazy("Planned")),
    ("preparing", gettext_lazy("Preparing")),
    ("fieldwork", gettext_lazy("Fieldwork")),
    ("reporting", gettext_lazy("Reporting")),
    ("follow_up", gettext_lazy("Follow-up")),
    ("closed", gettext_lazy("Closed")),
]
ASIDE = [("cancelled", gettext_lazy("Cancelled"))]


class SampleForm(forms.Form):
    """Every kind of field."""

    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=60, help_text=gettext_lazy("As it is in the report.")
    )
    lead = forms.ChoiceField(
        label=gettext_lazy("Lead auditor"),
        choices=[("", ""), *((str(number), f"Sample Person {number}") for number in range(1, 40))],
        widget=forms.Select(attrs={"data-search": True}),
    )
    team = forms.MultipleChoiceField(
        label=gettext_lazy("Team"),
        required=False,
        choices=[(str(number), f"Sample Person {number}") for number in range(1, 40)],
        widget=forms.SelectMultiple(attrs={"data-search": True}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Type"),
        choices=[("internal", gettext_lazy("Internal")), ("external", gettext_lazy("External"))],
        widget=forms.RadioSelect,
    )
    size = forms.ChoiceField(
        label=gettext_lazy("Size"), choices=[("s", gettext_lazy("Small")), ("l", gettext_lazy("Large"))]
    )
    starts_on = forms.DateField(
        label=gettext_lazy("Starts on"), widget=forms.DateInput(attrs={"type": "date"})
    )
    scope = forms.CharField(
        label=gettext_lazy("Scope"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    programme = forms.FileField(label=gettext_lazy("Programme"), required=False)
    agree = forms.BooleanField(
        label=gettext_lazy("Tell the auditees"), help_text=gettext_lazy("By e-mail, at once.")
    )


def sample_table(now: datetime) -> Table:
    """Return a table of three audits."""
    columns = [
        Column("reference", _("Reference")),
        Column("title", _("Title"), is_title=True),
        Column("state", _("State")),
        Column("lead", _("Lead")),
        Column("due", _("Due")),
    ]
    rows = [
        (
            Reference("AUD-0016", "#"),
            Noted(Link(_("PCI DSS 4.0.1 pre-assessment"), "#"), _("Payments")),
            Badge(_("Fieldwork"), Tone.INFO, dot=True),
            Person("Kenji Mori"),
            Due((now + timedelta(days=4)).date(), now),
        ),
        (
            Reference("AUD-0021", "#"),
            Noted(Link(_("Privileged access in core banking"), "#"), _("Technology")),
            Badge(_("Planned"), Tone.NEUTRAL, dot=True),
            Person("Lena Brandt"),
            Due((now - timedelta(days=2)).date(), now),
        ),
        (
            Reference("AUD-0009", "#"),
            Noted(Link(_("ISO 27001 surveillance audit"), "#"), _("Group")),
            Badge(_("Closed"), Tone.GOOD, dot=True),
            Person("Rosa Osei"),
            When((now - timedelta(days=40)).date(), now),
        ),
    ]
    return Table(_("A table"), columns, rows)


def sample_parts(now: datetime) -> dict[str, Any]:
    """Return one of everything, dated relative to now."""
    return {
        "title": _("PCI DSS 4.0.1 pre-assessment"),
        "subtitle": Listing(
            (Reference("AUD-0016"), _("yearly, next 1 Dec"), _("lead auditor Kenji Mori")), " · "
        ),
        "crumbs": [Crumb(_("Audits"), "#"), Crumb("AUD-0016")],
        "actions": [
            Action(_("History"), "#", icon="history"),
            Action(_("Record finding"), "#", icon="flag"),
            Action(_("Start reporting"), "#", primary=True),
        ],
        "steps": steps_to(STATES, "fieldwork", aside=ASIDE),
        "steps_aside": steps_to(STATES, "cancelled", aside=ASIDE),
        "tones": [tone.value for tone in Tone],
        "tabs": [
            Tab(_("Overview"), "#", is_current=True),
            Tab(_("Activity"), "#", count=14),
            Tab(_("History"), "#", icon="history"),
        ],
        "facts": [
            Fact(_("Fieldwork ends"), Due((now + timedelta(days=4)).date(), now)),
            Fact(_("Report due"), Due((now - timedelta(days=2)).date(), now)),
            Fact(_("Follow-up"), Due((now + timedelta(days=90)).date(), now)),
            Fact(_("Answer due"), Due(now + timedelta(hours=31, minutes=5), now)),
            Fact(_("Owner"), Person("Amina Khalid")),
            Fact(_("Business unit"), _("Payments")),
            Fact(_("Auditees"), None),
            Fact(_("Tested"), Progress(31, 64, _("Checklist"))),
        ],
        "moments": [
            Moment(
                now - timedelta(minutes=8), _("recorded finding FND-0031 (major nonconformity)"), "Kenji Mori"
            ),
            Moment(
                now - timedelta(days=1, hours=2),
                _("supplied evidence for request 7"),
                "Lena Brandt",
                comment=_("The export of September is missing; it follows on Monday."),
            ),
            Moment(
                now - timedelta(days=2), _("Reminder sent to 3 auditees: evidence due in 2 days"), icon="bell"
            ),
            Moment(
                now - timedelta(days=400),
                _("changed the plan"),
                "Amina Khalid",
                changes=[
                    Change(_("Starts on"), "1 Nov 2026", "16 Nov 2026"),
                    Change(_("Scope"), "", _("Card data")),
                ],
            ),
        ],
        "table": sample_table(now),
        "empty": EmptyState(
            _("No audits planned yet"),
            _("Plan the first one, or import a programme that you have in a spreadsheet."),
            "clipboard-check",
            [
                Action(_("Plan an audit"), "#", icon="plus", primary=True),
                Action(_("Import"), "#", icon="file-import"),
            ],
        ),
    }


def style_guide(request: HttpRequest) -> HttpResponse:
    """Show the parts; a page for those who build and run the portal, and nobody else finds it."""
    if not (settings.DEBUG or getattr(request.user, "is_staff", False)):
        raise Http404
    form = SampleForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if request.method != "POST":
        messages.success(request, _("Audit planned"))
        messages.error(request, _("The import has 3 rows with errors"))
    return render(request, "ui/style_guide.html", {**sample_parts(clock.now()), "form": form})
