"""An evidence pack in a browser: asked for, watched until it is ready, taken away, and passed; with and without scripts."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from duties.models import EvidencePack
from duties.services.packs import pack_make
from duties.tests.factories import activity_make
from duties.tests.packs import checked
from foundation import clock
from foundation.files.tests.contents import file_make
from foundation.testing.browser import SignIn, assert_accessible, assert_fits
from foundation.testing.cast import Cast, cast_make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("folders")]
LOOKS = [
    pytest.param(wishes, marks=pytest.mark.browser(**wishes), id="-".join(wishes) or "wide")
    for wishes in ({}, {"narrow": True, "dark": True}, {"scripts": False})
]


@pytest.fixture
def cast(transactional_db: None, browser_sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The cast, before the auditor; no worker listens."""
    monkeypatch.setattr("duties.views.packs.pack_wake", lambda key: None)
    made = cast_make()
    browser_sign_in(made.auditor)
    return made


@pytest.mark.parametrize("look", LOOKS)
def test_a_pack_is_asked_for_watched_and_taken_away(
    browser_page: Page, cast: Cast, look: dict[str, bool], tmp_path: Path
) -> None:
    file_make(activity_make(cast), cast.personnel, "minutes.txt")
    page, has_scripts = browser_page, look.get("scripts", True)
    page.goto("/duties/evidence-packs/?duty=5")
    page.get_by_role("link", name="This year").click()
    expect(page.get_by_label("Duty")).to_have_value("5")
    if has_scripts:
        assert_accessible(page)
        assert_fits(page)
    page.get_by_role("button", name="Make the pack").click()
    expect(page.get_by_text("Waiting")).to_be_visible()
    pack_make(key=EvidencePack.objects.get().key, clock=clock.now)
    if not has_scripts:
        page.get_by_role("link", name="Look again").click()
    download = page.get_by_role("link", name="Download")
    expect(download).to_be_visible()
    if has_scripts:
        assert_accessible(page)
        assert_fits(page)
    with page.expect_download() as taken:
        download.click()
    path = tmp_path / taken.value.suggested_filename
    taken.value.save_as(path)
    assert path.name.startswith("evidence-pack-threat-landscape-")
    code, said = checked(path)
    assert code == 0, said
