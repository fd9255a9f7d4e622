"""The list of frameworks and the page of one."""

from collections.abc import Callable

import pytest
from django.test import Client

from compliance.models import Framework
from compliance.tests.factories import framework_make
from foundation.accounts.models import User
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.forms import filled
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def test_the_list_shows_what_counts(client: Client, cast: Cast) -> None:
    framework_make(cast)
    client.force_login(cast.auditor)
    client.get("/compliance/")
    with assert_queries("framework-list"):
        page = client.get("/compliance/").content.decode()
    assert "Harbour baseline" in page
    assert "FRM-0001" in page


def test_who_reads_none_is_not_told_that_there_are_none(cast: Cast, sign_in: SignIn) -> None:
    assert "No frameworks yet" in sign_in(cast.auditor).get("/compliance/").content.decode()
    framework_make(cast)
    page = sign_in(cast.personnel).get("/compliance/").content.decode()
    assert "Nothing that you may see" in page
    assert "No frameworks yet" not in page


def test_the_page_shows_what_it_requires(client: Client, cast: Cast) -> None:
    framework = framework_make(cast)
    client.force_login(cast.auditor)
    client.get(framework.get_absolute_url())
    with assert_queries("framework-detail"):
        page = client.get(framework.get_absolute_url()).content.decode()
    assert "HB-3" in page


def test_its_history_is_told(client: Client, cast: Cast) -> None:
    framework = framework_make(cast)
    client.force_login(cast.auditor)
    client.get(framework.get_absolute_url())
    with assert_queries("framework-tab"):
        page = client.get(framework.get_tab_url("history")).content.decode()
    assert "added the framework" in page


def test_a_framework_is_made_restricted_and_internal_again(cast: Cast, sign_in: SignIn) -> None:
    framework = framework_make(cast)
    page, edit = framework.get_absolute_url(), f"{framework.get_absolute_url()}edit/"
    browser = sign_in(cast.analyst)
    assert browser.post(edit, filled(browser, edit, confidentiality="secret")).status_code == 422
    answer = browser.post(edit, filled(browser, edit, confidentiality="restricted"), follow=True)
    assert answer.redirect_chain == [("/compliance/", 302)]
    assert "It is restricted, and you do not own it: you see it no more." in answer.content.decode()
    assert "Harbour baseline" not in answer.content.decode()
    assert Framework.objects.get().confidentiality == Confidentiality.RESTRICTED
    assert Entry.objects.get(action="compliance.framework.changed").after == {"confidentiality": "restricted"}
    for person in (cast.analyst, cast.auditor):
        assert sign_in(person).get(page).status_code == 404
        assert sign_in(person).get(edit).status_code == 404
    browser = sign_in(cast.ciso)
    assert "Restricted" in browser.get(page).content.decode()
    assert browser.post(edit, filled(browser, edit, confidentiality="internal"))["Location"] == page
    assert "Internal" in sign_in(cast.auditor).get(page).content.decode()


def test_who_owns_a_framework_reads_it_when_it_is_restricted(cast: Cast, sign_in: SignIn) -> None:
    framework = framework_make(cast)
    edit = f"{framework.get_absolute_url()}edit/"
    browser = sign_in(cast.analyst)
    changes = {"owner": cast.analyst.pk, "confidentiality": "restricted"}
    answer = browser.post(edit, filled(browser, edit, **changes))
    assert answer["Location"] == framework.get_absolute_url()
    assert browser.get(answer["Location"]).status_code == 200
    assert sign_in(cast.auditor).get(answer["Location"]).status_code == 404
