"""The pages of records and forms: tabs, errors that stay beside their fields, and dialogs."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from foundation.testing.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.urls("foundation.ui.tests.sample_pages")]

DIALOG = {"HX-Request": "true", "HX-Target": "ask-content"}


@pytest.fixture
def browser(cast: Cast, sign_in: Callable[..., Client]) -> Client:
    return sign_in(cast.analyst)


@pytest.fixture
def group(cast: Cast) -> Group:
    return Group.objects.create(name="One")


def test_a_record_opens_on_its_first_tab(browser: Client, group: Group) -> None:
    response = browser.get(f"/sample/{group.pk}/")
    tabs = [(str(tab.label), tab.url, tab.is_current) for tab in response.context["tabs"]]
    assert tabs == [
        ("Overview", f"/sample/{group.pk}/", True),
        ("History", f"/sample/{group.pk}/history/", False),
    ]
    assert "moments" not in response.context


def test_only_the_tab_that_is_shown_is_read(browser: Client, group: Group) -> None:
    response = browser.get(f"/sample/{group.pk}/history/")
    assert response.context["moments"] == []
    assert [tab.is_current for tab in response.context["tabs"]] == [False, True]


@pytest.mark.parametrize("address", ["/sample/{pk}/nothing/", "/sample/999999/", "/sample/999999/history/"])
def test_what_is_not_there_is_not_found(browser: Client, group: Group, address: str) -> None:
    assert browser.get(address.format(pk=group.pk)).status_code == 404


def test_pages_send_strangers_to_sign_in(client: Client, group: Group) -> None:
    for address in (f"/sample/{group.pk}/", "/sample/new/", f"/sample/{group.pk}/close/"):
        assert client.get(address).status_code == 302
        assert client.post(address).status_code == 302


def test_a_form_saves_and_goes_on(browser: Client, cast: Cast) -> None:
    response = browser.post("/sample/new/", {"name": "Two", "size": "s"}, follow=True)
    made = Group.objects.get(name="Two")
    assert response.redirect_chain == [(f"/sample/{made.pk}/", 302)]
    assert "Group made" in response.text


def test_a_form_with_errors_keeps_what_was_typed(browser: Client, cast: Cast) -> None:
    response = browser.post("/sample/new/", {"name": "x" * 21, "size": "l"})
    assert response.status_code == 422
    assert "x" * 21 in response.text
    assert (
        '<a href="#id_name">Name: Ensure this value has at most 20 characters (it has 21).</a>'
        in response.text
    )
    assert not Group.objects.exists()


def test_what_a_service_refuses_stands_beside_the_field_that_it_names(browser: Client, group: Group) -> None:
    response = browser.post("/sample/new/", {"name": "One", "size": "s"})
    assert response.status_code == 422
    assert response.context["form"].errors == {"name": ["This name is taken."]}
    assert Group.objects.count() == 1


def test_a_step_is_asked_about_in_a_dialog_or_on_a_page(browser: Client, group: Group) -> None:
    address = f"/sample/{group.pk}/close/"
    assert "<html" in browser.get(address).text
    part = browser.get(address, headers=DIALOG)
    assert "<html" not in part.text
    assert 'id="ask-title"' in part.text
    assert "HX-Request" in part["Vary"]


def test_a_confirmed_step_leads_the_page_on_out_of_the_dialog(browser: Client, group: Group) -> None:
    address = f"/sample/{group.pk}/close/"
    wrong = browser.post(address, {"comment": " "}, headers=DIALOG)
    assert wrong.status_code == 422
    assert "<html" not in wrong.text
    done = browser.post(address, {"comment": "why"}, headers=DIALOG)
    assert done["HX-Redirect"] == f"/sample/{group.pk}/"
    assert browser.post(address, {"comment": "why"})["Location"] == f"/sample/{group.pk}/"


def test_a_step_with_a_comment_that_is_too_long_is_told(browser: Client, group: Group) -> None:
    response = browser.post(f"/sample/{group.pk}/close/", {"comment": "x" * 4001})
    assert response.status_code == 422
    assert "Ensure this value has at most 4000 characters" in response.text
