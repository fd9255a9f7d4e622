"""The index of a pack as documents: for each duty what was planned, done, late and skipped, by whom, with decisions.

One document as a rule. Of very many records each duty has one of its own, since a document takes memory as it grows; and of
a duty with more than fits even there the rest stands in records.jsonl alone, which the index says.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from duties.choices import FACTS, Duty
from duties.packs.evidence import Fate
from duties.packs.facts import STANDING_WORDS, Standing, Told
from duties.packs.index_parts import TONES, activity_row, details_of, letters_of, record_row
from duties.packs.summary import PackFacts, Tally, grouped, left_out_words
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
    Tiles,
    Tone,
)
from foundation.documents.typesetting import document_pdf
from foundation.ui.dates import day_words, instant_words

# Typesetting takes some 0.2 MB a row and 1 MB an activity in detail, of the 3 GB that it may.
MOST_ACTIVITIES, MOST_RECORDS = 3_000, 1_000  # rows of a duty
MOST_LETTERS = 600_000  # of the details of a duty
TOGETHER_ROWS, TOGETHER_LETTERS = 2_500, 900_000  # of all duties, in one document
MOST_MISSING = 500


@dataclass
class OfDuty:
    """What the index says of a duty."""

    counts: Counter[str] = field(default_factory=Counter)
    activities: list[list[Cell] | Line] = field(default_factory=list)
    details: list[Block] = field(default_factory=list)
    records: list[list[Cell] | Line] = field(default_factory=list)
    letters: int = 0
    beyond: int = 0


class Index:
    """What the index says, put together as records come by."""

    def __init__(self) -> None:
        self.duties: dict[Duty, OfDuty] = defaultdict(OfDuty)

    def add(self, told: Told) -> None:
        """Add a record."""
        said = self.duties[told.duty]
        said.counts[told.standing or "records"] += 1
        said.counts["files"] += sum(file.fate == Fate.INCLUDED for file in told.files)
        if told.standing is None:
            if len(said.records) < MOST_RECORDS:
                said.records.append(record_row(told))
            else:
                said.beyond += 1
            return
        if len(said.activities) >= MOST_ACTIVITIES:
            said.beyond += 1
            return
        said.activities.append(activity_row(told))
        letters = letters_of(told)
        if said.letters + letters <= MOST_LETTERS:
            said.letters += letters
            said.details.extend(details_of(told))
        else:
            said.beyond += 1

    @property
    def is_long(self) -> bool:
        """Tell whether each duty has a document of its own."""
        rows = sum(len(said.activities) + len(said.records) for said in self.duties.values())
        return rows > TOGETHER_ROWS or sum(said.letters for said in self.duties.values()) > TOGETHER_LETTERS


def index_documents(index: Index, facts: PackFacts, tally: Tally) -> Iterator[tuple[str, bytes]]:
    """Yield the documents of the index, each with its path; raise NotTypeset."""
    parts = {duty: volume_path(duty) for duty in facts.scope.duties} if index.is_long else {}
    blocks = [
        Contents(_("Contents")),
        *_summary(index, facts, tally, parts),
        *_absent(index, tally),
        *_checking(facts),
    ]
    if not parts:
        for duty in facts.scope.duties:
            blocks += _duty(duty, index.duties[duty])
    whole = facts.scope.duty.title if facts.scope.duty else _("All thirteen duties")
    yield "index.pdf", document_pdf(_document(whole, facts, tally, blocks), at=facts.made_at)
    for duty, path in parts.items():
        blocks = [Contents(_("Contents")), *_duty(duty, index.duties[duty])]
        yield path, document_pdf(_document(duty.title, facts, tally, blocks), at=facts.made_at)


def volume_path(duty: Duty) -> str:
    """Return where the index of a duty lies that has one of its own."""
    return f"index/{duty.value:02d}-{slugify(duty.label) or 'duty'}.pdf"


def _document(title: str, facts: PackFacts, tally: Tally, blocks: list[Block]) -> Document:
    scope = facts.scope
    return Document(
        kind=_("Evidence pack"),
        title=title,
        reference=_period(scope.starts_on, scope.ends_on),
        organisation=facts.organisation,
        confidentiality=_("Confidential: for whom it was made, and whom they hand it to"),
        cover=[
            (_("Period"), _period(scope.starts_on, scope.ends_on)),
            (_("Made for"), facts.made_for),
            (_("Made on"), instant_words(facts.made_at)),
            (_("Pack"), facts.key),
            (_("The pack holds"), _holds(facts, tally)),
            (_("Trail"), _trail(facts)),
        ],
        digest=(_("Fingerprint (SHA-256) of the key that signed it:"), facts.fingerprint),
        blocks=blocks,
        page=_("Page {page} of {pages}"),
        language=(get_language() or "en").partition("-")[0],
    )


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


def _summary(index: Index, facts: PackFacts, tally: Tally, parts: dict[Duty, str]) -> Iterator[Block]:
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
    if parts:
        yield Note(
            _(
                "There is much to tell: what was done of each duty stands in a document of its own, in the folder index/."
            )
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
            [
                [[duty.title, Faint(parts[duty]) if parts else None], *_figures(index.duties[duty].counts)]
                for duty in facts.scope.duties
            ],
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
    if beyond := sum(said.beyond for said in index.duties.values()):
        told = ngettext(
            "%(count)d record stands with all its details in records.jsonl alone, and not in this index.",
            "%(count)d records stand with all their details in records.jsonl alone, and not in this index.",
            beyond,
        )
        yield Note(told % {"count": beyond}, Tone.WARNING)
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
            "Run “python3 -I verify.py” beside the unpacked files, or “python3 -I verify.py PACK.zip”. It needs Python 3.8 or newer and "
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


def _duty(duty: Duty, said: OfDuty) -> Iterator[Block]:
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
                Head(_("Due")),
                Head(_("Done on")),
                Head(_("How it stands"), 4),
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
