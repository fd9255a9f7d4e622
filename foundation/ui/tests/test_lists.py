"""What a list does with its URL: filters, order, pages, parts and files."""

import csv
import io
from collections.abc import Callable

import openpyxl
import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from foundation.accounts.models import User
from foundation.testing.cast import Cast
from foundation.ui.tests.sample_pages import GuardedList

pytestmark = [pytest.mark.django_db, pytest.mark.urls("foundation.ui.tests.sample_pages")]

PART = {"HX-Request": "true", "HX-Target": "results"}


@pytest.fixture
def browser(cast: Cast, sign_in: Callable[..., Client]) -> Client:
    return sign_in(cast.analyst)


def make_groups(count: int) -> None:
    Group.objects.bulk_create([Group(name=f"Group {number:05}") for number in range(count)])


def names(response: object) -> list[str]:
    return [group.name for group in response.context["page"].rows]  # type: ignore[attr-defined]


def test_it_shows_the_first_page_in_its_usual_order(browser: Client) -> None:
    make_groups(30)
    response = browser.get("/sample/")
    assert names(response) == [f"Group {number:05}" for number in range(25)]
    assert response.context["count_text"] == "1–25 of 30"
    assert response["Cache-Control"] == "no-store, private"


def test_whoever_is_signed_out_is_sent_to_sign_in(client: Client, cast: Cast) -> None:
    response = client.get("/sample/?q=x")
    assert response.status_code == 302
    assert response["Location"].endswith("?next=/sample/%3Fq%3Dx")


def test_a_part_asked_for_after_the_session_ended_leads_the_page_to_sign_in(
    client: Client, cast: Cast
) -> None:
    here = {"HX-Current-URL": "http://testserver/sample/?size=short&sort=-name"}
    response = client.get("/sample/?q=x", headers={**PART, **here})
    assert response.status_code == 204
    assert response["HX-Redirect"].endswith("?next=/sample/%3Fsize%3Dshort%26sort%3D-name")


def test_it_refuses_whoever_lacks_the_right(
    cast: Cast, sign_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GuardedList, "right", "audits.plan")
    assert sign_in(cast.analyst).get("/sample/guarded/").status_code == 200
    assert sign_in(cast.personnel).get("/sample/guarded/").status_code == 403


def test_an_empty_list_says_what_to_do_first(browser: Client) -> None:
    response = browser.get("/sample/")
    assert "Make the first one." in response.text
    assert "Nothing fits" not in response.text


def test_filters_that_nothing_fits_can_be_cleared(browser: Client) -> None:
    make_groups(3)
    response = browser.get("/sample/?q=zzz&sort=-name")
    assert "Nothing fits these filters" in response.text
    assert response.context["clear_url"] == "/sample/?sort=-name"


def test_a_filter_that_is_on_is_a_chip_that_takes_it_off(browser: Client) -> None:
    make_groups(3)
    response = browser.get("/sample/?q=Group&size=long&page=1")
    chips = {str(chip.label): chip.url for chip in response.context["active_chips"]}
    assert chips == {"Search: Group": "/sample/?size=long", "Size: Long names": "/sample/?q=Group"}


def test_a_box_that_is_ticked_is_a_chip_of_its_name(browser: Client) -> None:
    make_groups(3)
    response = browser.get("/sample/?odd=on")
    assert names(response) == ["Group 00001"]
    assert [str(chip.label) for chip in response.context["active_chips"]] == ["Odd only"]
    assert response.context["filters"]["is_more_open"]
    assert not browser.get("/sample/?q=Group").context["filters"]["is_more_open"]


def test_the_quick_filter_in_force_is_marked(browser: Client) -> None:
    make_groups(3)
    chips = browser.get("/sample/?size=short&sort=-name").context["quick_chips"]
    assert [(chip.label, chip.is_current) for chip in chips] == [("All", False), ("Short", True)]


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("size=enormous", "Filter “Size” was left out"),
        ("at_least=many", "Filter “From number” was left out"),
        ("q=%00", "Filter “Search” was left out"),
        ("sort=password", "cannot be sorted that way"),
        ("sort=state", "cannot be sorted that way"),
        ("sort=--name", "cannot be sorted that way"),
        ("page=0", "There is no page “0”"),
        ("page=two", "There is no page “two”"),
        ("page=99999999999999999999", "There is no page"),
        ("page=-7", "There is no page “-7”"),
        ("page=٣", "There is no page"),
        ("q=%ff%fe&page=%ff", "There is no page"),
    ],
)
def test_what_a_url_gets_wrong_is_told_and_the_rest_shown(browser: Client, query: str, notice: str) -> None:
    make_groups(3)
    response = browser.get(f"/sample/?{query}")
    assert response.status_code == 200
    assert notice in response.text


def test_a_wrong_filter_leaves_the_right_ones_in_force(browser: Client) -> None:
    make_groups(12)
    response = browser.get("/sample/?size=enormous&q=00011")
    assert names(response) == ["Group 00011"]


def test_a_page_beyond_the_end_shows_the_last_one(browser: Client) -> None:
    make_groups(30)
    response = browser.get("/sample/?page=9")
    assert names(response)[-1] == "Group 00029"
    assert "There is no page “9”" in response.text


def test_the_order_turns_around_and_keeps_the_filters(browser: Client) -> None:
    make_groups(3)
    response = browser.get("/sample/?sort=-name&q=Group")
    assert names(response) == ["Group 00002", "Group 00001", "Group 00000"]
    heading = response.context["headings"][0]
    assert (heading.sorted, heading.url) == ("descending", "/sample/?q=Group&sort=name")


def test_htmx_gets_the_results_alone_with_an_announcement(browser: Client) -> None:
    make_groups(3)
    response = browser.get("/sample/", headers=PART)
    assert "<html" not in response.text
    assert '<div id="list-status" hx-swap-oob="innerHTML">Groups: 3</div>' in response.text
    assert "HX-Request" in response["Vary"]


def test_going_back_in_the_browser_gets_the_whole_page(browser: Client) -> None:
    headers = {**PART, "HX-History-Restore-Request": "true"}
    assert "<html" in browser.get("/sample/", headers=headers).text


def test_csv_holds_the_filtered_rows_in_order(browser: Client) -> None:
    make_groups(30)
    Group.objects.create(name="=1+1")
    response = browser.get("/sample/?sort=-name&export=csv&page=2")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    table = list(csv.reader(io.StringIO(text)))
    assert table[0] == ["Name", "Letters", "State", "Number"]
    assert len(table) == 32
    assert table[1][0] == "Group 00029"
    assert table[-1][:3] == ["'=1+1", "4", "Short"]
    assert response["Content-Disposition"].startswith('attachment; filename="groups-')


def test_a_file_that_is_left_half_read_keeps_no_zone_in_force(browser: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.analyst.pk).update(time_zone="Asia/Tokyo")
    make_groups(30)
    before = timezone.get_current_timezone_name()
    response = browser.get("/sample/?export=csv")
    parts = iter(response)
    next(parts), next(parts)
    assert timezone.get_current_timezone_name() == before
    with timezone.override("Pacific/Kiritimati"):
        response.close()
        del parts
        assert timezone.get_current_timezone_name() == "Pacific/Kiritimati"


def test_xlsx_holds_text_that_no_program_runs(browser: Client) -> None:
    Group.objects.create(name="=HYPERLINK(1)")
    response = browser.get("/sample/?export=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]
    cell = sheet["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=HYPERLINK(1)", "s", True)
    assert sheet["B2"].value == 13


def test_an_unknown_file_format_is_told(browser: Client) -> None:
    response = browser.get("/sample/?export=exe&q=a", follow=True)
    assert response.redirect_chain == [("/sample/?q=a", 302)]
    assert "There is no export as “exe”." in response.text


def headings(response: object) -> list[str]:
    return [str(heading.column.key) for heading in response.context["headings"]]  # type: ignore[attr-defined]


def test_its_reader_chooses_the_columns(browser: Client) -> None:
    make_groups(2)
    usual = headings(browser.get("/sample/"))
    chosen = browser.get("/sample/?columns=state&sort=-name")
    assert headings(chosen) == ["name", "state"], "what names the row is always there"
    assert headings(chosen) != usual
    assert ("columns", "state") in chosen.context["layout"], "a filter keeps them"
    assert "columns=state" in chosen.context["headings"][0].url
    unknown = browser.get("/sample/?columns=password")
    assert headings(unknown) == usual
    assert "There is no column “password” here." in unknown.text
