"""Telling people that a document is in force: at once who owns or approved it, and its audience some hundreds at a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.accounts.models import BusinessUnit, RoleGrant, User
from foundation.accounts.organisation import organisation_day
from foundation.notifications.services import NoticeDraft, notices_call_off, notices_write, told
from foundation.records.choices import Confidentiality
from foundation.records.services import record_hold
from policies.choices import VersionState
from policies.models import Announcement, Document, DocumentVersion
from policies.selectors import approvals_of

IN_FORCE = "policies.in_force"
CHANGED = "policies.changed"
PUBLISHED = "policies.published"
BATCH = 500  # people in a transaction


def announcement_begin(*, version: DocumentVersion, now: datetime) -> None:
    """Tell who owns a document or approved this version of it, and let its audience be told. Must be called inside the step's transaction."""
    Announcement.objects.create(version=version, begun_at=now)
    document = version.document

    def sentence() -> str:
        if document.is_restricted:
            return _("Version %(label)s is in force.") % {"label": version.label}
        return _("Version %(label)s is in force. Those whom it is for are being told.") % {
            "label": version.label
        }

    notices_write(
        notices=[
            NoticeDraft(
                recipient_id=person,
                kind=PUBLISHED,
                dedupe_key=f"{PUBLISHED}:{version.pk}:{person}",
                record_id=document.pk,
                thread=f"{PUBLISHED}:{document.pk}",
                payload={"title": version.title, "reference": document.reference, "sentence": told(sentence)},
            )
            for person in _who_know(version)
        ],
        now=now,
    )


def announcements_waiting() -> list[int]:
    """Return the keys of versions whose audience is not told yet, the oldest first; what is restricted waits until it is opened."""
    waiting = Announcement.objects.filter(
        done_at=None,
        version__document__confidentiality=Confidentiality.INTERNAL,
        version__document__archived_at=None,
    )
    return list(waiting.order_by("begun_at", "pk").values_list("pk", flat=True))


def announcement_finish(*, key: int, now: datetime) -> None:
    """Tell all whom a version is for, batch by batch; who is killed in between goes on where it stopped."""
    while announcement_go_on(key=key, now=now):
        pass


@transaction.atomic
def announcement_go_on(*, key: int, now: datetime) -> bool:
    """Tell the next people whom a version is for, and tell whether there may be more. Of two that try, one does.

    What is in force no more is told nobody; what is restricted by now, nobody until it is opened. The document is held first: it is
    neither restricted nor retired past a batch, which whoever does either finds written, and calls off.
    """
    of = DocumentVersion.objects.filter(pk=key).values_list("document_id", flat=True).first()
    if of is None:
        return False
    record_hold(of)
    waiting = Announcement.objects.select_for_update(skip_locked=True, of=("self",)).filter(done_at=None)
    going: Announcement | None = waiting.filter(pk=key).select_related("version__document").first()
    if going is None:
        return False
    version = going.version
    if version.document.is_restricted or version.document.archived_at is not None:
        return False
    people: list[int] = []
    if version.state == VersionState.PUBLISHED:
        people = list(_audience(version, now).filter(pk__gt=going.reached).order_by("pk")[:BATCH])
    if people:
        known = set(_who_know(version))
        told = [person for person in people if person not in known]
        notices_write(notices=[_draft(version, person) for person in told], now=now)
        going.reached, going.told = people[-1], going.told + len(told)
    if len(people) < BATCH:
        going.done_at = now
    going.save()
    return going.done_at is None


def announcements_call_off(*, document: Document) -> None:
    """Let nobody be told any more, or be shown again, that a document is in force: it is restricted, or holds no more.

    Where it is opened again, all are told again: nothing of it is shown to them any more. Must be called inside a transaction.
    """
    Announcement.objects.filter(version=document.current_id).update(done_at=None, reached=0, told=0)
    for version in document.versions.filter(announcement__isnull=False).values_list("pk", flat=True):
        for kind in (IN_FORCE, CHANGED):
            notices_call_off(kind=kind, key_prefix=f"{kind}:{version}:")


def announcements_settle(*, document: Document, now: datetime) -> None:
    """Take the audience for told, as it was long ago: of what is brought in with its past."""
    Announcement.objects.filter(version__document=document, done_at=None).update(done_at=now)


def _who_know(version: DocumentVersion) -> list[int]:
    """Return who owns the document and who approved the version; they hear of it in other words."""
    approvers = [one.decided_by_id for one in approvals_of(version)]
    return list(dict.fromkeys([version.document.owner_id, *approvers]))


def _audience(version: DocumentVersion, now: datetime) -> QuerySet[User, int]:
    """Return the keys of the active people whom a version is for."""
    people = User.objects.filter(is_active=True).values_list("pk", flat=True)
    grounds: list[Q] = []
    if version.audience:
        grounds.append(Q(unit__in=_units_below(version.audience)))
    if version.audience_roles:
        grounds.append(Q(Exists(_holders(version.audience_roles, now))))
    return people.filter(reduce(or_, grounds)) if grounds else people


def _units_below(units: Iterable[int]) -> list[int]:
    paths = BusinessUnit.objects.filter(pk__in=list(units)).values_list("path", flat=True)
    below = reduce(or_, (Q(path__startswith=path) for path in paths), Q(pk=None))
    return list(BusinessUnit.objects.filter(below).values_list("pk", flat=True))


def _holders(roles: Iterable[str], now: datetime) -> QuerySet[RoleGrant]:
    day = organisation_day(now)
    held = RoleGrant.objects.filter(user=OuterRef("pk"), role__in=list(roles))
    return held.filter(
        Q(starts_on=None) | Q(starts_on__lte=day),
        Q(ends_on=None) | Q(ends_on__gte=day),
    )


def _draft(version: DocumentVersion, person: int) -> NoticeDraft:
    """Return what one of the audience is told. Of the library, and not of the record: that stays with who has rights there."""
    kind = IN_FORCE if version.is_material else CHANGED
    document = version.document
    return NoticeDraft(
        recipient_id=person,
        kind=kind,
        dedupe_key=f"{kind}:{version.pk}:{person}",
        thread=f"{IN_FORCE}:{document.pk}",
        payload={
            "title": version.title,
            "reference": document.reference,
            "sentence": told(lambda: _sentence(version)),
            "headline": told(lambda: _headline(version)),
            "path": reverse("policies:library-document", args=[document.reference]),
        },
    )


def _headline(version: DocumentVersion) -> str:
    if not version.is_material:
        return _("changed in details")
    return _("in force, to be read") if version.major == 1 else _("a new version is in force, to be read")


def _sentence(version: DocumentVersion) -> str:
    if not version.is_material:
        words = _("Version %(label)s is in force. What changed leaves your duties as they are.")
    elif version.major == 1:
        words = _("It is in force now and meant for you: read it.")
    else:
        words = _("Version %(label)s is in force and meant for you: read it anew.")
    changed = _("What changed: %(summary)s") % {"summary": version.summary} if version.summary else ""
    return " ".join(part for part in (words % {"label": version.label}, changed) if part)
