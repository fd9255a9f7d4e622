"""Files on the sample bank's audits: reports, samples, notes and photographs, drawn from the audits' own words."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from openpyxl import Workbook
from PIL import Image, ImageDraw, ImageFont

from audits.choices import AuditState
from audits.models import Audit
from foundation.accounts.sample import SampleContext
from foundation.files.models import File
from foundation.files.services import Upload, file_add, file_withdraw, version_add

AUDITS = 12  # the latest of those that were begun
PAGE = (1240, 1754)  # A4 at 150 dots an inch
INK, PAPER = "#16202e", "#ffffff"
ZIPPED_AT = (2026, 1, 1, 0, 0, 0)
ACCOUNTS = (
    "svc-settlement",
    "svc-reports",
    "j.keller",
    "m.okafor",
    "batch-eod",
    "vendor-hotline",
    "root-db3",
    "t.lindgren",
)
NOTES = (
    "Interviewed the head of the team and two engineers.",
    "Accounts of leavers are closed by ticket; the ticket is opened by the line manager, not by HR.",
    "Two service accounts have no owner. The team will name one until the end of the month.",
    "Restore test shown live: 41 minutes for the ledger, target 60.",
)  # fmt: skip


def sample_files(context: SampleContext) -> None:
    """Add what auditors bring home to the latest audits that were begun."""
    not_begun = [AuditState.PLANNED, AuditState.PREPARING, AuditState.CANCELLED]
    begun = Audit.objects.exclude(state__in=not_begun).order_by("-pk")
    for place, audit in enumerate(begun.select_related("owner", "unit")[:AUDITS]):
        _add(context, audit, place)


def _add(context: SampleContext, audit: Audit, place: int) -> None:
    """Add two to four files, each at a moment after the audit's start."""
    moments = _moments(audit, context.now)
    actor = audit.owner
    files: list[File] = []

    def add(name: str, content: bytes, description: str = "") -> None:
        upload = Upload(name, io.BytesIO(content))
        files.append(
            file_add(record=audit, upload=upload, actor=actor, now=next(moments), description=description)
        )

    add("Interview notes.txt", _notes(audit), "Kick-off and first interviews")
    add("Accounts sampled.xlsx", _workbook(audit, context), "Twenty-five accounts, drawn at random")
    if place % 2 == 0:
        report = f"{audit.reference} draft report.pdf"
        add(report, _pdf(audit, "Draft for comment"), "For the unit's comments")
        if place % 4 == 0:
            newer = Upload(report.replace("draft", "final"), io.BytesIO(_pdf(audit, "Final")))
            note = "Comments of the unit taken in"
            version_add(file=files[-1], upload=newer, actor=actor, now=next(moments), note=note)
    if place % 3 == 0:
        add("Server room, rack 7.png", _photograph(audit), "Door contact and camera")
    if place % 5 == 0:
        add("Export of log-ins.csv", _csv(context))
        reason = "Holds the log-ins of people who are not audited; replaced by the sample"
        file_withdraw(file=files[-1], actor=actor, now=next(moments), reason=reason)


def _moments(audit: Audit, now: datetime) -> Iterator[datetime]:
    """Yield moments an hour apart from the morning on which the audit starts, none of them to come."""
    at = datetime.combine(audit.starts_on, time(9), UTC)
    while True:
        yield min(at, now)
        at += timedelta(hours=1)


def _notes(audit: Audit) -> bytes:
    return "\n\n".join([f"{audit.reference} {audit.title}", audit.unit.name, *NOTES, ""]).encode()


def _csv(context: SampleContext) -> bytes:
    out = io.StringIO()
    rows = [(name, context.random.randrange(1, 400)) for name in ACCOUNTS]
    csv.writer(out).writerows([("account", "log-ins"), *rows])
    return out.getvalue().encode()


def _workbook(audit: Audit, context: SampleContext) -> bytes:
    """Return a workbook that is the same whenever it is made: without the moment of its making."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = audit.reference
    sheet.append(["Account", "Owner known", "Days since it was used"])
    for name in ACCOUNTS:
        sheet.append([name, context.random.choice(["yes", "yes", "no"]), context.random.randrange(0, 200)])
    made, out = io.BytesIO(), io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-01-01T00:00:00Z", content)
            target.writestr(zipfile.ZipInfo(name, ZIPPED_AT), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _pdf(audit: Audit, status: str) -> bytes:
    """Return a report of two pages."""
    cover, draw = _sheet()
    draw.text((120, 140), "Audit report", INK, ImageFont.load_default(40))
    draw.multiline_text((120, 220), _wrapped(audit.title, 34), INK, ImageFont.load_default(64), spacing=14)
    draw.text(
        (120, 480), f"{audit.reference} · {audit.unit.name} · {status}", INK, ImageFont.load_default(30)
    )
    body, draw = _sheet()
    draw.text((120, 140), "What we saw", INK, ImageFont.load_default(44))
    for line, words in enumerate(NOTES):
        text = _wrapped(f"{line + 1}. {words}", 62)
        draw.multiline_text((120, 250 + 150 * line), text, INK, ImageFont.load_default(30), spacing=10)
    out = io.BytesIO()
    at = datetime(2026, 1, 1, tzinfo=UTC).timetuple()
    cover.save(out, "PDF", save_all=True, append_images=[body], resolution=150, creationDate=at, modDate=at)
    return out.getvalue()


def _sheet() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    sheet = Image.new("L", PAGE, 255)
    draw = ImageDraw.Draw(sheet)
    draw.line((120, 110, PAGE[0] - 120, 110), 200, 4)
    return sheet, draw


def _wrapped(text: str, width: int) -> str:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def _photograph(audit: Audit) -> bytes:
    """Return something like a photograph of a rack."""
    photo = Image.linear_gradient("L").resize((960, 640)).convert("RGB")
    draw = ImageDraw.Draw(photo)
    for unit in range(12):
        top = 40 + 47 * unit
        draw.rounded_rectangle((180, top, 780, top + 38), 6, "#1d2836", "#3c4a5e", 2)
        for lamp in range(6):
            colour = "#4cc38a" if (unit + lamp) % 5 else "#f5a524"
            draw.ellipse((200 + 26 * lamp, top + 14, 210 + 26 * lamp, top + 24), colour)
    draw.text((24, 600), audit.reference, PAPER, ImageFont.load_default(24))
    out = io.BytesIO()
    photo.save(out, "PNG")
    return out.getvalue()
