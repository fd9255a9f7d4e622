"""Writing whom a plan calls, and making sure of it in time."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.deadlines.models import Deadline
from foundation.deadlines.services import deadline_close, deadline_set
from foundation.notifications.services import NoticeDraft, notices_write
from foundation.records.plain import plain
from foundation.trail.services import entry_write
from policies.models import Document
from response.models import Contact, months_after
from response.permissions import managing_refusal
from response.selectors import contacts_of, sheet_due, sheets_open

CONFIRMATION, LEFT = "response.confirmation", "response.left"
WRITTEN_FIELDS = (
    "position",
    "role",
    "person",
    "outside",
    "phone",
    "email",
    "after_hours",
    "deputy",
    "cadence_months",
)


class ContactRefused(Exception):
    """What was asked for a contact is not possible as things stand; the message says why, for the person."""


class StaleContact(Exception):
    """Somebody else wrote the contact since it was read; `contact` is what stands there now."""

    def __init__(self, contact: Contact) -> None:
        super().__init__(_("Somebody changed this contact meanwhile. Look at it again."))
        self.contact = contact


@transaction.atomic
def contact_add(*, plan: Document, values: dict[str, Any], actor: User, now: datetime) -> Contact:
    """Put a contact on the sheet of a plan. Raises ContactRefused where the plan is retired."""
    held = _hold(plan)
    today = organisation_day(now)
    contact = Contact(plan=held, **values)
    contact.confirm_by = months_after(today, contact.cadence_months)
    contact.confirmed_on, contact.confirmed_by = today, actor
    _refuse_who_left(contact)
    contact.save()
    _tell(held, "added", actor, after={name: plain(getattr(contact, name)) for name in WRITTEN_FIELDS})
    sheet_follow(plan=held, now=now)
    return contact


@transaction.atomic
def contact_change(
    *, contact: Contact, values: dict[str, Any], actor: User, now: datetime, revision: int
) -> Contact:
    """Change a contact as it was read at `revision`; whoever does so confirms it.

    Raises ContactRefused where it was taken off the sheet, or names who is no longer here; StaleContact when somebody else was faster.
    """
    if unknown := values.keys() - set(WRITTEN_FIELDS):
        raise ValueError(f"Not changed here: {sorted(unknown)}")
    plan, locked = _lock(contact)
    if locked.revision != revision:
        raise StaleContact(locked)
    before = {name: plain(getattr(locked, name)) for name in values}
    for name, value in values.items():
        setattr(locked, name, value)
    _refuse_who_left(locked)
    after = {name: plain(getattr(locked, name)) for name in values}
    changed = [name for name in values if before[name] != after[name]]
    _confirm(locked, actor, now)
    if changed:
        _tell(
            plan,
            "changed",
            actor,
            before={name: before[name] for name in changed},
            after={"role": locked.role} | {name: after[name] for name in changed},
        )
    sheet_follow(plan=plan, now=now)
    return locked


@transaction.atomic
def contact_confirm(
    *, contact: Contact, actor: User, now: datetime, revision: int, comment: str = ""
) -> Contact:
    """Write down that name and numbers are right as they were read at `revision`.

    Raises ContactRefused where it was taken off the sheet, or names who is no longer here; StaleContact when somebody changed it.
    """
    plan, locked = _lock(contact)
    if locked.revision != revision:
        raise StaleContact(locked)
    _refuse_who_left(locked)
    _confirm(locked, actor, now)
    seen = {"role": locked.role, "contact": locked.name, "phone": locked.phone, "email": locked.email}
    _tell(plan, "confirmed", actor, after=seen, comment=comment)
    sheet_follow(plan=plan, now=now)
    return locked


@transaction.atomic
def contact_remove(*, contact: Contact, actor: User, now: datetime, comment: str = "") -> None:
    """Take a contact off the sheet. Raises ContactRefused where it was already."""
    plan, locked = _lock(contact)
    locked.removed_at = now
    locked.revision += 1
    locked.save()
    before = {"role": locked.role, "contact": locked.name}
    _tell(plan, "removed", actor, before=before, comment=comment)
    sheet_follow(plan=plan, now=now)


@transaction.atomic
def contacts_follow_leavers(*, plan: Document, now: datetime) -> None:
    """Let each contact of a plan whose person is no longer here be confirmed by today, and tell the plan's owner; once for each."""
    try:
        held = _hold(plan)
    except ContactRefused:
        return
    today = organisation_day(now)
    left = list(contacts_of(held).left_untold(today))
    for contact in left:
        contact.confirm_by = today
        contact.save(update_fields=["confirm_by"])
        _tell(held, "left", None, after={"role": contact.role, "contact": contact.name})
    notices_write(notices=[_left_notice(held, contact) for contact in left], now=now)
    sheet_follow(plan=held, now=now)


def _left_notice(plan: Document, contact: Contact) -> NoticeDraft:
    with translation.override(plan.owner.language):
        sentence = _(
            "%(person)s, whom the plan calls as “%(role)s”, has left. Name who takes the role now."
        ) % {
            "person": contact.name,
            "role": contact.role,
        }
        headline = _("somebody whom the plan calls has left")
    return NoticeDraft(
        recipient_id=plan.owner_id,
        kind=LEFT,
        dedupe_key=f"{LEFT}:{contact.pk}:{contact.person_id}:{contact.revision}",
        record_id=plan.pk,
        thread=f"{LEFT}:{contact.pk}",
        payload={
            "title": plan.title,
            "reference": plan.reference,
            "sentence": sentence,
            "headline": headline,
            "path": plan.get_tab_url("contacts"),
        },
    )


def sheet_follow(*, plan: Document, now: datetime) -> None:
    """Let the plan's owner be reminded of the first contact that is to be confirmed.

    Must be called inside a transaction.
    """
    due = sheet_due(plan)
    if due is None:
        deadline_close(record=plan, kind=CONFIRMATION, now=now, was_dropped=plan.is_retired)
    else:
        deadline_set(record=plan, kind=CONFIRMATION, assignee=plan.owner, due_on=due, now=now)


def sheets_astray() -> list[int]:
    """Return the keys of plans whose owner, or whose day, is not what the reminder of their sheet says."""
    reminded = {
        record: (assignee, due)
        for record, assignee, due in Deadline.objects.open()
        .filter(kind=CONFIRMATION)
        .values_list("record_id", "assignee_id", "due_on")
    }
    return [
        plan.pk
        for plan in sheets_open()
        if reminded.get(plan.pk) != ((plan.owner_id, due) if (due := sheet_due(plan)) else None)
    ]


def _hold(plan: Document) -> Document:
    """Return a plan as it is now, held so until the transaction ends: all who write its sheet hold it first."""
    held: Document = (
        Document.objects.select_for_update(of=("self",), no_key=True).select_related("owner").get(pk=plan.pk)
    )
    if refusal := managing_refusal(held):
        raise ContactRefused(refusal)
    return held


def _lock(contact: Contact) -> tuple[Document, Contact]:
    plan = _hold(contact.plan)
    locked = Contact.objects.select_related("person").select_for_update(of=("self",)).get(pk=contact.pk)
    if locked.removed_at is not None:
        raise ContactRefused(_("It was taken off the sheet meanwhile."))
    return plan, locked


def _refuse_who_left(contact: Contact) -> None:
    if contact.has_left:
        raise ContactRefused(
            _("%(person)s has left: name who takes the role now.") % {"person": contact.name}
        )


def _confirm(contact: Contact, actor: User, now: datetime) -> None:
    today = organisation_day(now)
    contact.confirmed_on, contact.confirmed_by = today, actor
    contact.confirm_by = months_after(today, contact.cadence_months)
    contact.revision += 1
    contact.save()


def _tell(
    plan: Document,
    verb: str,
    actor: User | None,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    comment: str = "",
) -> None:
    entry_write(
        action=f"response.contact.{verb}",
        actor=actor,
        record=plan,
        before=before or {},
        after=after or {},
        comment=comment,
    )
