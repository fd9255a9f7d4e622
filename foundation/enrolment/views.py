"""The pages of the import: what they are called, and how people are shown on them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from foundation.accounts.models import User
from foundation.accounts.selectors import people_seen_by
from foundation.enrolment.preview import RowPlan
from foundation.enrolment.services import PEOPLE_IMPORT
from foundation.records.imports.kinds import ImportOutcome
from foundation.records.imports.parts import action_badge, outcome_badge, told
from foundation.records.imports.preview import RowAction
from foundation.records.imports.views import ImportPages
from foundation.ui.columns import Column
from foundation.ui.components import Link, Noted
from foundation.ui.structure import Action

PREVIEW_COLUMNS = (
    Column("number", gettext_lazy("Row"), at_end=True),
    Column("action", gettext_lazy("What happens")),
    Column("person", gettext_lazy("Person"), is_title=True),
    Column("unit", gettext_lazy("Business unit")),
    Column("manager", gettext_lazy("Manager")),
    Column("role", gettext_lazy("Role")),
)
RESULT_COLUMNS = (
    Column("person", gettext_lazy("Person"), is_title=True),
    Column("action", gettext_lazy("What happened")),
    Column("unit", gettext_lazy("Business unit")),
)


class PeopleImportPages(ImportPages[RowPlan]):
    """`/people/import/`"""

    kind = PEOPLE_IMPORT
    namespace = "enrolment"
    title = gettext_lazy("Import people")
    things = gettext_lazy("People")
    list_url = "accounts:person-list"
    to_list = gettext_lazy("Go to the people")
    template_name = "people-template"
    preview_columns = PREVIEW_COLUMNS
    result_title = gettext_lazy("Imported people")
    result_columns = RESULT_COLUMNS
    asks_who = True  # it makes accounts, and gives roles

    def preview_cells(self, row: RowPlan, now: datetime) -> tuple[Any, ...]:
        """Return the person whom the row brings or changes."""
        values = row.values
        role, name, email = values.get("role"), values.get("full_name", ""), values.get("email", "")
        who: Any = Noted(name, email)
        if row.person:
            who = _link(row.person, name or email)
        return (
            row.number,
            action_badge(row.action),
            told(row, who),
            values.get("unit"),
            values.get("manager") or row.manager_email,
            Noted(role.label, values.get("role_for", "")) if role else None,
        )

    def result_rows(
        self, names: Sequence[str], *, created: set[str], reader: User, now: datetime
    ) -> list[tuple[Any, ...]]:
        """Return the people who came and who were changed."""
        people = people_seen_by(reader).filter(email__in=names).select_related("unit")
        return [
            (_link(person, person.full_name), outcome_badge(is_new=person.email in created), person.unit)
            for person in people.order_by("full_name", "pk")
        ]

    def confirm_actions(self, counts: Mapping[RowAction, int], url: str) -> list[Action]:
        """Return the buttons, which say how many people they invite or change."""
        create, update = counts[RowAction.CREATE], counts[RowAction.UPDATE]
        if not create:
            text = ngettext("Change %(count)d person", "Change %(count)d people", update) % {"count": update}
            return [Action(text, url, icon="upload", primary=True, posts=True)]
        invite = ngettext(
            "Import, and invite %(count)d person", "Import, and invite %(count)d people", create
        ) % {"count": create}
        return [
            Action(_("Import without inviting"), url, icon="upload", posts=True),
            Action(invite, url, icon="send", primary=True, posts=True, fields={"invite": "on"}),
        ]

    def options(self, request: HttpRequest) -> dict[str, Any]:
        """Return whether new people are invited."""
        return {"invite": request.POST.get("invite") == "on"}

    def done_text(self, outcome: ImportOutcome) -> str:
        """Say also how many were invited."""
        return (
            _(
                "Imported: %(created)d new, %(updated)d changed, %(unchanged)d unchanged. Invitations sent: %(invited)d."
            )
            % outcome.counts()
        )


def _link(person: User, name: str) -> Link:
    return Link(name, reverse("accounts:person-detail", args=[person.pk]), person.email)
