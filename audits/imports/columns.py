"""The columns of a table of audits, as the template explains them."""

from django.utils.translation import gettext_lazy as _

from foundation.records.imports import Column, Limits

PURPOSE = "audits"
LIMITS = Limits(file_bytes=5 * 1024 * 1024, rows=5_000)

COLUMNS = (
    Column(
        key="title",
        label=_("Title"),
        required=True,
        help=_("What the audit is called, in at most 200 characters."),
        example="ISO 27001 surveillance audit",
        width=36,
    ),
    Column(
        key="type",
        label=_("Type"),
        required=True,
        aliases=("Audit type", "Kind"),
        help=_("Internal, External, Certification, Supplier or Technical test."),
        example="Certification",
    ),
    Column(
        key="unit",
        label=_("Business unit"),
        required=True,
        aliases=("Unit",),
        help=_("The audited unit, by its code or its exact name."),
        example="PAY",
        width=22,
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
    ),
    Column(
        key="criteria",
        label=_("Criteria"),
        help=_("What it is held against: a standard, a policy, a contract."),
        example="ISO/IEC 27001:2022",
        width=24,
    ),
    Column(key="objectives", label=_("Objectives"), help=_("What the audit is to find out."), width=32),
    Column(
        key="preparation_days",
        label=_("Preparation days"),
        aliases=("Preparation",),
        help=_("How many days before the start the preparation begins. Empty: 28."),
        example="28",
    ),
    Column(
        key="fieldwork_days",
        label=_("Fieldwork days"),
        aliases=("Fieldwork",),
        help=_("How many days after the start the fieldwork ends. Empty: 4."),
        example="4",
    ),
    Column(
        key="report_days",
        label=_("Report days"),
        aliases=("Report",),
        help=_("How many days after the start the report is due. Empty: 18."),
        example="18",
    ),
    Column(
        key="follow_up_days",
        label=_("Follow-up days"),
        aliases=("Follow-up",),
        help=_("How many days after the start the follow-up is due. Empty: 90."),
        example="90",
    ),
    Column(
        key="recurrence",
        label=_("Recurrence"),
        aliases=("Recurs", "Repeats", "Rrule", "Frequency"),
        help=_("Such as: yearly, every 6 months, every 2 years until 2030-12-31, or an RRULE. Empty: once."),
        example="yearly",
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
    ),
)
BY_KEY = {column.key: column for column in COLUMNS}
