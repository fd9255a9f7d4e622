"""Pages as pictures: drawn apart from the portal, kept, and never more than pixels."""

import io
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from PIL.ExifTags import Base

from audits.models import Audit
from audits.tests.factories import NOW, audit_make
from foundation.confined import command
from foundation.files.models import FileVersion
from foundation.files.previews import DRAWING, LIMITS
from foundation.files.services import version_add
from foundation.files.tests import contents
from foundation.files.tests.contents import file_make, pdf, upload
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return audit_make(cast)


def version_make(audit: Audit, cast: Cast, name: str, content: bytes) -> FileVersion:
    return file_make(audit, cast.analyst, name, content).versions.get()


def picture_url(version: FileVersion, page: int = 1) -> str:
    return reverse("files:file-picture", args=[version.file.key, version.number, page])


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def draw(content: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command(DRAWING, *arguments, limits=LIMITS), input=content, capture_output=True, check=False
    )


def test_each_page_of_a_pdf_is_shown_as_a_picture(cast: Cast, sign_in: SignIn, audit: Audit) -> None:
    version = version_make(audit, cast, "report.pdf", contents.pdf(3, colour="red"))
    assert version.pages == 3
    browser = sign_in(cast.auditor)
    with assert_queries("file-preview"):
        page = browser.get(f"{version.file.get_absolute_url()}?page=2").text
    assert "Page 2 of 3" in page
    assert picture_url(version, 2) in page
    answer = browser.get(picture_url(version, 2))
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    drawn = opened(answer.content)
    assert max(drawn.size) <= 1600
    red, green, blue = drawn.convert("RGB").getpixel((20, 20))  # type: ignore[misc]
    assert red > 240
    assert max(green, blue) < 20
    assert browser.get(picture_url(version, 4)).status_code == 404
    assert browser.get(picture_url(version, 0)).status_code == 404


def test_an_older_version_is_looked_at_as_well(cast: Cast, sign_in: SignIn, audit: Audit) -> None:
    file = file_make(audit, cast.analyst, "plan.pdf", pdf(3))
    version_add(file=file, upload=upload("plan.pdf", pdf(2, "grey")), actor=cast.analyst, now=NOW)
    browser = sign_in(cast.auditor)
    old = f"/files/{file.key}/1/page/2/"
    page = browser.get(f"{file.get_absolute_url()}?version=1&page=2").text
    for words in ("Preview of version 1", f'src="{old}"', "Page 2 of 3", "?version=1&amp;page=3#preview"):
        assert words in page
    assert browser.get(old).status_code == 200
    newest = browser.get(file.get_absolute_url()).text
    assert f'src="/files/{file.key}/2/page/1/"' in newest
    assert 'href="?version=1#preview"' in newest
    for asked in ("9", "0", "-1", "x" * 5000, "٢"):
        assert f"/files/{file.key}/2/page/1/" in browser.get(file.get_absolute_url(), {"version": asked}).text


@pytest.mark.parametrize("asked", ["", "0", "99999999999999", "-1", "x", "²", "٣"])
def test_any_number_of_a_page_can_be_asked_for(cast: Cast, sign_in: SignIn, audit: Audit, asked: str) -> None:
    version = version_make(audit, cast, "report.pdf", contents.pdf(2))
    assert sign_in(cast.auditor).get(version.file.get_absolute_url(), {"page": asked}).status_code == 200


def test_a_picture_is_drawn_once_and_kept(
    cast: Cast, sign_in: SignIn, audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = version_make(audit, cast, "photo.png", contents.picture("PNG", colour="navy"))
    browser = sign_in(cast.auditor)
    first = browser.get(picture_url(version)).content

    def again(*_arguments: Any) -> None:
        raise AssertionError("drawn again")

    monkeypatch.setattr("foundation.files.previews._draw", again)
    assert browser.get(picture_url(version)).content == first


def test_nothing_but_pixels_leaves_a_picture() -> None:
    out, exif = io.BytesIO(), Image.Exif()
    exif[Base.Orientation] = 6  # held on its side
    exif[Base.Artist] = "Whistleblower"
    Image.new("RGB", (400, 200), "teal").save(out, "JPEG", exif=exif, comment=b"Whistleblower")
    drawn = draw(out.getvalue(), "picture", "1").stdout
    assert b"Whistleblower" in out.getvalue()
    assert b"Whistleblower" not in drawn
    assert opened(drawn).size == (200, 400)
    assert not opened(drawn).getexif()


@pytest.mark.parametrize("format_name", ["PNG", "GIF", "WEBP"])
def test_what_is_transparent_stays_so(format_name: str) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (40, 30), (0, 0, 0, 0)).save(out, format_name)
    assert opened(draw(out.getvalue(), "picture", "1").stdout).convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]


def test_large_pictures_are_made_small() -> None:
    drawn = draw(contents.picture("PNG", (9_000, 6_000)), "picture", "1").stdout
    assert opened(drawn).size == (1600, 1067)


def test_a_bomb_ends_the_drawing_and_nothing_else() -> None:
    bomb = contents.picture("PNG", (12_000, 12_000))  # 144 megapixels
    done = draw(bomb, "picture", "1")
    assert done.returncode != 0
    assert not done.stdout


def test_what_cannot_be_drawn_comes_in_without_a_preview(cast: Cast, sign_in: SignIn, audit: Audit) -> None:
    browser = sign_in(cast.auditor)
    broken = version_make(audit, cast, "odd.pdf", b"%PDF-1.7\nnothing of a PDF\n%%EOF\n")
    text = version_make(audit, cast, "notes.txt", b"Seen on site")
    for version in (broken, text):
        assert version.pages == 0
        assert "Preview" not in browser.get(version.file.get_absolute_url()).text
        assert browser.get(picture_url(version)).status_code == 404
    png = contents.picture("PNG", (60, 60))
    damaged = version_make(audit, cast, "damaged.png", png[:45] + b"\x00\x00\x00" + png[48:])
    assert browser.get(picture_url(damaged)).status_code == 404


def test_looking_at_restricted_files_is_written_down_and_strangers_see_nothing(
    cast: Cast, sign_in: SignIn, audit: Audit
) -> None:
    secret = audit_make(cast, confidentiality=Confidentiality.RESTRICTED)
    version = version_make(secret, cast, "photo.png", contents.picture())
    assert sign_in(cast.unit_lead).get(picture_url(version)).status_code == 404
    sign_in(cast.ciso).get(picture_url(version))
    entry = Entry.objects.get(action="files.file.viewed")
    assert entry.after == {"file": "photo.png", "page": 1}
    sign_in(cast.ciso).get(picture_url(version_make(audit, cast, "photo.png", contents.picture())))
    assert Entry.objects.filter(action="files.file.viewed").count() == 1


def test_withdrawn_files_are_not_shown(cast: Cast, sign_in: SignIn, audit: Audit) -> None:
    version = version_make(audit, cast, "photo.png", contents.picture())
    sign_in(cast.analyst).post(reverse("files:file-withdraw", args=[version.file.key]), {"comment": "Wrong"})
    assert sign_in(cast.auditor).get(picture_url(version)).status_code == 403
    assert "Preview" not in sign_in(cast.auditor).get(version.file.get_absolute_url()).text
    assert sign_in(cast.ciso).get(picture_url(version)).status_code == 200
