"""The columns of a table of people, as the template explains them."""

from django.utils.translation import gettext_lazy as _

from foundation.records.imports import Column, Limits

PURPOSE = "people"
LIMITS = Limits(file_bytes=2 * 1024 * 1024, rows=2_000)

COLUMNS = (
    Column(
        key="email",
        label=_("E-mail address"),
        required=True,
        aliases=("E-mail", "Email", "Mail"),
        help=_("By which the person is known and signs in."),
        example="lena.brandt@example.com",
        width=32,
    ),
    Column(
        key="full_name",
        label=_("Full name"),
        required=True,
        aliases=("Name",),
        help=_("First and last name, in at most 200 characters."),
        example="Lena Brandt",
        width=28,
    ),
    Column(
        key="job_title",
        label=_("Job title"),
        aliases=("Title", "Position"),
        help=_("What the person does."),
        example="Payment Operations Manager",
        width=28,
    ),
    Column(
        key="unit",
        label=_("Business unit"),
        aliases=("Unit",),
        help=_("Where the person belongs, by the unit's code or its exact name."),
        example="PAY",
    ),
    Column(
        key="manager",
        label=_("Manager"),
        aliases=("Reports to",),
        help=_("By e-mail address or exact name; an address may stand in this file, too."),
        example="tobias.ravnsborg@example.com",
        width=32,
    ),
    Column(
        key="role",
        label=_("Role"),
        help=_("A role that the person is to hold from now on, besides those held already."),
        example="Personnel",
    ),
    Column(
        key="role_for",
        label=_("Role for"),
        aliases=("For",),
        help=_("Where the role holds: a unit, by code or exact name, or “everywhere”. Needed with a role."),
        example="PAY",
    ),
)
BY_KEY = {column.key: column for column in COLUMNS}
