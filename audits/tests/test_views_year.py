"""The page of a year and the parts of a programme's page: what each reader sees there, and what it costs."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from openpyxl import load_workbook

from audits.models import Audit
from audits.tests.factories import NOW, audit_make, programme_make
from compliance.tests.factories import framework_make
from foundation.accounts.models import Delegation, User
from foundation.accounts.organisation import forget_organisation
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
YEAR = "/audits/year/2027/"
LATE = date(2026, 1, 12)


def html_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def hidden_make(cast: Cast, **values: object) -> Audit:
    """Plan a restricted audit that the CISO alone knows of."""
    return audit_make(
        cast,
        title="Sealed matter",
        owner=cast.ciso,
        lead_auditor=cast.ciso,
        confidentiality=Confidentiality.RESTRICTED,
        **values,
    )


def test_the_year_leads_to_the_current_one(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.ciso).get("/audits/year/")["Location"].startswith("/audits/year/20")
    assert 'href="/audits/year/"' in html_of(sign_in(cast.ciso), "/audits/")


def test_a_bar_stands_beside_its_words_and_leads_to_its_audit(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    html = html_of(sign_in(cast.ciso), YEAR)
    words = "Preparation from 21 Dec 2026, fieldwork 18 Jan – 22 Jan, report 5 Feb, follow-up 18 Apr"
    assert f'<span class="visually-hidden">{words}</span>' in html
    assert f'<a href="{audit.get_absolute_url()}">{audit.title}</a>' in html
    assert "Odile Brandt" in html
    assert "style=" not in html.partition("<main")[2]
    # The seventeenth day after the first of January begins at 17/365 of the year, and the fifth ends at 22/365.
    assert 'class="year-fieldwork" x="4.66%" width="1.37%"' in html
    assert 'class="year-report" cx="9.59%"' in html


def test_audits_of_other_years_are_not_here(cast: Cast, sign_in: SignIn) -> None:
    audit_make(cast)
    html = html_of(sign_in(cast.ciso), "/audits/year/2026/")
    assert "No audits in 2026" in html
    assert 'href="/audits/year/2025/"' in html
    assert 'href="/audits/year/2027/"' in html


@pytest.mark.parametrize("url", ["/audits/year/1999/", "/audits/year/2101/", f"{YEAR}overview/", f"{YEAR}x/"])
def test_what_is_no_year_is_not_found(cast: Cast, sign_in: SignIn, url: str) -> None:
    assert sign_in(cast.ciso).get(url).status_code == 404


def test_late_and_moved_audits_say_so(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, starts_on=LATE)
    Audit.objects.filter(pk=audit.pk).update(approved_starts_on=date(2026, 1, 5))
    html = html_of(sign_in(cast.ciso), "/audits/year/2026/")
    assert "7 days later than approved" in html
    assert "1 of 1 moved: 1 later, 0 earlier" in html
    assert "+7 days in all" in html
    assert "late now: 1 to start, 0 to report" in html
    assert ">Late</span>" in html


@pytest.mark.parametrize(
    "path", [YEAR, f"{YEAR}load/", f"{YEAR}coverage/", "{programme}", "{programme}load/"]
)
def test_hidden_audits_are_in_no_part(cast: Cast, sign_in: SignIn, path: str) -> None:
    programme = programme_make(cast)
    audit_make(cast, programme=programme)
    hidden = hidden_make(cast, programme=programme)
    url = path.format(programme=programme.get_absolute_url())
    knows, does_not = html_of(sign_in(cast.ciso), url), html_of(sign_in(cast.auditor), url)
    assert hidden.reference in knows or "Celia Moreau" in knows.partition("<main")[2]
    for word in (hidden.reference, "Sealed matter"):
        assert word not in does_not
    assert "Restricted" in does_not, "and the page says that others may be hidden"


def test_a_unit_lead_sees_the_own_units_alone(cast: Cast, sign_in: SignIn) -> None:
    audit_make(cast)
    audit_make(cast, unit=cast.units.retail, title="Branch audit")
    client = sign_in(cast.unit_lead)
    assert "Branch audit" not in html_of(client, YEAR)
    coverage = html_of(client, f"{YEAR}coverage/").partition("<main")[2]
    assert "Cards" in coverage
    assert "Retail Banking" not in coverage, "of which nothing could honestly be said"
    assert "Conflicts" not in html_of(client, YEAR)


def test_conflicts_come_with_what_to_do_for_those_who_plan(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    assert "None: every auditor is independent" in html_of(sign_in(cast.analyst), YEAR)
    Delegation.objects.create(
        person=cast.auditor,
        stand_in=cast.analyst,
        starts_on=date(2027, 1, 20),
        ends_on=date(2027, 1, 21),
        created_by=cast.auditor,
        created_at=NOW,
    )
    remedy = "Move the fieldwork, or choose another lead auditor."
    edit = f'<a href="{audit.get_absolute_url()}edit/">{remedy}</a>'
    planner, runner = html_of(sign_in(cast.analyst), YEAR), html_of(sign_in(cast.auditor), YEAR)
    assert "Odile Brandt is away from 20 Jan 2027 to 21 Jan 2027; Anders Falk stands in." in planner
    assert edit in planner
    assert remedy in runner
    assert edit not in runner, "who may not change it is led nowhere"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("unit={payments}", {"One"}),
        ("unit={root}", {"One", "Two"}),
        ("lead={analyst}", {"Two"}),
        ("state=cancelled", set()),
        ("state=open", {"One", "Two"}),
        ("framework={framework}", {"One"}),
        ("framework=0", {"One", "Two"}),
        ("state=%00&unit=x&lead=-1", {"One", "Two"}),
    ],
)
def test_filters_narrow_the_bars(cast: Cast, sign_in: SignIn, query: str, found: set[str]) -> None:
    framework = framework_make(cast)
    audit_make(cast, title="Audit One", frameworks=[framework])
    audit_make(cast, title="Audit Two", unit=cast.units.retail, lead_auditor=cast.analyst)
    asked = query.format(
        payments=cast.units.payments.pk,
        root=cast.units.root.pk,
        analyst=cast.analyst.pk,
        framework=framework.pk,
    )
    html = html_of(sign_in(cast.ciso), f"{YEAR}?{asked}")
    assert {name for name in ("One", "Two") if f"Audit {name}</a>" in html} == found


def test_load_links_to_the_list_of_who_leads(cast: Cast, sign_in: SignIn) -> None:
    audit_make(cast)
    client = sign_in(cast.ciso)
    html = html_of(client, f"{YEAR}load/")
    url = f"/audits/?starts_from=2027-01-01&amp;starts_until=2027-12-31&amp;state=all&amp;lead={cast.auditor.pk}"
    assert f'<a href="{url}">1</a>' in html
    assert "AUD-0001" in html_of(client, url.replace("&amp;", "&"))


def test_overlaps_are_marked(cast: Cast, sign_in: SignIn) -> None:
    audit_make(cast)
    audit_make(cast, starts_on=date(2027, 1, 20))
    html = html_of(sign_in(cast.ciso), f"{YEAR}load/")
    assert "1 of 1 with overlaps" in html
    assert "Week of 18 Jan 2027:" in html


def test_the_cycle_is_chosen(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, frameworks=[framework_make(cast)])
    client = sign_in(cast.ciso)
    past, ahead = (html_of(client, f"{YEAR}coverage/{query}") for query in ("", "?cycle=ahead"))
    assert [f'scope="col" class="">{year}</th>' in past for year in (2025, 2026, 2027, 2028)] == [
        True,
        True,
        True,
        False,
    ]
    assert 'class="">2029</th>' in ahead
    for html in (past, ahead):
        assert f'href="{audit.get_absolute_url()}"' in html
        assert "0 of 3 tested (0%)" in html
    assert "3 of 4 never" in past


def test_a_programme_covers_its_unit_and_those_below(cast: Cast, sign_in: SignIn) -> None:
    programme = programme_make(cast)
    html = html_of(sign_in(cast.ciso), f"{programme.get_absolute_url()}coverage/").partition("<main")[2]
    assert "Payments" in html
    assert "Cards" in html
    assert "Retail Banking" not in html


def rows_of(content: bytes) -> list[tuple[object, ...]]:
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


def test_the_plan_is_taken_away_as_a_file(cast: Cast, sign_in: SignIn) -> None:
    programme = programme_make(cast)
    audit = audit_make(cast, programme=programme, title="=SUM(A1)", team=[cast.analyst])
    audit_make(cast, title="Apart")
    hidden_make(cast, programme=programme)
    Audit.objects.filter(pk=audit.pk).update(approved_starts_on=date(2027, 1, 11))
    client = sign_in(cast.auditor)
    response = client.get(f"{programme.get_absolute_url()}?export=xlsx")
    header, *rows = rows_of(response.content)
    (row,) = rows
    cells = dict(zip(header, row, strict=True))
    assert 'filename="prg-0001-' in response["Content-Disposition"]
    assert (cells["Reference"], cells["Title"], cells["Team"]) == ("AUD-0001", "=SUM(A1)", "Anders Falk")
    assert (cells["Days moved"], cells["Business unit"], cells["State"]) == (7, "Payments", "Planned")
    text = b"".join(client.get(f"{YEAR}?export=csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert text.count("\n") == 3
    assert '"\'=SUM(A1)"' in text
    assert "Sealed matter" not in text
    assert Entry.objects.filter(action="audits.list.exported").count() == 2


def test_the_list_shows_on_demand_how_far_each_has_moved(cast: Cast, sign_in: SignIn) -> None:
    moved, _kept = audit_make(cast), audit_make(cast)
    Audit.objects.filter(pk=moved.pk).update(approved_starts_on=date(2027, 1, 20))
    client = sign_in(cast.ciso)
    html = html_of(client, "/audits/?columns=reference&columns=moved")
    assert html.count("2 days earlier than approved") == 1
    assert "than approved" not in html_of(client, "/audits/")
    text = b"".join(client.get("/audits/?export=csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert '"-2"' in text


def test_a_file_of_an_unknown_sort_is_refused(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.ciso).get(f"{YEAR}?export=exe&state=open", follow=True)
    assert response.redirect_chain == [(f"{YEAR}?state=open", 302)]
    assert "There is no export as “exe”." in response.content.decode()


def many(cast: Cast, count: int) -> str:
    """Plan audits by various people, in a programme, and return its address."""
    programme = programme_make(cast)
    framework = framework_make(cast)
    for number in range(count):
        audit_make(
            cast,
            programme=programme,
            starts_on=date(2027, 1 + number % 12, 11),
            lead_auditor=(cast.auditor, cast.analyst)[number % 2],
            unit=(cast.units.payments, cast.units.cards)[number % 2],
            team=[cast.ciso],
            frameworks=[framework],
        )
    return programme.get_absolute_url()


@pytest.mark.parametrize("count", [5, 50])
def test_query_count(cast: Cast, sign_in: SignIn, count: int) -> None:
    programme = many(cast, count)
    client = sign_in(cast.analyst)
    for name, url in (
        ("year", YEAR),
        ("year-coverage", f"{YEAR}coverage/"),
        ("year-load", f"{YEAR}load/"),
        ("programme-detail-many", programme),
        ("programme-coverage", f"{programme}coverage/"),
        ("programme-load", f"{programme}load/"),
    ):
        forget_organisation()  # which is kept for ten seconds: read now, and not in what is counted
        client.get(url)
        with assert_queries(name):
            client.get(url)
