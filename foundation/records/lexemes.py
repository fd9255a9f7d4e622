"""How a text is cut into words for search, in whatever language and script; the index and the question go the same way.

PostgreSQL's own parsers take "AUD-0016", "report.pdf" or a Japanese sentence for one word, and its extensions for the rest
(accents, trigrams) are not everywhere. So words are cut and folded here, and the database only stores and compares them:

- a run of letters is a word, a run of digits is a number: "ISO27001", "ISO 27001" and "ISO/IEC 27001" are found alike;
- words are folded: case, accents and vowel points go, "ß" is "ss", "ø" is "o", digits of all scripts are 0 to 9;
- a number is kept as written and without its zeros in front: AUD-0016 is found by "aud-16";
- scripts that write no blanks (Chinese, Japanese, Thai, Khmer, Lao, Burmese) are kept as pairs of neighbours, so any two
  characters or more in a row are found, and one alone as the beginning of a pair;
- there is no stemming, which would have to guess the language: words of three letters or more are beginnings instead
  ("audit" finds "audits"), and so is the last word of a question, which is perhaps being typed.

Symbols and emoji are no words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

INDEXED = 400  # words of one record
ASKED = 12  # words of one question
READ = 1_000  # characters of one question
WORD_LENGTH = 40
BEGINNING = 3  # letters from which a word finds those that begin with it

ASCII_WORD = re.compile("[A-Za-z]+|[0-9]+")
LETTERS, NUMBER, DENSE, JOINS, NOTHING = "letters", "number", "dense", "joins", ""
DENSE_SCRIPTS = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),  # Katakana of half width
    (0x20000, 0x3FFFF),
)
# Accents of European scripts, Hebrew points, Arabic vowels. Marks of other scripts are part of the letter.
DROPPED = ((0x0300, 0x036F), (0x0591, 0x05C7), (0x0640, 0x0640), (0x064B, 0x065F), (0x0670, 0x0670))
ALIKE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


class Token(NamedTuple):
    """A word, number or run of a dense script, and where it stands in the text."""

    start: int
    end: int
    kind: str
    word: str


@dataclass(frozen=True)
class Term:
    """A word that must occur; `is_beginning`: a word that begins with it will do."""

    word: str
    is_beginning: bool

    def fits(self, word: str) -> bool:
        """Tell whether a folded word answers to it."""
        return word.startswith(self.word) if self.is_beginning else word == self.word


@dataclass(frozen=True)
class Question:
    """What a person asks for: all of these words. `is_cut` tells that there were more than are looked at."""

    terms: tuple[Term, ...]
    is_cut: bool = False

    def __bool__(self) -> bool:
        return bool(self.terms)

    def literal(self, *, whole: bool = False, weights: str = "") -> str:
        """Return it as a `tsquery`; `whole` asks for the words themselves, `weights` where they must occur ("AB")."""
        return " & ".join(
            f"'{term.word}':{'*' if term.is_beginning and not whole else ''}{weights}" for term in self.terms
        )


def question_of(text: str) -> Question:
    """Return the words that a text asks for; one without any word asks for nothing."""
    tokens = list(tokens_of(text[:READ]))
    terms: dict[Term, None] = {}
    for place, token in enumerate(tokens):
        is_last = place == len(tokens) - 1
        if token.kind == DENSE:
            pairs = _pairs(token.word)
            terms.update((Term(pair, is_beginning=len(token.word) == 1), None) for pair in pairs)
        else:
            grows = token.kind == LETTERS and len(token.word) >= BEGINNING
            terms[Term(token.word, is_beginning=is_last or grows)] = None
    return Question(tuple(terms)[:ASKED], is_cut=len(terms) > ASKED or len(text) > READ)


def vector_of(texts: Mapping[str, str], most: int = INDEXED) -> str:
    """Return the `tsvector` of texts by weight (A to D): each word once, where it weighs most, so many of them at most."""
    places: dict[str, str] = {}
    for weight in sorted(texts):
        for word in _indexed(texts[weight]):
            if word not in places:
                places[word] = f"'{word}':{len(places) + 1}{weight}"
                if len(places) == most:
                    return " ".join(places.values())
    return " ".join(places.values())


def spans_of(text: str, question: Question) -> list[tuple[int, int]]:
    """Return where in a text the words of a question stand, each from and to."""
    spans: list[tuple[int, int]] = []
    for token in tokens_of(text):
        if token.kind != DENSE:
            if _answers(token.word, question) or _answers(token.word.lstrip("0"), question):
                spans.append((token.start, token.end))
            continue
        for start in range(token.start, token.end):
            end = min(start + 2, token.end)
            if any(term.fits(fold(text[start:end])) for term in question.terms):
                if len(question.terms) == 1 and len(question.terms[0].word) == 1:
                    end = start + 1
                if spans and spans[-1][1] >= start:
                    spans[-1] = (spans[-1][0], end)
                else:
                    spans.append((start, end))
    return spans


def holds_all(text: str, question: Question) -> bool:
    """Tell whether all words of a question occur in a text."""
    words = set(_indexed(text))
    return all(any(term.fits(word) for word in words) for term in question.terms)


def tokens_of(text: str) -> Iterator[Token]:
    """Yield the words of a text in their order, folded."""
    if text.isascii():  # comes to the same, several times faster
        for found in ASCII_WORD.finditer(text):
            word = found[0].lower()[:WORD_LENGTH]
            yield Token(found.start(), found.end(), NUMBER if word[0].isdigit() else LETTERS, word)
        return
    start, kind = 0, NOTHING
    for place, character in enumerate([*text, "\n"]):
        next_kind = _kind_of(character)
        if next_kind == JOINS:
            if kind:
                continue  # belongs to what it stands on
            next_kind = NOTHING
        if next_kind != kind:
            if kind and (word := fold(text[start:place])):
                yield Token(start, place, kind, word)
            start, kind = place, next_kind


@lru_cache(maxsize=8192)
def fold(word: str) -> str:
    """Return a word as it is compared: without case, accents, vowel points, width and what is not seen."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    kept = "".join(_digit(one) for one in decomposed if _kind_of(one) and not _is_in(one, DROPPED))
    joined = "".join(one for one in kept.translate(ALIKE) if unicodedata.category(one) != "Cf")
    return unicodedata.normalize("NFC", joined)[:WORD_LENGTH]


def _indexed(text: str) -> Iterator[str]:
    for token in tokens_of(text):
        if token.kind == DENSE:
            yield from _pairs(token.word)
            yield token.word[-1]
            continue
        yield token.word
        if token.kind == NUMBER and (bare := token.word.lstrip("0")) != token.word:
            yield bare or "0"


def _pairs(word: str) -> list[str]:
    return [word[place : place + 2] for place in range(max(1, len(word) - 1))]


def _answers(word: str, question: Question) -> bool:
    return any(term.fits(word) for term in question.terms)


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def _is_in(character: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(character) <= last for first, last in ranges)


@lru_cache(maxsize=8192)
def _kind_of(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] == "M" or category == "Cf":
        return JOINS
    if category[0] not in "LN":
        return NOTHING
    if _is_in(character, DENSE_SCRIPTS) and category != "Nd":
        return DENSE
    return NUMBER if category[0] == "N" else LETTERS
