"""Typesets a document as PDF. A program of its own, which foundation/confined.py runs; it reads JSON and answers the PDF.

The question names the folder of our templates (the only one that a template can read), the template in it, the fonts' folders,
the data, and the instant that the PDF says it was made at: so the same question has the same answer, byte by byte.
Data reaches the template as data (sys.inputs), never as code.

PDF/UA-1 is for readers who listen: tags, language, title, and no character that was left out. Should a text not allow it, the PDF
is made without that promise; the first line on standard error says why.
"""

import json
import sys
from pathlib import Path
from typing import Any

import typst

STANDARD = "ua-1"


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
        sys.stderr.write(f"{error}\n")
    return _compiled(compiler, asked["at"], [])


def _compiled(compiler: typst.Compiler, at: int, standards: list[Any]) -> bytes:
    pdf = compiler.compile(format="pdf", timestamp=at, pdf_standards=standards)
    assert isinstance(pdf, bytes)
    return pdf


if __name__ == "__main__":
    sys.stdout.buffer.write(typeset(json.load(sys.stdin.buffer)))
