"""Draws a page of a stranger's file as a picture. A program of its own, which foundation/confined.py runs.

    drawing.py count < report.pdf            prints how many pages a PDF has
    drawing.py pdf 3 < report.pdf > 3.webp   draws its third page
    drawing.py picture 1 < photo.jpg > 1.webp

What it answers is pixels, encoded anew, without the names, places and scripts that were in the file. PDFium as built for
pypdfium2 knows no JavaScript at all.
"""

import io
import sys

import pypdfium2
from PIL import Image, ImageOps

LONGEST_SIDE = 1600  # pixels
MOST_ENLARGED = 3.0  # a page of a stamp's size is not blown up to that
MOST_PIXELS = 100_000_000
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


def pages_of(content: bytes) -> int:
    """Return how many pages a PDF has."""
    return len(pypdfium2.PdfDocument(content))


def pdf_page(content: bytes, number: int) -> Image.Image:
    """Return a page of a PDF, counted from 1, at most 1600 pixels long."""
    page = pypdfium2.PdfDocument(content)[number - 1]
    scale = min(LONGEST_SIDE / max(*page.get_size(), 1.0), MOST_ENLARGED)
    drawn: Image.Image = page.render(scale=scale).to_pil()
    return drawn


def picture(content: bytes) -> Image.Image:
    """Return a picture the way up that its camera was held, at most 1600 pixels long."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses what has twice as many
    found = Image.open(io.BytesIO(content), formats=FORMATS)
    found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(found)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return upright


def encoded(drawn: Image.Image) -> bytes:
    """Return pixels as WebP, and nothing but the pixels."""
    out = io.BytesIO()
    has_alpha = "A" in drawn.getbands() or "transparency" in drawn.info
    plain = drawn.convert("RGBA" if has_alpha else "RGB")
    Image.frombytes(plain.mode, plain.size, plain.tobytes()).save(out, "WEBP", quality=85, method=2)
    return out.getvalue()


def main(kind: str, number: int = 1) -> None:
    """Answer one question about the file on standard input."""
    content = sys.stdin.buffer.read()
    if kind == "count":
        answer = str(pages_of(content)).encode()
    else:
        answer = encoded(pdf_page(content, number) if kind == "pdf" else picture(content))
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)
