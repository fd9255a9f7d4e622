"""A version that was accepted before becomes the current one again: by its file, by the command and by its page."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from compliance.models import Edition, Framework, Requirement
from compliance.selectors import requirements_of
from compliance.services import EditionRefused, EditionStale, draft_begin, edition_restore
from compliance.tests.factories import NOW
from compliance.tests.oscal import content, control, group
from compliance.tests.test_command_import_catalogue import report, run
from compliance.tests.test_importing import LATER, accept, plan, second
from compliance.tests.test_views_import import accept as confirm
from compliance.tests.test_views_import import bring, text_of
from foundation.accounts.models import User
from foundation.lifecycle.services import apply_transition
from foundation.testing.cast import Cast
from foundation.testing.races import elsewhere, wait_until_blocked
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Any]


def restore(cast: Cast, edition: Edition) -> None:
    current = Framework.objects.get(pk=edition.framework_id).current_id
    edition_restore(edition=edition, against=current, actor=cast.analyst, now=NOW)


def labelled(**numbers: str) -> bytes:
    lines = [control(key, props=[{"name": "label", "value": number}]) for key, number in numbers.items()]
    return content(group("hb", *lines), metadata={"version": "-".join(numbers)})


def test_the_file_of_an_earlier_version_makes_it_current_again(cast: Cast) -> None:
    first, newer = accept(cast, content()), accept(cast, second())
    planned = plan(cast, content())
    assert (planned.same, planned.earlier) == (None, first)
    assert planned.may_be_accepted
    assert planned.notes[0].startswith(
        "Version 1.0 was accepted before. Accepting it makes it the current one"
    )
    assert planned.accept(actor=cast.analyst, now=NOW) == first
    assert Framework.objects.get().current == first
    assert Edition.objects.count() == 2
    assert [text.identifier for text in requirements_of(first)] == ["HB-1", "HB-2"]
    assert dict(Requirement.objects.values_list("identifier", "is_withdrawn")) == {
        "HB-1": False,
        "HB-2": False,
        "HB-3": True,
    }
    entry = Entry.objects.get(action="compliance.edition.restored")
    assert (entry.before["edition"], entry.after["edition"]) == ("2.0", "1.0")
    assert (entry.after["lines_withdrawn"], entry.after["lines_reinstated"]) == ("HB-3", "HB-2")
    assert plan(cast, content()).same == first
    assert plan(cast, second()).accept(actor=cast.analyst, now=NOW) == newer, "and back again"
    assert Requirement.objects.get(identifier="HB-2").is_withdrawn


def test_another_file_that_says_what_an_earlier_version_said_is_that_version(cast: Cast) -> None:
    first = accept(cast, content())
    accept(cast, second())
    assert plan(cast, content() + b"\n").earlier == first
    assert plan(cast, content(metadata={"version": "1.0.1"})).earlier is None, "another version is another"
    assert plan(cast, content(group("hb", control("hb-1")))).earlier is None, "and so is another text"


def test_requirements_become_again_what_they_were(cast: Cast) -> None:
    """Keys and numbers went from one to another meanwhile: each requirement has its own back, and is the same one."""
    first = accept(cast, labelled(a="1", b="2"))
    stood = dict(Requirement.objects.values_list("key", "pk"))
    accept(cast, labelled(x="1", b="3"))
    accept(cast, labelled(x="4", a="2", b="1"))
    assert Requirement.objects.get(key="a").pk not in stood.values(), "a new one has the older one's key"
    restore(cast, first)
    connection.check_constraints()
    now = {one.key: (one.pk, one.identifier) for one in Requirement.objects.filter(is_withdrawn=False)}
    assert now == {"a": (stood["a"], "1"), "b": (stood["b"], "2")}
    assert Requirement.objects.filter(is_withdrawn=True).count() == 1


def test_what_stands_against_it_is_told(cast: Cast) -> None:
    first, newer = accept(cast, content()), accept(cast, second())
    with pytest.raises(EditionRefused, match=r"Version 2\.0 is the current one already"):
        restore(cast, newer)
    with pytest.raises(EditionStale):
        edition_restore(edition=first, against=first.pk, actor=cast.analyst, now=NOW)
    framework = Framework.objects.get()
    draft = draft_begin(framework=framework, label="3.0", actor=cast.analyst, now=NOW)
    with pytest.raises(EditionRefused, match=r"a draft, “3\.0”"):
        restore(cast, first)
    assert "has a draft, “3.0”" in plan(cast, content()).refusal
    draft.texts.all().update(parent=None)
    draft.texts.all().delete()
    draft.delete()
    apply_transition(record=framework, name="retire", actor=cast.ciso, now=NOW, comment="Gone")
    with pytest.raises(EditionRefused, match="is retired"):
        restore(cast, first)
    assert Framework.objects.get().current == newer


def test_the_preview_says_that_it_makes_an_earlier_version_current_again(cast: Cast, sign_in: SignIn) -> None:
    accept(cast, content())
    accept(cast, second())
    browser = sign_in(cast.analyst)
    preview = bring(browser, content()).url
    page = text_of(browser.get(preview))
    assert "Version 1.0 was accepted before." in page
    assert "Make it current again" in page
    assert "HB-3" in page, "what changes against the current one is shown"
    current = Framework.objects.get().current_id
    done = confirm(browser, preview, f"FRM-0001/{current}")
    assert "Version 1.0 of FRM-0001 is current again" in text_of(browser.get(done.url))
    assert Framework.objects.get().current.label == "1.0"
    assert "made version 1.0 the current one again, in place of 2.0" in text_of(
        browser.get("/compliance/FRM-0001/history/")
    )


def test_the_command_makes_an_earlier_version_current_again_and_says_so(cast: Cast, tmp_path: Path) -> None:
    first, newer = tmp_path / "1.json", tmp_path / "2.json"
    first.write_bytes(content())
    newer.write_bytes(second())
    run(first)
    run(newer)
    out, _err, code = run(first, "--dry-run")
    assert code == 0
    assert "Note: Version 1.0 was accepted before. Accepting it makes it the current one again" in out
    assert out.endswith("Nothing written.\n")
    out, _err, code = run(first)
    assert out.endswith("Version 1.0 is the current one of FRM-0001 again.\n")
    assert Framework.objects.get().current.label == "1.0"
    said = report(newer)
    assert (said["imported"], said["makes_current_again"]) == (True, "2.0")


def test_the_command_prints_that_a_file_is_older(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "harbour.json"
    path.write_bytes(second())
    run(path)
    path.write_bytes(content())
    out, _err, _code = run(path, "--dry-run")
    assert "Note: The file is older than the current version, 2.0." in out
    assert "older than the current version" in report(path)["notes"][0]
    assert Framework.objects.get().current.label == "1.0"


def test_versions_offer_it_to_whoever_may(cast: Cast, sign_in: SignIn) -> None:
    first, newer = accept(cast, content()), accept(cast, second())
    browser = sign_in(cast.analyst)
    address = "/compliance/FRM-0001/versions/1/restore/"
    versions = text_of(browser.get("/compliance/FRM-0001/versions/"))
    assert versions.count("/restore/") == 1
    assert address in versions
    assert "/restore/" not in text_of(sign_in(cast.auditor).get("/compliance/FRM-0001/versions/"))
    page = text_of(browser.get(address))
    assert "what changes against version 2.0" in page
    assert "HB-3" in page
    assert "Somebody accepted another version meanwhile" in text_of(
        browser.post(address, {"against": first.pk})
    )
    done = browser.post(address, {"against": newer.pk})
    assert done.url == "/compliance/FRM-0001/"
    assert Framework.objects.get().current == first
    again = browser.post(address, {"against": first.pk})
    assert again.status_code == 422
    assert "Version 1.0 is the current one already." in text_of(again)
    assert "Make it current again" not in text_of(again)


def test_a_requirement_shows_what_counts_now_though_a_later_version_is_there(
    cast: Cast, sign_in: SignIn
) -> None:
    first = accept(cast, content())
    accept(cast, second())
    restore(cast, first)
    page = sign_in(cast.auditor).get(Requirement.objects.get(identifier="HB-1").get_absolute_url())
    assert "Keep watch." in text_of(page)
    assert "which is not the current one" not in text_of(page)


@pytest.mark.django_db(transaction=True)
def test_what_is_accepted_while_another_waits_for_the_lock_is_told_to_the_other(
    cast: Cast, sign_in: SignIn
) -> None:
    """Both looked at the same differences; one accepts first, and the other must look again."""
    accept(cast, content())
    current = Framework.objects.get().current_id
    browser = sign_in(cast.ciso)
    preview = bring(browser, second(metadata={"version": "3.0", "title": "Harbour baseline"})).url
    with transaction.atomic():
        Framework.objects.select_for_update().get()
        other = elsewhere(lambda: confirm(browser, preview, f"FRM-0001/{current}"))
        wait_until_blocked()
        accept(cast, second())
    answer = other.result(15)
    assert answer.status_code == 409
    assert "Somebody accepted another version meanwhile: look again." in text_of(answer)
    assert "2.0 → 3.0" in text_of(answer)
    assert Framework.objects.get().current.label == "2.0"
    assert Edition.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_earlier_version_that_two_make_current_differently_is_decided_once(
    cast: Cast, sign_in: SignIn
) -> None:
    accept(cast, content())
    newer = accept(cast, second())
    browser = sign_in(cast.ciso)
    with transaction.atomic():
        Framework.objects.select_for_update().get()
        other = elsewhere(
            lambda: browser.post("/compliance/FRM-0001/versions/1/restore/", {"against": newer.pk})
        )
        wait_until_blocked()
        accept(cast, content(metadata={**LATER, "version": "4.0"}))
    assert other.result(15).status_code == 409
    assert Framework.objects.get().current.label == "4.0"
