"""The columns of a manifest, as the template explains them."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import BusinessUnit, User
from foundation.records.choices import Confidentiality
from foundation.records.imports import Column, Limits, cells
from foundation.records.imports.rows import by_key
from policies.choices import DocumentType
from policies.models.documents import LONGEST_CADENCE, SHORTEST_CADENCE

MOST_DOCUMENTS = 200
LIMITS = Limits(file_bytes=25 * 1024 * 1024, rows=MOST_DOCUMENTS)


def _unit_codes(_person: User) -> list[str]:
    return list(BusinessUnit.objects.order_by("path").values_list("code", flat=True))


LINE = partial(cells.text, most=200)

COLUMNS = (
    Column(
        key="file",
        label=_("File"),
        required=True,
        aliases=("File name", "Path"),
        help=_("Where the document is in the ZIP, seen from the manifest: .md, .docx or .pdf."),
        example="policies/access-control.md",
        width=36,
        read=partial(cells.text, most=500),
    ),
    Column(
        key="title",
        label=_("Title"),
        required=True,
        aliases=("Name",),
        help=_("What the document is called, in at most 200 characters."),
        example="Access control policy",
        width=36,
        read=LINE,
    ),
    Column(
        key="type",
        label=_("Kind"),
        required=True,
        aliases=("Type", "Document type"),
        help=_("Policy, Standard, Procedure, Guideline or Incident response plan."),
        example="Policy",
        read=partial(cells.choice, choices=dict(DocumentType.choices)),
        choices=lambda _person: [str(label) for label in DocumentType.labels],
    ),
    Column(
        key="unit",
        label=_("Business unit"),
        required=True,
        aliases=("Unit",),
        help=_("Whose document it is, by the unit's code or its exact name."),
        example="PAY",
        width=22,
        choices=_unit_codes,
    ),
    Column(
        key="owner",
        label=_("Owner"),
        aliases=("Owner e-mail", "Owner email"),
        help=_("An e-mail address, or the exact full name. Empty: whoever imports."),
        example="owner@example.com",
        width=28,
    ),
    Column(
        key="audience",
        label=_("Audience"),
        aliases=("For", "Meant for"),
        help=_(
            "Whom it is for: units by code or name, and roles as “role Executive”, with semicolons between. Empty or “Everyone”: everyone."
        ),
        example="PAY; role Executive",
        width=28,
    ),
    Column(
        key="cadence_months",
        label=_("Cadence (months)"),
        aliases=("Cadence", "Cadence months", "Review every (months)", "Reviewed every (months)"),
        help=_("How often somebody looks at whether it is still right. Empty: every 12 months."),
        example="12",
        read=partial(cells.whole_number, least=SHORTEST_CADENCE, most=LONGEST_CADENCE),
    ),
    Column(
        key="confidentiality",
        label=_("Confidentiality"),
        aliases=("Classification",),
        help=_(
            "Internal or Restricted: of what is restricted only the owner, the people named in it and the CISO know. Empty: Internal."
        ),
        example="Internal",
        width=16,
        read=partial(cells.choice, choices=dict(Confidentiality.choices)),
        choices=lambda _person: [str(label) for label in Confidentiality.labels],
    ),
    Column(
        key="effective_on",
        label=_("Effective date"),
        aliases=("Effective", "In force from", "In force since"),
        help=_(
            "A day to come: the draft holds from it on, once it is approved. A day that is over is kept as history."
        ),
        example="2026-04-03",
        width=14,
        read=cells.day,
        is_day=True,
    ),
    Column(
        key="version",
        label=_("Version"),
        help=_("Which version it was so far, kept as history: here it begins with 1.0."),
        example="3.2",
        read=partial(cells.text, most=40),
    ),
    Column(
        key="approved_by",
        label=_("Approved by"),
        help=_("Who approved it so far, kept as history: here it is approved anew."),
        example="Board of directors",
        width=28,
        read=LINE,
    ),
    Column(
        key="approved_on",
        label=_("Approved on"),
        help=_("When they did, kept as history."),
        example="2024-05-02",
        width=14,
        read=cells.day,
        is_day=True,
    ),
)
BY_KEY = by_key(COLUMNS)
