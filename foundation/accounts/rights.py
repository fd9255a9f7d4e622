"""The rights matrix: which role may do what. Data, shown in the app and walked by the tests.

A grant for a unit gives its rights on that unit's records and on those of all units below it;
a right on something that belongs to no unit needs a grant for the whole organisation.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.accounts.choices import Role


@dataclass(frozen=True)
class Right:
    """Something that a role may do."""

    code: str
    label: Any
    roles: frozenset[Role]

    @property
    def area(self) -> str:
        """Return the first part of the code."""
        return self.code.partition(".")[0]


def _right(code: str, label: Any, *roles: Role) -> Right:
    return Right(code, label, frozenset(roles))


# What the first part of a right's code is about, as headings of the matrix.
AREAS: dict[str, Any] = {
    "records": _("Records"),
    "comments": _("Comments"),
    "links": _("Links"),
    "files": _("Files"),
    "lists": _("Lists"),
    "duties": _("Duties"),
    "compliance": _("Compliance"),
    "policies": _("Policies"),
    "exceptions": _("Exceptions to policies"),
    "response": _("Incident response plans"),
    "controls": _("Controls"),
    "audits": _("Audits"),
    "actions": _("Actions"),
    "programmes": _("Audit programmes"),
    "approvals": _("Approvals"),
    "ladders": _("Reminders"),
    "trail": _("Trail"),
    "organisation": _("Organisation"),
    "people": _("People"),
    "mail": _("Mail"),
    "health": _("Health"),
}

RIGHTS: dict[str, Right] = {
    right.code: right
    for right in (
        _right(
            "records.view",
            _("Read the working records"),
            Role.CISO,
            Role.SECURITY,
            Role.AUDITOR,
            Role.UNIT_LEAD,
        ),
        _right(
            "records.view_restricted", _("Read restricted records without being named in them"), Role.CISO
        ),
        _right(
            "comments.write",
            _("Comment on working records without being named in them"),
            Role.CISO,
            Role.SECURITY,
            Role.AUDITOR,
            Role.UNIT_LEAD,
        ),
        _right(
            "files.add",
            _("Add files to records, and new versions of them"),
            Role.CISO,
            Role.SECURITY,
            Role.AUDITOR,
            Role.UNIT_LEAD,
        ),
        _right(
            "files.manage",
            _("Withdraw files that others added, and read what was withdrawn"),
            Role.CISO,
            Role.SECURITY,
        ),
        _right(
            "lists.share",
            _("Share saved views of lists with everyone"),
            Role.CISO,
            Role.SECURITY,
            Role.AUDITOR,
            Role.ADMINISTRATOR,
        ),
        _right("comments.withdraw", _("Withdraw what others wrote"), Role.CISO),
        _right("comments.view_withdrawn", _("Read withdrawn comments, as evidence"), Role.CISO, Role.AUDITOR),
        _right(
            "links.manage",
            _("Link records with each other"),
            Role.CISO,
            Role.SECURITY,
            Role.AUDITOR,
        ),
        _right(
            "duties.manage",
            _("Plan, change and skip duty activities, and do those of others"),
            Role.CISO,
            Role.SECURITY,
        ),
        _right("duties.sign_off", _("Sign off duty activities that others did"), Role.CISO),
        _right(
            "duties.evidence",
            _("Make evidence packs of what one may read, with the whole trail of it"),
            Role.CISO,
            Role.SECURITY,
            Role.AUDITOR,
            Role.UNIT_LEAD,
        ),
        _right(
            "compliance.manage",
            _("Bring frameworks and their editions, accept and retire them"),
            Role.CISO,
            Role.SECURITY,
        ),
        _right("policies.write", _("Write policies and what belongs to them"), Role.CISO, Role.SECURITY),
        _right("policies.approve", _("Approve policies, and retire them"), Role.CISO),
        _right(
            "response.manage",
            _("Keep the contacts of incident response plans, and exercise them"),
            Role.CISO,
            Role.SECURITY,
        ),
        _right(
            "exceptions.request",
            _("Ask for an exception to a policy that one may read"),
            Role.CISO,
            Role.SECURITY,
            Role.EXECUTIVE,
            Role.UNIT_LEAD,
            Role.PERSONNEL,
        ),
        _right(
            "exceptions.decide",
            _("Decide on exceptions to policies, and revoke them"),
            Role.CISO,
        ),
        _right("controls.write", _("Write controls, and map them to requirements"), Role.CISO, Role.SECURITY),
        _right("controls.approve", _("Approve controls, and retire them"), Role.CISO),
        _right(
            "controls.rate",
            _("Rate how well controls of others work"),
            Role.CISO,
            Role.SECURITY,
            Role.AUDITOR,
        ),
        _right("audits.plan", _("Plan and change audits and programmes"), Role.CISO, Role.SECURITY),
        _right(
            "audits.run",
            _("Take an audit from preparation to follow-up"),
            Role.CISO,
            Role.SECURITY,
            Role.AUDITOR,
        ),
        _right("audits.approve_report", _("Approve the report of an audit"), Role.CISO),
        _right("audits.close", _("Close or cancel an audit"), Role.CISO, Role.SECURITY),
        _right("audits.import", _("Import a programme of audits"), Role.CISO, Role.SECURITY),
        _right(
            "actions.manage",
            _("Agree on actions, change, cancel and reopen them"),
            Role.CISO,
            Role.SECURITY,
            Role.AUDITOR,
        ),
        _right(
            "actions.verify",
            _("Verify corrective actions of others, and check their effect"),
            Role.CISO,
            Role.SECURITY,
            Role.AUDITOR,
        ),
        _right("programmes.approve", _("Approve an audit programme"), Role.CISO),
        _right("approvals.routes", _("Change who approves what"), Role.CISO, Role.ADMINISTRATOR),
        _right("ladders.manage", _("Change when reminders are sent"), Role.CISO),
        _right(
            "trail.view",
            _("Read the trail of the whole organisation"),
            Role.CISO,
            Role.AUDITOR,
            Role.ADMINISTRATOR,
        ),
        _right("organisation.manage", _("Change the organisation's settings"), Role.CISO, Role.ADMINISTRATOR),
        _right(
            "people.view",
            _("See people, units and who holds which role"),
            Role.CISO,
            Role.SECURITY,
            Role.AUDITOR,
            Role.UNIT_LEAD,
            Role.ADMINISTRATOR,
        ),
        _right("people.manage", _("Manage people, units and role grants"), Role.ADMINISTRATOR),
        _right("mail.manage", _("See the outbox and retry parked mails"), Role.ADMINISTRATOR),
        _right("health.view", _("See the health of the portal"), Role.CISO, Role.ADMINISTRATOR),
    )
}


WHOLE_ORGANISATION = "organisation"


class RightMissing(PermissionDenied):
    """Someone lacks a right: shown as 403 with the reason, and a way to `explained_at`, the page that says what is missing.

    It is missing for a unit, for the whole organisation (`everywhere`), or wherever. `reason` says more than that it is.
    """

    def __init__(
        self, code: str, *, unit_id: int | None = None, everywhere: bool = False, reason: str = ""
    ) -> None:
        super().__init__(reason or refusal_reason(code))
        where = f"?unit={unit_id or WHOLE_ORGANISATION}" if unit_id or everywhere else ""
        self.explained_at = f"{reverse('accounts:right-detail', args=[code])}{where}"


def right_missing(code: str, unit_id: int | None, reason: str = "") -> RightMissing:
    """Return the error for who lacks a right for something of this unit (None: of no unit)."""
    return RightMissing(code, unit_id=unit_id, everywhere=unit_id is None, reason=reason)


def refusal_reason(right: str) -> str:
    """Return the sentence that tells a person why a page or a step is refused, and who has the right."""
    return gettext("This needs the right “%(right)s”, which comes with the role %(roles)s.") % {
        "right": RIGHTS[right].label,
        "roles": roles_named(right),
    }


def roles_named(right: str) -> str:
    """Return the names of the roles that give a right: one, another or a third."""
    return get_text_list(sorted(str(role.label) for role in RIGHTS[right].roles), gettext("or"))
