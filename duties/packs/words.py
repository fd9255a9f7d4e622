"""What the pages of packs say: usual periods, what a pack holds, and what proves it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from duties.models.packs import EvidencePack
from duties.packs.facts import STANDING_WORDS, LeftOut, Standing
from duties.packs.summary import grouped, left_out_words
from foundation.ui.structure import Fact


def periods(today: date, duty: str) -> list[tuple[str, str]]:
    """Return the periods that people ask for most, each with its address."""
    quarter = _quarter(today)
    before = quarter[0] - timedelta(days=1)
    last = today.year - 1
    usual = (
        (_("This year"), date(today.year, 1, 1), date(today.year, 12, 31)),
        (_("Last year"), date(last, 1, 1), date(last, 12, 31)),
        (_("This quarter"), *quarter),
        (_("Last quarter"), *_quarter(before)),
    )
    return [
        (label, f"?{urlencode({'duty': duty, 'from': start, 'until': end})}") for label, start, end in usual
    ]


def _quarter(day: date) -> tuple[date, date]:
    """Return the first and last day of the quarter that a day is in."""
    first = (day.month - 1) // 3 * 3 + 1
    after = date(day.year + first // 10, (first + 2) % 12 + 1, 1)
    return date(day.year, first, 1), after - timedelta(days=1)


def pack_facts(pack: EvidencePack) -> dict[str, Any]:
    """Return what a pack that is ready holds, what was left out, and which evidence is gone."""
    said = pack.summary
    counts = said["counts"]
    facts = [
        *(Fact(STANDING_WORDS[one], intcomma(counts[one])) for one in Standing if counts[one]),
        Fact(_("Other records"), intcomma(counts["records"])),
        Fact(
            _("Files"),
            _("%(count)s, %(size)s")
            % {"count": intcomma(counts["files"]), "size": filesizeformat(counts["bytes"])},
        ),
        Fact(_("Entries of the trail"), intcomma(said["entries"])),
        Fact(_("Links of the chain of seals"), intcomma(said["links"])),
    ]
    return {
        "facts": facts,
        "left_out": list(left_out_words(LeftOut(**said["left_out"]))),
        "missing": said["missing"],
        "missing_more": said["missing_count"] - len(said["missing"]),
    }


def proof_facts(pack: EvidencePack) -> list[tuple[str, str]]:
    """Return the digests that people compare, in groups that can be read aloud."""
    said = pack.summary
    return [
        (_("Fingerprint of the key"), grouped(said["fingerprint"])),
        (_("SHA-256 of the pack"), grouped(pack.sha256)),
        (_("SHA-256 of verify.py"), grouped(said["verifier_sha256"])),
        (
            _("Digest of the trail at position %(position)d") % {"position": said["end_position"]},
            grouped(said["end_digest"]),
        ),
    ]
