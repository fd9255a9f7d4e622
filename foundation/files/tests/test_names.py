"""Names of files: whatever was sent, what is kept is harmless and readable."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.files.inspection import clean_name
from foundation.files.inspection.names import LONGEST_NAME, extension_of


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\Audit 2027.xlsx", "Audit 2027.xlsx"),
        ("..\\..\\boot.txt", "boot.txt"),
        ("/", "file"),
        ("..", "file"),
        ("", "file"),
        (".htaccess", "file.htaccess"),
        (".pdf", "file.pdf"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "abSet-Cookie_ x.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("zero\u200bwidth\ufeff.pdf", "zerowidth.pdf"),
        ('quote".pdf', "quote_.pdf"),
        ("trailing. . .", "trailing"),
        ("CON.pdf", "_CON.pdf"),
        ("lpt1", "_lpt1"),
        ("console.pdf", "console.pdf"),
        ("Ångström-Prüfbericht №5.pdf", "Ångström-Prüfbericht №5.pdf"),
        ("監査.pdf", "監査.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_names_are_cleaned(sent: str, kept: str) -> None:
    assert clean_name(sent) == kept


@given(st.text(max_size=400))
def test_no_name_does_harm(sent: str) -> None:
    kept = clean_name(sent)
    assert 0 < len(kept) <= LONGEST_NAME
    assert not set(kept) & set('/\\<>:"|?*\x00')
    assert kept.strip(" .") == kept
    assert all(unicodedata.category(char)[0] != "C" for char in kept)
    assert clean_name(kept) == kept


@given(st.text(max_size=400))
def test_the_extension_survives(stem: str) -> None:
    assert extension_of(clean_name(stem + ".pdf")) == "pdf"
