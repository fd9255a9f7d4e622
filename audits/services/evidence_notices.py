"""Telling people what became of a request for evidence."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from audits.choices import WAITING_EVIDENCE_STATES
from audits.models import EvidenceRequest
from audits.permissions import audits_there
from foundation.accounts.access import accesses_read
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.selectors import stand_ins_of
from foundation.notifications.services import NoticeDraft, notices_write
from foundation.records.selectors import pairs_that_see

ASKED = "audits.evidence_asked"
ANSWERED = "audits.evidence_answered"
SETTLED = "audits.evidence_settled"


def evidence_tell(
    *,
    requests: Iterable[EvidenceRequest],
    kind: str,
    people_of: Callable[[EvidenceRequest], Iterable[User]],
    what: str,
    actor: User | None,
    about: str = "",
    now: datetime,
) -> None:
    """Tell people what became of requests, in the transaction of the fact, with the day by which an answer is due; not who did it.

    Each person once. Of what is told in one mail, the latest is enough: where the request stands now. `about` tells one notice
    of the same version from another.
    """
    notices_write(
        notices=[
            _notice(request, kind, person, about, {"sentence": what})
            for request in requests
            for person in {one.pk: one for one in people_of(request)}.values()
            if actor is None or person.pk != actor.pk
        ],
        now=now,
    )


def evidence_owner_tell(
    *,
    requests: Sequence[EvidenceRequest],
    kind: str,
    what: str,
    actor: User,
    now: datetime,
) -> None:
    """Tell who is asked what became of requests, and of one that waits for an answer who stands in for them today, and so may answer it."""
    evidence_tell(
        requests=requests, kind=kind, people_of=lambda one: [one.owner], what=what, actor=actor, now=now
    )
    waiting = [request for request in requests if request.state in WAITING_EVIDENCE_STATES]
    stand_ins = _answering_in_place(waiting, now)
    notices_write(
        notices=[
            _notice(
                request,
                kind,
                stand_ins[request.pk],
                "",
                {
                    "sentence": _("%(what)s You stand in for %(person)s.")
                    % {"what": what, "person": request.owner},
                    "reason": _("You stand in for %(name)s, who is away.") % {"name": request.owner},
                },
            )
            for request in waiting
            if request.pk in stand_ins and stand_ins[request.pk].pk != actor.pk
        ],
        now=now,
    )


def _answering_in_place(requests: Sequence[EvidenceRequest], now: datetime) -> dict[int, User]:
    """Return who may answer requests in the place of who is asked, by the key of the request.

    One query where nobody stands in for any of them, and else a few, whatever their number.
    """
    on = organisation_day(now)
    stand_ins = stand_ins_of({request.owner_id for request in requests}, on=on) if requests else {}
    placed = {one.pk: (one, stand_ins[one.owner_id]) for one in requests if one.owner_id in stand_ins}
    if not placed:
        return {}
    prefetch_related_objects([request for request, _person in placed.values()], "participants")
    accesses_read(stand_ins.values(), now)
    seen = pairs_that_see({(key, person.pk) for key, (_request, person) in placed.items()}, on=on)
    return {
        key: person
        for key, (request, person) in placed.items()
        if (key, person.pk) in seen and not audits_there(person, request)
    }


def _notice(
    request: EvidenceRequest, kind: str, person: User, about: str, words: Mapping[str, Any]
) -> NoticeDraft:
    waits = request.state in WAITING_EVIDENCE_STATES
    return NoticeDraft(
        recipient_id=person.pk,
        kind=kind,
        dedupe_key=f"{kind}:{request.pk}:{request.version}:{about}:{person.pk}",
        record_id=request.pk,
        thread=f"audits.evidence:{request.pk}",
        payload={
            "title": request.title,
            "reference": request.reference,
            "path": request.get_absolute_url(),
            **words,
            **({"due_on": request.due_on.isoformat()} if waits else {}),
        },
    )
