"""What the index of a pack says of each record: a row of a table, and of activities all that there is."""

from __future__ import annotations

from collections.abc import Iterator

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from duties.models import ChecklistItem
from duties.packs.evidence import Evidence, Fate
from duties.packs.facts import STANDING_WORDS, Standing, Told, decisions_of
from duties.selectors import recurrence_of
from foundation.approvals.choices import REQUEST_TONES, RequestState
from foundation.approvals.models import ApprovalDecision, ApprovalRequest
from foundation.documents.blocks import (
    Block,
    Cell,
    Facts,
    Faint,
    Heading,
    Line,
    Mono,
    Part,
    Plain,
    Prose,
    State,
    Tone,
)
from foundation.ui.dates import day_words, instant_words

TONES = {
    Standing.ON_TIME: Tone.GOOD,
    Standing.LATE: Tone.WARNING,
    Standing.SKIPPED: Tone.PLAIN,
    Standing.OPEN: Tone.INFO,
    Standing.OVERDUE: Tone.BAD,
}
REQUEST_STATES = {"good": Tone.GOOD, "bad": Tone.BAD, "attention": Tone.WARNING, "neutral": Tone.PLAIN}


def activity_row(told: Told) -> list[Cell] | Line:
    """Return the row of an activity."""
    activity = told.activity
    assert told.standing is not None
    state: list[Part] = [State(str(STANDING_WORDS[told.standing]), TONES[told.standing])]
    if told.days_late:
        days = ngettext("%(count)d day late", "%(count)d days late", told.days_late)
        state.append(Faint(days % {"count": told.days_late}))
    cells: list[Cell] = [
        Mono(activity.reference),
        activity.title,
        activity.owner.full_name,
        day_words(activity.due_on),
        day_words(activity.done_on) if activity.done_on else "–",
        state,
    ]
    if activity.skipped_on:
        said = {"day": day_words(activity.skipped_on), "why": activity.skip_reason}
        return Line(cells, _("Skipped on %(day)s: %(why)s") % said)
    return cells


def record_row(told: Told) -> list[Cell] | Line:
    """Return the row of another record, with what was decided and filed below it."""
    record = told.record
    cells: list[Cell] = [
        Mono(record.reference),
        [record.title, Faint(str(record.kind_label))],
        record.owner.full_name,
        told.state,
    ]
    below: list[Part] = [*_decision_lines(told.requests), *_file_lines(told.files)]
    return Line(cells, below) if below else cells


def letters_of(told: Told) -> int:
    """Return about how much there is to say of an activity."""
    activity = told.activity
    texts = (activity.outcome, activity.task, activity.evidence_wanted, activity.skip_reason)
    return 600 + sum(map(len, texts)) + 120 * (len(told.items) + len(told.files) + len(told.links))


def details_of(told: Told) -> Iterator[Block]:
    """Yield all that is said of an activity."""
    activity = told.activity
    yield Heading(activity.title, level=3, mark=activity.reference)
    rows: list[tuple[str, Cell]] = [
        (_("How it stands"), _standing(told)),
        (_("Owner"), f"{activity.owner.full_name}, {activity.unit.name}"),
        (_("Repeats"), recurrence_of(activity.series).describe() if activity.series else ""),
        (_("Skipped because"), Plain(activity.skip_reason)),
        (_("Outcome"), Prose(activity.outcome)),
        (_("Checklist"), _checklist(told.items)),
        (_("Counts as evidence"), Plain(activity.evidence_wanted)),
        (_("Files"), _file_lines(told.files)),
        (_("Sign-off"), _decision_lines(told.requests)),
        (
            _("Linked with"),
            [f"{link.words} {link.reference} {link.title} ({link.state})" for link in told.links],
        ),
    ]
    yield Facts([(label, value) for label, value in rows if value not in ("", [], Plain(""), Prose(""))])


def _standing(told: Told) -> list[Part]:
    """Return how an activity stands, when it was due, and who reported it done when."""
    activity = told.activity
    assert told.standing is not None
    words = _("due %(day)s") % {"day": day_words(activity.due_on)}
    if activity.done_on and activity.done_by:
        done = {"day": day_words(activity.done_on), "person": activity.done_by.full_name}
        words = f"{words}, {_('done %(day)s by %(person)s') % done}"
    elif told.standing in (Standing.OPEN, Standing.OVERDUE):
        words = f"{words}, {told.state}"
    return [State(str(STANDING_WORDS[told.standing]), TONES[told.standing]), words]


def _checklist(items: list[ChecklistItem]) -> list[Part]:
    """Return the items of a checklist, with who did which when: once for all of them where it is the same."""
    said = {_ticked(item) for item in items}
    if len(said) == 1 and "" not in said:
        return [*(f"☑ {item}" for item in items), Faint(said.pop())]
    lines: list[Part] = []
    for item in items:
        if ticked := _ticked(item):
            lines.append(f"☑ {item} – {ticked}")
        else:
            lines.append(f"☐ {item} – {_('not done') if item.is_required else _('left out, as it may be')}")
    return lines


def _ticked(item: ChecklistItem) -> str:
    if item.ticked_by is None or item.ticked_at is None:
        return ""
    return f"{item.ticked_by.full_name}, {day_words(timezone.localtime(item.ticked_at))}"


def _decision_lines(requests: list[ApprovalRequest]) -> list[Part]:
    """Return who asked for an approval, what became of it, and who decided what."""
    lines: list[Part] = []
    for request in requests:
        asked = _("asked for by %(person)s on %(when)s") % {
            "person": request.requested_by.full_name,
            "when": instant_words(request.requested_at),
        }
        tone = REQUEST_STATES[REQUEST_TONES[RequestState(request.state)]]
        lines += [State(request.get_state_display(), tone), Faint(asked)]
        for decision in decisions_of(request):
            lines.append(_decision(decision))
            if decision.comment:
                lines.append(Faint(f"“{decision.comment}”"))
    return lines


def _decision(decision: ApprovalDecision) -> str:
    person = decision.decided_by.full_name
    if other := decision.on_behalf_of:
        person = _("%(person)s for %(other)s") % {"person": person, "other": other.full_name}
    return _("%(stage)s: “%(verdict)s”, %(person)s, %(when)s") % {
        "stage": decision.step.label,
        "verdict": decision.get_verdict_display(),
        "person": person,
        "when": instant_words(decision.decided_at),
    }


def _file_lines(files: list[Evidence]) -> list[Part]:
    """Return where each file lies in the pack, or why it does not."""
    lines: list[Part] = []
    for file in files:
        version = file.version
        if file.fate != Fate.INCLUDED:
            lines += [State(_("Not in the pack"), Tone.BAD), f"{version.name}: {file.reason}"]
            continue
        lines.append(f"{file.path} ({filesizeformat(version.size)})")
        if version.file.description:
            lines.append(Faint(version.file.description))
    return lines
