"""Writing of every kind is drawn: each character with its glyph, or named where no font has it."""

from __future__ import annotations

import pytest

from foundation.documents.blocks import Facts, Heading, Prose, Strong
from foundation.documents.characters import all_legible, language_of, legible
from foundation.documents.fonts import BROUGHT, characters_covered, font_folders
from foundation.documents.tests.test_typesetting import is_whole, made, text_of

SCRIPTS = {
    "latin": "Žluťoučký kůň, Þórður, Łódź, ẞ, œuvre, Việt Nam",
    "greek": "Ο έλεγχος των δικαιωμάτων πρόσβασης",
    "cyrillic": "Проверка прав доступа, Їжак, Ђорђе",
    "arabic": "لم تتم مراجعة حقوق الوصول",
    "hebrew": "הרשאות הגישה לא נבדקו",
    "devanagari": "पहुँच अधिकारों की समीक्षा नहीं हुई",
    "thai": "ไม่มีการทบทวนสิทธิ์การเข้าถึง",
    "chinese": "未审查访问权限。",
    "traditional": "未審查存取權限。",
    "japanese": "アクセス権の見直しが行われていない。",
    "korean": "접근 권한이 검토되지 않았다.",
    "armenian": "Մուտքի իրավունքներ",
    "georgian": "წვდომის უფლებები",
    "bengali": "প্রবেশাধিকার পর্যালোচনা",
    "tamil": "அணுகல் உரிமைகள்",
    "ethiopic": "የመዳረሻ መብቶች",
    "symbols": "€ £ ± ≤ ≥ → ✓ ✗ ☐ … – — “ ” • § ° µ ½ № ™",
    "emoji": "🔒 ⚠ 😀",
}
JOINED = {
    "arabic",
    "devanagari",
    "bengali",
    "tamil",
    "emoji",
}  # drawn as other signs than they are written in


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_script_has_glyphs(script: str) -> None:
    words = SCRIPTS[script]
    assert legible(words) == words
    pdf = made(
        Heading(words), Prose(f"{words} **{words}** `{words}`"), Facts([(words, Strong(words))]), title=words
    )
    assert is_whole(pdf)  # Typst refuses PDF/UA-1 where it drew a character without a glyph
    if script not in JOINED:
        found = "".join(sorted(set(text_of(pdf))))
        assert not set(words) - set(found) - {" "}


def test_a_character_that_no_font_has_is_named() -> None:
    assert legible("cuneiform 𒀀, Tibetan བ, bold 𝐀") == "cuneiform [U+12000], Tibetan [U+0F56], bold A"
    text = text_of(made(Prose("cuneiform 𒀀")))
    assert "[U+12000]" in text


def test_controls_and_turned_writing_do_no_harm() -> None:
    assert legible("a\x00b\x07c\ud800d\ufffee") == "a\ufffdb\ufffdc\ufffdd\ufffde"
    assert legible("approved \u202edevorppa\u202c") == "approved devorppa"
    assert legible("one\r\ntwo\u2028three") == "one\ntwo\nthree"
    assert is_whole(made(Prose("a\x00b\x07c\ud800d\ufffe \u202edevorppa")))


@pytest.mark.parametrize(
    "word",
    [
        "w" * 300,
        "https://portal.example.com/a/very/long/path?with=parameters&and=more#" + "f" * 80,
        "ab12" * 16,
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
        "لمتتممراجعةحقوقالوصولفيمركزالبياناتالرئيسيحتىالآن" * 3,
        "पहुँचअधिकारोंकीसमीक्षानहींहुईऔरयहबहुतलंबाशब्दहै" * 3,
        "監査" * 200,
    ],
)
def test_long_words_break_and_lose_nothing(word: str) -> None:
    drawn = legible(word)
    assert drawn.replace("\u200b", "").replace("\u00ad", "") == word
    assert is_whole(made(Facts([("Word", word)])))


def test_ordinary_words_stay_as_they_are() -> None:
    for words in ("misconfigurations in AC-2(3).", "監査の結果、アクセス権の見直し", "telecommunications"):
        assert legible(words) == words


def test_text_says_its_language() -> None:
    told = {name: language_of(words) for name, words in SCRIPTS.items()}
    assert told["latin"] == told["symbols"] == ""
    assert (told["arabic"], told["hebrew"], told["thai"], told["devanagari"]) == ("ar", "he", "th", "hi")
    assert (told["chinese"], told["japanese"], told["korean"]) == ("zh", "ja", "ko")
    assert language_of("The word 監査 means audit") == ""


def test_addresses_stay_whole_and_everything_else_is_made_legible() -> None:
    url = "https://example.com/" + "x" * 60
    data = all_legible({"url": url, "s": [url, {"t": "a\x00"}], "n": 3, "none": None})
    assert data["url"] == url
    assert "\u200b" in data["s"][0]
    assert data["s"][1] == {"t": "a\ufffd"}
    assert (data["n"], data["none"]) == (3, None)


def test_signs_that_typst_brings_are_drawn() -> None:
    signs = [chr(sign) for first, last in BROUGHT for sign in range(first, last + 1)]
    assert is_whole(made(Prose(" ".join(signs).replace("*", ""))))


def test_the_fonts_are_there() -> None:
    assert all(list(folder.glob("*.tt[fc]")) for folder in font_folders())
    assert {ord("A"), ord("я"), ord("ع"), ord("漢"), ord("가"), ord("ก"), ord("अ")} <= characters_covered()
    assert 0x12000 not in characters_covered()
