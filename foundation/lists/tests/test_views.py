"""Views that people keep of lists, and share: in the menu of the list, and on a page of their own."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audits.tests.factories import audit_make
from foundation.lists.models import SavedView
from foundation.lists.services import MOST_VIEWS, clean_query
from foundation.testing.cast import Cast
from foundation.testing.forms import filled, send
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db

AUDITS = "audits:audit-list"
SignIn = Callable[..., Client]


def save(browser: Client, query: str, **data: str) -> Any:
    address = reverse("lists:view-create", query={"list": AUDITS, "query": query})
    return browser.post(address, {"name": "Late ones", "sharing": "nobody", **data})


def menu(browser: Client, query: str = "") -> dict[str, str]:
    response = browser.get(f"{reverse(AUDITS)}?{query}")
    return {str(chip.label): chip.url for _view, chip in response.context["saved_views"]}


def offered(browser: Client, query: str = "q=a") -> dict[str, str]:
    """Return what the form offers to take the place of, by name."""
    form = browser.get(reverse("lists:view-create", query={"list": AUDITS, "query": query})).context["form"]
    return {str(label): str(key) for key, label in form.fields["replaces"].choices}


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("sort=title&q=a&page=3&state=", "q=a&sort=title"),
        ("columns=unit&columns=state&export=csv", "columns=state&columns=unit"),
        ("", ""),
        ("q=%00%26", "q=%00%26"),
    ],
)
def test_what_lasts_of_an_address_is_kept_in_one_form(query: str, kept: str) -> None:
    assert clean_query(query) == kept


def test_a_view_is_saved_and_stands_in_the_menu(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.analyst)
    response = save(browser, "state=open&sort=title&page=2")
    assert response["Location"] == "/audits/?sort=title&state=open"
    assert menu(browser) == {"Late ones": "/audits/?sort=title&state=open"}
    page = browser.get("/audits/?state=open&sort=title")
    assert [chip.label for chip in page.context["quick_chips"] if chip.is_current] == ["Open", "Late ones"]
    assert page.context["view_save_url"] == "", "what is kept is not offered again"
    assert Entry.objects.get(action="lists.view.saved").after["filters"] == "sort=title&state=open"


def test_a_view_is_ones_own_until_it_is_shared(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.analyst)
    save(browser, "late=on")
    assert menu(sign_in(cast.auditor)) == {}
    view = SavedView.objects.get()
    send(browser, reverse("lists:view-edit", args=[view.pk]), name="All late", sharing="everyone")
    assert menu(sign_in(cast.auditor)) == {"All late": "/audits/?late=on"}
    assert "All late" not in sign_in(cast.auditor).get(reverse("lists:view-list")).text


def test_the_menu_says_to_each_reader_whose_view_it_is(cast: Cast, sign_in: SignIn) -> None:
    audit_make(cast)
    owner, other = sign_in(cast.ciso), sign_in(cast.analyst)
    save(owner, "q=a", sharing="everyone")
    for _time in range(2):
        assert "shared by you" in owner.get("/audits/").content.decode()
        shown = other.get("/audits/").content.decode()
        assert f"shared by {cast.ciso.full_name}" in shown
        assert "shared by you" not in shown
    SavedView.objects.update(name="Renamed")
    assert "Renamed" in other.get("/audits/").content.decode()


def test_a_view_shared_with_a_unit_reaches_that_unit_and_those_below(cast: Cast, sign_in: SignIn) -> None:
    people = (cast.analyst, cast.unit_lead, cast.outsider)
    cast.unit_lead.unit, cast.analyst.unit, cast.outsider.unit = (
        cast.units.payments,
        cast.units.root,
        cast.units.retail,
    )
    for person in people:
        person.save()
    save(sign_in(cast.analyst), "late=on", sharing="unit")
    assert menu(sign_in(cast.unit_lead)), "a unit below"
    save(sign_in(cast.unit_lead), "late=on", sharing="unit", name="Of payments")
    assert "Of payments" not in menu(sign_in(cast.outsider)), "a unit beside"
    assert "Of payments" not in menu(sign_in(cast.analyst)), "the unit above"


def test_a_shared_view_shows_its_reader_no_more_than_they_may_see(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, title="Sensitive matter", confidentiality="restricted", owner=cast.ciso)
    save(sign_in(cast.ciso), "q=sensitive", sharing="everyone")
    url = menu(sign_in(cast.analyst))["Late ones"]
    assert audit.reference in sign_in(cast.ciso).get(url).text
    assert audit.reference not in sign_in(cast.analyst).get(url).text


def test_only_those_with_the_right_share_with_everyone(cast: Cast, sign_in: SignIn) -> None:
    response = save(sign_in(cast.unit_lead), "late=on", sharing="everyone")
    assert response.status_code == 422
    assert not SavedView.objects.exists()


def test_a_name_is_taken_once_and_what_was_typed_stays(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.analyst)
    save(browser, "late=on")
    response = save(browser, "state=open", name="LATE ONES")
    assert response.status_code == 422
    assert "You have another view of this name." in response.text
    assert "LATE ONES" in response.text
    save(browser, "state=open", replaces=offered(browser)["Late ones"])
    assert SavedView.objects.get().query == "state=open"


def test_there_is_an_end_to_what_one_person_keeps(cast: Cast, sign_in: SignIn) -> None:
    SavedView.objects.bulk_create(
        SavedView(owner=cast.analyst, list_key=AUDITS, name=f"View {number}") for number in range(MOST_VIEWS)
    )
    response = save(sign_in(cast.analyst), "late=on")
    assert "Remove one first." in response.text
    assert save(sign_in(cast.analyst), "q=" + "x" * 2_100).status_code == 422


@pytest.mark.parametrize("key", ["", "desk:desk", "no:such", "audits:audit-detail", "x" * 300])
def test_what_is_no_list_has_no_views(cast: Cast, sign_in: SignIn, key: str) -> None:
    address = reverse("lists:view-create", query={"list": key, "query": "q=a"})
    assert sign_in(cast.analyst).get(address).status_code == 404


def test_a_list_that_one_may_not_open_has_no_views_of_ones_own(cast: Cast, sign_in: SignIn) -> None:
    address = reverse("lists:view-create", query={"list": "records:trail-list", "query": "q=a"})
    assert sign_in(cast.personnel).get(address).status_code == 403
    assert sign_in(cast.auditor).get(address).status_code == 200


def test_views_are_listed_renamed_and_removed(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.analyst)
    assert "No saved views" in browser.get(reverse("lists:view-list")).text
    save(browser, "late=on")
    view = SavedView.objects.get()
    assert "/audits/?late=on" in browser.get(reverse("lists:view-list")).text
    response = browser.post(reverse("lists:view-remove", args=[view.pk]))
    assert response["Location"] == reverse("lists:view-list")
    assert not SavedView.objects.exists()
    assert Entry.objects.get(action="lists.view.removed").before["filters"] == "late=on"


def test_a_list_that_is_gone_breaks_nothing(cast: Cast, sign_in: SignIn) -> None:
    SavedView.objects.create(owner=cast.analyst, list_key="gone:list", name="Old", query="q=a")
    assert "a list that is gone" in sign_in(cast.analyst).get(reverse("lists:view-list")).text


def test_a_view_changed_in_another_tab_is_told_with_both_versions(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.analyst)
    save(browser, "late=on")
    view = SavedView.objects.get()
    path = reverse("lists:view-edit", args=[view.pk])
    data = filled(browser, path, name="Mine")
    send(browser, path, name="Theirs", sharing="everyone")
    told = browser.post(path, data)
    assert told.status_code == 409
    rows = {row.label: (row.mine, row.theirs) for row in told.context["conflict"].different_rows}
    assert rows == {"Name": ("Mine", "Theirs"), "Shown to": ("Only me", "Everyone")}
    view.refresh_from_db()
    assert view.name == "Theirs", "nothing was saved over it"
    assert browser.post(path, {**data, "version": told.context["form"]["version"].value()}).status_code == 302
    view.refresh_from_db()
    assert (view.name, view.query, view.sharing) == ("Mine", "late=on", "nobody")


def test_what_takes_the_place_of_a_view_that_was_changed_meanwhile_is_told(
    cast: Cast, sign_in: SignIn
) -> None:
    browser = sign_in(cast.analyst)
    save(browser, "late=on")
    before = offered(browser)["Late ones"]
    save(browser, "late=on&unit=3", replaces=before)
    told = save(browser, "state=open", replaces=before)
    assert told.status_code == 409
    (row,) = told.context["conflict"].different_rows
    assert (row.mine, row.theirs) == ("state: open", "late: on\nunit: 3")
    assert SavedView.objects.get().query == "late=on&unit=3"
    assert save(browser, "state=open", replaces=told.context["form"]["replaces"].value()).status_code == 302
    assert SavedView.objects.get().query == "state=open"


def test_a_view_removed_in_another_tab_is_told(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.analyst)
    save(browser, "late=on")
    save(browser, "mine=on", name="Mine")
    before = offered(browser)["Late ones"]
    SavedView.objects.filter(name="Late ones").delete()
    assert save(browser, "state=open", replaces=before).status_code == 422
    assert SavedView.objects.get().name == "Mine"
