"""The columns of a table of audits, as the template explains them."""

from datetime import date
from functools import partial

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audits.choices import AuditType
from audits.imports.recurrence import recurrence
from audits.schedule import EARLIEST, LATEST, LONGEST
from foundation.accounts.models import BusinessUnit, User
from foundation.records.choices import Confidentiality
from foundation.records.imports import CellError, Column, Limits, cells
from foundation.records.imports.rows import by_key
from foundation.records.imports.tables import Cell

LIMITS = Limits(file_bytes=5 * 1024 * 1024, rows=5_000)

RECURRENCES = ("yearly", "every 6 months", "quarterly", "every 2 years")


def _start(cell: Cell) -> date:
    day = cells.day(cell)
    if not EARLIEST <= day <= LATEST:
        raise CellError(
            gettext("The start lies between %(first)s and %(last)s.") % {"first": EARLIEST, "last": LATEST}
        )
    return day


def _unit_codes(_person: User) -> list[str]:
    return list(BusinessUnit.objects.order_by("path").values_list("code", flat=True))


LINE = partial(cells.text, most=200)
TEXT = partial(cells.text, most=10_000, lines=True)
DAYS = partial(cells.whole_number, least=0, most=LONGEST)

COLUMNS = (
    Column(
        key="title",
        label=_("Title"),
        required=True,
        help=_("What the audit is called, in at most 200 characters."),
        example="ISO 27001 surveillance audit",
        width=36,
        read=LINE,
    ),
    Column(
        key="type",
        label=_("Type"),
        required=True,
        aliases=("Audit type", "Kind"),
        help=_("Internal, External, Certification, Supplier or Technical test."),
        example="Certification",
        read=partial(cells.choice, choices=dict(AuditType.choices)),
        choices=lambda _person: [str(label) for label in AuditType.labels],
    ),
    Column(
        key="unit",
        label=_("Business unit"),
        required=True,
        aliases=("Unit",),
        help=_("The audited unit, by its code or its exact name."),
        example="PAY",
        width=22,
        choices=_unit_codes,
    ),
    Column(
        key="lead_auditor",
        label=_("Lead auditor"),
        required=True,
        aliases=("Lead",),
        help=_("An e-mail address, or the exact full name."),
        example="lead.auditor@example.com",
        width=28,
    ),
    Column(
        key="starts_on",
        label=_("Start"),
        required=True,
        aliases=("Start date", "Starts", "Fieldwork starts"),
        help=_("The first day of the fieldwork: a date, in text as 2026-04-03."),
        example="2026-04-03",
        width=14,
        read=_start,
        is_day=True,
    ),
    Column(
        key="owner",
        label=_("Owner"),
        help=_("Who answers for the audit: an e-mail address or a full name. Empty: whoever imports."),
        example="owner@example.com",
        width=28,
    ),
    Column(
        key="team",
        label=_("Team"),
        aliases=("Audit team", "Auditors"),
        help=_("People, separated by semicolons."),
        example="first@example.com; second@example.com",
        width=28,
    ),
    Column(
        key="auditees",
        label=_("Auditees"),
        help=_("People, separated by semicolons."),
        example="auditee@example.com",
        width=28,
    ),
    Column(
        key="scope",
        label=_("Scope"),
        help=_("What is examined; line breaks are kept."),
        example="Card data environment",
        width=32,
        read=TEXT,
    ),
    Column(
        key="criteria",
        label=_("Criteria"),
        help=_("What it is held against: a standard, a policy, a contract."),
        example="ISO/IEC 27001:2022",
        width=24,
        read=TEXT,
    ),
    Column(
        key="frameworks",
        label=_("Frameworks"),
        aliases=("Framework", "Standards", "Catalogues"),
        help=_("Frameworks of the portal, by reference or exact name, separated by semicolons."),
        example="FRM-0001",
        width=24,
    ),
    Column(
        key="objectives", label=_("Objectives"), help=_("What the audit is to find out."), width=32, read=TEXT
    ),
    Column(
        key="preparation_days",
        label=_("Preparation days"),
        aliases=("Preparation",),
        help=_("How many days before the start the preparation begins. Empty: 28."),
        example="28",
        read=DAYS,
    ),
    Column(
        key="fieldwork_days",
        label=_("Fieldwork days"),
        aliases=("Fieldwork",),
        help=_("How many days after the start the fieldwork ends. Empty: 4."),
        example="4",
        read=DAYS,
    ),
    Column(
        key="report_days",
        label=_("Report days"),
        aliases=("Report",),
        help=_("How many days after the start the report is due. Empty: 18."),
        example="18",
        read=DAYS,
    ),
    Column(
        key="follow_up_days",
        label=_("Follow-up days"),
        aliases=("Follow-up",),
        help=_("How many days after the start the follow-up is due. Empty: 90."),
        example="90",
        read=DAYS,
    ),
    Column(
        key="recurrence",
        label=_("Recurrence"),
        aliases=("Recurs", "Repeats", "Rrule", "Frequency"),
        help=_("Such as: yearly, every 6 months, every 2 years until 2030-12-31, or an RRULE. Empty: once."),
        example="yearly",
        read=recurrence,
        choices=lambda _person: RECURRENCES,
    ),
    Column(
        key="programme",
        label=_("Programme"),
        aliases=("Programme reference", "Program"),
        help=_("The reference of a programme that is there already, such as PRG-0001."),
        example="PRG-0001",
    ),
    Column(
        key="confidentiality",
        label=_("Confidentiality"),
        help=_("Internal or Restricted. Empty: Internal."),
        example="Internal",
        read=partial(cells.choice, choices=dict(Confidentiality.choices)),
        choices=lambda _person: [str(label) for label in Confidentiality.labels],
    ),
    Column(
        key="external_reference",
        label=_("External reference"),
        aliases=("External ID", "Reference", "ID"),
        help=_(
            "The audit's number elsewhere. A row that brings it again changes its audit, and makes no second."
        ),
        example="PLAN-2026-014",
        width=22,
        read=partial(cells.text, most=60),
    ),
)
BY_KEY = by_key(COLUMNS)
