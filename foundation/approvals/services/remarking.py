"""Remarking on what is to be approved, answering, settling, and asking somebody to read it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.approvals.content import passages_in
from foundation.approvals.kinds import ApprovalKind, judged
from foundation.approvals.models import ApprovalCall, ApprovalRequest, Remark
from foundation.approvals.permissions import may_remark, voice_of, wrote
from foundation.approvals.selectors import is_reader
from foundation.approvals.services.calling import READ, REMARKED, notice_of
from foundation.approvals.services.requests import ApprovalRefused, request_lock
from foundation.notifications.services import notices_write, told
from foundation.records.models import Record
from foundation.records.plain import plain
from foundation.records.selectors import pairs_that_see, specific
from foundation.registry import registry
from foundation.trail.services import entry_write
from foundation.ui.components import Text


@transaction.atomic
def remark_make(*, request: ApprovalRequest, actor: User, passage: str, text: str, now: datetime) -> Remark:
    """Remark on a passage (empty: on the whole) of what a request holds; who asked for the approval is told.

    Raises ApprovalRefused for whoever may not, on a closed request, and where there is no such passage.
    """
    locked, record = request_lock(request)
    voice = voice_of(locked, actor)
    if not may_remark(locked, actor, voice, is_reader=is_reader(locked, actor)):
        raise ApprovalRefused(
            _("Remarks are made by those who may decide it, and who were asked to read it, while it waits.")
        )
    _text_check(text)
    passages = passages_in(locked.content, registry.get(ApprovalKind, record.kind).markdown)
    if passage not in passages:
        raise ApprovalRefused(_("There is no such passage in it."))
    remark = Remark.objects.create(
        request=locked, passage=passage, quote=passages[passage], text=text.strip(), by=actor, at=now
    )
    _write("remarked", remark, actor, record)
    people = {locked.requested_by_id if locked.requested_by.is_active else record.owner_id} - {actor.pk}
    _tell(remark, record, people, lazy("has a new remark on what you asked to be approved"), now=now)
    return remark


@transaction.atomic
def remark_answer(*, remark: Remark, actor: User, text: str, now: datetime) -> Remark:
    """Answer a remark, also once it is decided: the work on it goes on. Raises ApprovalRefused for whoever may not."""
    if refusal := answer_refusal(remark, actor):
        raise ApprovalRefused(refusal)
    _text_check(text)
    record = specific(remark.request.record)
    answer = Remark.objects.create(
        request=remark.request,
        answers=remark,
        passage=remark.passage,
        quote=remark.quote,
        text=text.strip(),
        by=actor,
        at=now,
    )
    _write("answered", answer, actor, record)
    people = {remark.by_id, remark.request.requested_by_id} - {actor.pk}
    _tell(answer, record, _who_see(people, record, now), lazy("has an answer to a remark"), now=now)
    return answer


@transaction.atomic
def remark_settle(*, remark: Remark, actor: User, now: datetime) -> Remark:
    """Mark a remark as settled, by who asked or made it; who remarked is told. Raises ApprovalRefused."""
    locked = Remark.objects.select_for_update().get(pk=remark.pk)
    if not wrote(locked.request, actor):
        raise ApprovalRefused(_("A remark is settled by who asked for the approval, or wrote it."))
    if locked.settled_at is not None or locked.answers_id is not None:
        raise ApprovalRefused(_("This is settled already."))
    locked.settled_by, locked.settled_at = actor, now
    locked.save(update_fields=["settled_by", "settled_at"])
    record = specific(locked.request.record)
    _write("settled", locked, actor, record)
    people = _who_see({locked.by_id} - {actor.pk}, record, now)
    _tell(locked, record, people, lazy("has a remark of yours that is settled"), now=now, about="settled")
    return locked


def answer_refusal(remark: Remark, actor: User) -> str | None:
    """Return why somebody can't answer a remark: they neither remarked, decide nor wrote it."""
    request = remark.request
    if remark.answers_id is not None:
        return _("Answer the remark itself.")
    if remark.settled_at is not None:
        return _("This is settled already.")
    if wrote(request, actor) or remark.by_id == actor.pk:
        return None
    request.record = judged(request.record)
    voice = voice_of(request, actor)
    if may_remark(request, actor, voice, is_reader=is_reader(request, actor)):
        return None
    return _("Remarks are answered by who wrote it, and by those who may remark on it.")


def reader_refusal(request: ApprovalRequest, actor: User) -> str | None:
    """Return why somebody can't ask others to read what is to be approved."""
    if not request.is_open:
        return _("This request is closed.")
    if wrote(request, actor) or voice_of(request, actor).refusal is None:
        return None
    return _("Those who may decide it, and who asked for it, ask others to read it.")


@transaction.atomic
def reader_ask(*, request: ApprovalRequest, actor: User, person: User, now: datetime) -> ApprovalCall:
    """Ask somebody to read what is to be approved, and to remark on it; that person decides nothing by it.

    Raises ApprovalRefused where the person may not know of it, or was asked before.
    """
    locked, record = request_lock(request)
    record = judged(record)
    if refusal := reader_refusal(locked, actor):
        raise ApprovalRefused(refusal)
    kind = registry.get(ApprovalKind, record.kind)
    pair = (record.pk, person.pk)
    if pair not in pairs_that_see({pair}, on=organisation_day(now)) or not kind.may_read(record, person):
        raise ApprovalRefused(_("%(person)s may not read it.") % {"person": person})
    if wrote(locked, person):
        raise ApprovalRefused(_("%(person)s wrote it, or asked for the approval.") % {"person": person})
    step = locked.steps.get(position=locked.current_step)
    call, is_new = ApprovalCall.objects.get_or_create(
        step=step, person=person, defaults={"asked_by": actor, "at": now}
    )
    if not is_new:
        raise ApprovalRefused(_("%(person)s was asked before.") % {"person": person})
    entry_write(
        action="approvals.request.reader_asked", actor=actor, record=record, after={"person": plain(person)}
    )
    reason = told(lambda: _("%(person)s asks you to read it, and to remark on it.") % {"person": actor})
    notices_write(
        notices=[
            notice_of(
                locked,
                record,
                person.pk,
                READ,
                reason=reason,
                sentence=lazy("is yours to read and to remark on"),
            )
        ],
        now=now,
    )
    return call


def _text_check(text: str) -> None:
    if not text.strip():
        raise ApprovalRefused(_("Say what you have to remark."))


def _who_see(people: set[int], record: Record, now: datetime) -> set[int]:
    seen = pairs_that_see({(record.pk, key) for key in people}, on=organisation_day(now))
    return {key for _record, key in seen}


def _write(verb: str, remark: Remark, actor: User, record: Record) -> None:
    entry_write(
        action=f"approvals.remark.{verb}",
        actor=actor,
        record=record,
        after={"digest": remark.request.digest, "passage": remark.passage, "remark": remark.pk},
    )


def _tell(
    remark: Remark, record: Record, people: set[int], sentence: Text, *, now: datetime, about: str = ""
) -> None:
    notices = [
        notice_of(remark.request, record, key, REMARKED, sentence=sentence, about=f"{about}{remark.pk}")
        for key in people
    ]
    notices_write(notices=notices, now=now)
