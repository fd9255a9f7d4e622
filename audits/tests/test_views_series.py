"""Letting an audit recur, and skipping, moving or putting back one occurrence: with the reason, in the trail."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from audits.models import Audit, AuditSeries
from audits.services import occurrence_move, occurrence_skip, series_end
from audits.tests.factories import NOW, audit_make
from foundation.accounts.models import User
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.forms import filled
from foundation.testing.races import together
from foundation.trail.models import Entry

SignIn = Callable[[User], Client]
DAY = date(2027, 2, 18)
PAGES = {
    "series/": {"starts_on": "2027-01-18", "repeat_unit": "YEARLY", "repeat_interval": "1"},
    "series/end/": {"comment": "Gone"},
    f"series/{DAY}/skip/": {"comment": "Freeze"},
    f"series/{DAY}/move/": {"to": "2027-02-22", "comment": "Leave"},
    f"series/{DAY}/restore/": {},
}


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return audit_make(cast, rrule="FREQ=MONTHLY")


def at(audit: Audit, page: str) -> str:
    return f"{audit.get_absolute_url()}{page}"


def send(client: Client, audit: Audit, page: str, **data: Any) -> Any:
    """Send a form just as it would be now, whether or not the page can be opened."""
    opened = client.get(at(audit, page))
    version = opened.context["form"]["version"].value() if opened.status_code == 200 else ""
    return client.post(at(audit, page), {"version": version, **data})


def told(response: Any) -> dict[str, tuple[str, str]]:
    """Return both versions as the page tells them, by field."""
    assert response.status_code == 409, response.text
    return {row.label: (row.mine, row.theirs) for row in response.context["conflict"].different_rows}


def again(response: Any, data: dict[str, Any]) -> dict[str, Any]:
    """Return what the browser sends when the page that told both versions is sent."""
    return {**data, "version": response.context["form"]["version"].value()}


@pytest.mark.parametrize("page", PAGES)
def test_checks_visibility(cast: Cast, sign_in: SignIn, page: str) -> None:
    hidden = audit_make(
        cast, rrule="FREQ=MONTHLY", owner=cast.ciso, confidentiality=Confidentiality.RESTRICTED
    )
    assert send(sign_in(cast.analyst), hidden, page, **PAGES[page]).status_code == 404
    assert sign_in(cast.analyst).get(f"{hidden.get_absolute_url()}{page}").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_requires_right(cast: Cast, audit: Audit, sign_in: SignIn, page: str) -> None:
    assert send(sign_in(cast.auditor), audit, page, **PAGES[page]).status_code == 403
    assert AuditSeries.objects.get().next_on == DAY


def test_skipping_works(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    client = sign_in(cast.analyst)
    assert "18" in client.get(f"{audit.get_absolute_url()}series/{DAY}/skip/").content.decode()
    assert send(client, audit, f"series/{DAY}/skip/", comment="Change freeze").status_code == 302
    assert AuditSeries.objects.get().next_on == date(2027, 3, 18)
    assert Entry.objects.get(action="audits.series.skipped").comment == "Change freeze"


def test_moving_works(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    client = sign_in(cast.analyst)
    assert client.get(f"{audit.get_absolute_url()}series/{DAY}/move/").status_code == 200
    response = send(client, audit, f"series/{DAY}/move/", to="2027-02-22", comment="On leave")
    assert response.status_code == 302
    assert AuditSeries.objects.get().next_on == date(2027, 2, 22)


def test_putting_back_works(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    client = sign_in(cast.analyst)
    send(client, audit, f"series/{DAY}/skip/", comment="Change freeze")
    assert send(client, audit, f"series/{DAY}/restore/", comment="It was lifted").status_code == 302
    assert AuditSeries.objects.get().next_on == DAY
    assert Entry.objects.get(action="audits.series.restored").comment == "It was lifted"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"to": "", "comment": "So"}, "to"),
        ({"to": "2027-02-30", "comment": "So"}, "to"),
        ({"to": "9999-12-31", "comment": "So"}, "to"),
        ({"to": "0001-01-01", "comment": "So"}, "to"),
        ({"to": "\x00", "comment": "So"}, "to"),
        ({"to": "2027-03-18", "comment": "So"}, "__all__"),
        ({"to": "2027-02-22", "comment": " "}, "comment"),
        ({"to": "2027-02-22", "comment": "x" * 4_001}, "comment"),
    ],
)
def test_a_bad_move_is_told_beside_its_field(
    cast: Cast, audit: Audit, sign_in: SignIn, data: dict[str, str], field: str
) -> None:
    response = send(sign_in(cast.analyst), audit, f"series/{DAY}/move/", **data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert AuditSeries.objects.get().next_on == DAY


@pytest.mark.parametrize("day", ["2027-02-30", "tomorrow", "0000-00-00", "99999-01-01"])
def test_an_impossible_day_is_not_found(cast: Cast, audit: Audit, sign_in: SignIn, day: str) -> None:
    for page in ("skip", "move", "restore"):
        assert sign_in(cast.analyst).get(f"{audit.get_absolute_url()}series/{day}/{page}/").status_code == 404


@pytest.mark.parametrize("day", ["2027-02-17", "0001-01-01", "9999-12-31", "2027-01-18"])
@pytest.mark.parametrize("page", ["skip", "move"])
def test_a_day_without_an_occurrence_is_refused(
    cast: Cast, audit: Audit, sign_in: SignIn, day: str, page: str
) -> None:
    client = sign_in(cast.analyst)
    assert client.get(f"{audit.get_absolute_url()}series/{day}/{page}/").status_code == 200
    response = send(client, audit, f"series/{day}/{page}/", to="2027-02-22", comment="So")
    assert response.status_code == 422
    assert AuditSeries.objects.get().next_on == DAY


def test_an_audit_that_stands_alone_has_no_occurrences(cast: Cast, sign_in: SignIn) -> None:
    alone = audit_make(cast)
    for page in list(PAGES)[1:]:
        assert sign_in(cast.analyst).get(f"{alone.get_absolute_url()}{page}").status_code == 404


def test_an_audit_is_let_recur(cast: Cast, sign_in: SignIn) -> None:
    alone = audit_make(cast)
    client = sign_in(cast.analyst)
    assert "Let it recur" in client.get(f"{alone.get_absolute_url()}series/").content.decode()
    assert send(client, alone, "series/", **PAGES["series/"]).status_code == 302
    alone.refresh_from_db()
    assert alone.series is not None
    assert (alone.series.rrule, alone.series.next_on) == ("FREQ=YEARLY", date(2028, 1, 18))


def test_the_rule_is_changed(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    client = sign_in(cast.analyst)
    assert "Monthly" in client.get(f"{audit.get_absolute_url()}series/").content.decode()
    assert send(client, audit, "series/", **PAGES["series/"]).status_code == 302
    assert AuditSeries.objects.get().rrule == "FREQ=YEARLY"


@pytest.mark.parametrize(
    "data",
    [
        {"repeat_unit": ""},
        {"repeat_unit": "HOURLY"},
        {"repeat_unit": "YEARLY", "repeat_interval": "0"},
        {"repeat_unit": "YEARLY", "repeat_ends": "after", "repeat_count": "x"},
        {"repeat_unit": "YEARLY", "starts_on": "0001-01-01"},
        {"repeat_unit": "YEARLY", "starts_on": ""},
    ],
)
def test_a_bad_rule_is_told(cast: Cast, audit: Audit, sign_in: SignIn, data: dict[str, str]) -> None:
    response = send(sign_in(cast.analyst), audit, "series/", **{"starts_on": "2027-01-18", **data})
    assert response.status_code == 422
    assert response.context["form"].errors
    assert AuditSeries.objects.get().rrule == "FREQ=MONTHLY"


def test_a_series_is_ended_with_a_reason(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    client = sign_in(cast.analyst)
    assert send(client, audit, "series/end/", comment="").status_code == 422
    assert send(client, audit, "series/end/", comment="The service is gone").status_code == 302
    assert AuditSeries.objects.get().ended_at is not None
    assert "The series has ended" in client.get(audit.get_absolute_url()).content.decode()


def test_an_ended_series_is_let_recur_again(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    series_end(audit=audit, actor=cast.analyst, now=NOW, reason="Gone")
    audit.refresh_from_db()
    client = sign_in(cast.analyst)
    assert "Let it recur again" in client.get(audit.get_absolute_url()).content.decode()
    assert send(client, audit, "series/", **PAGES["series/"]).status_code == 302
    series = AuditSeries.objects.get()
    assert (series.ended_at, series.rrule) == (None, "FREQ=YEARLY")


def test_the_form_shows_what_comes_after_this_audit(cast: Cast, sign_in: SignIn) -> None:
    first = audit_make(cast, rrule="FREQ=MONTHLY", starts_on=date(2027, 1, 31))
    later = audit_make(cast, series=first.series, occurrence_on=date(2027, 4, 30), starts_on=date(2027, 5, 3))
    preview = sign_in(cast.analyst).get(f"{later.get_absolute_url()}series/").context["form"].preview
    assert preview.dates[:2] == [date(2027, 5, 31), date(2027, 6, 30)]


@pytest.mark.parametrize("page", list(PAGES)[1:])
def test_an_ended_series_is_not_changed(cast: Cast, audit: Audit, sign_in: SignIn, page: str) -> None:
    series_end(audit=audit, actor=cast.analyst, now=NOW, reason="Gone")
    response = send(sign_in(cast.analyst), audit, page, **PAGES[page])
    assert response.status_code == 422
    assert "The series has ended" in response.content.decode()


def test_skipped_and_moved_at_the_same_instant_one_wins(committed_cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(committed_cast, rrule="FREQ=MONTHLY")
    one, other = sign_in(committed_cast.analyst), sign_in(committed_cast.ciso)
    skip, move = f"series/{DAY}/skip/", f"series/{DAY}/move/"
    skipping = filled(one, at(audit, skip), comment="Freeze")
    moving = filled(other, at(audit, move), to="2027-02-22", comment="Leave")
    answers = together(
        lambda: one.post(at(audit, skip), skipping), lambda: other.post(at(audit, move), moving)
    )
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    assert AuditSeries.objects.get().exceptions.count() == 1


def test_a_move_made_meanwhile_is_told_and_can_be_decided_over(
    cast: Cast, audit: Audit, sign_in: SignIn
) -> None:
    client, other = sign_in(cast.analyst), sign_in(cast.ciso)
    url = at(audit, f"series/{DAY}/move/")
    mine = filled(client, url, to="2027-02-22", comment="On leave")
    theirs = filled(other, url, to="2027-02-25", comment="Trade fair")
    assert other.post(url, theirs).status_code == 302
    assert other.post(url, theirs).status_code == 302, "a second click finds it so"
    assert Entry.objects.filter(action="audits.series.moved").count() == 1
    response = client.post(url, mine)
    assert told(response) == {
        "When": ("moved to Monday 22 February 2027", "moved to Thursday 25 February 2027"),
        "Why?": ("On leave", "Trade fair"),
    }
    assert response.context["conflict"].by == cast.ciso.full_name
    assert AuditSeries.objects.get().next_on == date(2027, 2, 25)
    assert client.post(url, again(response, mine)).status_code == 302
    assert AuditSeries.objects.get().next_on == date(2027, 2, 22)
    entry = Entry.objects.filter(action="audits.series.moved").latest("pk")
    assert (entry.before, entry.after) == ({"occurrence": "2027-02-25"}, {"occurrence": "2027-02-22"})


def test_what_was_moved_meanwhile_is_not_skipped_unseen(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    client = sign_in(cast.analyst)
    url = at(audit, f"series/{DAY}/skip/")
    mine = filled(client, url, comment="Freeze")
    send(sign_in(cast.ciso), audit, f"series/{DAY}/move/", to="2027-02-25", comment="Trade fair")
    response = client.post(url, mine)
    assert told(response)["When"] == ("skipped", "moved to Thursday 25 February 2027")
    assert client.post(url, again(response, mine)).status_code == 302
    assert AuditSeries.objects.get().next_on == date(2027, 3, 18)


def test_what_was_decided_anew_meanwhile_is_not_put_back_unseen(
    cast: Cast, audit: Audit, sign_in: SignIn
) -> None:
    client, other = sign_in(cast.analyst), sign_in(cast.ciso)
    send(client, audit, f"series/{DAY}/skip/", comment="Freeze")
    url = at(audit, f"series/{DAY}/restore/")
    mine = filled(client, url, comment="It was lifted")
    send(other, audit, f"series/{DAY}/move/", to="2027-02-25", comment="Trade fair")
    response = client.post(url, mine)
    assert told(response) == {
        "When": ("by the rule", "moved to Thursday 25 February 2027"),
        "Comment": ("It was lifted", "Trade fair"),
    }
    assert AuditSeries.objects.get().next_on == date(2027, 2, 25)
    assert client.post(url, again(response, mine)).status_code == 302
    assert AuditSeries.objects.get().next_on == DAY


def test_a_form_without_its_version_decides_over_nothing(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    client = sign_in(cast.analyst)
    occurrence_skip(audit=audit, occurrence_on=DAY, actor=cast.ciso, reason="Stop", now=NOW)
    for page, data in PAGES.items():
        assert client.post(at(audit, page), data).status_code == 409, page
    assert AuditSeries.objects.get().next_on == date(2027, 3, 18)


def test_a_series_that_recurs_otherwise_by_now_is_not_ended_unseen(
    cast: Cast, audit: Audit, sign_in: SignIn
) -> None:
    client, other = sign_in(cast.analyst), sign_in(cast.ciso)
    url = at(audit, "series/end/")
    mine = filled(client, url, comment="The service is gone")
    send(other, audit, f"series/{DAY}/move/", to="2027-02-25", comment="Trade fair")
    response = client.post(url, mine)
    assert told(response) == {
        "Recurrence": ("It ends.", "Every month on day 18 (1 moved)"),
        "Skipped or moved": ("—", "Thursday 18 February 2027: moved to Thursday 25 February 2027"),
    }
    assert response.context["conflict"].by == cast.ciso.full_name
    assert AuditSeries.objects.get().ended_at is None
    assert client.post(url, again(response, mine)).status_code == 302
    assert AuditSeries.objects.get().ended_at is not None


def test_a_stale_recurrence_is_told_with_both_versions_and_can_be_saved_over(
    cast: Cast, audit: Audit, sign_in: SignIn
) -> None:
    client, other = sign_in(cast.analyst), sign_in(cast.ciso)
    url = at(audit, "series/")
    yearly = filled(client, url, repeat_unit="YEARLY")
    quarterly = {**yearly, "repeat_unit": "MONTHLY", "repeat_interval": "3"}
    assert other.post(url, quarterly).status_code == 302
    assert other.post(url, quarterly).status_code == 302, "a second click finds it so"
    response = client.post(url, yearly)
    assert told(response) == {"Recurrence": ("Every year on 18 January", "Every 3 months on day 18")}
    assert response.context["conflict"].by == cast.ciso.full_name
    assert AuditSeries.objects.get().rrule == "FREQ=MONTHLY;INTERVAL=3"
    assert client.post(url, again(response, yearly)).status_code == 302
    assert AuditSeries.objects.get().rrule == "FREQ=YEARLY"


def test_a_move_that_another_rule_would_forget_is_told(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    client = sign_in(cast.analyst)
    yearly = filled(client, at(audit, "series/"), repeat_unit="YEARLY")
    occurrence_move(
        audit=audit, occurrence_on=DAY, to=date(2027, 2, 22), actor=cast.ciso, reason="Leave", now=NOW
    )
    response = client.post(at(audit, "series/"), yearly)
    assert told(response)["Skipped or moved"] == (
        "—",
        "Thursday 18 February 2027: moved to Monday 22 February 2027",
    )
    series = AuditSeries.objects.get()
    assert (series.rrule, series.exceptions.count()) == ("FREQ=MONTHLY", 1)


def test_a_recurrence_that_ended_or_began_meanwhile_is_told(
    cast: Cast, audit: Audit, sign_in: SignIn
) -> None:
    client = sign_in(cast.analyst)
    yearly = filled(client, at(audit, "series/"), repeat_unit="YEARLY")
    series_end(audit=audit, actor=cast.ciso, now=NOW, reason="Gone")
    assert told(client.post(at(audit, "series/"), yearly))["Recurrence"] == (
        "Every year on 18 January",
        "It has ended.",
    )
    alone = audit_make(cast)
    yearly = filled(client, at(alone, "series/"), repeat_unit="YEARLY")
    send(sign_in(cast.ciso), alone, "series/", **{**yearly, "repeat_unit": "MONTHLY", "repeat_interval": "3"})
    assert told(client.post(at(alone, "series/"), yearly)) == {
        "Recurrence": ("Every year on 18 January", "Every 3 months on day 18")
    }
