"""The columns of a table of people, as the template explains them."""

from functools import partial

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.accounts.access import access_of
from foundation.accounts.choices import Role
from foundation.accounts.forms.fields import units_to_choose
from foundation.accounts.models import User
from foundation.records.imports import CellError, Column, Limits, cells
from foundation.records.imports.rows import by_key
from foundation.records.imports.tables import Cell

RIGHT = "people.manage"
LIMITS = Limits(file_bytes=2 * 1024 * 1024, rows=2_000)

LINE = partial(cells.text, most=200)


def _email(cell: Cell) -> str:
    value = cells.text(cell, most=254).lower()
    try:
        validate_email(value)
    except ValidationError as error:
        raise CellError(gettext("“%(value)s” is not an e-mail address.") % {"value": value[:80]}) from error
    return value


def _role(cell: Cell) -> Role:
    return Role(cells.choice(cell, choices=dict(Role.choices)))


def _unit_codes(person: User) -> list[str]:
    return list(units_to_choose(access_of(person).scope(RIGHT)).values_list("code", flat=True))


COLUMNS = (
    Column(
        key="email",
        label=_("E-mail address"),
        required=True,
        aliases=("E-mail", "Email", "Mail"),
        help=_("By which the person is known and signs in."),
        example="lena.brandt@example.com",
        width=32,
        read=_email,
    ),
    Column(
        key="full_name",
        label=_("Full name"),
        required=True,
        aliases=("Name",),
        help=_("First and last name, in at most 200 characters."),
        example="Lena Brandt",
        width=28,
        read=LINE,
    ),
    Column(
        key="job_title",
        label=_("Job title"),
        aliases=("Title", "Position"),
        help=_("What the person does."),
        example="Payment Operations Manager",
        width=28,
        read=LINE,
    ),
    Column(
        key="unit",
        label=_("Business unit"),
        aliases=("Unit",),
        help=_("Where the person belongs, by the unit's code or its exact name."),
        example="PAY",
        choices=_unit_codes,
    ),
    Column(
        key="manager",
        label=_("Manager"),
        aliases=("Reports to",),
        help=_("By e-mail address or exact name; an address may stand in this file, too."),
        example="tobias.ravnsborg@example.com",
        width=32,
        read=partial(cells.text, most=254),
    ),
    Column(
        key="role",
        label=_("Role"),
        help=_("A role that the person is to hold from now on, besides those held already."),
        example="Personnel",
        read=_role,
        choices=lambda _person: [str(label) for label in Role.labels],
    ),
    Column(
        key="role_for",
        label=_("Role for"),
        aliases=("For",),
        help=_("Where the role holds: a unit, by code or exact name, or “everywhere”. Needed with a role."),
        example="PAY",
        choices=_unit_codes,
    ),
)
BY_KEY = by_key(COLUMNS)
