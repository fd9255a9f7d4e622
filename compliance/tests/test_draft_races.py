"""Two people at one draft at the same instant: one is first, and the other is told; nothing that was typed is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from compliance.forms import PlaceForm
from compliance.models import Edition, Framework
from compliance.selectors import groups_of, place_of
from compliance.services import (
    EditionRefused,
    draft_begin,
    draft_drop,
    edition_accept,
    line_add,
    line_change,
    line_move,
    line_remove,
)
from compliance.tests.factories import NOW, framework_make
from foundation.accounts.models import User
from foundation.lifecycle.services import apply_transition
from foundation.testing.cast import Cast, cast_make
from foundation.testing.forms import filled
from foundation.testing.races import PATIENCE_SECONDS, elsewhere, wait_until_blocked

SignIn = Callable[[User], Client]


@pytest.fixture
def draft(cast: Cast) -> Edition:
    return draft_begin(framework=framework_make(cast), label="2.0", actor=cast.analyst, now=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("door", ["accept", "add", "begin"])
def test_what_is_retired_at_the_same_instant_is_told(transactional_db: None, door: str) -> None:
    cast = cast_make()
    framework = framework_make(cast)
    if door != "begin":
        draft = draft_begin(framework=framework, label="2.0", actor=cast.analyst, now=NOW)
    doors: dict[str, Callable[[], Any]] = {
        "accept": lambda: edition_accept(edition=draft, actor=cast.ciso, now=NOW),
        "add": lambda: line_add(
            edition=draft,
            parent=None,
            kind="requirement",
            said={"identifier": "X"},
            actor=cast.ciso,
            now=NOW,
        ),
        "begin": lambda: draft_begin(framework=framework, label="3.0", actor=cast.ciso, now=NOW),
    }
    with transaction.atomic():
        apply_transition(record=framework, name="retire", actor=cast.ciso, now=NOW, comment="Gone")
        other = elsewhere(doors[door])
        wait_until_blocked()
    with pytest.raises(EditionRefused, match="FRM-0001 is retired"):
        other.result(PATIENCE_SECONDS)
    assert Framework.objects.get().current.label == "1.0"


@pytest.mark.django_db
def test_a_line_that_was_changed_shows_both_versions_and_is_saved_over_it(
    cast: Cast, sign_in: SignIn, draft: Edition
) -> None:
    browser = sign_in(cast.analyst)
    line = draft.texts.get(key="hb-1")
    path = f"/compliance/FRM-0001/draft/{line.pk}/"
    mine = filled(browser, path, title="Mine", statement="My words")
    theirs = {"title": "Theirs", "guidance": "Their guidance"}
    line_change(line=line, said=theirs, actor=cast.ciso, now=NOW, digest=line.digest)
    answer = browser.post(path, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    for said in ("Mine", "Theirs", "My words", "Their guidance"):
        assert said in page
    assert draft.texts.get(key="hb-1").title == "Theirs", "nothing is written over before it was seen"
    again = {**mine, "version": draft.texts.get(key="hb-1").digest, "guidance": "Their guidance"}
    assert f'value="{again["version"]}"' in page
    assert browser.post(path, again).status_code == 302
    line = draft.texts.get(key="hb-1")
    assert (line.title, line.statement, line.guidance) == ("Mine", "My words", "Their guidance")


@pytest.mark.django_db
def test_what_was_typed_into_a_line_that_was_taken_out_can_be_added_again(
    cast: Cast, sign_in: SignIn, draft: Edition
) -> None:
    browser = sign_in(cast.analyst)
    line = draft.texts.get(key="hb-1")
    path = f"/compliance/FRM-0001/draft/{line.pk}/"
    mine = filled(browser, path, title="Mine", statement="My words")
    line_remove(line=line, actor=cast.ciso, now=NOW)
    answer = browser.post(path, mine)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody took this line out of the draft meanwhile." in page
    assert "My words" in page
    assert "Add it again" in page
    assert not draft.texts.filter(title="Mine").exists()
    assert browser.post(path, {**mine, "version": "again"}).status_code == 302
    added = draft.texts.get(title="Mine")
    assert (added.identifier, added.statement, added.parent_id) == ("HB-1", "My words", None)
    assert browser.get(path).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("end", [edition_accept, draft_drop])
def test_what_was_typed_stays_when_the_draft_came_to_its_end(
    cast: Cast, sign_in: SignIn, draft: Edition, end: Callable[..., Any]
) -> None:
    browser = sign_in(cast.analyst)
    edit = f"/compliance/FRM-0001/draft/{draft.texts.get(key='hb-1').pk}/"
    new = f"/compliance/FRM-0001/draft/new/?in={draft.texts.get(key='hb').pk}"
    forms = {
        edit: filled(browser, edit, statement="My words"),
        new: filled(browser, new, identifier="HB-9", title="Nine", statement="My words"),
    }
    end(edition=draft, actor=cast.ciso, now=NOW)
    for path, form in forms.items():
        answer = browser.post(path, form)
        assert answer.status_code == 422
        assert "There is no draft any more: it was accepted or dropped meanwhile." in answer.content.decode()
        assert "My words" in answer.content.decode()
        assert browser.get(path).status_code == 404
    for way in ("up", "down"):
        assert browser.post(f"{edit}{way}/")["Location"] == "/compliance/FRM-0001/"
    answer = browser.post("/compliance/FRM-0001/draft/accept/", {"seen": "x"})
    assert answer["Location"] == "/compliance/FRM-0001/"


def beside_steps(browser: Client, draft: Edition) -> dict[str, Any]:
    """Open the forms of a line's steps, and of dropping the draft, as a browser would before another is faster."""
    line = f"/compliance/FRM-0001/draft/{draft.texts.get(key='hb-1').pk}"
    paths = (f"{line}/place/", f"{line}/remove/", "/compliance/FRM-0001/draft/drop/")
    return {path: filled(browser, path) for path in paths}


@pytest.mark.django_db
@pytest.mark.parametrize("end", [edition_accept, draft_drop])
def test_a_step_in_a_draft_that_came_to_its_end_leads_to_the_framework(
    cast: Cast, sign_in: SignIn, draft: Edition, end: Callable[..., Any]
) -> None:
    browser = sign_in(cast.analyst)
    forms = beside_steps(browser, draft)
    end(edition=draft, actor=cast.ciso, now=NOW)
    for path, form in forms.items():
        answer = browser.post(path, form, follow=True)
        assert answer.redirect_chain == [("/compliance/FRM-0001/", 302)]
        assert "There is no draft any more: it was accepted or dropped meanwhile." in answer.content.decode()
        assert browser.get(path).status_code == 404
    dialog = {"HX-Request": "true", "HX-Target": "ask-content"}
    answer = browser.post("/compliance/FRM-0001/draft/drop/", headers=dialog)
    assert answer["HX-Redirect"] == "/compliance/FRM-0001/"


@pytest.mark.django_db
def test_a_step_of_a_line_that_was_taken_out_leads_to_the_draft(
    cast: Cast, sign_in: SignIn, draft: Edition
) -> None:
    browser = sign_in(cast.analyst)
    forms = beside_steps(browser, draft)
    del forms["/compliance/FRM-0001/draft/drop/"]
    line_remove(line=draft.texts.get(key="hb-1"), actor=cast.ciso, now=NOW)
    for path, form in forms.items():
        answer = browser.post(path, form, follow=True)
        assert answer.redirect_chain == [("/compliance/FRM-0001/draft/", 302)]
        assert "This line was taken out of the draft meanwhile." in answer.content.decode()
        assert browser.get(path).status_code == 404
    remove = next(path for path in forms if path.endswith("/remove/"))
    answer = browser.post(remove, headers={"HX-Request": "true", "HX-Target": "ask-content"})
    assert answer["HX-Redirect"] == "/compliance/FRM-0001/draft/"


@pytest.mark.django_db(transaction=True)
def test_a_line_that_goes_as_soon_as_it_was_moved_breaks_nothing(
    transactional_db: None, sign_in: SignIn
) -> None:
    cast = cast_make()
    draft = draft_begin(framework=framework_make(cast), label="2.0", actor=cast.analyst, now=NOW)
    browser = sign_in(cast.analyst)
    line = draft.texts.get(key="hb-2")

    removals = iter([lambda: line_remove(line=line, actor=cast.ciso, now=NOW)])

    def removing(execute: Callable[..., Any], statement: str, *rest: Any) -> Any:
        """Let another take the line out at the instant at which its move is committed."""
        if 'INSERT INTO "trail_entry"' in statement and (remove := next(removals, None)):
            transaction.on_commit(remove)
        return execute(statement, *rest)

    with connection.execute_wrapper(removing):
        answer = browser.post(f"/compliance/FRM-0001/draft/{line.pk}/up/")
    assert not draft.texts.filter(pk=line.pk).exists()
    assert answer["Location"] == f"/compliance/FRM-0001/draft/#up-{line.pk}"


@pytest.mark.django_db
def test_what_a_line_strengthened_may_be_gone_when_its_place_is_asked_for(cast: Cast, draft: Edition) -> None:
    line = line_add(
        edition=draft,
        parent=draft.texts.get(key="hb-1"),
        kind="requirement",
        said={"identifier": "HB-1(1)", "title": "More"},
        actor=cast.analyst,
        now=NOW,
    )
    groups = groups_of(draft)
    form = PlaceForm(line=line, draft=draft, groups=groups)
    assert form.fields["strengthens"].initial == "HB-1"
    line_remove(line=draft.texts.get(key="hb-1"), actor=cast.ciso, now=NOW)
    form = PlaceForm(line=line, draft=draft, groups=groups)
    assert "HB-1" not in str(form)
    assert "Harbour" in str(form)


@pytest.mark.django_db
def test_a_long_draft_tells_no_place_of_a_line_above_all_that_is_left(cast: Cast) -> None:
    framework = framework_make(cast, title="Long harbour", requirements=120)
    draft = draft_begin(framework=framework, label="2.0", actor=cast.analyst, now=NOW)
    said = {"title": "Quay"}
    who = {"actor": cast.analyst, "now": NOW}
    quay = line_add(edition=draft, parent=None, kind="group", said=said, **who)
    line_move(line=quay, up=True, **who)
    quay.refresh_from_db()
    assert place_of(draft, quay) == (quay.key, 0)
    line_remove(line=quay, **who)
    assert place_of(draft, quay) is None


@pytest.mark.django_db
def test_a_place_that_was_taken_out_is_told_beside_its_field(
    cast: Cast, sign_in: SignIn, draft: Edition
) -> None:
    browser = sign_in(cast.analyst)
    path = f"/compliance/FRM-0001/draft/new/?in={draft.texts.get(key='hb').pk}"
    form = filled(browser, path, identifier="HB-9", title="Nine", statement="My words")
    line_remove(line=draft.texts.get(key="hb"), actor=cast.ciso, now=NOW)
    answer = browser.post(path, form)
    assert answer.status_code == 422
    assert "It was taken out of the draft meanwhile: choose another place." in answer.content.decode()
    assert "My words" in answer.content.decode()
    assert browser.post(path, {**form, "parent": ""}).status_code == 302
    assert draft.texts.get().title == "Nine"


@pytest.mark.django_db
def test_a_draft_that_was_changed_after_it_was_looked_at_is_not_accepted(
    cast: Cast, sign_in: SignIn, draft: Edition
) -> None:
    browser = sign_in(cast.analyst)
    path = "/compliance/FRM-0001/draft/accept/"
    page = browser.get(path).content.decode()
    seen = page.split('name="seen" value="', 1)[1].split('"', 1)[0]
    line = draft.texts.get(key="hb-1")
    line_change(line=line, said={"title": "Theirs"}, actor=cast.ciso, now=NOW, digest=line.digest)
    answer = browser.post(path, {"seen": seen})
    assert answer.status_code == 409
    assert "The draft was changed meanwhile: look again." in answer.content.decode()
    assert "Theirs" in answer.content.decode()
    assert Framework.objects.get().current.label == "1.0"


@pytest.mark.django_db
def test_a_retired_frameworks_draft_says_why_it_can_not_be_written(
    cast: Cast, sign_in: SignIn, draft: Edition
) -> None:
    browser = sign_in(cast.analyst)
    line = draft.texts.get(key="hb-1")
    edit = f"/compliance/FRM-0001/draft/{line.pk}/"
    form = filled(browser, edit, statement="My words")
    apply_transition(record=draft.framework, name="retire", actor=cast.ciso, now=NOW, comment="Gone")
    answer = browser.post(edit, form)
    assert answer.status_code == 422
    assert "FRM-0001 is retired: take it into use again first." in answer.content.decode()
    assert "My words" in answer.content.decode()
    for path in (edit, "/compliance/FRM-0001/draft/new/", "/compliance/FRM-0001/draft/accept/"):
        answer = browser.get(path)
        assert answer.status_code == 403
        assert "FRM-0001 is retired" in answer.content.decode()
    page = browser.get("/compliance/FRM-0001/draft/").content.decode()
    assert "FRM-0001 is retired: take it into use again first." in page
    assert "Duty 1" in page
    assert edit not in page
    assert "Drop the draft" in page
    told = browser.get("/compliance/FRM-0001/").content.decode()
    assert "FRM-0001 is retired: take it into use again first." in told, "where the buttons were"
    assert browser.post("/compliance/FRM-0001/draft/drop/").status_code == 302
