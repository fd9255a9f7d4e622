"""What a mail says, and what it never says."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from foundation.notifications.cleaning import clean_line, shorten
from foundation.notifications.content import ITEMS_IN_FULL, Content, Item, Setting, content_of, item_of
from foundation.notifications.links import UnsafePath, absolute_link
from foundation.notifications.models import Notice

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SETTING = Setting(
    organisation="Halden & Vale Bank",
    zone=ZoneInfo("Europe/Lisbon"),
    base_url="https://portal.example.com",
    preferences_path="/notification-preferences/",
)


def item(setting: Setting = SETTING, kind: str = "probe.reminder", **payload: Any) -> Item:
    notice = Notice(kind=kind, payload={"title": "Card data audit", **payload})
    return item_of(notice, setting=setting, now=NOW)


def content(*items: Item, setting: Setting = SETTING) -> Content:
    return content_of(items, reader="Ida Berg", setting=setting, now=NOW)


def test_an_item_says_what_when_where_and_why() -> None:
    told = content(
        item(
            reference="AUD-0016",
            sentence="The report is to be delivered.",
            due_at="2026-11-27T15:00:00+00:00",
            path="/audits/AUD-0016/",
        )
    )
    for body in (told.text, told.html):
        for words in (
            "Card data audit",
            "AUD-0016",
            "The report is to be delivered.",
            "Friday 27 November 2026, 15:00 (UTC)",
            "in 4 days",
            "https://portal.example.com/audits/AUD-0016/",
            "You look after the probe.",
            "https://portal.example.com/notification-preferences/",
            "Ida Berg",
        ):
            assert words in body, words
    assert told.subject == "Card data audit (AUD-0016): The report is to be delivered, in 4 days"
    assert "Halden & Vale Bank" in told.text
    assert "Halden &amp; Vale Bank" in told.html


def test_a_kind_that_is_unknown_and_a_reason_of_its_own() -> None:
    assert item(kind="gone.kind").reason == "It concerns you."
    assert item(reason="You asked for it.").reason == "You asked for it."


def test_an_instant_is_told_in_the_readers_zone() -> None:
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        told = item(due_at="2026-11-27T20:00:00+00:00")
    assert "Saturday 28 November 2026, 05:00" in told.when


@pytest.mark.parametrize(
    ("zone", "when", "distance"),
    [
        ("Europe/Lisbon", "Tuesday 24 November 2026", "tomorrow"),
        ("Pacific/Kiritimati", "Tuesday 24 November 2026 (Europe/Lisbon)", "tomorrow"),
        ("Pacific/Pago_Pago", "Tuesday 24 November 2026 (Europe/Lisbon)", "tomorrow"),
    ],
)
def test_a_whole_day_is_the_organisations(zone: str, when: str, distance: str) -> None:
    with timezone.override(ZoneInfo(zone)):
        told = item(due_on="2026-11-24")
    assert (told.when, told.distance) == (when, distance)


def test_what_is_late_comes_first_then_by_date_then_the_rest() -> None:
    told = content(
        item(title="News"),
        item(title="Later", due_on="2026-12-20"),
        item(title="Sooner", due_on="2026-11-25"),
        item(title="Overdue", due_on="2026-11-20"),
    )
    places = [told.text.index(f"* {title}") for title in ("Overdue", "Sooner", "Later", "News")]
    assert places == sorted(places)
    assert told.subject == "4 reminders, 1 of them late"
    assert "3 days late" in told.text


@pytest.mark.parametrize(
    ("items", "subject"),
    [
        ([item()], "Card data audit"),
        ([item(sentence="Is planned.")], "Card data audit: Is planned."),
        ([item(due_on="2026-11-22")], "Card data audit: 1 day late"),
        ([item(due_on="2026-11-22", sentence="Report due")], "Card data audit: Report due, 1 day late"),
        (
            [item(due_on="2026-11-22", sentence="Written at such length " * 5)],
            "Card data audit: Written at such length Written at such length Written at such…, 1 day late",
        ),
        ([item(), item()], "2 notices"),
        ([item(due_on="2026-11-22"), item(due_on="2026-11-21")], "2 reminders, all late"),
    ],
)
def test_subjects(items: list[Item], subject: str) -> None:
    assert content(*items).subject == subject


def test_a_subject_has_an_end() -> None:
    subject = content(item(title="x" * 5000, sentence="y" * 5000, reference="AUD-0001")).subject
    assert len(subject) <= 150


def test_what_people_typed_can_neither_break_a_header_nor_hide() -> None:
    hostile = "Audit\r\nBcc: all@example.com\x00\x1b[31m \u202egnihton\u2066 \u200bend\u2028here"
    told = content(item(title=hostile, sentence=hostile, reference="A\nB"))
    for text in (told.subject, *told.text.splitlines()):
        assert text.isprintable() or not text, repr(text)
    assert told.subject == clean_line(told.subject)
    assert "\u202e" not in told.html
    assert told.text.count("Bcc: all@example.com") == 2
    assert "\nBcc" not in told.text


def test_markup_that_people_typed_is_text() -> None:
    told = content(item(title="<script>alert(1)</script>", sentence='"><img src=x onerror=y>'))
    assert "<script>" not in told.html
    assert "<img" not in told.html
    assert "<script>alert(1)</script>" in told.text


def test_without_the_portals_address_it_says_why_there_are_no_links() -> None:
    nowhere = Setting(
        organisation="Bank", zone=ZoneInfo("UTC"), base_url="", preferences_path="/notification-preferences/"
    )
    told = content(item(nowhere, path="/audits/AUD-0016/"), setting=nowhere)
    for body in (told.text, told.html):
        assert "href=" not in body
        assert "http" not in body
        assert "address is not configured" in body


def test_a_huge_digest_still_names_everything() -> None:
    told = content(*[item(title=f"Audit {n:04}", path=f"/a/{n}/") for n in range(ITEMS_IN_FULL + 50)])
    for n in (0, ITEMS_IN_FULL + 49):
        assert f"Audit {n:04}" in told.text
        assert f"Audit {n:04}" in told.html
    assert len(told.html) < 400_000


@pytest.mark.parametrize(
    "path", ["//evil.example", "@evil.example", ".evil.example", "/\\evil", "/a b", "/a\n", "x"]
)
def test_a_path_that_could_lead_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(UnsafePath):
        absolute_link("https://portal.example.com", path)


def test_links() -> None:
    assert absolute_link("https://p.example", "/a/?b=c&d=%20#e") == "https://p.example/a/?b=c&d=%20#e"
    assert absolute_link("https://p.example", "") == ""
    assert absolute_link("", "/a/") == ""


def test_cleaning_keeps_what_languages_need() -> None:
    assert clean_line(
        "  Prüfung\t\u0627\u0644\u0639\u0631\u0628\u064a\u0629 \U0001f468\u200d\U0001f469 \n "
    ) == ("Prüfung \u0627\u0644\u0639\u0631\u0628\u064a\u0629 \U0001f468\u200d\U0001f469")
    assert shorten("abcdef", 4) == "abc…"
    assert shorten("abcd", 4) == "abcd"
