"""The list of frameworks and the page of one."""

import pytest
from django.test import Client

from compliance.tests.factories import framework_make
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries

pytestmark = pytest.mark.django_db


def test_the_list_shows_what_counts(client: Client, cast: Cast) -> None:
    framework_make(cast)
    client.force_login(cast.auditor)
    client.get("/compliance/")
    with assert_queries("framework-list"):
        page = client.get("/compliance/").content.decode()
    assert "Harbour baseline" in page
    assert "FRM-0001" in page


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
