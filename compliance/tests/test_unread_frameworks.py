"""A framework that a person may not read: no file shows what it says, replaces it, or tells what it is called."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from compliance.imports import NEW
from compliance.models import Edition, Framework
from compliance.services import FrameworkRefused, framework_change, framework_create
from compliance.tests import oscal
from compliance.tests.factories import NOW, framework_make
from compliance.tests.oscal import content
from compliance.tests.test_importing import accept as accept_file
from compliance.tests.test_importing import plan
from compliance.tests.test_views_import import accept, text_of
from foundation.accounts.models import User
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Any]
REFUSAL = "There is a framework of this name, or of this standard, already, and you may not read it."
TABLE = b"Identifier,Title\nZZ.1,Guess\n"


def restrict(cast: Cast, framework: Framework) -> Framework:
    """Let the CISO alone read a framework."""
    restricted = {"confidentiality": Confidentiality.RESTRICTED, "owner": cast.ciso}
    Record.objects.filter(pk=framework.pk).update(**restricted)
    assert not Framework.objects.visible_to(cast.analyst).filter(pk=framework.pk).exists()
    return Framework.objects.get(pk=framework.pk)


def upload(browser: Any, **asked: str) -> str:
    """Bring a table; return the address of its preview."""
    file = SimpleUploadedFile("quay.csv", TABLE)
    return str(browser.post("/compliance/import/", {"file": file, "version": "9", **asked}).url)


@pytest.fixture
def secret(cast: Cast) -> Framework:
    return restrict(cast, framework_make(cast, title="Secret quay"))


def assert_told_nothing(page: str) -> None:
    assert REFUSAL in page
    for said in ("FRM-0001", "Duty 1", "Accept this version", "Accept as a new framework"):
        assert said not in page


def test_a_table_of_its_name_is_refused_and_tells_nothing(
    cast: Cast, sign_in: SignIn, secret: Framework
) -> None:
    browser = sign_in(cast.analyst)
    assert browser.get(secret.get_absolute_url()).status_code == 404
    preview = upload(browser, name="secret QUAY")
    assert_told_nothing(text_of(browser.get(preview)))
    for against in ("new", f"FRM-0001/{secret.current_id}"):
        refused = accept(browser, preview, against)
        assert refused.status_code in (409, 422)
        assert_told_nothing(text_of(refused))
    assert Edition.objects.count() == 1
    owner = sign_in(cast.ciso)
    page = text_of(owner.get(upload(owner, name="secret QUAY")))
    assert "Duty 1" in page, "who reads it sees what the file changes"


def test_a_catalogue_of_its_uuid_is_refused_whatever_it_is_called(cast: Cast) -> None:
    framework = accept_file(cast, content()).framework
    restrict(cast, framework)
    renamed = content(metadata={"title": "Quay rules", "version": "2.0"})
    planned = plan(cast, renamed)
    assert (planned.framework, planned.may_be_accepted) == (None, False)
    assert planned.refusal.startswith(REFUSAL)
    made = plan(cast, renamed, chosen=NEW).accept(actor=cast.analyst, now=NOW).framework
    assert made.reference == "FRM-0002", "it may be said to be a new one"
    later = content(metadata={"title": "Quay rules", "version": "3.0"})
    assert plan(cast, later).framework == made, "and finds that from then on"


def test_a_new_one_of_its_name_is_refused_and_tells_nothing(cast: Cast, secret: Framework) -> None:
    other = content(uuid=oscal.OTHER_UUID, metadata={"title": "Secret quay"})
    assert plan(cast, other, chosen=NEW).refusal.startswith(REFUSAL)
    with pytest.raises(FrameworkRefused) as refused:
        framework_create(title="Secret QUAY", actor=cast.analyst, now=NOW)
    assert str(refused.value).startswith(REFUSAL)
    with pytest.raises(FrameworkRefused) as refused:
        framework_create(title="Another", key=secret.key, actor=cast.analyst, now=NOW)
    assert str(refused.value).startswith(REFUSAL)
    own = framework_create(title="Another", actor=cast.analyst, now=NOW)
    with pytest.raises(FrameworkRefused) as refused:
        changes = {"title": "Secret quay"}
        framework_change(framework=own, changes=changes, actor=cast.analyst, now=NOW, version=own.version)
    assert str(refused.value).startswith(REFUSAL)
    with pytest.raises(FrameworkRefused, match="FRM-0001 is called “Secret quay” already"):
        framework_create(title="Secret QUAY", actor=cast.ciso, now=NOW)


@pytest.mark.parametrize("chosen", ["", "FRM-0001"])
def test_one_that_was_restricted_after_the_file_was_brought_is_not_shown_any_more(
    cast: Cast, sign_in: SignIn, chosen: str
) -> None:
    framework = framework_make(cast, title="Quay rules")
    browser = sign_in(cast.analyst)
    preview = upload(browser, **({"framework": chosen} if chosen else {"name": "Quay rules"}))
    assert "Duty 1" in text_of(browser.get(preview))
    restrict(cast, framework)
    page = browser.get(preview, follow=True)
    done = browser.post(f"{preview}confirm/", {"against": f"FRM-0001/{framework.current_id}"}, follow=True)
    for shown in map(text_of, (page, done)):
        assert "Duty 1" not in shown
        assert (REFUSAL if not chosen else "The framework that you chose is gone.") in shown
    assert Edition.objects.count() == 1
