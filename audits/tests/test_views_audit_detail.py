"""The page of an audit: what it shows to whom, and what it costs."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from audits.models import Audit
from audits.services import occurrence_move, occurrence_skip
from audits.tests.factories import NOW, audit_make, programme_make
from foundation.accounts.models import User
from foundation.lifecycle.services import apply_transition
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries

SignIn = Callable[[User], Client]


def page(client: Client, audit: Audit, tab: str = "") -> str:
    response = client.get(f"/audits/{audit.reference}/{tab}")
    assert response.status_code == 200
    return response.content.decode()


def test_it_works(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(
        cast,
        programme=programme_make(cast),
        team=[cast.outsider],
        auditees=[cast.unit_lead],
        objectives="Show that leavers lose access.\n\nWithin a day.",
        external_reference="EXT-77",
    )
    html = page(sign_in(cast.ciso), audit)
    for text in (
        "Payment gateway access review",
        "AUD-0001",
        "lead auditor Odile Brandt",
        "Accounts that reach the gateway",
        "<p>Within a day.</p>",
        "PRG-0001",
        "Oskar Lindqvist",
        "Ulrike Sommer",
        "28 days before the start",
        "30 d · 7 d · 1 d",
        "EXT-77",
        "planned the audit",
        "Start preparing",
        "Cancel audit",
    ):
        assert text in html, text


def test_checks_visibility(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, confidentiality=Confidentiality.RESTRICTED, auditees=[cast.outsider])
    url = audit.get_absolute_url()
    assert sign_in(cast.outsider).get(url).status_code == 200, "named in it"
    assert sign_in(cast.unit_lead).get(url).status_code == 404
    assert sign_in(cast.ciso).get("/audits/AUD-9999/").status_code == 404
    assert sign_in(cast.ciso).get("/audits/PRG-0001/").status_code == 404


def test_requires_right_for_what_it_offers(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, rrule="FREQ=YEARLY")
    reader = page(sign_in(cast.unit_lead), audit)
    runner = page(sign_in(cast.auditor), audit)
    planner = page(sign_in(cast.analyst), audit)
    assert "/steps/" not in reader
    assert "/edit/" not in reader
    assert "/steps/prepare/" in runner
    assert "/steps/cancel/" not in runner
    assert "/edit/" not in runner
    assert "/series/" not in runner
    for part in ("/steps/prepare/", "/steps/cancel/", "/edit/", "/series/end/", "/skip/", "/move/"):
        assert part in planner, part


def test_rejects_post(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.ciso).post(audit_make(cast).get_absolute_url()).status_code == 405


def test_an_unknown_tab_is_not_found(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.ciso).get(f"{audit_make(cast).get_absolute_url()}secrets/").status_code == 404


def test_texts_are_shown_as_they_were_typed(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, title="<b>R&D</b>", scope="<script>alert(1)</script>", criteria="{{ 7|add:7 }}")
    html = page(sign_in(cast.ciso), audit)
    assert "<script>alert" not in html
    assert "&lt;b&gt;R&amp;D&lt;/b&gt;" in html
    assert "{{ 7|add:7 }}" in html


def test_the_series_shows_what_was_decided(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, rrule="FREQ=MONTHLY")
    common: dict[str, Any] = {"audit": audit, "actor": cast.analyst, "now": NOW}
    occurrence_skip(**common, occurrence_on=date(2027, 2, 18), reason="Change freeze")
    occurrence_move(
        **common, occurrence_on=date(2027, 3, 18), to=date(2027, 3, 22), reason="The vendor is on leave"
    )
    html = page(sign_in(cast.analyst), audit)
    for text in ("Change freeze", "The vendor is on leave", "/series/2027-02-18/restore/", "22 Mar 2027"):
        assert text in html, text
    assert "/series/2027-02-18/skip/" not in html
    assert "/series/2027-01-18/skip/" not in html, "planned already"
    assert "/series/2027-04-18/skip/" in html


def test_a_closed_audit_offers_no_form(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    apply_transition(record=audit, name="cancel", actor=cast.ciso, now=NOW, comment="No budget")
    html = page(sign_in(cast.ciso), audit)
    assert "/edit/" not in html
    assert "Plan again" in html
    assert "Cancelled" in html


def test_the_history_tells_who_did_what(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    apply_transition(record=audit, name="cancel", actor=cast.ciso, now=NOW, comment="No budget this year")
    html = page(sign_in(cast.ciso), audit, "history/")
    for text in ("Celia Moreau", "cancelled the audit", "No budget this year", "planned the audit"):
        assert text in html, text


def test_query_count(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(
        cast,
        rrule="FREQ=MONTHLY",
        programme=programme_make(cast),
        team=[cast.outsider],
        auditees=[cast.unit_lead],
    )
    occurrence_skip(
        audit=audit, occurrence_on=date(2027, 2, 18), actor=cast.analyst, reason="Freeze", now=NOW
    )
    client = sign_in(cast.analyst)
    page(client, audit)
    with assert_queries("audit-detail"):
        page(client, audit)
    with assert_queries("audit-history"):
        page(client, audit, "history/")


@pytest.mark.parametrize("people", [1, 6])
def test_more_people_and_more_history_cost_no_more_queries(cast: Cast, sign_in: SignIn, people: int) -> None:
    everyone = list(cast.people().values())
    audit = audit_make(cast, auditees=[one for one in everyone if one != cast.auditor][:people])
    client = sign_in(cast.ciso)
    page(client, audit)
    with assert_queries("audit-detail-alone"):
        page(client, audit)


def test_a_programme_that_the_reader_may_not_know_of_is_not_named(client: Client, cast: Cast) -> None:
    programme = programme_make(cast, title="Quiet programme", confidentiality=Confidentiality.RESTRICTED)
    audit = audit_make(cast, programme=programme, auditees=[cast.personnel])
    client.force_login(cast.personnel)
    assert "Quiet programme" not in client.get(audit.get_absolute_url()).content.decode()
    client.force_login(cast.ciso)
    assert "Quiet programme" in client.get(audit.get_absolute_url()).content.decode()
