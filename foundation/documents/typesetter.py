"""Typesets a document as PDF. A program of its own, which foundation/confined.py runs; it reads JSON and answers the PDF.

The question names the folder of our templates (the only one that a template can read), the template in it, the fonts' folders,
the data, and the instant that the PDF says it was made at: so the same question has the same answer, byte by byte.
Data reaches the template as data (sys.inputs), never as code.

PDF/UA-1 is for readers who listen: tags, language, title, and no character that was left out. Should a text not allow it, the PDF
is made without that promise. Standard error says why; so it does where there is no PDF.
"""

import json
import sys
from pathlib import Path
from typing import Any

import typst

STANDARD = "ua-1"
LONGEST = 1_500  # letters of a reason


def typeset(asked: dict[str, Any]) -> bytes:
    """Return the PDF; raise TypstError when the template is wrong."""
    nowhere = Path(asked["root"]) / "no-packages"
    compiler = typst.Compiler(
        Path(asked["root"]) / asked["template"],
        root=Path(asked["root"]),
        font_paths=typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=True, font_paths=asked["fonts"]
        ),
        sys_inputs={"data": json.dumps(asked["data"])},
        package_path=nowhere,
        package_cache_path=nowhere,
    )
    try:
        return _compiled(compiler, asked["at"], [STANDARD])
    except typst.TypstError as error:
        if "PDF/UA-1" not in str(error):
            raise
        sys.stderr.write(reason_of(error))
    return _compiled(compiler, asked["at"], [])


def reason_of(error: typst.TypstError) -> str:
    """Return what Typst has to say of an error, and where in the template it is, within bounds."""
    return str(getattr(error, "diagnostic", "") or error).strip()[:LONGEST] + "\n"


def _compiled(compiler: typst.Compiler, at: int, standards: list[Any]) -> bytes:
    pdf = compiler.compile(format="pdf", timestamp=at, pdf_standards=standards)
    assert isinstance(pdf, bytes)
    return pdf


if __name__ == "__main__":
    try:
        sys.stdout.buffer.write(typeset(json.load(sys.stdin.buffer)))
    except typst.TypstError as failed:
        sys.exit(reason_of(failed))
