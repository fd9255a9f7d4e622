"""The index of a pack as a document: for each duty what was planned, done, late and skipped, by whom, with decisions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from duties.choices import FACTS, Duty
from duties.models import ChecklistItem
from duties.packs.evidence import Evidence, Fate
from duties.packs.facts import STANDING_WORDS, Standing, Told, decisions_of
from duties.packs.summary import PackFacts, Tally, grouped, left_out_words
from duties.selectors import recurrence_of
from foundation.approvals.choices import REQUEST_TONES, RequestState, Verdict
from foundation.approvals.models import ApprovalDecision, ApprovalRequest
from foundation.documents.blocks import (
    Block,
    Cell,
    Contents,
    Document,
    Facts,
    Faint,
    Grid,
    Head,
    Heading,
    Line,
    Mono,
    Note,
    Part,
    Plain,
    Prose,
    State,
    Tiles,
    Tone,
)
from foundation.documents.typesetting import document_pdf
from foundation.ui.dates import day_words, instant_words

TONES = {
    Standing.ON_TIME: Tone.GOOD,
    Standing.LATE: Tone.WARNING,
    Standing.SKIPPED: Tone.PLAIN,
    Standing.OPEN: Tone.INFO,
    Standing.OVERDUE: Tone.BAD,
}
REQUEST_STATES = {"good": Tone.GOOD, "bad": Tone.BAD, "attention": Tone.WARNING, "neutral": Tone.PLAIN}
VERDICTS = {Verdict.APPROVE: Tone.GOOD, Verdict.CHANGES: Tone.WARNING, Verdict.REJECT: Tone.BAD}
MOST_LETTERS = 3_000_000  # of details: what is beyond stands in the tables and in records.jsonl
MOST_ROWS = 10_000  # of activities, and as many of other records
MOST_MISSING = 500


@dataclass
class OfDuty:
    """What the index says of a duty."""

    counts: Counter[str] = field(default_factory=Counter)
    activities: list[list[Cell] | Line] = field(default_factory=list)
    details: list[Block] = field(default_factory=list)
    records: list[list[Cell] | Line] = field(default_factory=list)


class Index:
    """What the index says, put together as records come by; of very many, tables and details end somewhere and say so."""

    def __init__(self) -> None:
        self.duties: dict[Duty, OfDuty] = defaultdict(OfDuty)
        self.rows: Counter[bool] = Counter()
        self.letters = 0
        self.undetailed = 0

    def add(self, told: Told) -> None:
        """Add a record."""
        of_duty = self.duties[told.duty]
        of_duty.counts[told.standing or "records"] += 1
        of_duty.counts["files"] += sum(file.fate == Fate.INCLUDED for file in told.files)
        is_activity = told.standing is not None
        self.rows[is_activity] += 1
        if self.rows[is_activity] > MOST_ROWS:
            return
        if not is_activity:
            of_duty.records.append(_record_row(told))
            return
        of_duty.activities.append(_activity_row(told))
        self.letters += _letters(told)
        if self.letters <= MOST_LETTERS:
            of_duty.details.extend(_details(told))
        else:
            self.undetailed += 1

    @property
    def beyond(self) -> int:
        """Return how many records stand in no table."""
        return sum(max(count - MOST_ROWS, 0) for count in self.rows.values())


def index_pdf(index: Index, facts: PackFacts, tally: Tally) -> bytes:
    """Return the index as PDF; raise NotTypeset."""
    scope = facts.scope
    document = Document(
        kind=_("Evidence pack"),
        title=scope.duty.title if scope.duty else _("All thirteen duties"),
        reference=_period(scope.starts_on, scope.ends_on),
        organisation=facts.organisation,
        confidentiality=_("Confidential: for whom it was made, and whom they hand it to"),
        cover=[
            (_("Period"), _period(scope.starts_on, scope.ends_on)),
            (_("Made for"), facts.made_for),
            (_("Made on"), instant_words(facts.made_at)),
            (_("Pack"), facts.key),
            (_("Holds"), _holds(facts, tally)),
            (_("Trail"), _trail(facts)),
        ],
        digest=(_("Fingerprint (SHA-256) of the key that signed it:"), facts.fingerprint),
        blocks=list(_blocks(index, facts, tally)),
        page=_("Page {page} of {pages}"),
        language=(get_language() or "en").partition("-")[0],
    )
    return document_pdf(document, at=facts.made_at)


def _period(start: date, end: date) -> str:
    return f"{day_words(start)} – {day_words(end)}"


def _holds(facts: PackFacts, tally: Tally) -> list[Part]:
    counts = tally.counts
    return [
        ngettext("%(count)d activity", "%(count)d activities", tally.activities)
        % {"count": tally.activities},
        ngettext("%(count)d other record", "%(count)d other records", counts["records"])
        % {"count": counts["records"]},
        ngettext("%(count)d file, %(size)s", "%(count)d files, %(size)s", counts["files"])
        % {"count": counts["files"], "size": filesizeformat(counts["bytes"])},
        ngettext("%(count)d entry of the trail", "%(count)d entries of the trail", facts.stretch.entries)
        % {"count": facts.stretch.entries},
    ]


def _trail(facts: PackFacts) -> str:
    end = facts.stretch.end
    return _("sealed and signed on %(when)s, up to position %(position)d") % {
        "when": instant_words(timezone.localtime(end.signed_at)),
        "position": end.position,
    }


def _blocks(index: Index, facts: PackFacts, tally: Tally) -> Iterator[Block]:
    yield Contents(_("Contents"))
    yield from _summary(index, facts, tally)
    yield from _absent(index, tally)
    yield from _checking(facts)
    for duty in facts.scope.duties:
        yield from _duty(duty, index.duties[duty], facts)


def _summary(index: Index, facts: PackFacts, tally: Tally) -> Iterator[Block]:
    yield Heading(_("Summary"), on_new_page=True)
    yield Tiles(_tiles(Counter(tally.counts)))
    yield Note(
        _(
            "An activity is in the pack if it was due or done in the period, or was due before and not done by its end. "
            "How it stands is said as of %(when)s. Of the duty's other records those are listed with which something "
            "happened in the period."
        )
        % {"when": day_words(facts.scope.today)}
    )
    if facts.scope.duty is None:
        yield Heading(_("By duty"), level=2)
        yield Grid(
            [
                Head(_("Duty"), 6),
                *(Head(str(STANDING_WORDS[standing]), 2, at_end=True) for standing in Standing),
                Head(_("Other records"), 2, at_end=True),
                Head(_("Files"), 2, at_end=True),
            ],
            [[duty.title, *_figures(index.duties[duty].counts)] for duty in facts.scope.duties],
            total=[_("All"), *_figures(Counter(tally.counts))],
        )


def _figures(counts: Counter[str]) -> list[Cell]:
    return [counts[name] or Faint("0") for name in (*Standing, "records", "files")]


def _tiles(counts: Counter[str]) -> list[tuple[str, str | int, Tone]]:
    planned = sum(counts[standing] for standing in Standing)
    return [
        (_("Activities"), planned, Tone.PLAIN),
        *(
            (str(STANDING_WORDS[one]), counts[one], TONES[one] if counts[one] else Tone.PLAIN)
            for one in Standing
        ),
    ]


def _absent(index: Index, tally: Tally) -> Iterator[Block]:
    """Yield what is not in the pack: what was left out, and evidence that is gone."""
    yield Heading(_("What is not in it"), level=2)
    words = list(left_out_words(tally.left_out))
    if not words:
        yield Note(_("Nothing was left out: whoever made the pack may see all that there is."), Tone.GOOD)
    for sentence in words:
        yield Note(sentence, Tone.WARNING)
    if index.undetailed or index.beyond:
        told = _(
            "It is long: details of %(count)d records stand in records.jsonl alone, and not in this index."
        )
        yield Note(told % {"count": index.undetailed + index.beyond}, Tone.WARNING)
    yield Heading(_("Evidence that is gone"), level=2)
    if not tally.missing:
        yield Note(
            _("Every file that the records name was there, and is what was added: its SHA-256 was compared."),
            Tone.GOOD,
        )
        return
    yield Grid(
        [Head(_("Record")), Head(_("File"), 3), Head(_("Why it is not in the pack"), 5)],
        [
            Line(
                [Mono(row["record"]), row["name"], row["reason"]], Faint(f"SHA-256 {grouped(row['sha256'])}")
            )
            for row in tally.missing[:MOST_MISSING]
        ],
    )
    if len(tally.missing) > MOST_MISSING:
        yield Note(_("manifest.json names all %(count)d.") % {"count": len(tally.missing)})


def _checking(facts: PackFacts) -> Iterator[Block]:
    stretch = facts.stretch
    yield Heading(_("How to check it"), level=2)
    yield Note(
        _(
            "Run “python3 verify.py” beside the unpacked files, or “python3 verify.py PACK.zip”. It needs Python 3.8 or newer and "
            "nothing else, and names whatever was edited, removed or added since the pack was signed. Compare the fingerprint of the key with the one "
            "that the portal shows, or that you got by another way: whoever makes up a whole pack signs it with a key of their own."
        )
    )
    yield Facts(
        [
            (_("Fingerprint of the key"), grouped(facts.fingerprint)),
            (
                _("Chain of seals"),
                _("%(links)d links, from position %(start)d to %(end)d")
                % {"links": stretch.links, "start": stretch.start_position, "end": stretch.end.position},
            ),
            (_("Digest where it ends"), grouped(stretch.end.chain_digest)),
            (
                _("What that proves"),
                _(
                    "Everything is as it was when the portal signed it, and the entries are those that the portal sealed when they were written."
                ),
            ),
            (
                _("What it does not prove"),
                _(
                    "That what people wrote is true, and that the pack holds all there is: see above what is not in it."
                ),
            ),
        ]
    )


def _duty(duty: Duty, said: OfDuty, facts: PackFacts) -> Iterator[Block]:
    yield Heading(duty.title, on_new_page=True)
    yield Note(str(FACTS[duty].meaning))
    yield Tiles(_tiles(said.counts))
    yield Heading(_("Activities"), level=2)
    if said.activities:
        yield Grid(
            [
                Head(_("Reference")),
                Head(_("What"), 7),
                Head(_("Owner"), 4),
                Head(_("Due"), 3),
                Head(_("Done on"), 3),
                Head(_("Outcome"), 4),
            ],
            said.activities,
        )
    else:
        yield Note(_("Nothing was planned for this period."), Tone.WARNING)
    if said.records:
        yield Heading(_("Other records"), level=2)
        yield Grid(
            [Head(_("Reference")), Head(_("What"), 7), Head(_("Owner"), 4), Head(_("State"), 4)], said.records
        )
    if said.details:
        yield Heading(_("In detail"), level=2)
        yield from said.details


def _activity_row(told: Told) -> list[Cell] | Line:
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
    if activity.skip_reason:
        return Line(cells, _("Skipped: %(why)s") % {"why": activity.skip_reason})
    return cells


def _record_row(told: Told) -> list[Cell] | Line:
    record = told.record
    cells: list[Cell] = [
        Mono(record.reference),
        [record.title, Faint(str(record.kind_label))],
        record.owner.full_name,
        told.state,
    ]
    below: list[Part] = [*_decision_lines(told.requests), *_file_lines(told.files)]
    return Line(cells, below) if below else cells


def _letters(told: Told) -> int:
    activity = told.activity
    texts = (activity.outcome, activity.task, activity.evidence_wanted, activity.skip_reason)
    return 600 + sum(map(len, texts)) + 120 * (len(told.items) + len(told.files) + len(told.links))


def _details(told: Told) -> Iterator[Block]:
    activity = told.activity
    yield Heading(activity.title, level=3, mark=activity.reference)
    done = ""
    if activity.done_on and activity.done_by:
        done = _("%(day)s, by %(person)s") % {
            "day": day_words(activity.done_on),
            "person": activity.done_by.full_name,
        }
    rows: list[tuple[str, Cell]] = [
        (_("State"), [State(told.state, TONES[told.standing or Standing.OPEN])]),
        (_("Owner"), f"{activity.owner.full_name}, {activity.unit.name}"),
        (_("Due"), day_words(activity.due_on)),
        (_("Done"), done),
        (_("Repeats"), recurrence_of(activity.series).describe() if activity.series else ""),
        (_("What counts as evidence"), Plain(activity.evidence_wanted)),
        (_("Skipped because"), Plain(activity.skip_reason)),
        (_("Outcome"), Prose(activity.outcome)),
        (_("Checklist"), [_item(item) for item in told.items]),
        (_("Sign-off"), _decision_lines(told.requests)),
        (_("Files"), _file_lines(told.files)),
        (
            _("Linked with"),
            [f"{link.words} {link.reference} {link.title} ({link.state})" for link in told.links],
        ),
    ]
    yield Facts([(label, value) for label, value in rows if value not in ("", [], Plain(""), Prose(""))])


def _item(item: ChecklistItem) -> str:
    if item.ticked_by is None or item.ticked_at is None:
        return f"☐ {item} – {_('not done') if item.is_required else _('left out, as it may be')}"
    return f"☑ {item} – {item.ticked_by.full_name}, {day_words(timezone.localtime(item.ticked_at))}"


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
    return _("%(stage)s: %(verdict)s, %(person)s, %(when)s") % {
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
