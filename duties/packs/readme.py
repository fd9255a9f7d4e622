"""The text that lies beside a pack's files, for whoever was handed it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from duties.packs.summary import PackFacts, Tally, left_out_words
from foundation.ui.dates import instant_words


def readme_text(facts: PackFacts, tally: Tally) -> str:
    """Return what is in the pack, how it is checked, and what that proves."""
    parts = [
        f"{facts.organisation}\n{_('Evidence pack')}: {facts.title}\n{_('Made on')} {instant_words(facts.made_at)}, {facts.made_for}",
        "\n".join(f"  {name:<18}{words}" for name, words in _files()),
        _(
            "To check the pack, run\n\n"
            "    python3 -I verify.py\n\n"
            "beside the unpacked files, or “python3 -I verify.py PACK.zip” without unpacking. With -I, Python runs nothing that\n"
            "somebody put beside it. It needs Python 3.8 or newer and nothing else: no network, no other program, no portal. It names whatever was edited, removed or added since\n"
            "the pack was signed: files, entries of the trail, the tail of the chain.\n\n"
            "Who edits a pack can edit verify.py as well: take it from another pack of the portal, or compare its SHA-256 with\n"
            "the one on the pack's page. And compare the fingerprint of the key with the one that the portal shows on\n"
            "that page, or that you got by another way:"
        )
        + f"\n\n    {facts.fingerprint}",
        _(
            "A pass proves that everything is as it was when the portal signed it, and that the trail's entries are those that the\n"
            "portal sealed when they were written. It does not prove that what people wrote is true, nor that the pack\n"
            "holds all there is: whoever made it sees what their rights show them."
        ),
        _("What is not in it:") + "\n" + "\n".join(f"  - {words}" for words in _not_in_it(tally)),
    ]
    return "\n\n".join(parts) + "\n"


def _not_in_it(tally: Tally) -> list[str]:
    missing = [f"{row['record']}, {row['name']}: {row['reason']}" for row in tally.missing]
    return [*left_out_words(tally.left_out), *missing] or [_("nothing was left out")]


def _files() -> tuple[tuple[str, str], ...]:
    return (
        ("index.pdf", _("what was planned, done, late and skipped, by whom, with decisions: begin here")),
        ("index/", _("where there is much to tell: the same, a document for each duty")),
        ("evidence/", _("the files of the records, by reference")),
        ("records.jsonl", _("the same as in index.pdf, for programs: a record in each line")),
        ("trail.jsonl", _("the entries of the trail about these records, as they were sealed")),
        (
            "chain.txt",
            _("the chain of seals around them: position, entry, SHA-256; “+”: the entry is in trail.jsonl"),
        ),
        ("checkpoints.jsonl", _("how long the chain was, and its digest, signed")),
        ("public_key.pem", _("the Ed25519 key that the signatures are checked with")),
        ("manifest.json", _("size and SHA-256 of every file, and what is missing")),
        ("manifest.sig", _("the signature of the manifest")),
        ("verify.py", _("checks all of it")),
    )
