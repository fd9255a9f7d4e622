"""The list of audits: who sees what, filters and bad input in the URL, files, and what it costs."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from audits.choices import AuditState, AuditType
from audits.tests.factories import NOW, audit_make, programme_make
from foundation import clock
from foundation.accounts.models import Organisation, User
from foundation.accounts.organisation import forget_organisation, organisation_day
from foundation.lifecycle.services import apply_transition
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry

URL = "/audits/"
SignIn = Callable[[User], Client]


def shown(client: Client, query: str = "") -> list[str]:
    """Return the references in the list, in its order."""
    response = client.get(URL + query)
    assert response.status_code == 200
    return re.findall(r'class="reference nowrap"[^>]*>(AUD-\d+)<', response.content.decode())


def test_it_works(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, rrule="FREQ=YEARLY")
    response = sign_in(cast.ciso).get(URL)
    assert response.status_code == 200
    html = response.content.decode()
    for text in (audit.reference, audit.title, "Internal", "Planned", "Payments", "Odile Brandt"):
        assert text in html
    assert "Plan an audit" in html


def test_checks_visibility(cast: Cast, sign_in: SignIn) -> None:
    payments = audit_make(cast).reference
    retail = audit_make(cast, unit=cast.units.retail).reference
    restricted = audit_make(
        cast, unit=cast.units.retail, confidentiality=Confidentiality.RESTRICTED, auditees=[cast.outsider]
    ).reference
    assert set(shown(sign_in(cast.ciso))) == {payments, retail, restricted}
    assert set(shown(sign_in(cast.unit_lead))) == {payments}
    assert set(shown(sign_in(cast.outsider))) == {restricted}
    assert shown(sign_in(cast.executive)) == []


def test_a_reader_is_offered_nothing_that_planners_do(cast: Cast, sign_in: SignIn) -> None:
    audit_make(cast)
    assert "Plan an audit" not in sign_in(cast.auditor).get(URL).content.decode()


def test_rejects_post(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.ciso).post(URL).status_code == 405


def test_the_empty_list_says_what_to_do_first(cast: Cast, sign_in: SignIn) -> None:
    assert "Plan the first one" in sign_in(cast.ciso).get(URL).content.decode()
    assert "Audits that you take part in" in sign_in(cast.personnel).get(URL).content.decode()


@pytest.fixture
def six(cast: Cast) -> dict[str, str]:
    """Six audits that each filter tells apart, by name."""
    cast.units.cards.refresh_from_db()
    made = {
        "plain": audit_make(cast, starts_on=date(2030, 5, 1)),
        "late": audit_make(cast, starts_on=date(2020, 5, 1)),
        "cards": audit_make(cast, unit=cast.units.cards, starts_on=date(2030, 6, 1)),
        "supplier": audit_make(cast, type=AuditType.SUPPLIER, starts_on=date(2030, 7, 1)),
        "led": audit_make(cast, lead_auditor=cast.ciso, owner=cast.auditor, starts_on=date(2030, 8, 1)),
        "programme": audit_make(
            cast, programme=programme_make(cast), title="Ünusual title", starts_on=date(2030, 9, 1)
        ),
    }
    apply_transition(record=made["supplier"], name="prepare", actor=cast.ciso, now=NOW)
    return {name: audit.reference for name, audit in made.items()}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?state=preparing", {"supplier"}),
        ("?state=open&type=supplier", {"supplier"}),
        ("?type=internal", {"plain", "late", "cards", "led", "programme"}),
        ("?late=on", {"late"}),
        ("?mine=on", {"led"}),
        ("?q=ünUSUAL", {"programme"}),
        ("?programme=prg-0001", {"programme"}),
        ("?programme=PRG-9999", set()),
        ("?starts_from=2030-08-01", {"led", "programme"}),
        ("?starts_until=2030-05-01", {"plain", "late"}),
        ("?starts_from=2030-06-01&starts_until=2030-07-01", {"cards", "supplier"}),
        ("?state=closed", set()),
    ],
)
def test_filters_stand_in_the_url(
    cast: Cast, six: dict[str, str], sign_in: SignIn, query: str, names: set[str]
) -> None:
    assert set(shown(sign_in(cast.ciso), query)) == {six[name] for name in names}


def test_a_unit_stands_for_all_below_it(cast: Cast, six: dict[str, str], sign_in: SignIn) -> None:
    client = sign_in(cast.ciso)
    assert set(shown(client, f"?unit={cast.units.payments.pk}")) == set(six.values())
    assert set(shown(client, f"?unit={cast.units.cards.pk}")) == {six["cards"]}


def test_a_lead_auditor_is_chosen_by_name(cast: Cast, six: dict[str, str], sign_in: SignIn) -> None:
    assert set(shown(sign_in(cast.ciso), f"?lead={cast.ciso.pk}")) == {six["led"]}


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("starts_on", "late"),
        ("-starts_on", "programme"),
        ("reference", "plain"),
        ("-reference", "programme"),
        ("-title", "programme"),
        ("next_due_on", "late"),
    ],
)
def test_it_is_sorted_by_the_url(
    cast: Cast, six: dict[str, str], sign_in: SignIn, sort: str, first: str
) -> None:
    assert shown(sign_in(cast.ciso), f"?sort={sort}")[0] == six[first]


@pytest.mark.parametrize(
    "query",
    [
        "?state=sleeping",
        "?type=%00",
        "?unit=abc",
        "?unit=999999999999999999999",
        "?lead=-1",
        "?starts_from=2026-02-30",
        "?starts_from=0001-01-01",
        "?starts_until=9999-12-31",
        "?starts_from=%00",
        "?q=" + "x" * 5_000,
        "?q=%00",
        "?programme=" + "x" * 5_000,
        "?sort=title;drop",
        "?sort=-",
        "?page=0",
        "?page=abc",
        "?page=99999999999999999999",
    ],
)
def test_bad_input_is_told_and_the_rest_is_used(cast: Cast, sign_in: SignIn, query: str) -> None:
    audit = audit_make(cast)
    response = sign_in(cast.ciso).get(URL + query)
    assert response.status_code == 200
    assert response.context["notices"], "what was wrong is told"
    assert audit.reference in response.content.decode(), "what was wrong is left out"


def test_the_results_alone_are_returned_for_htmx(cast: Cast, sign_in: SignIn) -> None:
    audit_make(cast)
    headers = {"HX-Request": "true", "HX-Target": "results"}
    html = sign_in(cast.ciso).get(URL, headers=headers).content.decode()
    assert "AUD-0001" in html
    assert "<html" not in html


def test_a_file_holds_what_is_filtered_and_is_noted_in_the_trail(
    cast: Cast, six: dict[str, str], sign_in: SignIn
) -> None:
    audit_make(cast, title="=2+5", type=AuditType.SUPPLIER, starts_on=date(2031, 1, 1))
    response = sign_in(cast.ciso).get(f"{URL}?type=supplier&export=csv&sort=-starts_on")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Title"] for row in rows] == ["'=2+5", "Payment gateway access review"]
    assert rows[1] == {
        "Reference": six["supplier"],
        "Title": "Payment gateway access review",
        "Type": "Supplier",
        "State": "Preparing",
        "Business unit": "Payments",
        "Lead auditor": "Odile Brandt",
        "Fieldwork starts": "2030-07-01",
        "Next due": "2030-07-01",
        "Owner": "Anders Falk",
        "Programme": "",
        "Recurring": "no",
        "Moved since approval": "",
        "Confidentiality": "Internal",
    }
    entry = Entry.objects.get(action="audits.list.exported")
    assert entry.actor_id == cast.ciso.pk
    assert entry.after["format"] == "csv"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "state=open"),
        ("&state=all&type=internal", "state=all&type=internal"),
        ("&state=&q=x", "q=x&state=open"),
    ],
)
def test_the_trail_says_how_a_file_was_filtered_also_where_the_address_does_not(
    cast: Cast, sign_in: SignIn, query: str, told: str
) -> None:
    assert sign_in(cast.ciso).get(f"{URL}?export=csv{query}").status_code == 200
    assert Entry.objects.get(action="audits.list.exported").after["filters"] == told


def test_nobody_takes_away_what_they_may_not_see(cast: Cast, sign_in: SignIn) -> None:
    audit_make(cast, confidentiality=Confidentiality.RESTRICTED, owner=cast.ciso)
    response = sign_in(cast.unit_lead).get(f"{URL}?export=xlsx")
    assert response.status_code == 200
    assert b"Payment gateway" not in response.getvalue()


def test_the_side_bar_counts_what_is_late_and_mine(cast: Cast, sign_in: SignIn) -> None:
    audit_make(cast, starts_on=date(2020, 1, 1))
    audit_make(cast, starts_on=date(2090, 1, 1))

    def badge(user: User) -> int:
        groups = sign_in(user).get(URL).context["navigation"]
        return int(next(link.badge for group in groups for link in group.links if link.url == URL))

    assert badge(cast.auditor) == 1, "leads it"
    assert badge(cast.analyst) == 1, "owns it"
    assert badge(cast.ciso) == 0


def test_query_count(cast: Cast, sign_in: SignIn) -> None:
    for number in range(3):
        audit_make(cast, title=f"Audit {number}", rrule="FREQ=YEARLY" if number else "")
    client = sign_in(cast.unit_lead)
    client.get(URL)
    with assert_queries("audit-list"):
        client.get(URL)
    with assert_queries("audit-list-filtered"):
        client.get(f"{URL}?state=open&q=audit&unit={cast.units.payments.pk}&starts_from=2027-01-01")


def test_more_audits_cost_no_more_queries(cast: Cast, sign_in: SignIn) -> None:
    for number in range(25):
        audit_make(cast, title=f"Audit {number}")
    client = sign_in(cast.unit_lead)
    client.get(URL)
    with assert_queries("audit-list"):
        assert len(shown(client)) == 25


def test_states_of_the_filter_are_those_of_audits() -> None:
    assert "open" not in AuditState.values, "the filter's own word for all that are open"


def test_what_is_late_is_late_by_the_organisations_day(cast: Cast, sign_in: SignIn) -> None:
    Organisation.objects.update(time_zone="Pacific/Pago_Pago")  # 25 hours behind the reader's
    forget_organisation()
    cast.analyst.time_zone = "Pacific/Kiritimati"
    cast.analyst.save()
    today = organisation_day(clock.now())
    audit = audit_make(cast, starts_on=today + timedelta(days=28))
    assert audit.next_due_on == today
    client = sign_in(cast.analyst)
    for url in (URL, audit.get_absolute_url()):
        page = client.get(url).content.decode()
        assert "today" in page
        assert "day late" not in page
    assert shown(client, "?late=on") == []


def test_neither_filters_nor_files_tell_of_what_is_restricted(cast: Cast, sign_in: SignIn) -> None:
    hidden = programme_make(cast, confidentiality=Confidentiality.RESTRICTED, owner=cast.ciso)
    audit = audit_make(cast, programme=hidden)
    audit_make(cast, lead_auditor=cast.ciso, confidentiality=Confidentiality.RESTRICTED)
    reader = sign_in(cast.unit_lead)
    assert shown(reader) == [audit.reference]
    assert shown(reader, f"?programme={hidden.reference}") == []
    assert hidden.reference not in exported(reader)
    page = reader.get(URL).content.decode()
    assert "Odile Brandt</option>" in page
    assert "Celia Moreau</option>" not in page
    ciso = sign_in(cast.ciso)
    assert shown(ciso, f"?programme={hidden.reference.lower()}") == [audit.reference]
    assert hidden.reference in exported(ciso)


def exported(client: Client) -> str:
    """Return the file that the list gives."""
    response: Any = client.get(f"{URL}?export=csv")
    return b"".join(response.streaming_content).decode()
