"""What is saved through the page of a checklist: one check by a script or a form, and several at once."""

import pytest

from audits.choices import CheckResult
from audits.tests.checklist_client import SignIn, send
from audits.tests.checklist_page import checklist
from audits.tests.checks import audit_with_checks, first_check, saved
from foundation.testing.cast import Cast


def test_a_script_saves_bit_by_bit(cast: Cast, sign_in: SignIn) -> None:
    check = first_check(audit_with_checks(cast))
    client = sign_in(cast.auditor)
    data = send(client, check, notes="Seen\r\ntwice ", methods=["test"], result="minor").json()
    assert data["values"]["notes"] == "Seen\ntwice "
    assert (data["version"], data["tested"], data["merged"]) == (2, True, [])
    assert "1 of 3 tested" in data["progress"]
    assert "Minor" in data["badge"]
    assert "Odile Brandt" in data["tested_words"]
    check.refresh_from_db()
    assert (check.result, check.methods) == ("minor", ["test"])


def test_a_script_is_told_both_versions(cast: Cast, sign_in: SignIn) -> None:
    check = first_check(audit_with_checks(cast))
    saved(check, cast.analyst, notes="By the analyst")
    client = sign_in(cast.auditor)
    response = send(client, check, version=1, notes="By the auditor", sample="10 of 40")
    assert response.status_code == 409
    for text in (
        "By the analyst",
        "By the auditor",
        'name="sample" value="10 of 40"',
        f'name="reader" value="{cast.auditor.pk}"',
        'name="version" value="2"',
    ):
        assert text in response.json()["conflict"], text
    kept = {"keep-notes": "text", "text-notes": "By both", "mine-notes": "By the auditor"}
    assert send(client, check, version=2, sample="10 of 40", **kept).status_code == 200
    check.refresh_from_db()
    assert (check.notes, check.sample) == ("By both", "10 of 40")


@pytest.mark.parametrize(("keep", "notes"), [("mine", "By the auditor"), ("theirs", "By the analyst")])
def test_without_a_script_one_chooses_on_the_page(cast: Cast, sign_in: SignIn, keep: str, notes: str) -> None:
    check = first_check(audit_with_checks(cast))
    saved(check, cast.analyst, notes="By the analyst", methods=["interview"])
    client = sign_in(cast.auditor)
    response = send(client, check, version=1, notes="By the auditor", methods=["test"], script=False)
    assert response.status_code == 409
    assert b"Save what I chose" in response.content
    assert b"By the auditor</textarea>" in response.content
    chosen = {"keep-notes": keep, "mine-notes": "By the auditor", "theirs-notes": "By the analyst"}
    methods = {"keep-methods": "mine", "mine-methods": "test,interview", "theirs-methods": "interview"}
    assert send(client, check, version=2, script=False, **chosen, **methods).status_code == 302
    check.refresh_from_db()
    assert (check.notes, check.methods) == (notes, ["interview", "test"])


def test_why_a_check_was_not_tested_is_said_and_it_is_none_of_those_left(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_with_checks(cast)
    first, second, third = audit.checks.order_by("position")
    client = sign_in(cast.auditor)
    data = send(client, second, reason="The site was closed").json()
    assert (data["tested"], "is-left" in data["badge"]) == (False, True)
    assert "0 of 3 tested" in data["progress"]
    page = client.get(checklist(audit, f"{first.pk}/"))
    assert page.context["ways"]["untested"].startswith(checklist(audit, f"{third.pk}/"))
    assert "says why it was not tested" in page.content.decode()
    saved(second, cast.auditor, result="conforms")
    second.refresh_from_db()
    assert (second.reason, second.reason_given) == ("", ""), "no reason of what conforms"


def test_what_is_wrong_is_said_and_what_was_typed_stays(cast: Cast, sign_in: SignIn) -> None:
    check = first_check(audit_with_checks(cast))
    client = sign_in(cast.auditor)
    response = send(client, check, result="not_applicable", notes="Half a sentence", script=False)
    assert response.status_code == 422
    assert b"Say why the requirement does not apply here." in response.content
    assert b"Half a sentence</textarea>" in response.content
    answer = send(client, check, result="not_applicable").json()
    assert answer == {"errors": {"reason": "Say why the requirement does not apply here."}}
    assert send(client, check, notes="x" * 10_001).status_code == 422
    assert send(client, check, version=0).status_code == 422
    assert send(client, check, result="splendid").status_code == 422


@pytest.mark.parametrize("script", [True, False])
def test_what_another_person_had_open_is_not_saved_under_ones_own_name(
    cast: Cast, sign_in: SignIn, script: bool
) -> None:
    check = first_check(audit_with_checks(cast))
    client = sign_in(cast.analyst)
    for reader in (cast.auditor.pk, ""):
        response = send(client, check, script=script, reader=reader, notes="By the auditor", result="minor")
        assert response.status_code == 409
        words = response.json()["errors"][""] if script else response.content.decode()
        assert "Somebody else opened this form. It was not saved under your name." in words
        assert script or "By the auditor</textarea>" in words
    check.refresh_from_db()
    assert (check.notes, check.result, check.version) == ("", CheckResult.NOT_TESTED, 1)


def test_save_and_next_goes_on_within_the_filters(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_with_checks(cast)
    one, _two, three = audit.checks.order_by("position")
    client = sign_in(cast.auditor)
    response = client.post(
        checklist(audit, f"{one.pk}/?result=not_tested"),
        {"reader": cast.auditor.pk, "version": 1, "result": "not_tested", "notes": "Seen", "go": "next"},
    )
    assert response["Location"].startswith(checklist(audit))
    assert response["Location"].endswith("?result=not_tested")
    assert send(client, three, script=False, go="next")["Location"] == checklist(audit, f"{three.pk}/")


def test_several_are_set_and_taken_out(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_with_checks(cast, count=4)
    one, two, three, four = audit.checks.order_by("position")
    client = sign_in(cast.auditor)
    rows = [f"{one.pk}:1", f"{two.pk}:1"]
    response = client.post(checklist(audit, "set/"), {"row": rows, "result": "conforms"}, follow=True)
    assert "2 checks changed" in response.content.decode()
    response = client.post(
        checklist(audit, "set/"), {"rows": f"{two.pk}:2,{three.pk}:1", "method": "test"}, follow=True
    )
    assert "1 check changed" in response.content.decode()
    assert "HB-2 (has a result already)" in response.content.decode()
    asked = client.post(checklist(audit, "remove/"), {"row": [f"{four.pk}:1", f"{two.pk}:2"]})
    assert "2 checks leave the audit: HB-2, HB-4." in asked.content.decode()
    confirmed = {"rows": f"{four.pk}:1,{two.pk}:2", "confirmed": "1"}
    assert client.post(checklist(audit, "remove/"), confirmed).status_code == 422
    done = client.post(checklist(audit, "remove/"), {**confirmed, "comment": "Out of scope"}, follow=True)
    assert "2 checks taken out" in done.content.decode()
    assert set(audit.checks.values_list("text__identifier", flat=True)) == {"HB-1", "HB-3"}


@pytest.mark.parametrize("data", [{}, {"row": "1"}, {"row": "x:y"}, {"rows": "9" * 30 + ":1"}])
def test_nothing_selected_is_told(cast: Cast, sign_in: SignIn, data: dict[str, str]) -> None:
    audit = audit_with_checks(cast)
    client = sign_in(cast.auditor)
    for part in ("set/", "remove/"):
        response = client.post(checklist(audit, part), {**data, "result": "conforms"}, follow=True)
        assert "Select the checks first." in response.content.decode()
