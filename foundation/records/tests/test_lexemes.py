"""How texts are cut and folded into words: the index and the question must agree, in every script."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.records.lexemes import ASKED, INDEXED, holds_all, question_of, spans_of, tokens_of, vector_of


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Payment gateway access review", "gateway payment"),
        ("Payment gateway access review", "rev"),
        ("Suppliers audit 2027", "supplier audit"),
        ("AUD-0016", "aud-16"),
        ("AUD-0016", "AUD0016"),
        ("AUD-0016", "aud 001"),
        ("ISO/IEC 27001:2022", "iso27001"),
        ("ISO27001", "iso 27001"),
        ("T1059.001 PowerShell", "t1059"),
        ("Prüfung der Übersetzung", "prufung UBERSETZUNG"),
        ("Straße nach Gießen", "STRASSE giessen"),
        ("Łódź, Ærøskøbing", "lodz aeroskobing"),
        ("Évaluation d’impact", "evaluation impact"),
        ("İstanbul ofisi", "istanbul"),
        ("Проверка доступа", "ПРОВЕРКА дост"),
        ("Έλεγχος πρόσβασης", "ελεγχος"),
        ("مُراجَعة الوصول ١٦", "مراجعة 16"),
        ("בְּדִיקָה", "בדיקה"),
        ("सुरक्षा समीक्षा", "समीक्षा"),
        ("보안 감사", "감사"),
        ("アクセス権の監査", "監査"),
        ("アクセス権の監査", "ｱｸｾｽ"),
        ("访问权限审计", "权限"),
        ("访问权限审计", "计"),
        ("การตรวจสอบ", "ตรวจ"),
        ("in\u00adfor\u00admation", "information"),
        ("ＦＵＬＬ ｗｉｄｔｈ", "full width"),
        ("🔥 Fire drill 🧯", "fire drill"),
    ],
)
def test_a_text_is_found_by(text, asked):
    assert holds_all(text, question_of(asked))
    assert spans_of(text, question_of(asked))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Payment gateway", "gateway firewall"),
        ("Payment gateway", "ateway"),
        ("AUD-0016", "aud-17"),
        ("AUD-0160", "16 aud"),
        ("访问权限审计", "权计"),
        ("Payment", "pa yment"),
        ("Payment", "🔥"),
    ],
)
def test_a_text_is_not_found_by(text, asked):
    question = question_of(asked)
    assert not question or not holds_all(text, question)


def test_a_question_looks_at_so_many_words():
    assert not question_of("word").is_cut
    assert not question_of(" ".join(f"word{place:c}" for place in range(97, 97 + ASKED))).is_cut
    cut = question_of("a b c d e f g h i j k l m n")
    assert cut.is_cut
    assert len(cut.terms) == ASKED
    assert question_of("x" * 10_000).is_cut


def test_a_record_keeps_so_many_words_each_where_it_weighs_most():
    assert vector_of({"B": "Gateway access", "A": "AUD-0001", "C": "access"}) == (
        "'aud':1A '0001':2A '1':3A 'gateway':4B 'access':5B"
    )
    assert len(vector_of({"C": " ".join(f"{chr(97 + n % 26)}{n}" for n in range(9_000))}).split()) == INDEXED


def test_a_word_of_the_question_is_the_word_itself_unless_it_is_long_or_last():
    assert question_of("is gateway rev").literal() == "'is': & 'gateway':* & 'rev':*"
    assert question_of("27 rev").literal(whole=True, weights="AB") == "'27':AB & 'rev':AB"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_found_by_itself_and_its_spans_lie_in_it(text):
    question = question_of(text)
    spans = spans_of(text, question)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    if question:
        assert holds_all(text, question)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(max_codepoint=127), max_size=60))
def test_plain_english_is_cut_like_any_other_text(text):
    assert list(tokens_of(text)) == list(tokens_of(f"{text} é"))[:-1]
