"""The record of an approval as a document."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.organisation import current_organisation
from foundation.approvals.choices import REQUEST_TONES, RequestState, Verdict
from foundation.approvals.content import Difference, in_order, value_lines
from foundation.approvals.kinds import ApprovalKind
from foundation.approvals.models import ApprovalCall, HandOn
from foundation.approvals.selectors import ApprovalRecord, StageRecord
from foundation.documents.blocks import (
    Block,
    Cell,
    Document,
    Facts,
    Grid,
    Head,
    Heading,
    Mono,
    Note,
    Part,
    Plain,
    Prose,
    SignOff,
    State,
    Tone,
)

TONES = {"good": Tone.GOOD, "bad": Tone.BAD, "attention": Tone.WARNING, "neutral": Tone.PLAIN}
VERDICTS = {Verdict.APPROVE: Tone.GOOD, Verdict.CHANGES: Tone.WARNING, Verdict.REJECT: Tone.BAD}
WIDTH = 32  # characters of a digest in a line of a table


def record_document(
    record: ApprovalRecord, *, kind: ApprovalKind, changed: Sequence[Difference], at: datetime
) -> Document:
    """Return the record of an approval; its words are in the language and its instants in the time zone that are active."""
    request = record.request
    organisation = current_organisation()
    state = State(request.get_state_display(), TONES[REQUEST_TONES[RequestState(request.state)]])
    return Document(
        kind=_("Record of an approval"),
        title=request.record.title,
        reference=request.record.reference,
        organisation=organisation.name if organisation else "",
        confidentiality=request.record.get_confidentiality_display(),
        cover=[
            (_("Outcome"), state),
            (_("Asked by"), request.requested_by.full_name),
            (_("Asked at"), moment(request.requested_at)),
            (_("Ended at"), moment(request.closed_at) if request.closed_at else _("open")),
            (_("Request"), str(request.pk)),
            (_("This document"), _("made on %(when)s") % {"when": moment(at)}),
        ],
        digest=(_("SHA-256 of what was to be approved:"), request.digest),
        blocks=list(_blocks(record, kind, changed)),
        page=_("Page {page} of {pages}"),
        language=(get_language() or "en").partition("-")[0],
    )


def _blocks(record: ApprovalRecord, kind: ApprovalKind, changed: Sequence[Difference]) -> Iterator[Block]:
    yield Heading(_("Decisions"), on_new_page=True)
    yield from _sign_off(record)
    for stage in record.stages:
        yield from _stage(stage)
    yield from _seen(record)
    yield from _remarks(record)
    yield from _changed(record, changed)
    yield Heading(_("What was to be approved"), on_new_page=True)
    yield from _content(record.request.content, kind)


def _sign_off(record: ApprovalRecord) -> Iterator[Block]:
    rows = [
        (
            str(one.get_verdict_display()),
            speaker(one.decided_by, one.on_behalf_of),
            stage.step.label,
            moment(one.decided_at),
        )
        for stage in record.stages
        for one in stage.decisions
    ]
    yield SignOff(
        rows or [(_("Decided"), "–", _("nobody yet"), "")],
        facts=[(_("SHA-256 of what was to be approved"), Mono(record.request.digest))],
        note=_("Each decision binds to this digest. Whoever asked, or made it, did not decide."),
    )


def _stage(stage: StageRecord) -> Iterator[Block]:
    yield Heading(stage.step.label, level=2, mark=str(stage.step.position))
    yield Facts(
        [
            (_("Decisions needed"), str(stage.step.needed)),
            (_("Asked"), [_called(call) for call in stage.calls] or _nobody(stage)),
            *((_("Handed on"), _handed(one)) for one in stage.hand_ons),
        ]
    )
    for one in stage.decisions:
        yield Facts(
            [
                (_("Decided by"), speaker(one.decided_by, one.on_behalf_of)),
                (_("Decided at"), moment(one.decided_at)),
                (_("Verdict"), State(str(one.get_verdict_display()), VERDICTS[Verdict(one.verdict)])),
                (_("Comment"), Plain(one.comment) if one.comment else None),
                (_("SHA-256"), [Mono(one.digest[:WIDTH]), Mono(one.digest[WIDTH:])]),
            ]
        )


def _nobody(stage: StageRecord) -> str:
    return (
        _("not kept at that time") if stage.is_current or stage.is_done or stage.is_end else _("not reached")
    )


def _handed(one: HandOn) -> Cell:
    parts: list[Part] = [
        _("%(person)s to %(other)s, %(when)s") % {"person": one.by, "other": one.to, "when": moment(one.at)},
        Plain(one.reason),
    ]
    if one.ended_at:
        parts.append(_("ended %(when)s") % {"when": moment(one.ended_at)})
    return parts


def _called(call: ApprovalCall) -> str:
    if call.stands_in_for:
        return _("%(person)s, who stands in for %(other)s, %(when)s") % {
            "person": call.person,
            "other": call.stands_in_for,
            "when": moment(call.at),
        }
    if call.asked_by:
        return _("%(person)s, asked to read it by %(other)s, %(when)s") % {
            "person": call.person,
            "other": call.asked_by,
            "when": moment(call.at),
        }
    return f"{call.person}, {moment(call.at)}"


def _seen(record: ApprovalRecord) -> Iterator[Block]:
    yield Heading(_("Who opened exactly this"), level=2)
    if not record.seen:
        yield Note(_("Nobody has opened it on the page of the decision."))
        return
    yield Grid(
        [Head(_("Person"), 3), Head(_("First opened"), 2), Head(_("SHA-256"), 4)],
        [
            [one.person.full_name, moment(one.at), [Mono(one.digest[:WIDTH]), Mono(one.digest[WIDTH:])]]
            for one in record.seen
        ],
    )


def _remarks(record: ApprovalRecord) -> Iterator[Block]:
    if not record.threads:
        return
    yield Heading(_("Remarks"), level=2)
    for thread in record.threads:
        remark = thread.remark
        rows: list[tuple[str, Cell]] = [
            (_("On"), Plain(f"“{remark.quote}”") if remark.quote else _("the whole")),
            *((f"{one.by}, {moment(one.at)}", Plain(one.text)) for one in (remark, *thread.answers)),
        ]
        if remark.settled_at:
            settled = {"person": remark.settled_by, "when": moment(remark.settled_at)}
            rows.append((_("Settled"), _("by %(person)s, %(when)s") % settled))
        yield Facts(rows)


def _changed(record: ApprovalRecord, changed: Sequence[Difference]) -> Iterator[Block]:
    if record.before is None:
        return
    yield Heading(_("What changed since the request before"), level=2)
    yield Facts(
        [
            (
                moment(one.requested_at),
                [
                    f"{one.requested_by}: {one.get_state_display()}",
                    Mono(one.digest[:WIDTH]),
                    Mono(one.digest[WIDTH:]),
                ],
            )
            for one in record.earlier
        ]
    )
    if not changed:
        yield Note(_("It says the same as it did then."))
        return
    yield Facts(
        [
            (
                str(one.label),
                Plain(
                    "\n".join(f"{line.sign} {line.text}".rstrip() if line.sign else "…" for line in one.lines)
                ),
            )
            for one in changed
        ]
    )


def _content(content: Mapping[str, Any], kind: ApprovalKind) -> Iterator[Block]:
    short: list[tuple[str, Cell]] = []
    for code in in_order(content, kind.labels):
        label, value = str(kind.labels.get(code, code)), content[code]
        if isinstance(value, str) and code in kind.markdown:
            yield Facts(short)
            short = []
            yield Heading(label, level=2)
            yield Prose(value)
            continue
        lines: list[Part] = [Plain(line) for line in value_lines(value)]
        short.append((label, lines))
    if short:
        yield Facts(short)


def speaker(person: User, on_behalf_of: User | None) -> str:
    """Return who decided, and for whom."""
    if on_behalf_of is None:
        return person.full_name
    return _("%(person)s for %(other)s") % {"person": person, "other": on_behalf_of}


def moment(at: datetime) -> str:
    """Return an instant with its time zone, in whose hours it is told."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'DATETIME_FORMAT')} {local:%Z}"
